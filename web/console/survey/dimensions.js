import { has, LOCALES, t } from "../i18n.js";

const PLAIN = ["touchpoint", "channel", "variant", "locale"];
const IDENTITY = { name: "identity", key: "identity", values: ["identified", "anonymous"] };
/** What was not declared, in every dimension that the survey declares values of. */
const OTHER = "other";

/** The dimensions of a survey that have values: `{name, key, values}`; `name` is as rows have it, `key` as the API's `by` takes it. */
export function dimensionsOf(survey) {
  const plain = {
    touchpoint: survey.touchpoints.map((each) => each.key),
    channel: survey.channels,
    variant: survey.variants,
    locale: survey.locales,
  };
  const own = survey.segments.map((each) => ({ name: `segment.${each.key}`, key: each.key, values: [...each.values, OTHER] }));
  const all = PLAIN.map((name) => ({ name, key: name, values: [...plain[name], OTHER] }));
  return [...all, ...own].filter((each) => each.values.length > 1).concat(IDENTITY);
}

export const dimensionName = (survey, name) => (has(`dimension.${name}`) ? t(`dimension.${name}`) : name.replace("segment.", ""));

/** A value in words: a touchpoint's label, a language's name, else as it was declared. */
export function valueName(survey, name, value) {
  if (["other", "none"].includes(value)) return t(`value.${value}`);
  if (name == "touchpoint") return survey.touchpoints.find((each) => each.key == value)?.label ?? value;
  if (name == "locale") return LOCALES[value] ?? value;
  return has(`value.${name}.${value}`) ? t(`value.${name}.${value}`) : value;
}
