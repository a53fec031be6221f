import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n.js";
import { titleOf } from "../problem.js";
import { store, useStore } from "../store.js";
import { Button, IconButton } from "./controls.jsx";

const SECONDS = { plain: 6, undo: 12 };
const toasts = store([]);
let last = 0;

/** Say something in passing; `undo` takes it back as long as the toast is there, and awaits what that does. */
export function toast(text, { undo, isWrong } = {}) {
  toasts.set((now) => [...now.slice(-2), { id: (last += 1), text, undo, isWrong }]);
}
export const complain = (problem) => toast(titleOf(problem), { isWrong: true });

/** Say something to who cannot see it, and show nothing. */
const said = store("");
export const announce = (text) => said.set((now) => (now == text ? `${text}\u00a0` : text));

function Toast({ toast: { id, text, undo, isWrong } }) {
  const [isHeld, hold] = useState(false);
  const away = () => toasts.set((now) => now.filter((each) => each.id != id));
  const leave = useRef();
  leave.current = away;
  useEffect(() => {
    if (isHeld) return undefined; // nothing goes away from under a pointer or the focus
    const timer = setTimeout(() => leave.current(), SECONDS[undo || isWrong ? "undo" : "plain"] * 1000);
    return () => clearTimeout(timer);
  }, [isHeld]);
  const back = async () => {
    away();
    await undo().catch(complain);
  };
  const holding = {
    onMouseEnter: () => hold(true),
    onMouseLeave: () => hold(false),
    onFocusIn: () => hold(true),
    onFocusOut: () => hold(false),
  };
  return (
    <div class={`toast ${isWrong ? "is-wrong" : ""}`} {...holding}>
      <p>{text}</p>
      {undo && (
        <Button kind="quiet" onClick={back}>
          {t("toast.undo")}
        </Button>
      )}
      <IconButton icon="close" label={t("toast.dismiss")} onClick={away} />
    </div>
  );
}

/** Where all of it is said; once, in the shell. */
export function Toasts() {
  const shown = useStore(toasts);
  const words = useStore(said);
  return (
    <>
      <div class="toasts" role="status" aria-live="polite" aria-label={t("toast.region")}>
        {shown.map((each) => (
          <Toast key={each.id} toast={each} />
        ))}
      </div>
      <p class="hidden" role="status" aria-live="polite">
        {words}
      </p>
    </>
  );
}
