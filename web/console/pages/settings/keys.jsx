import { useState } from "preact/hooks";
import { post, remove } from "../../api.js";
import { forget, useData } from "../../data.js";
import { ago, instant, t } from "../../i18n.js";
import { Card } from "../../ui/card.jsx";
import { Button, Checkbox, TextField } from "../../ui/controls.jsx";
import { Copyable } from "../../ui/copy.jsx";
import { Dialog, confirm } from "../../ui/dialog.jsx";
import { Form } from "../../ui/form.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";
import { toast } from "../../ui/toasts.jsx";

/** The keys by which programs use the API. */
export function Keys({ user }) {
  const keys = useData("keys");
  const [isMaking, make] = useState(false);
  const changed = () => {
    forget("keys");
    keys.retry();
  };
  return (
    <Card title={t("settings.keys")} hint={t("keys.hint")} actions={<Button kind="primary" onClick={() => make(true)}>{t("keys.make")}</Button>}>
      <Loaded of={keys} isEmpty={(data) => !data.keys.length} empty={<Empty title={t("keys.none")}>{t("keys.hint")}</Empty>}>
        {(data) => (
          <div class="scroll" tabindex={0} role="group" aria-label={t("settings.keys")}>
            <table class="stacked">
              <thead>
                <tr><th scope="col">{t("keys.name")}</th><th scope="col">{t("keys.scopes")}</th><th scope="col">{t("keys.used")}</th><th scope="col"><span class="hidden">{t("actions")}</span></th></tr>
              </thead>
              <tbody>{data.keys.map((each) => <Row key={each.key_id} of={each} changed={changed} />)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
      {isMaking && <NewKey user={user} close={() => make(false)} done={changed} />}
    </Card>
  );
}

function Row({ of: { key_id, name, scopes, created_at, last_used_at, revoked_at }, changed }) {
  const revoke = async () => {
    const act = () => remove(`keys/${key_id}`).then(changed);
    if (await confirm({ title: t("keys.revoke.title", { name }), text: t("keys.revoke.what"), action: t("keys.revoke"), act })) toast(t("keys.revoked", { name }));
  };
  return (
    <tr>
      <th scope="row">{name}<p class="hint">{t("keys.made", { when: instant(created_at) })}</p></th>
      <td><ul class="tags">{scopes.map((scope) => <li key={scope} class="tag">{t(`scope.${scope}`)}</li>)}</ul></td>
      <td data-label={t("keys.used")}>{last_used_at ? ago(last_used_at) : t("keys.never")}</td>
      <td>
        {revoked_at
          ? <span class="soft">{t("keys.revoked_at", { when: instant(revoked_at) })}</span>
          : <div class="buttons"><Button kind="quiet" onClick={revoke} aria-label={t("keys.revoke.title", { name })}>{t("keys.revoke")}</Button></div>}
      </td>
    </tr>
  );
}

function NewKey({ user, close, done }) {
  const [made, show] = useState();
  const send = async ({ name }, form) => {
    const scopes = new FormData(form).getAll("scope");
    show(await post("keys", { name: name.trim(), scopes }));
    done();
  };
  if (made) {
    return (
      <Dialog title={t("keys.made.title", { name: made.name })} close={close}>
        <p>{t("keys.made.once")}</p>
        <Copyable label={t("keys.key")} text={made.api_key} />
        <div class="buttons"><Button kind="primary" onClick={close}>{t("keys.kept")}</Button></div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("keys.make")} close={close}>
      <Form action={t("keys.make.action")} send={send} cancel={close}>
        <TextField label={t("keys.name")} hint={t("keys.name.hint")} name="name" required maxlength={120} autocomplete="off" />
        <fieldset class="choices">
          <legend>{t("keys.scopes")}</legend>
          {user.scopes.map((scope) => <Checkbox key={scope} name="scope" value={scope} label={t(`scope.${scope}`)} />)}
        </fieldset>
      </Form>
    </Dialog>
  );
}
