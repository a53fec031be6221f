/** Whether the page's address is one of `patterns`: `*` stands for any text; one that begins with `/` is compared with the path. */
export const matches = (patterns, { href, pathname, search, hash }) =>
  !patterns.length ||
  patterns.some((pattern) => {
    const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*");
    return new RegExp(`^${expression}$`).test(pattern[0] == "/" ? (pattern.includes("?") ? pathname + search + hash : pathname) : href);
  });

/** Whether this visitor may be asked at all: not in a quiet time, not too often, and drawn by lot. */
export function mayAsk(display, memory) {
  const { quiet, displays = 0, coin = Math.random() * 100 } = memory.get();
  memory.set({ coin });
  return !(quiet > Date.now()) && displays < display.most_displays && coin < display.share_percent;
}

/**
 * Call `due` once every rule that is set has come true; returns what stops the watch.
 * Leaving the window with the mouse counts only when it is all that is missing. `happened` has the names of events so far; `heard` calls
 * back at each.
 */
export function watch(display, { happened, heard }, due) {
  const missing = new Set(["seconds"]);
  const undo = [];
  const listen = (target, type, listener) => {
    target.addEventListener(type, listener, { passive: true });
    undo.push(() => target.removeEventListener(type, listener));
  };
  const stop = () => undo.splice(0).forEach((each) => each());
  const met = (rule) => {
    if (missing.delete(rule) && !missing.size) {
      stop();
      due();
    }
  };

  if (display.scroll_percent) {
    missing.add("scroll");
    const look = () =>
      (scrollY + innerHeight) * 100 >= display.scroll_percent * document.documentElement.scrollHeight && met("scroll");
    listen(window, "scroll", look);
    look();
  }
  if (display.event) {
    missing.add("event");
    const look = () => happened.has(display.event) && met("event");
    undo.push(heard(look));
    look();
  }
  if (display.exit_intent) {
    missing.add("exit");
    listen(document, "mouseout", (event) => event.relatedTarget || event.clientY > 0 || missing.size > 1 || met("exit"));
  }
  const timer = setTimeout(met, display.seconds * 1000, "seconds");
  undo.push(() => clearTimeout(timer));
  return stop;
}

/** Call `changed` when a single-page app has changed the address; nothing of the page's own is patched. */
export function onRoute(changed) {
  let before = location.href;
  const look = () => before != location.href && ((before = location.href), changed());
  if (window.navigation) navigation.addEventListener("currententrychange", look);
  else setInterval(look, 500);
}
