import { scaleLinear } from "d3-scale";
import { number, percent, t, tn } from "../i18n.js";
import { useWidth } from "./measure.js";

const ROW = 40;
const TOP = 8;
const FOOT = 26;
const NARROW = 460;

/** Groups by their score: a dot for it, a line for between which scores it probably lies. `total` is a line across all. */
export function Ranking({ groups, total, goal }) {
  const [ref, width] = useWidth();
  const isNarrow = width < NARROW;
  const row = isNarrow ? ROW + 12 : ROW;
  const height = TOP + groups.length * row + FOOT;
  const left = isNarrow ? 8 : Math.min(190, width * 0.3);
  const bounds = [
    ...groups.filter((each) => each.interval).flatMap((each) => [each.interval.low, each.interval.high]),
    total ?? 0,
  ];
  const x = scaleLinear(
    [Math.max(-100, Math.min(...bounds) - 6), Math.min(100, Math.max(...bounds) + 6)],
    [left, width - (isNarrow ? 30 : 48)],
  ).nice(5);
  const says = groups.map((each) => sayOf(each)).join("; ");
  return (
    <div ref={ref}>
      {width > 0 && (
        <svg class="chart ranking" width={width} height={height} role="img" aria-label={says}>
          {x.ticks(width < 600 ? 4 : 7).map((each) => (
            <g key={each}>
              <line class="grid-line" x1={x(each)} x2={x(each)} y1={TOP} y2={height - FOOT} />
              <text class="tick" x={x(each)} y={height - 8}>
                {number(each)}
              </text>
            </g>
          ))}
          {total != null && <line class="total" x1={x(total)} x2={x(total)} y1={TOP} y2={height - FOOT} />}
          {goal != null && goal >= x.domain()[0] && goal <= x.domain()[1] && (
            <line class="goal" x1={x(goal)} x2={x(goal)} y1={TOP} y2={height - FOOT} />
          )}
          {groups.map((each, at) => (
            <Row key={each.key} group={each} x={x} top={TOP + at * row} {...{ row, width, left, isNarrow }} />
          ))}
        </svg>
      )}
    </div>
  );
}

const sayOf = ({ name, nps, interval, answers }) =>
  nps == null
    ? `${name}: ${t("ranking.withheld")}`
    : t("ranking.says", {
        name,
        nps: number(nps),
        low: number(interval.low),
        high: number(interval.high),
        answers: number(answers),
      });

function Row({ group, x, top, row, width, left, isNarrow }) {
  const { name, nps, interval, answers, share } = group;
  const middle = isNarrow ? top + row - 16 : top + row / 2;
  const words = isNarrow ? { x: 8, y: top + 14 } : { x: 0, y: middle + (nps == null ? 4 : -3) };
  const fits = Math.floor((isNarrow ? width * 0.6 : left - 12) / 7.4);
  const count = nps == null ? "" : `${tn("answers.count", answers)} · ${percent(share ?? 0)}`;
  return (
    <g>
      <title>{sayOf(group)}</title>
      <rect class="hit" x={0} y={top} width={width} height={row} />
      <text class="name" {...words}>
        {name.length > fits ? `${name.slice(0, fits - 1)}…` : name}
      </text>
      {isNarrow ? (
        <text class="small end" x={width} y={words.y}>
          {count}
        </text>
      ) : (
        <text class="small" x={0} y={middle + 13}>
          {count}
        </text>
      )}
      {nps == null ? (
        <text class="small" x={x.range()[0]} y={middle + 4}>
          {t(group.answers === 0 ? "ranking.none" : "ranking.withheld")}
        </text>
      ) : (
        <>
          <line
            class={`whisker ${answers < 10 ? "few" : ""}`}
            x1={x(interval.low)}
            x2={x(interval.high)}
            y1={middle}
            y2={middle}
          />
          <circle class={`dot ${answers < 10 ? "few" : ""}`} cx={x(nps)} cy={middle} r={6} />
          <text class="value end" x={width} y={middle + 5}>
            {number(nps)}
          </text>
        </>
      )}
    </g>
  );
}
