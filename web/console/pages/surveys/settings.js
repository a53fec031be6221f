/** A survey's settings as the form edits them, and back. Texts of lists are typed one a line or with commas; keys come from labels. */

/** What a label becomes as a key: `Compra no site` is `compra-no-site`. */
export const keyOf = (label) =>
  label.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "").slice(0, 40);

/** What a value of a segment becomes: letters without accents, digits, points and dashes. */
export const valueOf = (text) => text.trim().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^[^A-Za-z0-9]+|-+$/g, "").slice(0, 40);

const lines = (text) => text.split(/[\n,]/).map((each) => each.trim()).filter(Boolean);
const unique = (all) => [...new Set(all)];

/** What a new survey begins with: what the company said in `like`, a survey that it has, else nothing but what is usual. */
export function fresh(like, locale) {
  return {
    name: "",
    company: like?.company ?? "",
    locales: like?.locales ?? [locale],
    default_locale: like?.default_locale ?? locale,
    wording: {},
    theme: like?.theme ?? { colour: "#0b5fff", position: "corner", dark: "auto" },
    touchpoints: [],
    segments: [],
    origins: like?.origins ?? [],
    legal_basis: like?.legal_basis ?? { kind: "legitimate_interest", assessment: "" },
    encarregado: like?.encarregado ?? { name: "", email: "" },
    notice_url: like?.notice_url ?? null,
    retention_days: like?.retention_days ?? 365,
    recontact_days: like?.recontact_days ?? 90,
    goal: null,
    count_once_per: "none",
  };
}

/** The settings alone of a survey as it is read. */
export const editable = (survey) => Object.fromEntries(Object.keys(fresh()).map((name) => [name, survey[name] ?? null]));

/** Touchpoints from what was typed, one a line: `Compra no site: compra` names the stage behind a colon. Those that are there keep their keys. */
export function touchpointsOf(text, before) {
  return lines(text).map((line) => {
    const [label, stage] = line.split(":").map((each) => each.trim());
    const known = before.find((each) => each.label == label);
    return { key: known?.key ?? keyOf(label), label, journey_stage: stage ? keyOf(stage) : (known?.journey_stage ?? null) };
  });
}
export const touchpointsText = (all) => all.map(({ label, journey_stage }) => (journey_stage ? `${label}: ${journey_stage}` : label)).join("\n");

/** Segments from what was typed, one a line: `Plano: free, pro`. */
export function segmentsOf(text, before) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => {
    const [label, ...values] = line.split(":");
    const key = before.find((each) => each.key == label.trim())?.key ?? keyOf(label);
    const known = before.find((each) => each.key == key);
    return { key, values: unique(lines(values.join(":")).map(valueOf)), signed_only: known?.signed_only ?? false };
  });
}
export const segmentsText = (all) => all.map(({ key, values }) => `${key}: ${values.join(", ")}`).join("\n");

export const originsOf = (text) => unique(lines(text).map((each) => each.replace(/\/+$/, "")));

/** What goes to the API: what was left empty is left out. */
export function sent(settings) {
  const { legal_basis, encarregado, wording, ...rest } = settings;
  const said = Object.fromEntries(Object.entries(wording).map(([locale, texts]) => [locale, Object.fromEntries(Object.entries(texts).filter(([, text]) => text))]));
  return {
    ...rest,
    wording: said,
    legal_basis: legal_basis && { ...legal_basis, assessment: legal_basis.assessment || null },
    encarregado: encarregado?.name && encarregado.email ? encarregado : null,
    notice_url: settings.notice_url || null,
  };
}
