import { t } from "../../i18n.js";
import { Icon } from "../../ui/icons.jsx";

const SIGNS = { active: "check", unverified: "warning", paused: "level", disabled: "close" };

/** Whether a channel is sent alerts, and why not. */
export function Status({ of: { status, status_reason } }) {
  return (
    <>
      <span class="tag"><Icon name={SIGNS[status]} size={14} /> {t(`channel.status.${status}`)}</span>
      {status_reason && <p class="hint">{t(`channel.reason.${status_reason}`)}</p>}
    </>
  );
}
