import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n.js";
import { titleOf } from "../problem.js";
import { Button } from "../ui/controls.jsx";
import { Icon } from "../ui/icons.jsx";
import { been } from "../ui/page.jsx";

/** The address that somebody typed at one door goes along to the next, in memory, until they are in. */
export const typed = { email: "" };

/** A form of the doors: a heading that takes the focus, what `send` does, and what is wrong when it fails. */
export function DoorForm({ title, notice, action, send, children }) {
  const [problem, fail] = useState();
  const [isBusy, work] = useState(false);
  const wrong = useRef();
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title]);
  useEffect(() => {
    been.anywhere = true;
  }, []);
  useEffect(() => wrong.current?.focus(), [problem]);
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    work(true);
    fail(undefined);
    try {
      await send(Object.fromEntries(new FormData(event.currentTarget)));
    } catch (failed) {
      fail(failed);
    }
    work(false);
  };
  return (
    <form class="door" onSubmit={submit} action="#" method="post">
      <h1>{title}</h1>
      {notice && (
        <p class="notice" role="status">
          <Icon name="info" /> <span>{notice}</span>
        </p>
      )}
      {problem && (
        <p class="summary" role="alert" tabindex={-1} ref={wrong}>
          <Icon name="warning" /> <span>{titleOf(problem)}</span>
        </p>
      )}
      {children}
      <Button kind="primary" type="submit" isBusy={isBusy}>
        {action}
      </Button>
    </form>
  );
}
