import { t } from "../../i18n.js";
import { Page } from "../../ui/page.jsx";

export default function Shown() {
  return <Page title={t("nav.answers")} />;
}
