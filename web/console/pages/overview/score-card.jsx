import { Chart } from "../../charts/chart.jsx";
import { Dial } from "../../charts/dial.jsx";
import { number, t } from "../../i18n.js";
import { ComparedWith } from "../../survey/comparison.jsx";
import { Icon } from "../../ui/icons.jsx";

/** The score as a dial, what can be said of it, how it stands to its goal and to the time before. */
export function ScoreCard({ report: { data }, subtitle, file }) {
  const { nps, interval, band, goal, comparison } = data;
  const rows =
    nps == null
      ? []
      : [
          [t("score.nps"), nps],
          [t("score.low"), { value: interval.low, text: number(interval.low, 1) }],
          [t("score.high"), { value: interval.high, text: number(interval.high, 1) }],
          [t("score.band"), t(`band.${band.key}`)],
          ...(goal ? [[t("score.goal"), goal.nps]] : []),
          ...(comparison?.nps != null ? [[t("score.before"), comparison.nps]] : []),
        ];
  return (
    <Chart
      title={t("score.title")}
      subtitle={subtitle}
      file={file}
      columns={[t("score.figure"), t("score.value")]}
      rows={rows}
      class="third score-card"
      after={<Words {...data} />}
    >
      <Dial nps={nps} interval={interval} band={band && nps != null ? t(`band.${band.key}`) : t("dial.none")} goal={goal?.nps} />
    </Chart>
  );
}

function Words({ nps, interval, answers, goal, comparison }) {
  return (
    <div class="words">
      {nps != null && <p>{t("score.likely", { low: number(interval.low), high: number(interval.high) })}</p>}
      {nps != null && answers < 10 && <p class="hint">{t("score.few")}</p>}
      {goal && (
        <p class="goal-words">
          <Icon name={goal.met ? "check" : "flag"} size={16} />{" "}
          {t(goal.met == null ? "goal.unknown" : goal.met ? "goal.met" : "goal.not_met", { goal: number(goal.nps) })}
        </p>
      )}
      {comparison && <ComparedWith comparison={comparison} />}
    </div>
  );
}
