import { LOCALES, locale, t } from "../i18n.js";
import { prefer, preferences, THEMES } from "../preferences.js";
import { signOut } from "../session.js";
import { useStore } from "../store.js";
import { Button, SelectField } from "../ui/controls.jsx";

/** Whose session this is, how they like the console to look, and the way out. */
export function Account({ user }) {
  return (
    <div class="account">
      <Looks />
      <div class="whose">
        <span class="strong">{user.name ?? user.email}</span>
        <span class="soft">{t(`role.${user.role}`)}</span>
      </div>
      <Button kind="quiet" icon="exit" onClick={signOut}>
        {t("shell.sign_out")}
      </Button>
    </div>
  );
}

/** Language and theme. */
export function Looks() {
  const { theme = "auto" } = useStore(preferences);
  return (
    <div class="looks">
      <SelectField
        label={t("shell.language")}
        options={Object.entries(LOCALES)}
        value={locale()}
        onChange={(chosen) => prefer({ locale: chosen })}
      />
      <SelectField
        label={t("shell.theme")}
        options={THEMES.map((each) => [each, t(`theme.${each}`)])}
        value={theme}
        onChange={(chosen) => prefer({ theme: chosen })}
      />
    </div>
  );
}
