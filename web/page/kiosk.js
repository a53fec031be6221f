const AFTER_THANKS = 8e3;
const IDLE = 45e3;
const SIGNS = ["pointerdown", "keydown", "input", "wheel", "touchstart"];

/** Give the device to the next person: some seconds after the thanks, or when whoever began has gone. */
export function startOver(isOver, isBegun, next) {
  let touched = Date.now();
  SIGNS.forEach((type) => addEventListener(type, () => (touched = Date.now()), { capture: true, passive: true }));
  const start = document.querySelector("#over a");
  start.addEventListener("click", (event) => (event.preventDefault(), next()));
  setInterval(() => {
    const idle = Date.now() - touched;
    if (isOver() ? idle > AFTER_THANKS : isBegun() && idle > IDLE) {
      touched = Date.now();
      next();
    }
  }, 500);
}
