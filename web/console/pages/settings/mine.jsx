import { t } from "../../i18n.js";
import { Card } from "../../ui/card.jsx";

/** Who one is here. */
export function Mine({ user }) {
  return (
    <Card title={t("settings.mine")}>
      <dl class="facts">
        <dt>{t("user.name")}</dt>
        <dd>{user.name ?? "–"}</dd>
        <dt>{t("sign_in.email")}</dt>
        <dd>{user.email}</dd>
        <dt>{t("user.role")}</dt>
        <dd>
          {t(`role.${user.role}`)}
          <p class="hint">{t(`role.${user.role}.what`)}</p>
        </dd>
      </dl>
    </Card>
  );
}
