import { useData } from "../../data.js";
import { day, LOCALES, t } from "../../i18n.js";
import { address } from "../../router.js";
import { mayRead } from "../../session.js";
import { ButtonLink } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { Later } from "../../ui/later.jsx";
import { Page } from "../../ui/page.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";
import { NewSurvey } from "./new-survey.jsx";
import { Survey } from "./survey.jsx";

/** All surveys; `surveys/new` makes one, `surveys/ID` is one of them, and `surveys/ID/import` brings past answers along, as few ever do. */
export default function Surveys({ below: [which, part, import_id], user }) {
  if (which == "new") return <NewSurvey />;
  if (part == "import" && mayRead(user, "import"))
    return <Later title={t("import.action")} load={() => import("../imports/imports.jsx")}>{(Imports) => <Imports survey_id={which} import_id={import_id} />}</Later>;
  return which ? <Survey id={which} user={user} /> : <List />;
}

function List() {
  const surveys = useData("surveys");
  const make = <ButtonLink kind="primary" icon="plus" href={address("surveys/new")}>{t("survey.make")}</ButtonLink>;
  return (
    <Page title={t("nav.surveys")} actions={make}>
      <Card title={t("surveys.all")}>
        <Loaded of={surveys} isEmpty={(data) => !data.surveys.length} empty={<Empty icon="surveys" title={t("survey.none")} action={make}>{t("survey.none.make")}</Empty>}>
          {(data) => (
            <div class="scroll" tabindex={0} role="group" aria-label={t("surveys.all")}>
              <table class="stacked">
                <thead><tr>{["name", "status", "since", "languages"].map((each) => <th key={each} scope="col">{t(`surveys.${each}`)}</th>)}</tr></thead>
                <tbody>{data.surveys.map((each) => <Row key={each.survey_id} of={each} />)}</tbody>
              </table>
            </div>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}

function Row({ of: { survey_id, name, company, status, opened_at, created_at, locales } }) {
  return (
    <tr>
      <th scope="row"><a href={address(`surveys/${survey_id}`)}>{name}</a><p class="hint">{company} · <code>{survey_id}</code></p></th>
      <td><span class="tag">{t(`survey.status.${status}`)}</span></td>
      <td data-label={t("surveys.since")}>{day((opened_at ?? created_at).slice(0, 10))}</td>
      <td>{locales.map((each) => LOCALES[each]).join(", ")}</td>
    </tr>
  );
}
