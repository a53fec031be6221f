import { difference, number, percent, t } from "../i18n.js";
import { Icon } from "../ui/icons.jsx";
import { dimensionName, valueName } from "./dimensions.js";

const NO_VALUE = "none";

/** The name of a dimension as `by` has it: segments go by their key alone. */
export const rowName = (survey, by) => (survey.segments.some((each) => each.key == by) ? `segment.${by}` : by);

const FEW = 10;
/** Where a group stands: by its score, behind all others where answers are few or the score is not shown. */
const place = ({ nps, answers }) => (nps == null ? -2000 : answers < FEW ? nps - 1000 : nps);

/** Groups as a ranking shows them: the best first, those of few answers and those without a score last. */
export function rankedGroups(survey, report) {
  const names = report.by.map((each) => rowName(survey, each));
  const values = (group) => (group.values ?? [group.value]).map((each) => each ?? NO_VALUE);
  const isDeclared = (group) => values(group).every((each) => each != NO_VALUE && each != "other");
  const named = report.groups
    .filter((group) => group.answers !== 0 || isDeclared(group))
    .map((group) => ({
      ...group,
      key: values(group).join("&"),
      name:
        group.label ??
        values(group)
          .map((each, at) => valueName(survey, names[at], each))
          .join(" · "),
    }));
  return named.sort((one, other) => place(other) - place(one));
}

export const rankedColumns = () =>
  [
    "ranking.group",
    "score.nps",
    "score.low",
    "score.high",
    "distribution.answers",
    "distribution.share",
    "class.detractors",
    "class.passives",
    "class.promoters",
    "trend.difference",
    "ranking.verdict",
  ].map((each) => t(each));

const round = (value) => (value == null ? null : { value, text: number(value, 1) });

export function rankedRow({ name, nps, interval, answers, share, detractors, passives, promoters, change }) {
  const moved = change?.difference;
  return [
    name,
    nps,
    round(interval?.low),
    round(interval?.high),
    answers,
    share == null ? null : { value: share, text: percent(share, 1) },
    detractors,
    passives,
    promoters,
    moved == null ? null : { value: moved, text: difference(moved) },
    change ? t(`verdict.${change.verdict}`) : "",
  ];
}

/** Why the score is another than before; nothing where no group has enough answers on both sides to compare. */
export const reasonOf = ({ mix_and_score: mix, groups }) =>
  groups.some((each) => each.change && each.change.verdict != "too_few") ? mix : null;

/** The same in words: other people, or other scores. */
export function MixAndScore({ report }) {
  const mix = reasonOf(report);
  if (!mix) return null;
  return (
    <p class="notice small">
      <Icon name="info" size={18} />
      <span>
        {t("mix.words", { difference: difference(mix.difference), mix: difference(mix.mix), score: difference(mix.score) })}
      </span>
    </p>
  );
}

export const namesOfGroups = (survey, by) => by.map((each) => dimensionName(survey, rowName(survey, each))).join(" × ");
