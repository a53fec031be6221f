import { useState } from "preact/hooks";
import { patch, post, remove } from "../../api.js";
import { forget, useData } from "../../data.js";
import { instant, t } from "../../i18n.js";
import { address, go } from "../../router.js";
import { useSurveyNames } from "../../survey/survey.jsx";
import { Button, ButtonLink } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { Copyable } from "../../ui/copy.jsx";
import { Dialog, confirm } from "../../ui/dialog.jsx";
import { Form } from "../../ui/form.jsx";
import { Page } from "../../ui/page.jsx";
import { Loaded } from "../../ui/states.jsx";
import { complain, toast } from "../../ui/toasts.jsx";
import { Deliveries } from "./deliveries.jsx";
import { Proof } from "./proof.jsx";
import { RuleFields, SUBSCRIPTIONS, readRules } from "./rules.jsx";
import { drop, keep, useSecret } from "./secret.js";
import { Status } from "./status.jsx";

/** One channel: whether it is proved and sent to, its rules, and what was delivered lately. */
export function Channel({ id }) {
  const channel = useData(`channels/${id}`);
  const changed = (now) => {
    forget("channels");
    if (now?.channel_id) channel.change(now);
    else channel.retry();
  };
  return (
    <Page title={channel.data?.name ?? t("channel.one")} hint={channel.data && `${t(`channel.kind.${channel.data.kind}`)} · ${channel.data.host}`} actions={channel.data && <Actions of={channel.data} changed={changed} />}>
      <Loaded of={channel}>
        {(data) => (
          <div class="grid">
            <Secret id={id} />
            <Facts of={data} changed={changed} />
            {data.status == "unverified" && <Proof of={data} changed={changed} />}
            {!SUBSCRIPTIONS.includes(data.kind) && <Deliveries of={data} />}
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Secret({ id }) {
  const secret = useSecret(id);
  if (!secret) return null;
  return (
    <Card title={t("channel.secret")} hint={t("channel.secret.once")}>
      <Copyable label={t("channel.secret")} text={secret} />
      <div class="buttons"><Button kind="primary" onClick={() => drop(id)}>{t("keys.kept")}</Button></div>
    </Card>
  );
}

function Facts({ of, changed }) {
  const [isEditing, edit] = useState(false);
  const named = useSurveyNames();
  const { rules, include } = of;
  return (
    <Card title={t("channel.rules")} class={of.status == "unverified" ? "half" : ""} actions={<Button onClick={() => edit(true)}>{t("channel.edit")}</Button>}>
      <dl class="properties">
        <dt>{t("channel.status")}</dt><dd><Status of={of} /></dd>
        {of.verified_at && <><dt>{t("channel.verified")}</dt><dd>{instant(of.verified_at)}</dd></>}
        <dt>{t("channel.hears")}</dt><dd>{t("channel.scores", { n: rules.score_at_most })}</dd>
        <dt>{t("nav.surveys")}</dt><dd>{named(rules.surveys) || t("channel.every_survey")}</dd>
        <dt>{t("channel.include")}</dt><dd>{include.map((each) => t(`channel.include.${each}`)).join(", ") || t("channel.include.none")}</dd>
        {rules.words.length > 0 && <><dt>{t("channel.words")}</dt><dd>{rules.words.join(", ")}</dd></>}
        {rules.digest != "none" && <><dt>{t("channel.digest")}</dt><dd>{t(`channel.digest.${rules.digest}`)}</dd></>}
        {rules.quiet_hours && <><dt>{t("channel.quiet")}</dt><dd>{rules.quiet_hours.begins}–{rules.quiet_hours.ends}</dd></>}
      </dl>
      {isEditing && <Editing of={of} close={() => edit(false)} changed={changed} />}
    </Card>
  );
}

function Editing({ of, close, changed }) {
  const send = async ({ name }, form) => {
    changed(await patch(`channels/${of.channel_id}`, { name: name.trim(), revision: of.revision, ...readRules(form, of) }));
    toast(t("survey.saved"));
    close();
  };
  return (
    <Dialog title={t("channel.edit")} close={close}>
      <Form action={t("survey.save")} send={send} cancel={close}>
        <div class="field">
          <label for="channel-name">{t("channel.name")}</label>
          <input class="input" id="channel-name" name="name" defaultValue={of.name} required maxlength={120} autocomplete="off" />
        </div>
        <RuleFields kind={of.kind} of={of} />
      </Form>
    </Dialog>
  );
}

function Actions({ of: { channel_id, name, kind, status }, changed }) {
  const path = `channels/${channel_id}`;
  const test = () => post(`${path}/test`).then(() => (forget(path), toast(t("channel.test.sent"))), complain);
  const toggle = () => post(`${path}/${status == "active" ? "pause" : "resume"}`).then(changed, complain);
  const away = async () => {
    const act = () => remove(path);
    if (!(await confirm({ title: t("channel.delete.title", { name }), text: t("channel.delete.what"), action: t("channel.delete"), act }))) return;
    forget("channels");
    go(address("channels"));
    toast(t("channel.deleted", { name }));
  };
  const rotate = () =>
    confirm({
      title: t("channel.rotate.title"),
      text: t("channel.rotate.what"),
      action: t("channel.rotate"),
      isDangerous: false,
      act: () => post(`${path}/rotate-secret`).then(({ signing_secret }) => keep(channel_id, signing_secret)),
    });
  return (
    <>
      <ButtonLink href={address("channels")}>{t("channels.all")}</ButtonLink>
      {status == "active" && !SUBSCRIPTIONS.includes(kind) && <Button kind="primary" onClick={test}>{t("channel.test")}</Button>}
      {status != "unverified" && <Button onClick={toggle}>{t(status == "active" ? "channel.pause" : "channel.resume")}</Button>}
      {kind == "webhook" && <Button onClick={rotate}>{t("channel.rotate")}</Button>}
      <Button onClick={away}>{t("channel.delete")}</Button>
    </>
  );
}
