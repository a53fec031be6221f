/** The journey from the groups of `segments?by=touchpoint`: its stages in the order in which the survey declares their touchpoints. */

const FEW = 10;
const sum = (groups, name) => groups.reduce((all, each) => all + each[name], 0);

/** A stage's score from the counts of its touchpoints, never from their scores; null where it has no answers. */
function pooled(groups) {
  const answers = sum(groups, "answers");
  return { answers, nps: answers ? Math.sign(net(groups)) * Math.round(Math.abs(net(groups) * 100) / answers) : null };
}
const net = (groups) => sum(groups, "promoters") - sum(groups, "detractors");

/** `{stage, touchpoints, answers, nps, isHidden}` of each stage; touchpoints without a stage come last, under "". */
export function stagesOf(survey, { groups }) {
  const found = new Map();
  for (const { key, label, journey_stage } of survey.touchpoints) {
    const group = groups.find((each) => each.value == key);
    if (!group) continue;
    const stage = journey_stage ?? "";
    found.set(stage, [...(found.get(stage) ?? []), { ...group, key, name: label }]);
  }
  const stages = [...found].map(([stage, touchpoints]) => {
    const shown = touchpoints.filter((each) => each.nps != null);
    return { stage, touchpoints, isHidden: shown.length < touchpoints.filter((each) => each.answers !== 0).length, ...pooled(shown) };
  });
  return stages.sort((one, other) => (one.stage == "") - (other.stage == ""));
}

/** The touchpoints at which the journey breaks: their scores lie below everybody's, beyond what chance explains (the intervals do not meet). */
export const breaksIn = ({ total, groups }) =>
  new Set(groups.filter(({ answers, interval }) => answers >= FEW && interval && total.interval && interval.high < total.interval.low).map((each) => each.value));
