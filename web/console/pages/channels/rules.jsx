import { useState } from "preact/hooks";
import { LOCALES, t } from "../../i18n.js";
import { useSurveys } from "../../survey/survey.jsx";
import { Checkbox, SelectField, TextField } from "../../ui/controls.jsx";

const INCLUDE = ["comment", "first_name", "email", "customer_id"];
export const SUBSCRIPTIONS = ["sns_email", "sns_sms"];

/** What a channel that is being made or changed says: fields for `Form`, and what `readRules` makes of them. */
export function RuleFields({ kind, of = {} }) {
  const surveys = useSurveys().data?.surveys ?? [];
  const rules = of.rules ?? {};
  const quiet = rules.quiet_hours;
  const [hasQuiet, be] = useState(!!quiet);
  const isSubscription = SUBSCRIPTIONS.includes(kind);
  return (
    <>
      <SelectList label={t("channel.score_at_most")} name="score_at_most" value={String(rules.score_at_most ?? 6)} options={[6, 5, 4, 3, 2, 1, 0].map((n) => [String(n), t("channel.scores", { n })])} />
      {surveys.length > 1 && (
        <fieldset class="choices wide">
          <legend>{t("channel.surveys")}</legend>
          {surveys.map(({ survey_id, name }) => <Checkbox key={survey_id} name="survey" value={survey_id} label={name} defaultChecked={rules.surveys?.includes(survey_id)} />)}
        </fieldset>
      )}
      {!isSubscription && (
        <>
          <fieldset class="choices">
            <legend>{t("channel.include")}</legend>
            {INCLUDE.map((each) => <Checkbox key={each} name="include" value={each} label={t(`channel.include.${each}`)} defaultChecked={of.include?.includes(each)} />)}
          </fieldset>
          <p class="hint">{t("channel.include.hint")}</p>
          <TextField label={t("channel.country")} hint={t("channel.country.hint")} name="country" defaultValue={of.country ?? "BR"} pattern="[A-Za-z]{2}" maxlength={2} required />
          <details class="more-fields">
            <summary>{t("survey.more")}</summary>
            <div class="form">
              <TextField label={t("channel.words")} hint={t("channel.words.hint")} name="words" defaultValue={rules.words?.join(", ") ?? ""} maxlength={2000} />
              <SelectList label={t("channel.digest")} name="digest" value={rules.digest ?? "none"} options={["none", "hourly", "daily"].map((each) => [each, t(`channel.digest.${each}`)])} />
              <SelectList label={t("shell.language")} name="locale" value={of.locale ?? "pt-BR"} options={Object.entries(LOCALES)} />
              <TextField label={t("channel.wait")} hint={t("channel.wait.hint")} name="wait_seconds" type="number" min={0} max={900} defaultValue={of.wait_seconds ?? 120} />
              <Checkbox label={t("channel.quiet")} checked={hasQuiet} onChange={(event) => be(event.currentTarget.checked)} />
              {hasQuiet && (
                <div class="pair">
                  <TextField label={t("channel.quiet.begins")} type="time" name="begins" defaultValue={quiet?.begins ?? "20:00"} required />
                  <TextField label={t("channel.quiet.ends")} type="time" name="ends" defaultValue={quiet?.ends ?? "08:00"} required />
                </div>
              )}
            </div>
          </details>
        </>
      )}
    </>
  );
}

function SelectList({ value, ...rest }) {
  const [chosen, choose] = useState(value);
  return <SelectField {...rest} value={chosen} onChange={choose} />;
}

/** The settings that the fields of `form` say; what the form does not show stays as `of` has it. */
export function readRules(form, of = {}) {
  const given = new FormData(form);
  const isThere = (name) => given.get(name) != null;
  const rules = { ...of.rules, score_at_most: Number(given.get("score_at_most")), surveys: given.getAll("survey") };
  if (!isThere("digest")) return { rules };
  rules.words = given.get("words").split(",").map((word) => word.trim()).filter(Boolean);
  rules.digest = given.get("digest");
  rules.quiet_hours = isThere("begins") ? { ...(of.rules?.quiet_hours ?? { time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone }), begins: given.get("begins"), ends: given.get("ends") } : null;
  return {
    rules,
    include: given.getAll("include"),
    country: given.get("country").toUpperCase(),
    locale: given.get("locale"),
    wait_seconds: Number(given.get("wait_seconds")),
  };
}
