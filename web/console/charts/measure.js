import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** The width that a chart has, so that its text is as large as all other: `[ref, width]`; 0 until it is known. */
export function useWidth() {
  const ref = useRef();
  const [width, set] = useState(0);
  useLayoutEffect(() => {
    const measure = () => ref.current && set(Math.floor(ref.current.getBoundingClientRect().width));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}

export const classOf = (score) => (score > 8 ? "promoter" : score > 6 ? "passive" : "detractor");
export const CLASSES = { detractor: "detractors", passive: "passives", promoter: "promoters" };
