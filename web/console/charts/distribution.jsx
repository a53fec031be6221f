import { scaleBand, scaleLinear } from "d3-scale";
import { number, percent, t } from "../i18n.js";
import { classOf, useWidth } from "./measure.js";

const HEIGHT = 236;
const TOP = 22;
const FOOT = 46;

/** How many answered each score, under their classes. */
export function Distribution({ distribution }) {
  const [ref, width] = useWidth();
  const all = distribution.reduce((sum, each) => sum + each, 0);
  const x = scaleBand(distribution.keys(), [0, width]).paddingInner(0.22);
  const y = scaleLinear([0, Math.max(...distribution, 1)], [HEIGHT - FOOT, TOP]);
  const isNarrow = x.step() < 8 * number(Math.max(...distribution)).length;
  const says = distribution.map((count, score) => t("distribution.says", { score, count: number(count) })).join(", ");
  return (
    <div ref={ref}>
      {width > 0 && (
        <svg class="chart distribution" width={width} height={HEIGHT} role="img" aria-label={says}>
          {distribution.map((count, score) => (
            <g key={score} transform={`translate(${x(score)} 0)`}>
              <title>{`${t("distribution.says", { score, count: number(count) })} (${percent(count / (all || 1), 1)})`}</title>
              <rect class={`bar ${classOf(score)}`} y={y(count)} width={x.bandwidth()} height={HEIGHT - FOOT - y(count)} rx={3} />
              <text class="count" x={x.bandwidth() / 2} y={y(count) - 6}>
                {isNarrow ? percent(count / (all || 1)) : number(count)}
              </text>
              <text class="tick" x={x.bandwidth() / 2} y={HEIGHT - FOOT + 16}>
                {score}
              </text>
            </g>
          ))}
          {[
            ["detractor", 0, 6],
            ["passive", 7, 8],
            ["promoter", 9, 10],
          ].map(([kind, from, to]) => (
            <g key={kind}>
              <rect
                class={`under ${kind}`}
                x={x(from)}
                y={HEIGHT - FOOT + 24}
                width={x(to) + x.bandwidth() - x(from)}
                height={3}
                rx={1.5}
              />
              <text class="kind" x={(x(from) + x(to) + x.bandwidth()) / 2} y={HEIGHT - 4}>
                {t(width < 420 ? `class.${kind}.short` : `class.${kind}s`)}
              </text>
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}
