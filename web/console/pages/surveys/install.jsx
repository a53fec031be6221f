import { t } from "../../i18n.js";
import { ROOT } from "../../root.js";
import { Card } from "../../ui/card.jsx";
import { ButtonLink } from "../../ui/controls.jsx";
import { Copyable } from "../../ui/copy.jsx";

/** How the question reaches people: a tag on a site, a page of its own, a code to print, an e-mail. */
export function Install({ of: { survey_id, status, origins } }) {
  const base = location.origin + ROOT;
  const page = `${base}s/${survey_id}`;
  return (
    <div class="grid">
      {status != "open" && <p class="notice">{t("survey.install.not_open")}</p>}
      <Card title={t("install.widget")} hint={t("install.widget.hint")} class="half">
        <Copyable label={t("install.corner")} text={`<script src="${base}widget.js" data-survey="${survey_id}" async></script>`} />
        <Copyable label={t("install.place")} text={`<script src="${base}widget.js" async></script>\n<recomenda-nps survey="${survey_id}"></recomenda-nps>`} />
        <p class={origins.length ? "hint" : "wrong"}>{origins.length ? t("install.origins", { which: origins.join(", ") }) : t("install.no_origins")}</p>
      </Card>
      <Card title={t("install.page")} hint={t("install.page.hint")} class="half">
        <Copyable label={t("install.link")} text={page} />
        <div class="qr">
          <img src={`${page}/qr.svg`} width={160} height={160} alt={t("install.qr.alt")} />
          <div class="buttons">
            <ButtonLink icon="download" href={`${page}/qr.svg`} download={`${survey_id}.svg`}>{t("install.qr")}</ButtonLink>
            <ButtonLink href={page} target="_blank" rel="noopener">{t("install.look")}</ButtonLink>
          </div>
        </div>
        <Copyable label={t("install.kiosk")} text={`${page}?kiosk=1`} />
      </Card>
      <Card title={t("install.email")} hint={t("install.email.hint")}>
        <Copyable label={t("install.api")} text={`curl ${base}v1/surveys/${survey_id}/email?format=html -H "Authorization: Bearer rk_…"`} />
      </Card>
    </div>
  );
}
