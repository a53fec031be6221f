import { useState } from "preact/hooks";
import { LOCALES, t } from "../../i18n.js";
import { Checkbox, Field, SelectField, TextField } from "../../ui/controls.jsx";
import { originsOf, segmentsOf, segmentsText, touchpointsOf, touchpointsText } from "./settings.js";

/** The fields of a survey's settings. `of` is what they are now, `change(some)` what somebody has typed; `isToOpen` asks for what an open survey needs. */
export function SettingsFields({ of, isToOpen, change }) {
  const at = of.default_locale;
  const word = (name) => (event) => change({ wording: { ...of.wording, [at]: { ...of.wording[at], [name]: event.currentTarget.value || null } } });
  return (
    <>
      <TextField at="/name" label={t("surveys.name")} hint={t("survey.name.hint")} value={of.name} required maxlength={120} onInput={(event) => change({ name: event.currentTarget.value })} />
      <TextField at="/company" label={t("survey.company")} value={of.company} required maxlength={120} autocomplete="organization" onInput={(event) => change({ company: event.currentTarget.value })} />
      <TextField at="/wording" label={t("survey.question")} hint={t("survey.question.hint")} value={of.wording[at]?.question ?? ""} maxlength={500} onInput={word("question")} />
      <Languages of={of} change={change} />
      <div class="pair">
        <TextField at="/theme/colour" label={t("survey.colour")} type="color" value={of.theme.colour} onInput={(event) => change({ theme: { ...of.theme, colour: event.currentTarget.value } })} />
        <SelectField label={t("survey.dark")} options={["auto", "always", "never"].map((each) => [each, t(`survey.dark.${each}`)])} value={of.theme.dark} onChange={(dark) => change({ theme: { ...of.theme, dark } })} />
      </div>
      <Typed at="/touchpoints" label={t("survey.touchpoints")} hint={t("survey.touchpoints.hint")} value={touchpointsText(of.touchpoints)} read={(text) => change({ touchpoints: touchpointsOf(text, of.touchpoints) })} />
      <Typed at="/segments" label={t("survey.segments")} hint={t("survey.segments.hint")} value={segmentsText(of.segments)} read={(text) => change({ segments: segmentsOf(text, of.segments) })} />
      <Typed at="/origins" label={t("survey.origins")} hint={t("survey.origins.hint")} value={of.origins.join("\n")} read={(text) => change({ origins: originsOf(text) })} />
      <Legal of={of} isToOpen={isToOpen} change={change} />
      <details class="more-fields">
        <summary>{t("survey.more")}</summary>
        <More of={of} change={change} />
      </details>
    </>
  );
}

/** A list that is typed as text; it is read when somebody leaves it, so that nothing jumps while they type. */
function Typed({ value, read, ...rest }) {
  const [text, type] = useState(value);
  return <Field {...rest}>{(tied) => <textarea class="input" rows={Math.max(3, text.split("\n").length)} {...tied} value={text} onInput={(event) => type(event.currentTarget.value)} onChange={(event) => read(event.currentTarget.value)} />}</Field>;
}

function Languages({ of, change }) {
  const choose = (locale) => (event) => {
    const locales = Object.keys(LOCALES).filter((each) => (each == locale ? event.currentTarget.checked : of.locales.includes(each)));
    if (locales.length) change({ locales, default_locale: locales.includes(of.default_locale) ? of.default_locale : locales[0] });
    else event.currentTarget.checked = true;
  };
  return (
    <fieldset class="choices">
      <legend>{t("surveys.languages")}</legend>
      {Object.entries(LOCALES).map(([each, name]) => <Checkbox key={each} label={name} checked={of.locales.includes(each)} onChange={choose(each)} />)}
    </fieldset>
  );
}

const KINDS = ["legitimate_interest", "consent", "contract"];

function Legal({ of, isToOpen, change }) {
  const basis = of.legal_basis ?? { kind: "legitimate_interest" };
  const set = (some) => change({ legal_basis: { ...basis, ...some } });
  const person = of.encarregado ?? { name: "", email: "" };
  const at = of.default_locale;
  return (
    <fieldset class="group">
      <legend>{t("survey.legal")}</legend>
      <SelectField at="/legal_basis/kind" label={t("survey.basis")} hint={t(`survey.basis.${basis.kind}.what`)} options={KINDS.map((each) => [each, t(`survey.basis.${each}`)])} value={basis.kind} onChange={(kind) => set({ kind })} />
      {basis.kind == "legitimate_interest" && <TextField at="/legal_basis/assessment" required={isToOpen} label={t("survey.assessment")} hint={t("survey.assessment.hint")} value={basis.assessment ?? ""} maxlength={120} onInput={(event) => set({ assessment: event.currentTarget.value })} />}
      {basis.kind == "consent" && (
        <>
          <TextField at="/legal_basis/consent_version" required={isToOpen} label={t("survey.consent_version")} value={basis.consent_version ?? ""} maxlength={120} onInput={(event) => set({ consent_version: event.currentTarget.value })} />
          <Field at="/legal_basis/consent_text" label={t("survey.consent_text")}>{(tied) => <textarea class="input" rows={3} maxlength={2000} required={isToOpen} {...tied} value={basis.consent_text?.[at] ?? ""} onInput={(event) => set({ consent_text: { ...basis.consent_text, [at]: event.currentTarget.value } })} />}</Field>
        </>
      )}
      <div class="pair">
        <TextField at="/encarregado/name" required={isToOpen} label={t("survey.encarregado")} value={person.name} maxlength={120} autocomplete="off" onInput={(event) => change({ encarregado: { ...person, name: event.currentTarget.value } })} />
        <TextField at="/encarregado/email" required={isToOpen} label={t("survey.encarregado.email")} type="email" value={person.email} maxlength={255} autocomplete="off" onInput={(event) => change({ encarregado: { ...person, email: event.currentTarget.value } })} />
      </div>
      <div class="pair">
        <TextField at="/retention_days" required={isToOpen} label={t("survey.retention")} hint={t("survey.retention.hint")} type="number" min={60} max={3650} value={of.retention_days ?? ""} onInput={(event) => change({ retention_days: event.currentTarget.valueAsNumber || null })} />
        <TextField at="/notice_url" label={t("survey.notice")} type="url" pattern="https://.*" placeholder="https://" value={of.notice_url ?? ""} onInput={(event) => change({ notice_url: event.currentTarget.value || null })} />
      </div>
    </fieldset>
  );
}

function More({ of, change }) {
  const [per, days] = (of.count_once_per ?? "none").split(":");
  const once = (kind, many = days ?? "90") => change({ count_once_per: kind == "days" ? `days:${many}` : kind });
  return (
    <div class="form">
      <TextField at="/goal" label={t("survey.goal")} hint={t("survey.goal.hint")} type="number" min={-100} max={100} value={of.goal ?? ""} onInput={(event) => change({ goal: Number.isNaN(event.currentTarget.valueAsNumber) ? null : event.currentTarget.valueAsNumber })} />
      <TextField at="/recontact_days" label={t("survey.recontact")} hint={t("survey.recontact.hint")} type="number" min={1} max={730} value={of.recontact_days} onInput={(event) => change({ recontact_days: event.currentTarget.valueAsNumber || 90 })} />
      <div class="pair">
        <SelectField at="/count_once_per" label={t("survey.once")} hint={t("survey.once.hint")} options={["none", "days", "wave", "touchpoint"].map((each) => [each, t(`survey.once.${each}`)])} value={per} onChange={(kind) => once(kind)} />
        {per == "days" && <TextField label={t("survey.once.many")} type="number" min={1} max={730} value={days} onInput={(event) => once("days", event.currentTarget.value)} />}
      </div>
    </div>
  );
}
