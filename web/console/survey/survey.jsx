import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { useData } from "../data.js";
import { t } from "../i18n.js";
import { useQuery } from "../router.js";
import { SelectField } from "../ui/controls.jsx";
import { Loaded } from "../ui/states.jsx";

const Surveys = createContext();

/** Reads the surveys once for all pages. */
export function WithSurveys({ children }) {
  return <Surveys.Provider value={useData("me/surveys")}>{children}</Surveys.Provider>;
}

/** What `useData` holds of the list of surveys. */
export const useSurveys = () => useContext(Surveys);

/** Names surveys by their ids, in one text. */
export function useSurveyNames() {
  const surveys = useSurveys().data?.surveys ?? [];
  return (ids) => ids.map((id) => surveys.find((each) => each.survey_id == id)?.name ?? id).join(", ");
}

/** The survey of the address; without one, the first that is open, else the first of all. Undefined where there is none or it is not known yet. */
export function useSurvey() {
  const surveys = useSurveys().data?.surveys ?? [];
  const [{ survey: wanted }] = useQuery();
  if (wanted) return surveys.find((each) => each.survey_id == wanted);
  return surveys.find((each) => each.status == "open") ?? surveys[0];
}

/** The survey that is shown, and the way to another. */
export function SurveyPicker() {
  const { data } = useSurveys();
  const [, change] = useQuery();
  const survey = useSurvey();
  if (!data?.surveys.length) return null;
  const options = data.surveys.map(({ survey_id, name, status }) => [
    survey_id,
    status == "open" ? name : `${name} (${t(`survey.${status}`)})`,
  ]);
  if (!survey) options.unshift(["", t("survey.choose")]);
  const choose = (survey_id) => change({ survey: survey_id, filter: null, and: null, by: null, cursor: null });
  return <SelectField label={t("survey.label")} options={options} value={survey?.survey_id ?? ""} onChange={choose} />;
}

/** Shows `children(survey)` once the survey is known; says why where there is none. */
export function OfSurvey({ none, unknown, children }) {
  const surveys = useSurveys();
  const survey = useSurvey();
  return (
    <Loaded of={surveys} isEmpty={() => !survey} empty={surveys.data?.surveys.length ? unknown : none}>
      {() => children(survey)}
    </Loaded>
  );
}
