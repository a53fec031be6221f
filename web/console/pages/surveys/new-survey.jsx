import { useEffect, useState } from "preact/hooks";
import { post } from "../../api.js";
import { forget, useData } from "../../data.js";
import { locale, t } from "../../i18n.js";
import { address, go } from "../../router.js";
import { useSurveys } from "../../survey/survey.jsx";
import { Card } from "../../ui/card.jsx";
import { Button } from "../../ui/controls.jsx";
import { Form } from "../../ui/form.jsx";
import { Page } from "../../ui/page.jsx";
import { Loaded } from "../../ui/states.jsx";
import { toast } from "../../ui/toasts.jsx";
import { Preview } from "./preview.jsx";
import { SettingsFields } from "./settings-form.jsx";
import { whyNotOpen } from "./opening.js";
import { fresh, keyOf, sent } from "./settings.js";

/** Make a survey: what the company has said in another one need not be said again. */
export function NewSurvey() {
  return (
    <Page title={t("survey.make")} hint={t("survey.make.hint")}>
      <Loaded of={useData("surveys")}>{({ surveys }) => <Making like={surveys.at(-1)} taken={surveys.map((each) => each.survey_id)} />}</Loaded>
    </Page>
  );
}

function Making({ like, taken }) {
  const [settings, set] = useState(() => fresh(like, locale()));
  const [isOpening, open] = useState(true);
  const surveys = useSurveys();
  useEffect(() => warnBeforeLeaving(() => settings.name), [settings.name]);
  const make = async () => {
    const wished = keyOf(settings.name);
    const survey_id = wished && !taken.includes(wished) ? { survey_id: wished } : {};
    const made = await post("surveys", { ...sent(settings), ...survey_id });
    const problem = isOpening && (await post(`surveys/${made.survey_id}/open`).then(() => undefined, (failed) => failed));
    forget("surveys");
    surveys.retry();
    toast(t(isOpening && !problem ? "survey.opened" : "survey.drafted", { name: made.name }));
    if (problem) toast(whyNotOpen(problem), { isWrong: true });
    go(address(`surveys/${made.survey_id}`, { tab: problem && "settings" }));
  };
  const other = <Button kind="quiet" onClick={() => open(!isOpening)}>{t(isOpening ? "survey.rather.draft" : "survey.rather.open")}</Button>;
  return (
    <div class="grid">
      <Card class="half">
        <Form action={t(isOpening ? "survey.make.open" : "survey.make.draft")} send={make} also={other}>
          <SettingsFields of={settings} isToOpen={isOpening} change={(some) => set((now) => ({ ...now, ...some }))} />
        </Form>
      </Card>
      <div class="half sticky"><Preview settings={settings} /></div>
    </div>
  );
}

/** Have the browser ask before a form that has been begun is lost. */
function warnBeforeLeaving(isBegun) {
  const ask = (event) => isBegun() && event.preventDefault();
  addEventListener("beforeunload", ask);
  return () => removeEventListener("beforeunload", ask);
}
