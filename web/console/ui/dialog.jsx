import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n.js";
import { store, useStore } from "../store.js";
import { Button, IconButton } from "./controls.jsx";
import { titleOf } from "../problem.js";

/** A dialog that holds the focus until it is closed; `close` is called however that happens. */
export function Dialog({ title, close, children }) {
  const dialog = useRef();
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  const outside = (event) => event.target == dialog.current && close();
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={close} onClick={outside}>
      <div class="dialog">
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t("dialog.close")} onClick={close} />
        </header>
        {children}
      </div>
    </dialog>
  );
}

const asked = store(undefined);

/**
 * Ask before what cannot be undone: `{title, text, action, isDangerous, act}`. `act` is awaited in the dialog, which stays open and says why
 * if it fails. Resolves to whether it was done.
 */
export const confirm = (question) => new Promise((resolve) => asked.set({ ...question, resolve }));

function Question({ title, text, action, isDangerous = true, act, resolve }) {
  const [problem, fail] = useState();
  const [isBusy, work] = useState(false);
  const end = (isDone) => {
    asked.set(undefined);
    resolve(isDone);
  };
  const go = async () => {
    work(true);
    try {
      await act?.();
      end(true);
    } catch (failed) {
      fail(failed);
      work(false);
    }
  };
  return (
    <Dialog title={title} close={() => end(false)}>
      <p>{text}</p>
      {problem && (
        <p class="wrong" role="alert">
          {titleOf(problem)}
        </p>
      )}
      <div class="buttons">
        <Button onClick={() => end(false)}>{t("dialog.cancel")}</Button>
        <Button kind={isDangerous ? "danger" : "primary"} isBusy={isBusy} onClick={go}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}

/** Where `confirm` asks; once, in the shell. */
export function Questions() {
  const question = useStore(asked);
  return question && <Question {...question} />;
}
