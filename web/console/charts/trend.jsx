import { useState } from "preact/hooks";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { number, shortDay, t } from "../i18n.js";
import { between } from "../survey/days.js";
import { useWidth } from "./measure.js";
import { Notes } from "./notes.jsx";
import { PointWords } from "./point-words.jsx";

const HEIGHT = 300;
const EDGES = { top: 34, right: 16, bottom: 30, left: 40 };

/** Scales of the trend: days from left to right, scores as far as the intervals reach. */
function scales({ from, points }, goal, width) {
  const shown = points.filter((each) => each.interval);
  const reach = shown.flatMap((each) => [each.interval.low, each.interval.high]).concat(goal ?? []);
  const [low, high] = reach.length ? [Math.min(...reach), Math.max(...reach)] : [-100, 100];
  const x = scaleLinear([0, Math.max(1, between(from, points.at(-1).to))], [EDGES.left, width - EDGES.right]);
  const middle = (each) => x((between(from, each.from) + between(from, each.to)) / 2);
  const y = scaleLinear([Math.max(-100, low - 5), Math.min(100, high + 5)], [HEIGHT - EDGES.bottom, EDGES.top]).nice(5);
  return { x, y, middle, dayAt: (day) => x(between(from, day)) };
}

/** The score over time with its interval, the goal, changes that stand out, and what happened meanwhile; days without answers are gaps. */
export function Trend({ trend, goal, rolling }) {
  const [ref, width] = useWidth();
  const [at, look] = useState(null);
  const { points, annotations } = trend;
  if (!points.length) return <div ref={ref} />;
  const scale = scales(trend, goal, width || 600);
  const nearest = (event) => {
    const place = event.clientX - ref.current.getBoundingClientRect().left;
    const away = points.map((each) => Math.abs(scale.middle(each) - place));
    look(away.indexOf(Math.min(...away)));
  };
  const step = (event) => {
    const to = {
      ArrowLeft: (at ?? points.length) - 1,
      ArrowRight: (at ?? -1) + 1,
      Home: 0,
      End: points.length - 1,
      Escape: null,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    look(to === null ? null : Math.max(0, Math.min(points.length - 1, to)));
  };
  return (
    <div
      class="trend"
      ref={ref}
      tabindex={0}
      role="group"
      aria-label={t("trend.keys")}
      onKeyDown={step}
      onBlur={() => look(null)}
      onPointerMove={nearest}
      onPointerLeave={() => look(null)}
    >
      {width > 0 && <Drawing {...{ trend, goal, width, at, scale, rolling }} />}
      {width > 0 && at != null && (
        <PointWords point={points[at]} left={scale.middle(points[at])} width={width} annotations={annotations} />
      )}
    </div>
  );
}

function Drawing({ trend: { points, annotations }, goal, width, at, scale, rolling }) {
  const { y, middle } = scale;
  const has = (each) => each.interval != null;
  const likely = area()
    .defined(has)
    .x(middle)
    .y0((each) => y(each.interval.low))
    .y1((each) => y(each.interval.high));
  const score = line()
    .defined(has)
    .x(middle)
    .y((each) => y(each.nps));
  const isDense = points.length > width / 14 || rolling;
  return (
    <svg class="chart" width={width} height={HEIGHT} role="img" aria-label={summary(points)}>
      <Axes scale={scale} points={points} width={width} />
      <Notes annotations={annotations} scale={scale} height={HEIGHT - EDGES.bottom} top={EDGES.top} />
      {goal != null && <line class="goal" x1={EDGES.left} x2={width - EDGES.right} y1={y(goal)} y2={y(goal)} />}
      <path class="likely" d={likely(points)} />
      <path class="line" d={score(points)} />
      {points.map(
        (each, place) =>
          has(each) &&
          (!isDense || alone(points, place)) && (
            <circle
              key={each.from}
              class={`dot ${each.complete ? "" : "partial"} ${each.answers < 10 ? "few" : ""}`}
              cx={middle(each)}
              cy={y(each.nps)}
              r={isDense ? 2.5 : 4}
            />
          ),
      )}
      {points.map((each) => each.change?.marked && <Mark key={each.from} point={each} x={middle(each)} y={y} />)}
      {at != null && (
        <line class="cursor" x1={middle(points[at])} x2={middle(points[at])} y1={EDGES.top} y2={HEIGHT - EDGES.bottom} />
      )}
      {goal != null && (
        <text class="goal-name end" x={width - EDGES.right} y={y(goal) - 6}>
          {t("goal.line", { goal: number(goal) })}
        </text>
      )}
      {at != null && has(points[at]) && <circle class="dot looked" cx={middle(points[at])} cy={y(points[at].nps)} r={6} />}
    </svg>
  );
}

/** Whether a point has none beside it that a line could lead to. */
const alone = (points, at) => !points[at - 1]?.interval && !points[at + 1]?.interval;

function summary(points) {
  const shown = points.filter((each) => each.nps != null);
  if (!shown.length) return t("trend.none");
  const [first, last] = [shown[0], shown.at(-1)];
  return t("trend.says", { first: number(first.nps), from: shortDay(first.from), last: number(last.nps), to: shortDay(last.to) });
}

function Axes({ scale: { y, middle }, points, width }) {
  const many = Math.max(2, Math.floor(width / 110));
  const every = Math.ceil(points.length / many);
  return (
    <g>
      {y.ticks(5).map((each) => (
        <g key={each}>
          <line
            class={each == 0 ? "grid-line zero" : "grid-line"}
            x1={EDGES.left}
            x2={width - EDGES.right}
            y1={y(each)}
            y2={y(each)}
          />
          <text class="tick end" x={EDGES.left - 8} y={y(each) + 4}>
            {number(each)}
          </text>
        </g>
      ))}
      {points.map(
        (each, at) =>
          at % every == 0 && (
            <text key={each.from} class="tick" x={Math.min(Math.max(middle(each), EDGES.left + 12), width - 24)} y={HEIGHT - 8}>
              {shortDay(each.from)}
            </text>
          ),
      )}
    </g>
  );
}

/** A change that chance alone would hardly make: an arrow beyond the interval, up or down. */
function Mark({ point, x, y }) {
  const isUp = point.change.difference > 0;
  const top = isUp ? y(point.interval.high) - 16 : y(point.interval.low) + 6;
  const shape = isUp ? "M0 10 6 0 12 10z" : "M0 0 12 0 6 10z";
  return <path class={`mark ${isUp ? "rose" : "fell"}`} transform={`translate(${x - 6} ${top})`} d={shape} />;
}
