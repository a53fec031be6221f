import { useState } from "preact/hooks";
import { t } from "../i18n.js";
import { address } from "../router.js";
import { choosePassword, signIn } from "../session.js";
import { PasswordField, TextField } from "../ui/controls.jsx";
import { DoorForm, typed } from "./form.jsx";

/** Asks who it is; whoever comes with the password of an invitation then chooses one of their own. */
export function SignIn({ why }) {
  const [challenge, meet] = useState();
  if (challenge) return <NewPassword challenge={challenge} over={() => meet(undefined)} />;
  const send = async ({ email, password }) => {
    typed.email = email.trim();
    const answer = await signIn(typed.email, password);
    if (answer) meet(answer);
    else typed.email = "";
  };
  const notice = ["expired", "elsewhere"].includes(why) ? t(`sign_in.${why}`) : undefined;
  return (
    <DoorForm title={t("sign_in.title")} notice={notice} action={t("sign_in.action")} send={send}>
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
      <PasswordField label={t("sign_in.password")} name="password" autocomplete="current-password" required />
      <p class="after-field">
        <a href={address("forgotten")}>{t("sign_in.forgotten")}</a>
      </p>
    </DoorForm>
  );
}

function NewPassword({ challenge, over }) {
  const send = async ({ password }) => {
    try {
      await choosePassword(typed.email, challenge.challenge_token, password);
      typed.email = "";
    } catch (problem) {
      if (problem.status == 401) over();
      throw problem;
    }
  };
  return (
    <DoorForm title={t("new_password.title")} notice={t("new_password.why")} action={t("new_password.action")} send={send}>
      <input type="hidden" name="username" autocomplete="username" value={typed.email} />
      <PasswordField
        label={t("new_password.label")}
        hint={t("password.rule")}
        name="password"
        autocomplete="new-password"
        minlength={12}
        required
      />
    </DoorForm>
  );
}
