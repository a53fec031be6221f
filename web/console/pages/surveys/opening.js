import { t } from "../../i18n.js";
import { titleOf } from "../../problem.js";

/** Why a survey cannot be opened: what it lacks, or what else went wrong. */
export const whyNotOpen = (problem) => (problem.status == 422 ? t("survey.not_ready") : titleOf(problem));
