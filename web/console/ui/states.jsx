import { t } from "../i18n.js";
import { Problem, titleOf } from "../problem.js";
import { Button, InTheApisWords } from "./controls.jsx";
import { Icon } from "./icons.jsx";

/** What will be there, while it is being asked for. */
export function Skeleton({ lines = 3, height }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">{t("state.loading")}</span>
      {height ? (
        <i style={{ height: `${height}px` }} />
      ) : (
        Array.from({ length: lines }, (_, at) => <i key={at} style={{ width: `${95 - ((at * 23) % 45)}%` }} />)
      )}
    </div>
  );
}

/** There is nothing, and what to do about it. */
export function Empty({ title, children, action, icon = "info" }) {
  return (
    <div class="empty">
      <Icon name={icon} size={28} />
      <p class="strong">{title}</p>
      {children && <p class="soft">{children}</p>}
      {action}
    </div>
  );
}

/** What did not work, and a way to try again. */
export function Failure({ problem, retry }) {
  const refused = problem instanceof Problem && !problem.mayPass && problem.detail;
  return (
    <div class="failure" role="alert">
      <Icon name="warning" size={24} />
      <div>
        <p class="strong">{titleOf(problem)}</p>
        {refused && <p class="soft"><InTheApisWords language={problem.language}>{problem.detail}</InTheApisWords></p>}
        {retry && <Button onClick={retry}>{t("state.retry")}</Button>}
      </div>
    </div>
  );
}

/** What `useData` holds, in each of its states; `children` shows the data, and `empty` what there is where `isEmpty` says so. */
export function Loaded({ of, skeleton = <Skeleton />, isEmpty, empty, children }) {
  if (of.problem) return <Failure problem={of.problem} retry={of.retry} />;
  if (of.data === undefined) return skeleton;
  return (
    <div class="loaded" aria-busy={of.isLoading}>
      {isEmpty?.(of.data) ? empty : children(of.data)}
    </div>
  );
}

/** How far long work has come. Without `total` it only says that it goes on. */
export function Progress({ label, done, total }) {
  return (
    <div class="progress">
      <progress aria-label={label} value={total ? done : undefined} max={total || undefined} />
      <span class="soft">{label}</span>
    </div>
  );
}
