import { t } from "../i18n.js";
import { address } from "../router.js";
import { mayRead } from "../session.js";
import { ButtonLink } from "../ui/controls.jsx";

/** The way to past answers of a survey, for whoever may bring them along. */
export const ImportLink = ({ user, survey }) =>
  mayRead(user, "import") && <ButtonLink href={address(`surveys/${survey.survey_id}/import`)}>{t("import.action")}</ButtonLink>;
