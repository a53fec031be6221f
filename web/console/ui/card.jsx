import { useId } from "preact/hooks";

/** A part of a page with a heading of its own. */
export function Card({ title, hint, actions, class: more = "", children }) {
  const id = useId();
  return (
    <section class={`card ${more}`} aria-labelledby={title ? id : undefined}>
      {title && (
        <header>
          <div>
            <h2 id={id}>{title}</h2>
            {hint && <p class="hint">{hint}</p>}
          </div>
          {actions && <div class="actions">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
