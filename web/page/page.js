/** Makes the answer page quicker and surer: a score is kept the moment it is chosen. Without this, its plain form does the same. */
import { keeper, newKey } from "../widget/answer.js";
import { counter } from "../widget/counting.js";
import { memoryOf } from "../widget/memory.js";
import { firstSign } from "./person.js";
import { keysAsDigits } from "./scale.js";
import { startOver } from "./kiosk.js";

const HOUR = 36e5;
const UNHURRIED = 1500; // ms that a button stays where somebody may be about to press it
const find = (selector) => document.querySelector(selector);
const form = find("form");
const over = find("#over");
const [status, firstButton] = find(".now").children;
const hint = status.textContent;
const more = find(".more");
const problem = more.querySelector(".problem");
const comment = find("#comment");
const consent = form.elements.consent;
const radios = [...form.elements.score];
const ui = JSON.parse(form.dataset.ui);
const hidden = (name) => form.elements[name]?.value || undefined;
const survey = form.getAttribute("action");
const isKiosk = !!hidden("kiosk");
const invitation = isKiosk ? undefined : history.state?.t || hidden("t");
const isChosenByLink = radios.some((radio) => radio.defaultChecked);
const api = new URL(`../v1/surveys/${survey}`, location).pathname;
const text = (name, n) => ui[name].replace("{n}", n);
const classOf = (score) => (score > 8 ? "promoter" : score > 6 ? "passive" : "detractor");
const picked = () => radios.find((radio) => radio.checked)?.value;
const { count, flush } = counter(`${api}/displays`, () => undefined, fetch, hidden("channel"));
let memory, answer, key, saved, soon, shownAt, isUsed, isWaiting, isPerson;

/** A person's turn: what is kept of it, and an answer of its own. A kiosk keeps nothing longer than the page lives. */
function begin() {
  const mine = (memory = memoryOf(`${survey}/page${invitation ? `/${invitation}` : ""}`, isKiosk));
  if (!isKiosk && !(memory.get().done > Date.now())) memory.set({ done: undefined });
  answer = keeper(mine, `${api}/answers`, (state) => mine == memory && heard(state), send);
  saved = key = undefined;
  shownAt = performance.now();
  newKey().then((made) => mine == memory && ((key = made), isWaiting && save()));
  answer.send();
  refresh();
}

async function send(...request) {
  const response = await fetch(...request);
  if (response.status == 409) isUsed = /invitation-used/.test((await response.clone().json()).type);
  return response;
}

function heard(state) {
  const words = over.hidden ? status : over.querySelector("[role=status]");
  if (state == "waiting") words.textContent = ui.offline;
  else if (state == "refused") finish(isUsed ? ui.used : ui.refused);
  else if (words.textContent == ui.offline) words.textContent = over.hidden ? text("saved", saved) : "";
}

/** Keep what is chosen now, if somebody is there; the same score again changes nothing. `then` shows it. */
function save(then = ask) {
  const score = picked();
  if (!isPerson || score == undefined || score === saved) return;
  if ((isWaiting = !key)) return;
  if (saved == undefined && !answer.get()) count("answered");
  answer.score(+score, key, {
    ...Object.fromEntries(["channel", "touchpoint", "variant", "locale", "website"].map((name) => [name, hidden(name)])),
    took_ms: isChosenByLink ? undefined : Math.round(performance.now() - shownAt),
    ...identifying(),
  });
  saved = score;
  then();
}

/** What names a person, or lets us keep their words: nothing while a box that is there is not ticked. */
const identifying = () => (consent && !consent.checked ? {} : { invitation, consent_version: consent?.value.split(" ").slice(1).join(" ") });

function ask() {
  clearTimeout(soon);
  firstButton.hidden = true;
  status.textContent = text("saved", saved);
  more.querySelector("b").textContent = ui.follow[classOf(saved)];
  more.hidden = more.disabled = false;
}

function submit() {
  save();
  const words = comment.value.trim();
  if (words && consent && !consent.checked) return complain(ui.consent);
  const late = consent ? identifying() : {};
  answer.want({ ...late, ...(words && { comment: comment.value }), finished: true });
  memory.set({ done: Date.now() + (invitation ? 720 : 24) * HOUR });
  finish();
}

function complain(words) {
  problem.textContent = words;
  problem.hidden = false;
  consent.focus();
}

function finish(words) {
  form.hidden = true;
  over.hidden = false;
  const heading = over.querySelector("h1");
  if (words) heading.textContent = words;
  heading.focus();
}

/** Show what is kept of this person: by an earlier visit, or by another tab. */
function refresh() {
  const { want, draft } = answer.get() || {};
  if (want ? want.finished : memory.get().done) return finish();
  if (!want) return;
  radios[want.score].checked = true;
  saved = `${want.score}`;
  comment.value ||= draft || "";
  ask();
}

/** The next person's turn: nothing of the last one's is left. */
function next() {
  memory.set({ done: undefined });
  form.reset();
  radios.forEach((radio) => (radio.checked = false));
  form.hidden = false;
  over.hidden = more.hidden = more.disabled = problem.hidden = true;
  firstButton.hidden = true;
  status.textContent = hint;
  begin();
  scrollTo(0, 0);
}

function leave() {
  save();
  answer.send();
  flush();
}

form.noValidate = true;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!event.isTrusted) return;
  if (!more.hidden) return submit();
  save();
  saved && ask();
});
comment.addEventListener("input", () => answer.draft(comment.value));
keysAsDigits(find(".score"), radios, () => save());
addEventListener("online", () => answer.send());
addEventListener("pagehide", leave);
addEventListener("storage", ({ key: changed }) => changed == memory.key && refresh());
document.addEventListener("visibilitychange", () => document.visibilityState == "hidden" && leave());
find(".second")?.addEventListener("click", next);

if (!isChosenByLink) firstButton.hidden = true;
begin();
if (isKiosk) startOver(() => !over.hidden, () => saved != undefined || !!picked() || !!comment.value, next);
if (isChosenByLink) count("opened");
if (navigator.webdriver) count("suspect");
firstSign(
  () => {
    isPerson = true;
    count("shown");
    save(() => (soon = setTimeout(ask, UNHURRIED)));
  },
  () => count("suspect"),
);
