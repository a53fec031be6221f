import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { call, pathOf } from "./api.js";
import { whenLeft } from "./session.js";

const MOST = 60;
const remembered = new Map();
whenLeft(() => remembered.clear());

function remember(path, data) {
  remembered.delete(path);
  remembered.set(path, data);
  if (remembered.size > MOST) remembered.delete(remembered.keys().next().value);
}

/** Forget what was read below a path, as it has changed: `forget("surveys/loja")`. */
export function forget(path) {
  for (const each of remembered.keys()) if (each.startsWith(`/v1/${path}`)) remembered.delete(each);
}

/**
 * What the API answers to a GET: `{data, problem, isLoading, retry, change}`. While the same is asked with another query, the former answer
 * stays (`isLoading` says so); what was asked before shows at once and is asked for again. A `path` of null asks nothing.
 * `change` puts other data in its place until it is asked again; `every` asks anew each so many milliseconds while the page is looked at.
 */
export function useData(path, query, { every } = {}) {
  const wanted = path == null ? null : pathOf(path, query);
  const [held, hold] = useState(() => ({ data: remembered.get(wanted), path, isLoading: wanted != null }));
  const latest = useRef();
  const ask = useCallback(
    async (isQuiet) => {
      latest.current?.abort();
      if (wanted == null) return hold({ isLoading: false });
      const mine = (latest.current = new AbortController());
      if (!isQuiet)
        hold((now) => ({ data: remembered.get(wanted) ?? (now.path == path ? now.data : undefined), path, isLoading: true }));
      try {
        const data = await call("GET", wanted, { signal: mine.signal });
        remember(wanted, data);
        if (!mine.signal.aborted) hold({ data, path, isLoading: false });
      } catch (problem) {
        if (!mine.signal.aborted) hold((now) => (isQuiet ? now : { path, problem, isLoading: false }));
      }
    },
    [wanted],
  );
  useLayoutEffect(() => {
    ask(); // before anything is painted: the answer is what everybody waits for
    return () => latest.current?.abort();
  }, [ask]);
  useEvery(every, () => ask(true));
  const change = (next) => hold((now) => ({ ...now, data: typeof next == "function" ? next(now.data) : next }));
  return { ...held, retry: () => ask(), change };
}

/** Call back each so many milliseconds, but not while the page is hidden. */
export function useEvery(milliseconds, act) {
  const acting = useRef();
  acting.current = act;
  useEffect(() => {
    if (!milliseconds) return undefined;
    const timer = setInterval(() => document.visibilityState == "visible" && acting.current(), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}

/** Call back with what `ask` gives until it says that it is done: soon at first, then ever more rarely, 10 seconds at most. Returns what stops it. */
export function follow(ask, isDone, shown, failed, first = 500) {
  const stopped = new AbortController();
  (async () => {
    for (let wait = first; !stopped.signal.aborted; wait = Math.min(wait * 1.5, 10_000)) {
      try {
        const found = await ask(stopped.signal);
        if (stopped.signal.aborted) return;
        shown(found);
        if (isDone(found)) return;
      } catch (problem) {
        if (stopped.signal.aborted) return;
        if (!problem.mayPass) return void failed(problem);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  })();
  return () => stopped.abort();
}
