import { useState } from "preact/hooks";
import { post, remove } from "../../api.js";
import { forget, useData } from "../../data.js";
import { instant, t } from "../../i18n.js";
import { Button, TextField } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { Dialog, confirm } from "../../ui/dialog.jsx";
import { Form } from "../../ui/form.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";
import { toast } from "../../ui/toasts.jsx";
import { Who, identified } from "./who.jsx";

/** Whose deletion the law forbids for now. */
export function Holds() {
  const holds = useData("privacy/holds");
  const [isPlacing, place] = useState(false);
  const changed = () => {
    forget("privacy/holds");
    holds.retry();
  };
  return (
    <Card title={t("privacy.holds")} hint={t("holds.hint")} actions={<Button onClick={() => place(true)}>{t("hold.new")}</Button>}>
      <Loaded of={holds} isEmpty={(data) => !data.holds.length} empty={<Empty icon="check" title={t("holds.none")} />}>
        {(data) => (
          <div class="scroll" tabindex={0} role="group" aria-label={t("privacy.holds")}>
            <table class="stacked">
              <thead><tr>{["reason", "reference"].map((each) => <th key={each} scope="col">{t(`erasure.${each}`)}</th>)}<th scope="col">{t("hold.placed")}</th><th scope="col">{t("hold.until")}</th><th scope="col"><span class="hidden">{t("actions")}</span></th></tr></thead>
              <tbody>{data.holds.map((each) => <Row key={each.hold_id} of={each} changed={changed} />)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
      {isPlacing && <NewHold close={() => place(false)} done={changed} />}
    </Card>
  );
}

function Row({ of: { hold_id, reason, legal_reference, placed_at, until }, changed }) {
  const lift = () => confirm({ title: t("hold.lift.title"), text: t("hold.lift.what", { reason }), action: t("hold.lift"), act: () => remove(`privacy/holds/${hold_id}`).then(changed) });
  return (
    <tr>
      <th scope="row">{reason}</th>
      <td data-label={t("erasure.reference")}>{legal_reference}</td>
      <td data-label={t("hold.placed")}>{instant(placed_at)}</td>
      <td data-label={t("hold.until")}>{until ? instant(until) : t("hold.open")}</td>
      <td><Button kind="quiet" onClick={lift}>{t("hold.lift")}</Button></td>
    </tr>
  );
}

function NewHold({ close, done }) {
  const send = async (given) => {
    const until = given.until ? { until: new Date(`${given.until}T23:59:59`).toISOString() } : {};
    await post("privacy/holds", { ...identified(given), reason: given.reason.trim(), legal_reference: given.reference.trim(), ...until });
    toast(t("hold.placed_now"));
    done();
    close();
  };
  return (
    <Dialog title={t("hold.new")} close={close}>
      <p>{t("hold.new.what")}</p>
      <Form action={t("hold.new.action")} send={send} cancel={close}>
        <Who />
        <TextField label={t("erasure.reason")} hint={t("erasure.reason.hint")} name="reason" required maxlength={500} autocomplete="off" pattern="[^@]*" />
        <TextField label={t("erasure.reference")} hint={t("hold.reference.hint")} name="reference" required maxlength={200} autocomplete="off" pattern="[^@]*" />
        <TextField label={t("hold.until.optional")} name="until" type="date" />
      </Form>
    </Dialog>
  );
}
