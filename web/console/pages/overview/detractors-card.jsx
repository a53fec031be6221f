import { useData } from "../../data.js";
import { t } from "../../i18n.js";
import { pageAddress } from "../../router.js";
import { AnswerWords, Score } from "../../survey/answer-line.jsx";
import { Card } from "../../ui/card.jsx";
import { ButtonLink } from "../../ui/controls.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";

const EVERY = 30_000;

/** Who was unhappy last; asked for again while it is looked at. */
export function DetractorsCard({ survey, period: { from, to }, filter }) {
  const found = useData(
    `surveys/${survey.survey_id}/answers`,
    { from, to, ...filter, class: "detractor", order: "newest", limit: 5 },
    { every: EVERY },
  );
  const all = (
    <ButtonLink kind="quiet" href={pageAddress("answers", { class: "detractor" })}>
      {t("detractors.all")}
    </ButtonLink>
  );
  return (
    <Card title={t("detractors.title")} class="half-wide">
      <Loaded
        of={found}
        isEmpty={(data) => !data.answers.length}
        empty={
          <Empty icon="check" title={t("detractors.none")}>
            {t("detractors.none.what")}
          </Empty>
        }
      >
        {(data) => (
          <>
            <ul class="answer-list">
              {data.answers.map((each) => (
                <li key={each.answer_id}>
                  <Score score={each.score} />
                  <AnswerWords survey={survey} answer={each} />
                </li>
              ))}
            </ul>
            <p class="foot">{all}</p>
          </>
        )}
      </Loaded>
    </Card>
  );
}
