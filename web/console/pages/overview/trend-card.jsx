import { Chart } from "../../charts/chart.jsx";
import { Trend } from "../../charts/trend.jsx";
import { difference, number, t } from "../../i18n.js";
import { useQuery } from "../../router.js";
import { Segmented } from "../../ui/controls.jsx";
import { Empty, Loaded, Skeleton } from "../../ui/states.jsx";
import { ImportLink } from "../../survey/import-link.jsx";
import { Withheld } from "../../survey/withheld.jsx";
import { Annotations } from "./annotations.jsx";

const COLUMNS = [
  "trend.from",
  "trend.to",
  "score.nps",
  "score.low",
  "score.high",
  "distribution.answers",
  "class.detractors",
  "class.passives",
  "class.promoters",
  "trend.difference",
  "trend.stands_out",
];
const round = (value) => (value == null ? null : { value, text: number(value, 1) });

function rowOf({ from, to, nps, interval, answers, detractors, passives, promoters, change }) {
  const moved = change?.difference;
  return [
    from,
    to,
    nps,
    round(interval?.low),
    round(interval?.high),
    answers,
    detractors,
    passives,
    promoters,
    moved == null ? null : { value: moved, text: difference(moved) },
    change?.marked ? t("yes") : "",
  ];
}

/** The score over time, with what happened meanwhile. */
export function TrendCard({ survey, user, period, report, trend, subtitle, file, interval, isLong }) {
  const [, change] = useQuery();
  const choices = (isLong ? ["day", "week", "month", "quarter"] : ["day", "week"]).map((each) => [each, t(`interval.${each}`)]);
  const tools = (
    <Segmented label={t("trend.interval")} options={choices} value={interval} onChange={(value) => change({ interval: value })} />
  );
  const rows = trend.data?.points.some((each) => each.nps != null) ? trend.data.points.map(rowOf) : [];
  return (
    <Chart
      title={t("trend.title")}
      hint={t("trend.hint")}
      subtitle={subtitle}
      file={`${file}-trend-${interval}`}
      columns={COLUMNS.map((each) => t(each))}
      rows={rows}
      tools={tools}
      after={trend.data && <Annotations {...{ survey, user, period, trend }} />}
    >
      <Loaded
        of={trend}
        skeleton={<Skeleton height={300} />}
        isEmpty={() => !rows.length}
        empty={<Nothing points={trend.data?.points} {...{ survey, user }} />}
      >
        {(data) => <Trend trend={data} goal={report.data?.goal?.nps} />}
      </Loaded>
    </Chart>
  );
}

/** There is no score to draw: because nobody answered, or because it is not shown. */
function Nothing({ points = [], ...whose }) {
  const hidden = points.find((each) => each.withheld);
  return hidden ? (
    <Withheld withheld={hidden.withheld} />
  ) : (
    <Empty icon="chart" title={t("trend.none")} action={<ImportLink {...whose} />}>
      {t("trend.none.what")}
    </Empty>
  );
}
