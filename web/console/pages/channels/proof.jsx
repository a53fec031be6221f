import { useState } from "preact/hooks";
import { post } from "../../api.js";
import { t } from "../../i18n.js";
import { Button, TextField } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { Form } from "../../ui/form.jsx";
import { complain, toast } from "../../ui/toasts.jsx";
import { SUBSCRIPTIONS } from "./rules.jsx";

/** That the place is the company's own: a code typed back, a challenge echoed, or a letter confirmed. */
export function Proof({ of: { channel_id, kind }, changed }) {
  const [result, tell] = useState();
  const [isBusy, work] = useState(false);
  const path = `channels/${channel_id}/verify`;
  const isRoom = kind != "webhook" && !SUBSCRIPTIONS.includes(kind);
  const hear = (now) => {
    changed(now);
    if (now.status == "active") toast(t("channel.is_verified"));
    else tell(now.verification?.result);
  };
  const again = async () => {
    work(true);
    await post(path, {}).then(hear, complain);
    work(false);
  };
  return (
    <Card title={t("channel.prove")} hint={t(isRoom ? "channel.prove.room" : `channel.prove.${kind}`)} class="half">
      {result && <p class="notice" role="status">{t(`channel.result.${result}`)}</p>}
      {isRoom && (
        <Form action={t("channel.prove.action")} send={async ({ code }) => hear(await post(path, { code: code.trim() }))}>
          <TextField label={t("channel.code")} name="code" inputmode="numeric" pattern="[0-9]{6}" maxlength={6} required autocomplete="one-time-code" />
        </Form>
      )}
      <div class="buttons"><Button onClick={again} isBusy={isBusy}>{t(isRoom ? "channel.prove.another" : "channel.prove.check")}</Button></div>
    </Card>
  );
}
