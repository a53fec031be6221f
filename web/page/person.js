/**
 * Tells a person from a program that opens links: what a browser says that a hand did, in a page that is seen.
 * `scroll` itself is no sign, as a script's scrolling looks the same; wheel, touch and keys are what a person scrolls with.
 */
const SIGNS = ["pointerdown", "pointermove", "mousemove", "touchstart", "touchmove", "wheel", "keydown", "click", "change"];
const FAKES = ["pointerdown", "mousedown", "touchstart", "wheel", "keydown", "click"];

/** Call `seen` at the first sign of a person, once; and `faked` at the first event that a script made, once. */
export function firstSign(seen, faked) {
  const isMoved = (event) => !event.type.endsWith("move") || event.movementX || event.movementY || event.touches;
  const listen = (types, matches, then) => {
    const hear = (event) => {
      if (!matches(event)) return;
      types.forEach((type) => removeEventListener(type, hear, true));
      then();
    };
    types.forEach((type) => addEventListener(type, hear, { capture: true, passive: true }));
  };
  listen(SIGNS, (event) => event.isTrusted && document.visibilityState == "visible" && isMoved(event), seen);
  listen(FAKES, (event) => !event.isTrusted, faked);
}
