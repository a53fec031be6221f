import { locale, wantedLocale } from "./i18n.js";
import { Problem } from "./problem.js";
import { ROOT } from "./root.js";
import { store } from "./store.js";

/**
 * Who is signed in. `state` is `starting`, `out` or `in`; `why` says why somebody is out: `expired`, `elsewhere` (another tab), `left`.
 * The access token lives in this module's memory alone; what renews it is a cookie that no script can read.
 */
export const session = store({ state: "starting" });
const SLACK = 30_000;
const tabs = "BroadcastChannel" in self ? new BroadcastChannel("recomenda.console") : undefined;
let token, expiresAt, renewing;
const onLeave = new Set();

/** Call back when somebody is signed out, so that nothing of theirs is left in memory. */
export const whenLeft = (forget) => onLeave.add(forget);
export const mayRead = (user, scope) => !scope || user.scopes.includes(scope);

/** The API says what it refuses in the language that is chosen here, which need not be the browser's. */
const asSpoken = () => ({ "accept-language": locale() ?? wantedLocale() });

async function post(path, body, method = "POST") {
  const headers = { "content-type": "application/json", ...asSpoken() }; // JSON without a body too: no form of another site can say that
  const sent = { method, headers, body: body && JSON.stringify(body), credentials: "same-origin" };
  const response = await fetch(`${ROOT}v1/session${path}`, sent).catch(() => {
    throw new Problem(0);
  });
  if (!response.ok) throw await Problem.of(response);
  return response.status == 204 || response.status == 202 ? {} : response.json();
}

function enter({ access_token, expires_in, user }) {
  token = access_token;
  expiresAt = Date.now() + expires_in * 1000;
  session.set({ state: "in", user });
}

function leave(why) {
  token = undefined;
  onLeave.forEach((forget) => forget());
  session.set({ state: "out", why });
}

/** Sign in; what comes back may be a challenge instead: `{challenge, challenge_token}`. */
export async function signIn(email, password) {
  const answer = await post("", { email, password });
  if (answer.challenge) return answer;
  enter(answer);
}

export const choosePassword = async (email, challenge_token, password) =>
  enter(await post("/new-password", { email, challenge_token, password }));
export const forgotten = (email) => post("/forgotten", { email });
export const reset = (email, code, password) => post("/reset", { email, code, password });

export async function signOut() {
  await post("", undefined, "DELETE").catch(() => {}); // whoever leaves is out here, whether or not the network is there
  tabs?.postMessage("left");
  leave("left");
}

/** A new access token, asked for once however many wait for it, and by one tab at a time. */
function renew() {
  const locked = (ask) => (navigator.locks ? navigator.locks.request("recomenda.renew", ask) : ask());
  return (renewing ??= locked(() => post("/refresh"))
    .then(enter)
    .finally(() => (renewing = undefined)));
}

/** Whether somebody is signed in already, by the cookie of an earlier visit. */
export async function start() {
  tabs?.addEventListener("message", () => session.get().state == "in" && leave("elsewhere"));
  try {
    await renew();
  } catch (problem) {
    session.set({ state: "out", problem: problem.mayPass ? problem : undefined });
  }
}

/** The gateway, which knows only whether the token is good, says so in words of its own; what the API refuses is a problem. */
const isOver = ({ status, headers }) => status == 401 || (status == 403 && !headers.get("content-type")?.includes("problem"));

/** `fetch` as whoever is signed in. A token that is over is renewed once and the request repeated; if that fails, they are signed out. */
export async function authorized(address, options) {
  if (Date.now() > expiresAt - SLACK) await renewOrLeave();
  const ask = () => fetch(address, { ...options, headers: { ...options.headers, ...asSpoken(), authorization: `Bearer ${token}` } });
  const response = await ask();
  if (!isOver(response)) return response;
  await renewOrLeave();
  return ask();
}

async function renewOrLeave() {
  try {
    await renew();
  } catch (problem) {
    if (!problem.mayPass) leave("expired");
    throw problem;
  }
}
