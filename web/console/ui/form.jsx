import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n.js";
import { Problem, titleOf } from "../problem.js";
import { Button } from "./controls.jsx";
import { Icon } from "./icons.jsx";

/**
 * A form within a page or a dialog: `send` gets what was filled in and is awaited. If it fails the form stays as it is and says why, with what
 * the API says of each field. `cancel` shows a second button.
 */
export function Form({ action, send, cancel, isDangerous, children }) {
  const [problem, fail] = useState();
  const [isBusy, work] = useState(false);
  const wrong = useRef();
  useEffect(() => problem && wrong.current?.focus(), [problem]);
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    const form = event.currentTarget;
    work(true);
    fail(undefined);
    try {
      await send(Object.fromEntries(new FormData(form)), form);
    } catch (failed) {
      fail(failed);
    } finally {
      work(false);
    }
  };
  return (
    <form class="form" onSubmit={submit} action="#" method="post">
      {problem && <Refusal problem={problem} summary={wrong} />}
      {children}
      <div class="buttons">
        {cancel && <Button onClick={cancel}>{t("dialog.cancel")}</Button>}
        <Button kind={isDangerous ? "danger" : "primary"} type="submit" isBusy={isBusy}>{action}</Button>
      </div>
    </form>
  );
}

function Refusal({ problem, summary }) {
  const errors = problem instanceof Problem ? problem.errors : [];
  const detail = problem instanceof Problem && !problem.mayPass && !errors.length ? problem.detail : "";
  return (
    <div class="summary" role="alert" tabindex={-1} ref={summary}>
      <Icon name="warning" />
      <div>
        <p>{titleOf(problem)}</p>
        {detail && <p>{detail}</p>}
        {errors.map(({ pointer, detail: what }) => <p key={pointer}>{pointer ? `${pointer.slice(1)}: ${what}` : what}</p>)}
      </div>
    </div>
  );
}
