import { days } from "../i18n.js";
import { Page } from "../ui/page.jsx";

/** The survey and the days that a page is of, in words. */
export const scopeWords = (survey, { from, to }) => `${survey.name} · ${days(from, to)}`;

/** A page of a survey and of some days, which stand under its heading. */
export const SurveyPage = ({ survey, period, ...rest }) => <Page hint={scopeWords(survey, period)} {...rest} />;
