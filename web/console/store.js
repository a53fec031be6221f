import { useLayoutEffect, useReducer } from "preact/hooks";

/** A value that several components show: `get`, `set` (a value, or what makes it of the present one) and `subscribe`. */
export function store(value) {
  const listeners = new Set();
  return {
    get: () => value,
    set(next) {
      value = typeof next == "function" ? next(value) : next;
      listeners.forEach((each) => each());
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The store's value; the component is shown again when it changes. */
export function useStore(held) {
  const [, again] = useReducer((count) => count + 1, 0);
  useLayoutEffect(() => held.subscribe(again), [held]);
  return held.get();
}
