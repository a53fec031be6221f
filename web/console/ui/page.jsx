import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n.js";

/** Whether somebody has been somewhere in the console before: what loads first takes nobody's focus. */
export const been = { anywhere: false };

/** A page: its heading, which takes the focus when somebody has come from another, what filters it, and what it shows. */
export function Page({ title, hint, filters, actions, children }) {
  const heading = useRef();
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title]);
  useEffect(() => {
    if (been.anywhere) heading.current.focus({ preventScroll: true });
    been.anywhere = true;
    scrollTo(0, 0);
  }, []);
  return (
    <>
      <header class="page-head">
        <div>
          <h1 ref={heading} tabindex={-1}>
            {title}
          </h1>
          {hint && <p class="soft">{hint}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
        {filters && (
          <div class="filters" role="group" aria-label={t("filters")}>
            {filters}
          </div>
        )}
      </header>
      {children}
    </>
  );
}
