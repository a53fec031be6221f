import { useState } from "preact/hooks";
import { patch, post } from "../../api.js";
import { forget, useData } from "../../data.js";
import { t } from "../../i18n.js";
import { address, go, pageAddress, useQuery } from "../../router.js";
import { ImportLink } from "../../survey/import-link.jsx";
import { useSurveys } from "../../survey/survey.jsx";
import { Card } from "../../ui/card.jsx";
import { Button, ButtonLink, Segmented } from "../../ui/controls.jsx";
import { confirm } from "../../ui/dialog.jsx";
import { Form } from "../../ui/form.jsx";
import { Page } from "../../ui/page.jsx";
import { Loaded } from "../../ui/states.jsx";
import { toast } from "../../ui/toasts.jsx";
import { Install } from "./install.jsx";
import { whyNotOpen } from "./opening.js";
import { Preview } from "./preview.jsx";
import { SettingsFields } from "./settings-form.jsx";
import { editable, sent } from "./settings.js";
import { Waves } from "./waves.jsx";

const TABS = ["install", "settings", "waves"];

/** One survey: how it reaches people, its settings, its waves. */
export function Survey({ id, user }) {
  const survey = useData(`surveys/${id}`);
  const [{ tab }, change] = useQuery();
  const all = useSurveys();
  const shown = TABS.includes(tab) ? tab : TABS[0];
  const changed = (now) => {
    forget("surveys");
    all.retry();
    survey.change(now);
  };
  return (
    <Page
      title={survey.data?.name ?? t("survey.label")}
      hint={survey.data && t(`survey.status.${survey.data.status}.what`)}
      actions={survey.data && <Actions of={survey.data} user={user} changed={changed} />}
      filters={<Segmented label={t("survey.parts")} options={TABS.map((each) => [each, t(`survey.${each}`)])} value={shown} onChange={(to) => change({ tab: to })} />}
    >
      <Loaded of={survey}>
        {(data) => (shown == "install" ? <Install of={data} /> : shown == "waves" ? <Waves of={data} /> : <Settings key={data.revision} of={data} changed={changed} />)}
      </Loaded>
    </Page>
  );
}

function Actions({ of, user, changed }) {
  const { survey_id, name, status } = of;
  const refuse = (problem) => {
    toast(whyNotOpen(problem), { isWrong: true });
    if (problem.status == 422) go(address(`surveys/${survey_id}`, { tab: "settings" }));
  };
  const open = () => post(`surveys/${survey_id}/open`).then((now) => (changed(now), toast(t("survey.opened", { name }))), refuse);
  const close = async () => {
    const act = () => post(`surveys/${survey_id}/close`).then(changed);
    const isDone = await confirm({ title: t("survey.close.title", { name }), text: t("survey.close.what"), action: t("survey.close"), act });
    if (isDone) toast(t("survey.is_closed", { name }), { undo: open });
  };
  return (
    <>
      <ButtonLink href={address("surveys")}>{t("surveys.all")}</ButtonLink>
      <ButtonLink href={pageAddress("overview", { survey: survey_id })}>{t("survey.results")}</ButtonLink>
      <ImportLink user={user} survey={of} />
      {status == "open" ? <Button onClick={close}>{t("survey.close")}</Button> : <Button kind="primary" onClick={open}>{t("survey.open")}</Button>}
    </>
  );
}

function Settings({ of, changed }) {
  const [settings, set] = useState(() => editable(of));
  const save = async () => {
    changed(await patch(`surveys/${of.survey_id}`, { ...sent(settings), revision: of.revision }));
    toast(t("survey.saved"));
  };
  return (
    <div class="grid">
      <Card class="half">
        {of.status != "draft" && <p class="notice">{t("survey.settings.counted")}</p>}
        <Form action={t("survey.save")} send={save}>
          <SettingsFields of={settings} isToOpen={of.status == "open"} change={(some) => set((now) => ({ ...now, ...some }))} />
        </Form>
      </Card>
      <div class="half sticky"><Preview settings={settings} /></div>
    </div>
  );
}
