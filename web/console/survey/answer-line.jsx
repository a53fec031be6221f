import { ago, instant, t } from "../i18n.js";
import { dimensionName, valueName } from "./dimensions.js";
import { classOf } from "../charts/measure.js";

/** A score with the class it is of, in words for who cannot see the colour. */
export function Score({ score }) {
  const kind = classOf(score);
  return (
    <span class={`score-mark ${kind}`} title={t(`class.${kind}`)}>
      <span class="hidden">{t(`class.${kind}`)}, </span>
      {score}
    </span>
  );
}

const When = ({ at, timeZone }) => (
  <time datetime={at} title={instant(at, timeZone)}>
    {ago(at)}
  </time>
);

export const nameOf = (person) => person?.name ?? person?.email ?? person?.customer_id ?? t("answer.anonymous");

/** The dimensions that an answer has a value of, as rows name them. */
export const givenOf = ({ touchpoint, channel, variant, locale, segments }) =>
  Object.entries({
    touchpoint,
    channel,
    variant,
    locale,
    ...Object.fromEntries(Object.entries(segments).map(([key, value]) => [`segment.${key}`, value])),
  }).filter(([, value]) => value != null);

/** What an answer was given about and by which way, in small. */
function Dimensions({ survey, answer }) {
  return givenOf(answer).map(([name, value]) => (
    <span key={name} class="tag" title={dimensionName(survey, name)}>
      <span class="hidden">{dimensionName(survey, name)}: </span>
      {valueName(survey, name, value)}
    </span>
  ));
}

/** Who answered, when, what they wrote, and about what. */
export function AnswerWords({ survey, answer }) {
  const { person, answered_at, comment, standing } = answer;
  return (
    <div>
      <p class="who">
        <b>{nameOf(person)}</b>
        <span class="soft">
          <When at={answered_at} timeZone={survey.time_zone} />
        </span>
      </p>
      {comment ? <p class="comment short">{comment}</p> : <p class="soft">{t("answer.no_comment")}</p>}
      <p class="tags">
        {standing != "valid" && <span class="tag warn">{t(`standing.${standing}`)}</span>}
        <Dimensions survey={survey} answer={answer} />
      </p>
    </div>
  );
}
