import { useState } from "preact/hooks";
import { patch, post, remove } from "../../api.js";
import { forget, useData } from "../../data.js";
import { LOCALES, instant, locale, t } from "../../i18n.js";
import { Button, SelectField, TextField } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { Dialog, confirm } from "../../ui/dialog.jsx";
import { Form } from "../../ui/form.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";
import { complain, toast } from "../../ui/toasts.jsx";

const ROLES = ["viewer", "cs", "dpo", "manager", "admin"];
const roles = () => ROLES.map((role) => [role, t(`role.${role}`)]);

/** Who may use the console, and what as. */
export function Users({ user: me }) {
  const users = useData("users");
  const [isInviting, invite] = useState(false);
  const changed = () => {
    forget("users");
    users.retry();
  };
  return (
    <Card title={t("settings.users")} hint={t("users.hint")} actions={<Button kind="primary" icon="person" onClick={() => invite(true)}>{t("users.invite")}</Button>}>
      <Loaded of={users} isEmpty={(data) => !data.users.length} empty={<Empty title={t("users.none")} />}>
        {(data) => (
          <div class="scroll" tabindex={0} role="group" aria-label={t("settings.users")}>
            <table class="stacked">
              <thead>
                <tr><th scope="col">{t("user.who")}</th><th scope="col">{t("user.role")}</th><th scope="col">{t("user.status")}</th><th scope="col"><span class="hidden">{t("actions")}</span></th></tr>
              </thead>
              <tbody>{data.users.map((each) => <Row key={each.user_id} of={each} isMe={each.user_id == me.user_id} changed={changed} />)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
      {isInviting && <Invitation close={() => invite(false)} done={changed} />}
    </Card>
  );
}

function Row({ of: { user_id, email, name, role, status, created_at }, isMe, changed }) {
  const path = `users/${user_id}`;
  const whom = name ?? email;
  const alter = async (change, said, undone) => {
    await patch(path, change);
    changed();
    toast(said, { undo: undone && (() => patch(path, undone).then(changed)) });
  };
  const give = (to) => alter({ role: to }, t("users.role_changed", { whom, role: t(`role.${to}`) }), role && { role }).catch(complain);
  const isDisabled = status == "disabled";
  const toggle = () => alter({ enabled: isDisabled }, t(isDisabled ? "users.enabled" : "users.disabled", { whom }), { enabled: !isDisabled }).catch(complain);
  const again = () => post(`${path}/invitation`).then(() => toast(t("users.sent_again", { whom })), complain);
  const away = () => confirm({ title: t("users.delete.title", { whom }), text: t("users.delete.what"), action: t("users.delete"), act: () => remove(path).then(changed) });
  return (
    <tr>
      <th scope="row">
        {name ?? "–"}{isMe && <span class="soft"> ({t("users.me")})</span>}
        <p class="hint">{email}</p>
      </th>
      <td>{isMe ? t(`role.${role}`) : <SelectField isQuiet label={t("users.role_of", { whom })} options={role ? roles() : [["", "–"], ...roles()]} value={role ?? ""} onChange={give} />}</td>
      <td>
        <span class="tag">{t(`user.status.${status}`)}</span>
        <p class="hint">{t("users.since", { when: instant(created_at) })}</p>
      </td>
      <td>
        {!isMe && (
          <div class="buttons">
            {status == "invited" && <Button kind="quiet" onClick={again}>{t("users.again")}</Button>}
            {status != "invited" && <Button kind="quiet" onClick={toggle}>{t(isDisabled ? "users.enable" : "users.disable")}</Button>}
            <Button kind="quiet" onClick={away} aria-label={t("users.delete.title", { whom })}>{t("users.delete")}</Button>
          </div>
        )}
      </td>
    </tr>
  );
}

function Invitation({ close, done }) {
  const [role, choose] = useState("viewer");
  const [language, speak] = useState(locale());
  const send = async ({ name, email }) => {
    await post("users", { name: name.trim(), email: email.trim(), role, locale: language });
    toast(t("users.invited", { whom: name.trim() }));
    done();
    close();
  };
  return (
    <Dialog title={t("users.invite")} close={close}>
      <Form action={t("users.invite.action")} send={send} cancel={close}>
        <TextField label={t("user.name")} name="name" required maxlength={120} autocomplete="off" />
        <TextField label={t("sign_in.email")} name="email" type="email" required maxlength={128} autocomplete="off" />
        <SelectField label={t("user.role")} hint={t(`role.${role}.what`)} options={roles()} value={role} onChange={choose} />
        <SelectField label={t("shell.language")} options={Object.entries(LOCALES)} value={language} onChange={speak} />
      </Form>
    </Dialog>
  );
}
