import { days, day, difference, number, t, tn } from "../i18n.js";

const WIDTH = 230;
const AWAY = 14;

/** Left or right of the point, wherever there is more room, so that it is not covered. */
const beside = (left, width) =>
  left > width / 2 ? Math.max(0, left - WIDTH - AWAY) : Math.max(0, Math.min(width - WIDTH, left + AWAY));

/** What a point of the trend says; spoken as well as shown. */
export function PointWords({ point, left, width, annotations }) {
  const { from, to, nps, interval, answers, change, complete, withheld } = point;
  const meanwhile = annotations.filter((each) => each.from <= to && each.to >= from);
  return (
    <div class="point-words" role="status" style={{ left: `${beside(left, width)}px`, width: `${Math.min(WIDTH, width)}px` }}>
      <p class="strong">
        {from == to ? day(from) : days(from, to)}
        {!complete && <span class="soft"> · {t("trend.partial")}</span>}
      </p>
      {withheld && <p>{t(`withheld.${withheld.reason}`)}</p>}
      {!withheld && nps == null && <p>{t("trend.gap")}</p>}
      {nps != null && (
        <>
          <p>
            NPS <b>{number(nps)}</b>{" "}
            <span class="soft">{t("interval.short", { low: number(interval.low), high: number(interval.high) })}</span>
          </p>
          <p class="soft">{tn("answers.count", answers)}</p>
          {change?.difference != null && (
            <p class={`change ${change.marked ? change.verdict : ""}`}>
              {t(change.marked ? "trend.marked" : "trend.change", { difference: difference(change.difference) })}
            </p>
          )}
        </>
      )}
      {meanwhile.map((each) => (
        <p key={each.annotation_id} class="soft">
          ⚑ {each.text}
        </p>
      ))}
    </div>
  );
}
