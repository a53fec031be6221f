const DAY = 86_400_000;
/** How long a complete answer to a data subject may take (LGPD art. 19 II); deletion has no term of its own, so it keeps to the same. */
export const TERM_DAYS = 15;

/** When an erasure should be done, and whether that is near (three days) or past. */
export function deadlineOf({ asked_at, done_at, refusal }, now = Date.now()) {
  const until = new Date(asked_at).getTime() + TERM_DAYS * DAY;
  const isOpen = !done_at && !refusal;
  return { until: new Date(until).toISOString(), isOpen, isNear: isOpen && until - now < 3 * DAY, isPast: isOpen && until < now };
}
