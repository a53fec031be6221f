import { t } from "../i18n.js";
import { address, go } from "../router.js";
import { reset, signIn } from "../session.js";
import { PasswordField, TextField } from "../ui/controls.jsx";
import { DoorForm, typed } from "./form.jsx";

/** Takes the code of the letter and a new password, and lets them in with it. */
export function Reset() {
  const send = async ({ email, code, password }) => {
    typed.email = email.trim();
    await reset(typed.email, code.trim(), password);
    await signIn(typed.email, password);
    typed.email = "";
    go(address(""), { replace: true });
  };
  return (
    <DoorForm title={t("reset.title")} notice={t("reset.sent")} action={t("reset.action")} send={send}>
      <TextField
        label={t("sign_in.email")}
        name="email"
        type="email"
        autocomplete="username"
        required
        defaultValue={typed.email}
        autocapitalize="none"
        spellcheck={false}
      />
      <TextField
        label={t("reset.code")}
        name="code"
        inputmode="numeric"
        autocomplete="one-time-code"
        required
        pattern="\s*[0-9]{4,10}\s*"
        maxlength={12}
      />
      <PasswordField
        label={t("new_password.label")}
        hint={t("password.rule")}
        name="password"
        autocomplete="new-password"
        minlength={12}
        required
      />
      <p class="after-field">
        <a href={address("forgotten")}>{t("reset.again")}</a>
      </p>
    </DoorForm>
  );
}
