import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n.js";

let isFirst = true;

/** A page: its heading, which takes the focus when somebody has come from another, what filters it, and what it shows. */
export function Page({ title, hint, filters, actions, children }) {
  const heading = useRef();
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current.focus({ preventScroll: true });
    isFirst = false;
    scrollTo(0, 0);
  }, []);
  return (
    <>
      <header class="page-head">
        <div>
          <h1 ref={heading} tabindex={-1}>{title}</h1>
          {hint && <p class="soft">{hint}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
        {filters && <div class="filters" role="group" aria-label={t("filters")}>{filters}</div>}
      </header>
      {children}
    </>
  );
}
