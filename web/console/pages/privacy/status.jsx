import { ago, instant, t } from "../../i18n.js";
import { Icon } from "../../ui/icons.jsx";
import { deadlineOf } from "./deadline.js";

/** How far an erasure is, in words. */
export function Status({ of: { step, refusal } }) {
  if (refusal) return <span class="tag">{t(`erasure.refused.${refusal}`)}</span>;
  return <span class="tag">{t(step == "done" ? "erasure.done" : step == "wait" ? "erasure.waiting" : "erasure.running")}</span>;
}

/** Until when it should be done; once it is, when it was. */
export function Deadline({ of }) {
  const { until, isOpen, isNear, isPast } = deadlineOf(of);
  if (!isOpen) return <span class="soft">{of.done_at ? t("erasure.done_at", { when: instant(of.done_at) }) : "–"}</span>;
  return (
    <span class={isNear ? "wrong" : undefined}>
      {isNear && <Icon name="warning" size={16} />} {t(isPast ? "erasure.late" : "erasure.due", { when: ago(until) })}
    </span>
  );
}
