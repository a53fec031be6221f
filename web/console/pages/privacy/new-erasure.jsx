import { useState } from "preact/hooks";
import { post } from "../../api.js";
import { forget } from "../../data.js";
import { t, tn } from "../../i18n.js";
import { go, pageAddress } from "../../router.js";
import { Checkbox, TextField } from "../../ui/controls.jsx";
import { Dialog } from "../../ui/dialog.jsx";
import { Form } from "../../ui/form.jsx";
import { toast } from "../../ui/toasts.jsx";
import { Who, identified } from "./who.jsx";

/** Erase somebody on the company's own account. */
export function NewErasure({ close }) {
  const [isSure, be] = useState(false);
  const send = async (given) => {
    const body = { ...identified(given), reason: given.reason.trim(), ...(given.reference.trim() && { legal_reference: given.reference.trim() }) };
    const { erasures } = await post("privacy/erasures", body);
    forget("privacy/erasures");
    toast(tn("erasure.begun", erasures.length));
    close();
    if (erasures.length == 1) go(pageAddress(`privacy/${erasures[0].erasure_id}`));
  };
  return (
    <Dialog title={t("erasure.new")} close={close}>
      <p>{t("erasure.new.what")}</p>
      <Form action={t("erasure.new.action")} send={send} cancel={close} isDangerous>
        <Who />
        <TextField label={t("erasure.reason")} hint={t("erasure.reason.hint")} name="reason" required maxlength={500} autocomplete="off" pattern="[^@]*" />
        <TextField label={t("erasure.reference.optional")} name="reference" maxlength={200} autocomplete="off" pattern="[^@]*" />
        <Checkbox label={t("erasure.sure")} checked={isSure} required onChange={(event) => be(event.currentTarget.checked)} />
      </Form>
    </Dialog>
  );
}
