import { t } from "../i18n.js";
import { address, go } from "../router.js";
import { forgotten } from "../session.js";
import { TextField } from "../ui/controls.jsx";
import { DoorForm, typed } from "./form.jsx";

/** Asks where to send a code. What follows is the same whether or not somebody is known by that address. */
export function Forgotten() {
  const send = async ({ email }) => {
    typed.email = email.trim();
    await forgotten(typed.email);
    go(address("reset"));
  };
  return (
    <DoorForm title={t("forgotten.title")} action={t("forgotten.action")} send={send}>
      <p class="soft">{t("forgotten.what")}</p>
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
      <p class="after-field">
        <a href={address("")}>{t("forgotten.back")}</a>
      </p>
    </DoorForm>
  );
}
