const LATER = 5000;
const MOST = 20;

/** Counts what happened with the widget, without saying to whom, and sends it in batches; `token()` is what a known person gave. */
export function counter(url, token, send, channel = "widget") {
  let counts = {};
  let timer;

  async function flush() {
    clearTimeout(timer);
    const sent = counts;
    if (!Object.keys(sent).length) return;
    counts = {};
    const post = (respondent_token) =>
      send(url, { method: "POST", body: JSON.stringify({ channel, ...sent, respondent_token }), keepalive: true, credentials: "omit" }).then(
        async (response) => (await response.text(), response.status),
        () => 0,
      );
    let status = await post(token());
    if (status == 422) status = await post(); // the token has expired: they count as anybody's
    if (!status) for (const name in sent) add(name, sent[name]); // they go with the next
  }

  const add = (name, times) => (counts[name] = Math.min(MOST, (counts[name] || 0) + times));

  function count(name) {
    add(name, 1);
    clearTimeout(timer);
    timer = setTimeout(flush, LATER);
  }

  return { count, flush };
}
