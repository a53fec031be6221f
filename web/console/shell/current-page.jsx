import { t } from "../i18n.js";
import { address } from "../router.js";
import { mayRead } from "../session.js";
import { OfSurvey } from "../survey/survey.jsx";
import { ButtonLink } from "../ui/controls.jsx";
import { Page } from "../ui/page.jsx";
import { Empty } from "../ui/states.jsx";
import { Later } from "../ui/later.jsx";

/** The page of the address, once it is loaded; where there is none, or it is not this person's, that is said. */
export function CurrentPage({ page, isForbidden, below, user }) {
  if (!page) return <Nothing isForbidden={isForbidden} />;
  const title = t(`nav.${page.path}`);
  return (
    <Later title={title} load={page.load}>
      {(Shown) =>
        page.ofSurvey ? (
          <OfSurvey none={<NoSurvey title={title} user={user} />} unknown={<UnknownSurvey title={title} page={page} />}>
            {(survey) => <Shown key={survey.survey_id} user={user} survey={survey} below={below} />}
          </OfSurvey>
        ) : (
          <Shown user={user} below={below} />
        )
      }
    </Later>
  );
}

function Nothing({ isForbidden }) {
  const why = isForbidden ? "forbidden" : "nothing";
  return (
    <Page title={t(`page.${why}`)}>
      <Empty title={t(`page.${why}.what`)} action={<ButtonLink href={address("")}>{t("page.home")}</ButtonLink>} />
    </Page>
  );
}

function NoSurvey({ title, user }) {
  const mayMake = mayRead(user, "surveys");
  return (
    <Page title={title}>
      <Empty
        icon="surveys"
        title={t("survey.none")}
        action={
          mayMake && (
            <ButtonLink kind="primary" href={address("surveys/new")}>
              {t("survey.make")}
            </ButtonLink>
          )
        }
      >
        {t(mayMake ? "survey.none.make" : "survey.none.wait")}
      </Empty>
    </Page>
  );
}

const UnknownSurvey = ({ title, page }) => (
  <Page title={title}>
    <Empty
      icon="surveys"
      title={t("survey.unknown")}
      action={<ButtonLink href={address(page.path)}>{t("survey.another")}</ButtonLink>}
    />
  </Page>
);
