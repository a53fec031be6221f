import { CONSOLE } from "./root.js";
import { store, useStore } from "./store.js";

/** Where we are: `path` below the console, and `query` as an object. Every state of a page lies here, so that it can be linked to. */
const read = () => ({
  path: location.pathname.slice(CONSOLE.length).replace(/^\/|\/$/g, ""),
  query: Object.fromEntries(new URLSearchParams(location.search)),
});
export const place = store(read());
/** What goes along from page to page. */
const CARRIED = ["survey", "period"];

/** The address of a page; without `query`, what is carried along. A value of null, undefined or "" is left out. */
export function address(path, query = {}) {
  const kept = new URLSearchParams(Object.entries(query).filter(([, value]) => value != null && value !== ""));
  return `${CONSOLE}/${path}${kept.size ? `?${kept}` : ""}`;
}

export function pageAddress(path, query = {}) {
  const now = place.get().query;
  return address(path, { ...Object.fromEntries(CARRIED.map((name) => [name, now[name]])), ...query });
}

export function go(to, { replace = false } = {}) {
  if (to == location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  place.set(read());
}

/** The query, and what changes some of it: a filter is a step that Back undoes unless `replace` is said. */
export function useQuery() {
  const { path, query } = useStore(place);
  const change = (changes, how) => {
    const { path: there, query: now } = place.get();
    if (there == path) go(address(path, { ...now, ...changes }), how);
  };
  return [query, change];
}

const isPlain = (event) => event.button == 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

/** Follow links to our own pages without loading anything anew, and Back and Forward. */
export function listen() {
  addEventListener("popstate", () => place.set(read()));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || !isPlain(event) || link.target || link.hasAttribute("download")) return;
    const to = new URL(link.href.baseVal ?? link.href, location);
    const isOurs = to.origin == location.origin && (to.pathname == CONSOLE || to.pathname.startsWith(`${CONSOLE}/`));
    if (!isOurs || (to.hash && to.pathname == location.pathname)) return;
    event.preventDefault();
    go(to.pathname + to.search);
  });
}
