import { useEffect, useState } from "preact/hooks";
import { get } from "../../api.js";
import { useEvery } from "../../data.js";

const EVERY = 10_000;

/** How many answers came in above those that are shown, looked for while the page is seen; and what shows them. */
export function useNews(path, query, found) {
  const [fresh, keep] = useState(null);
  const top = found.data?.answers[0]?.answer_id;
  useEffect(() => keep(null), [found.data, path, JSON.stringify(query)]);
  useEvery(EVERY, async () => {
    if (!found.data || found.isLoading) return;
    const data = await get(path, query).catch(() => null); // what is missed now is found the next time
    if (data && data.answers[0]?.answer_id != top) keep({ data, since: top, of: found.data });
  });
  if (!fresh || fresh.of !== found.data) return [0, () => {}];
  const at = fresh.data.answers.findIndex((each) => each.answer_id == fresh.since);
  return [at < 0 ? fresh.data.answers.length : at, () => found.change(fresh.data)];
}
