/** One person's answer: kept here first, sent as often as it takes, counted once. */

const DAY = 864e5;
const LONGEST_KEPT = 29 * DAY; // the server takes no answer whose id is over 30 days old
const LONGEST_WAIT = 6e4;
const FINAL = [400, 404, 409, 413, 422];

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
const random = (length) => hex(crypto.getRandomValues(new Uint8Array(length)));

/** A UUIDv7 (RFC 9562 §5.7) of that instant (ms). */
export function mint(instant) {
  const time = Math.max(0, instant).toString(16).padStart(12, "0");
  const [a, b, c] = [random(2), random(2), random(6)];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a.slice(1)}-${"89ab"[parseInt(b[0], 16) & 3]}${b.slice(1)}-${c}`;
}

/** An edit key, and the hash of it that the server may know. Made ahead, so that leaving the page need not wait for it. */
export async function newKey() {
  const key = random(32);
  return { key, hash: hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key))) };
}

/**
 * Keeps an answer in step with the server. Kept is `{id, key, hash, at, first, want, sent, draft, closed}`: `first` goes with the first POST only,
 * `want` is how the answer shall be, `sent` what the server is known to have.
 * `changed(state)` hears "sent", "waiting" (it will be tried again) or "refused" (for good).
 */
export function keeper(memory, url, changed, transport = fetch) {
  let busy, timer, failures = 0;
  const get = () => memory.get().answer;
  const put = (answer) => memory.set({ answer });
  const update = (change) => put({ ...get(), ...change });

  const unsent = ({ want, sent }) => Object.entries(want).filter(([name, value]) => !sent || sent[name] !== value);

  async function send() {
    clearTimeout(timer);
    if (busy || !get()) return;
    busy = true;
    let state;
    try {
      state = await inStep();
      failures = 0;
    } catch {
      state = "waiting";
      timer = setTimeout(send, Math.min(LONGEST_WAIT, 1000 * 2 ** failures++) * (0.5 + Math.random()));
    }
    busy = false;
    state && changed(state);
  }

  async function inStep() {
    let state, minted = 0;
    for (let answer; (answer = get()); ) {
      const news = unsent(answer);
      if (!news.length) {
        if (answer.want.finished) put();
        return state;
      }
      const { id, key, hash, first, want, sent } = answer;
      const response = sent
        ? await call(`${url}/${id}`, "PATCH", Object.fromEntries(news), key)
        : await call(url, "POST", { ...first, ...want, answer_id: id, edit_key_hash: hash });
      const problem = await response.json().catch(() => ({})); // read in any case: the connection is free only then
      if (!get() || get().key != key) return state; // another tab has seen to it
      if (response.ok) {
        // 200 to a POST: an earlier attempt had arrived, and who knows how far it was then
        update({ first: undefined, sent: sent ? { ...sent, ...Object.fromEntries(news) } : response.status == 201 ? want : {} });
        state = "sent";
        continue;
      }
      if (problem.server_time && minted++ < 2) update({ id: mint(Date.parse(problem.server_time)) });
      else if (/token/.test(problem.type) && (first || want).respondent_token)
        update({ first: { ...first, respondent_token: undefined }, want: { ...want, respondent_token: undefined } }); // counted, if not theirs
      else if (FINAL.includes(response.status)) {
        put();
        return "refused";
      } else throw response;
    }
    return state;
  }

  const call = (address, method, body, key) =>
    transport(address, {
      method,
      body: JSON.stringify(body),
      keepalive: true,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      headers: { "content-type": key ? "application/json" : "text/plain", ...(key && { authorization: `Bearer ${key}` }) },
    });

  const late = get();
  if (late && !late.want) put();
  else if (late) {
    const age = Math.abs(Date.now() - late.at);
    if (age > (unsent(late).length ? LONGEST_KEPT : DAY)) put();
    else if (age > DAY) update({ draft: undefined });
  }

  return {
    get,
    send,
    /** Keep a score and send it; `first` is what goes along when it is the first. */
    score(score, { key, hash }, first) {
      const answer = get() || { id: mint(Date.now()), key, hash, at: Date.now(), first };
      put({ ...answer, want: { ...answer.want, score } });
      send();
    },
    /** Keep what else is wanted and send it. */
    want(more) {
      update({ want: { ...get().want, ...more }, draft: undefined });
      send();
    },
    /** Keep an unfinished comment for the next visit, and whether its writer has closed the question; it is not sent. */
    draft(draft, closed) {
      get() && update({ draft, closed });
    },
  };
}
