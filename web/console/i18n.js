import { preferences } from "./preferences.js";
import { store, useStore } from "./store.js";

export const LOCALES = { "pt-BR": "Português", en: "English", es: "Español" };
/** As JSON alone, each file is one object; else every message would be an export of its own, and a language half as long again. */
const FILES = {
  "pt-BR": () => import("./messages/pt-BR.json", { with: { type: "json" } }),
  en: () => import("./messages/en.json", { with: { type: "json" } }),
  es: () => import("./messages/es.json", { with: { type: "json" } }),
};
const language = store(undefined);
let messages = {};
let plurals;

/** The locale that was chosen, else that of who is signed in, else the first of the browser's that we have. */
export function wantedLocale(theirs) {
  const asked = [preferences.get().locale, theirs, ...navigator.languages].filter(Boolean);
  const spoken = (tag) => Object.keys(LOCALES).find((each) => each.split("-")[0] == tag.split("-")[0].toLowerCase());
  return asked.map(spoken).find(Boolean) ?? "pt-BR";
}

/** Load a language and show everything in it. */
export async function speak(locale) {
  if (locale == language.get()) return;
  messages = (await FILES[locale]()).default;
  plurals = new Intl.PluralRules(locale);
  document.documentElement.lang = locale;
  language.set(locale);
}

/** The locale shown; whoever uses it is shown again when it changes. */
export const useLocale = () => useStore(language);
export const locale = () => language.get();
export const has = (key) => key in messages;

function message(key) {
  if (!has(key)) console.error(`no message ${key} in ${locale()}`);
  return messages[key] ?? key;
}

/** The message of a key, with `{name}` replaced by what `values` has for it. */
export const t = (key, values = {}) => message(key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** The message for a number of things: `key.one` or `key.other`, by the language's rules; `{n}` is the number. */
export const tn = (key, n, values) => {
  const exact = `${key}.${plurals.select(n)}`;
  return t(has(exact) ? exact : `${key}.other`, { n: number(n), ...values });
};

/** As `t`, but for parts that are elements. */
export const rich = (key, parts) =>
  message(key)
    .split(/(\{\w+\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? parts[part.slice(1, -1)] : part));

const formats = new Map();
function format(Kind, options) {
  const name = `${locale()} ${Kind.name} ${JSON.stringify(options)}`;
  if (!formats.has(name)) formats.set(name, new Kind(locale(), options));
  return formats.get(name);
}
const signed = (text) => text.replace("-", "−");

export const number = (n, digits = 0) => signed(format(Intl.NumberFormat, { maximumFractionDigits: digits }).format(n));
export const fixed = (n, digits = 1) =>
  signed(format(Intl.NumberFormat, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n));
/** A file's size, of so many bytes. */
export const size = (bytes) => (bytes < 1e6 ? `${number(Math.ceil(bytes / 1e3))} KB` : `${fixed(bytes / 1e6)} MB`);
export const percent = (share, digits = 0) =>
  format(Intl.NumberFormat, { style: "percent", maximumFractionDigits: digits }).format(share);
/** A difference of scores: with its sign, whichever it is. */
export const difference = (n, digits = 1) =>
  signed(format(Intl.NumberFormat, { signDisplay: "exceptZero", maximumFractionDigits: digits }).format(n));

/** A calendar day, `YYYY-MM-DD`, which is the same everywhere. */
const noon = (day) => new Date(`${day}T12:00:00Z`);
const SHORT = { day: "numeric", month: "short" };
export const day = (text, options = { ...SHORT, year: "numeric" }) =>
  format(Intl.DateTimeFormat, { timeZone: "UTC", ...options }).format(noon(text));
export const shortDay = (text) => day(text, SHORT);
export const days = (from, to) =>
  format(Intl.DateTimeFormat, { timeZone: "UTC", ...SHORT, year: "numeric" }).formatRange(noon(from), noon(to));
/** An instant as the survey's clocks show it. */
export const instant = (text, timeZone) =>
  format(Intl.DateTimeFormat, { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(text));

const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 7],
  ["week", 4.35],
  ["month", 12],
  ["year", Infinity],
];
/** How long ago, or until when. */
export function ago(text, now = Date.now()) {
  let value = (new Date(text) - now) / 1000;
  for (const [unit, many] of STEPS) {
    if (Math.abs(value) < many) return format(Intl.RelativeTimeFormat, { numeric: "auto" }).format(Math.trunc(value), unit);
    value /= many;
  }
}
