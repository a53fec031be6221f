import { t } from "../../i18n.js";
import { mayRead } from "../../session.js";
import { Card } from "../../ui/card.jsx";
import { Summary } from "./summary.jsx";

/** Who one is here, and the letters that one gets. */
export function Mine({ user }) {
  return (
    <div class="grid">
      <Card title={t("settings.mine")} class="half">
        <dl class="properties">
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
      {mayRead(user, "scores:read") && <div class="half"><Summary user={user} /></div>}
    </div>
  );
}
