import { useState } from "preact/hooks";
import { post } from "../../api.js";
import { forget } from "../../data.js";
import { t } from "../../i18n.js";
import { address, go } from "../../router.js";
import { SelectField, TextField } from "../../ui/controls.jsx";
import { Dialog } from "../../ui/dialog.jsx";
import { Form } from "../../ui/form.jsx";
import { RuleFields, readRules } from "./rules.jsx";
import { keep } from "./secret.js";

export const KINDS = ["slack", "teams", "google_chat", "discord", "sns_email", "sns_sms", "webhook"];
const FIELD = { sns_email: "email", sns_sms: "phone" };
const TYPE = { email: "email", phone: "tel", url: "url" };

/** Make a channel. It is asked for its proof at once, and its own page goes on from there. */
export function ChannelDialog({ close }) {
  const [kind, choose] = useState(KINDS[0]);
  const field = FIELD[kind] ?? "url";
  const send = async (given, form) => {
    const made = await post("channels", { kind, name: given.name.trim(), [field]: given[field].trim(), ...readRules(form) });
    if (made.signing_secret) keep(made.channel_id, made.signing_secret);
    forget("channels");
    close();
    go(address(`channels/${made.channel_id}`));
  };
  return (
    <Dialog title={t("channel.new")} close={close}>
      <Form action={t("channel.new.action")} send={send} cancel={close}>
        <SelectField label={t("channel.kind")} options={KINDS.map((each) => [each, t(`channel.kind.${each}`)])} value={kind} onChange={choose} />
        <TextField label={t("channel.name")} hint={t("channel.name.hint")} name="name" required maxlength={120} autocomplete="off" />
        <TextField key={field} label={t(`channel.${field}`)} hint={t(`channel.${kind}.how`)} name={field} type={TYPE[field]} required maxlength={2000} autocomplete="off" />
        <RuleFields key={kind} kind={kind} />
      </Form>
    </Dialog>
  );
}
