import { useData } from "../../data.js";
import { ago, number, t } from "../../i18n.js";
import { address } from "../../router.js";
import { Card } from "../../ui/card.jsx";
import { ButtonLink } from "../../ui/controls.jsx";
import { Page } from "../../ui/page.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";
import { Import } from "./import.jsx";
import { NewImport } from "./new-import.jsx";

/** Past answers of a survey, from files: a new import, those there were and, where the address names one, how that one stands. */
export default function Imports({ survey_id, import_id }) {
  const survey = useData(`surveys/${survey_id}`);
  const path = `surveys/${survey_id}/imports`;
  const here = `surveys/${survey_id}/import`;
  const back = import_id ? <ButtonLink href={address(here)}>{t("import.new")}</ButtonLink> : <ButtonLink href={address(`surveys/${survey_id}`)}>{t("survey.label")}</ButtonLink>;
  return (
    <Page key={import_id} title={t("import.action")} hint={survey.data?.name} actions={back}>
      <Loaded of={survey} isEmpty={(data) => data.status == "draft"} empty={<Draft survey_id={survey_id} />}>
        {(data) => (
          <div class="grid">
            {import_id ? <Import survey={data} path={`${path}/${import_id}`} id={import_id} here={here} /> : <NewImport survey={data} path={path} here={here} />}
            {!import_id && <Recent path={path} here={here} />}
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** Without a retention and a legal basis there is nothing to keep answers by. */
const Draft = ({ survey_id }) => (
  <Card>
    <Empty icon="surveys" title={t("import.draft")} action={<ButtonLink kind="primary" href={address(`surveys/${survey_id}`)}>{t("import.draft.go")}</ButtonLink>}>
      {t("import.draft.what")}
    </Empty>
  </Card>
);

function Recent({ path, here }) {
  const imports = useData(path);
  return (
    <Card title={t("import.list")} class="third">
      <Loaded of={imports} isEmpty={(data) => !data.imports.length} empty={<p class="soft">{t("import.none")}</p>}>
        {(data) => (
          <ul class="reports">
            {data.imports.map((each) => <Row key={each.import_id} of={each} here={here} />)}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Row({ of: { import_id, status, created_at, counts }, here }) {
  const many = ["done", "importing"].includes(status) && counts.imported + counts.counted_only;
  const words = [`${t("import.lines")}: ${number(counts.lines)}`, many && `${t("import.counted")}: ${number(many)}`].filter(Boolean).join(" · ");
  return (
    <li>
      <a href={address(`${here}/${import_id}`)}>{ago(created_at)}</a> <span class="tag">{t(`import.status.${status}`)}</span>
      {counts.lines > 0 && <p class="hint">{words}</p>}
    </li>
  );
}
