import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../i18n.js";
import { Problem, titleOf } from "../problem.js";
import { Button, InTheApisWords, isWithin, Refused } from "./controls.jsx";
import { Icon } from "./icons.jsx";

/**
 * A form within a page or a dialog: `send` gets what was filled in and is awaited. If it fails the form stays as it is and says why, with what
 * the API says of each field: beside it where it says by `at` which it is. `cancel` shows a second button,
 * `also` another. `kind` is that of the button.
 */
export function Form({ action, send, cancel, also, isDangerous, kind = "primary", children }) {
  const [problem, fail] = useState();
  const [isBusy, work] = useState(false);
  const wrong = useRef();
  const refused = useMemo(() => ({ errors: problem?.errors ?? [], language: problem?.language, fields: new Map() }), [problem]);
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
    <form class="form" onSubmit={submit} onInvalidCapture={(event) => unfold(event.target)} action="#" method="post">
      {problem && <Refusal problem={problem} fields={refused.fields} summary={wrong} />}
      <Refused.Provider value={refused}>{children}</Refused.Provider>
      <div class="buttons">
        {also}
        {cancel && <Button onClick={cancel}>{t("dialog.cancel")}</Button>}
        <Button kind={isDangerous ? "danger" : kind} type="submit" isBusy={isBusy}>{action}</Button>
      </div>
    </form>
  );
}

/** Nobody can mend what is folded away. */
function unfold(control) {
  for (let at = control.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
}

function Refusal({ problem, fields, summary }) {
  const errors = problem instanceof Problem ? problem.errors : [];
  const detail = problem instanceof Problem && !problem.mayPass && !errors.length ? problem.detail : "";
  const [, again] = useState();
  useEffect(() => again(problem), [problem]); // by then the fields have said which they are
  return (
    <div class="summary" role="alert" tabindex={-1} ref={summary}>
      <Icon name="warning" />
      <div>
        <p>{titleOf(problem)}</p>
        {detail && <p><InTheApisWords language={problem.language}>{detail}</InTheApisWords></p>}
        {errors.map((each) => <Wrong key={each.pointer} of={each} language={problem.language} field={[...fields].find(([at]) => isWithin(each.pointer ?? "", at))?.[1]} />)}
      </div>
    </div>
  );
}

/** One refusal, and the way to its field where the form has it. */
function Wrong({ of: { pointer, detail }, language, field }) {
  const lead = () => {
    const control = document.getElementById(field.id);
    unfold(control);
    control.focus();
  };
  if (field) return <p><button type="button" class="link" onClick={lead}>{field.label}</button>: <InTheApisWords language={language}>{detail}</InTheApisWords></p>;
  return <p><InTheApisWords language={language}>{pointer ? `${pointer.slice(1)}: ${detail}` : detail}</InTheApisWords></p>;
}
