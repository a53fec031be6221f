/** Calendar days are texts, `YYYY-MM-DD`, and reckoned as such: no clock and no time zone comes near them. */
const DAY = 864e5;
const at = (text) => Date.parse(`${text}T00:00:00Z`);
const textOf = (time) => new Date(time).toISOString().slice(0, 10);
export const plus = (day, count) => textOf(at(day) + count * DAY);
export const between = (from, to) => Math.round((at(to) - at(from)) / DAY);
export const isDay = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text)) && textOf(at(text)) == text;
const firstOfMonth = (day, back = 0) => textOf(Date.UTC(+day.slice(0, 4), +day.slice(5, 7) - 1 - back, 1));
const weekday = (day) => (new Date(at(day)).getUTCDay() + 6) % 7; // Monday is 0

/** Today where the survey is. */
export const todayIn = (timeZone, now = new Date()) => new Intl.DateTimeFormat("sv-SE", { timeZone }).format(now);

const endingToday = (count) => (today) => ({ from: plus(today, 1 - count), to: today });
/** Whole ISO weeks, the last of which is over. */
const weeks = (count) => (today) => {
  const sunday = plus(today, -weekday(today) - 1);
  return { from: plus(sunday, 1 - 7 * count), to: sunday };
};
export const PERIODS = {
  "7d": endingToday(7),
  "30d": endingToday(30),
  "90d": endingToday(90),
  "12m": endingToday(365),
  "12w": weeks(12),
  "52w": weeks(52),
  month: (today) => ({ from: firstOfMonth(today), to: today }),
  "last-month": (today) => ({ from: firstOfMonth(today, 1), to: plus(firstOfMonth(today), -1) }),
  year: (today) => ({ from: `${today.slice(0, 4)}-01-01`, to: today }),
};
export const USUAL = "30d";

/** The days of a period as it stands in the address: one of those above, or `FROM..TO`. */
export function daysOf(period, today) {
  const [from, to] = (period ?? "").split("..");
  if (to && isDay(from) && isDay(to) && from <= to) return { from, to };
  return PERIODS[Object.hasOwn(PERIODS, period ?? "") ? period : USUAL](today);
}

/** What a trend's points should last, so that there are neither few nor too many. */
export function usualInterval({ from, to }) {
  const count = between(from, to) + 1;
  return count <= 45 ? "day" : count <= 400 ? "week" : "month";
}
