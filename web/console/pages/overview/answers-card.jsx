import { CLASSES } from "../../charts/measure.js";
import { number, percent, t } from "../../i18n.js";
import { Card } from "../../ui/card.jsx";

/** How many answered, of those who were asked, and which share of them is what. */
export function AnswersCard({ report: { data } }) {
  const { answers, response_rate: rate, comparison, identified } = data;
  return (
    <Card title={t("answers_card.title")} class="third">
      <p class="big figures">{number(answers)}</p>
      {comparison?.answers != null && <p class="hint">{t("answers_card.before", { n: number(comparison.answers) })}</p>}
      <Shares {...data} />
      <dl class="facts">
        <div>
          <dt>{t("answers_card.rate")}</dt>
          <dd class="figures">
            {rate?.rate == null ? (
              <span class="soft">{t("answers_card.rate.none")}</span>
            ) : (
              <>
                {percent(rate.rate, 1)}{" "}
                <span class="hint">
                  {t("answers_card.rate.of", { answered: number(rate.answered), shown: number(rate.shown) })}
                </span>
              </>
            )}
          </dd>
        </div>
        {identified?.answers > 0 && (
          <div>
            <dt>{t("answers_card.identified")}</dt>
            <dd class="figures">{percent(1 - identified.share_anonymous)}</dd>
          </div>
        )}
      </dl>
    </Card>
  );
}

/** Detractors, passives and promoters as parts of one bar, with their names, numbers and shares. */
export function Shares(data) {
  const { answers } = data;
  return (
    <div class="shares">
      {answers > 0 && (
        <div class="share-bar" aria-hidden="true">
          {Object.entries(CLASSES).map(([kind, name]) => (
            <i key={kind} class={kind} style={{ flexGrow: data[name] }} />
          ))}
        </div>
      )}
      <ul>
        {Object.entries(CLASSES).map(([kind, name]) => (
          <li key={kind}>
            <i class={`swatch ${kind}`} aria-hidden="true" />
            <span>{t(`class.${name.slice(0, -1)}s`)}</span>
            <b class="figures">{answers ? percent(data[name] / answers, 1) : "–"}</b>
            <span class="soft figures">{number(data[name])}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
