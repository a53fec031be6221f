import { ago, instant, t } from "../i18n.js";
import { dimensionName, valueName } from "./dimensions.js";
import { classOf } from "../charts/measure.js";

/** A score with the class it is of, in words for who cannot see the colour. */
export function Score({ score }) {
  const kind = classOf(score);
  return <span class={`score-mark ${kind}`} title={t(`class.${kind}`)}><span class="hidden">{t(`class.${kind}`)}, </span>{score}</span>;
}

export const When = ({ at, timeZone }) => <time datetime={at} title={instant(at, timeZone)}>{ago(at)}</time>;

/** What an answer was given about and by which way, in small. */
export function Dimensions({ survey, answer }) {
  const given = [["touchpoint", answer.touchpoint], ["channel", answer.channel], ["variant", answer.variant], ...Object.entries(answer.segments).map(([key, value]) => [`segment.${key}`, value])];
  return given.filter(([, value]) => value != null).map(([name, value]) => (
    <span key={name} class="tag" title={dimensionName(survey, name)}><span class="hidden">{dimensionName(survey, name)}: </span>{valueName(survey, name, value)}</span>
  ));
}
