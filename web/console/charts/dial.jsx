import { arc } from "d3-shape";
import { number, t } from "../i18n.js";

const WIDTH = 280;
const HEIGHT = 170;
const RADIUS = 118;
const TICKS = [-100, -50, 0, 50, 100];
/** −100 is at the left, 100 at the right. */
const angle = (score) => ((score / 100) * Math.PI) / 2;
const at = (score, radius) => [radius * Math.sin(angle(score)), -radius * Math.cos(angle(score))];
const ring = (from, to, inner, outer) =>
  arc().cornerRadius(3)({ innerRadius: inner, outerRadius: outer, startAngle: angle(from), endAngle: angle(to) });

/** The score on its scale, and between which scores that of everybody probably lies; with the goal, where there is one. */
export function Dial({ nps, interval, band, goal }) {
  const said =
    nps == null ? t("dial.none") : t("dial.says", { nps: number(nps), low: number(interval.low), high: number(interval.high) });
  return (
    <svg class="chart dial" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
      <g transform={`translate(${WIDTH / 2} ${HEIGHT - 32})`}>
        <path class="track" d={ring(-100, 100, RADIUS - 18, RADIUS)} />
        {nps != null && <path class="likely" d={ring(interval.low, interval.high, RADIUS - 18, RADIUS)} />}
        {TICKS.map((each) => (
          <Tick key={each} score={each} />
        ))}
        {goal != null && <Goal score={goal} />}
        {nps != null && <Needle score={nps} />}
        <text class="score" y={-22}>
          {nps == null ? "–" : number(nps)}
        </text>
        <text class="band" y={8}>
          {band}
        </text>
      </g>
    </svg>
  );
}

function Tick({ score }) {
  const [x, y] = at(score, RADIUS - 30);
  return (
    <text class="tick" x={x} y={y} dominant-baseline="middle">
      {number(score)}
    </text>
  );
}

function Needle({ score }) {
  const [x1, y1] = at(score, RADIUS - 22);
  const [x2, y2] = at(score, RADIUS + 5);
  return <line class="needle" {...{ x1, y1, x2, y2 }} />;
}

function Goal({ score }) {
  const [x1, y1] = at(score, RADIUS);
  const [x2, y2] = at(score, RADIUS + 10);
  return <line class="goal" {...{ x1, y1, x2, y2 }} />;
}
