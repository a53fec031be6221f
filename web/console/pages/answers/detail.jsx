import { useState } from "preact/hooks";
import { useData } from "../../data.js";
import { instant, t } from "../../i18n.js";
import { mayRead } from "../../session.js";
import { givenOf, nameOf, Score } from "../../survey/answer-line.jsx";
import { dimensionName, valueName } from "../../survey/dimensions.js";
import { SelectField } from "../../ui/controls.jsx";
import { Dialog } from "../../ui/dialog.jsx";
import { Loaded } from "../../ui/states.jsx";
import { Decision } from "./row.jsx";

const REASONS = ["genuine", "test", "spam", "duplicate", "mistake"];

/** One answer with all that is known of it: where alerts lead to. */
export function Detail({ survey, user, id, decide, close }) {
  const found = useData(`surveys/${survey.survey_id}/answers/${id}`);
  const [reason, choose] = useState("");
  const act = async (...what) => {
    if (await decide(...what)) found.retry();
  };
  return (
    <Dialog title={t("answer.title")} close={close}>
      <Loaded of={found}>
        {(answer) => (
          <div class="detail">
            <p class="who">
              <Score score={answer.score} /> <b>{nameOf(answer.person)}</b>
            </p>
            <blockquote class="comment">{answer.comment ?? <span class="soft">{t("answer.no_comment")}</span>}</blockquote>
            <Facts survey={survey} answer={answer} />
            {mayRead(user, "answers:exclude") && ["valid", "quarantined", "excluded"].includes(answer.standing) && (
              <div class="decide">
                <SelectField
                  label={t("answer.reason")}
                  options={[["", t("answer.reason.none")], ...REASONS.map((each) => [each, t(`reason.${each}`)])]}
                  value={reason}
                  onChange={choose}
                />
                <Decision answer={answer} decide={act} reason={reason} kind="plain" />
              </div>
            )}
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

function Facts({ survey, answer }) {
  const { person, answered_at, standing, finished } = answer;
  const facts = [
    [t("answer.when"), instant(answered_at, survey.time_zone)],
    [t("answer.standing"), `${t(`standing.${standing}`)}${finished ? "" : ` · ${t("answer.unfinished")}`}`],
    ...[
      ["name", person?.name],
      ["email", person?.email],
      ["customer_id", person?.customer_id],
    ].map(([name, value]) => [t(`person.${name}`), value]),
    ...givenOf(answer).map(([name, value]) => [dimensionName(survey, name), valueName(survey, name, value)]),
  ];
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value != null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
