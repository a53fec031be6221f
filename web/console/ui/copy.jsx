import { t } from "../i18n.js";
import { Button } from "./controls.jsx";
import { complain, toast } from "./toasts.jsx";

/** A text to take along: shown whole, and copied by a button. `label` says what it is. */
export function Copyable({ label, text }) {
  const copy = () => navigator.clipboard.writeText(text).then(() => toast(t("copy.done")), complain);
  return (
    <div class="copyable">
      <p class="label">{label}</p>
      <div>
        <code>{text}</code>
        <Button icon="copy" onClick={copy} aria-label={t("copy.of", { what: label })}>{t("copy.action")}</Button>
      </div>
    </div>
  );
}
