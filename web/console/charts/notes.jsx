import { t } from "../i18n.js";

/** What happened: a flag at a day, a shaded span for several; numbered as the list below the chart numbers them. */
export function Notes({ annotations, scale: { x, dayAt }, top, height }) {
  const [start, end] = x.range();
  return annotations.map(({ annotation_id, from, to, kind, text }, at) => {
    const left = Math.max(start, dayAt(from));
    const right = Math.min(end, dayAt(to));
    if (left > end || right < start) return null;
    return (
      <g key={annotation_id} class="note">
        <title>{`${t(`annotation.${kind}`)}: ${text}`}</title>
        {right > left && <rect class="span" x={left} y={top} width={right - left} height={height - top} />}
        <line class="pole" x1={left} x2={left} y1={top - 8} y2={height} />
        <circle class="flag" cx={left} cy={top - 14} r={9} />
        <text class="flag-number" x={left} y={top - 10}>
          {at + 1}
        </text>
      </g>
    );
  });
}
