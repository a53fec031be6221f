import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n.js";
import { address } from "../router.js";
import { mayRead } from "../session.js";
import { OfSurvey } from "../survey/survey.jsx";
import { ButtonLink } from "../ui/controls.jsx";
import { Page } from "../ui/page.jsx";
import { Empty, Failure, Skeleton } from "../ui/states.jsx";

/** The page of the address, once it is loaded; where there is none, or it is not this person's, that is said. */
export function CurrentPage({ page, isForbidden, below, user }) {
  const [{ Shown, failed }, show] = useState({});
  const load = () =>
    page?.load().then(
      (module) => show({ Shown: module.default }),
      (error) => show({ failed: error }),
    );
  useEffect(() => void load(), []);
  if (!page) return <Nothing isForbidden={isForbidden} />;
  if (failed)
    return (
      <Page title={t(`nav.${page.path}`)}>
        <Failure problem={failed} retry={() => location.reload()} />
      </Page>
    );
  if (!Shown) return <Skeleton lines={6} />;
  if (!page.ofSurvey) return <Shown user={user} below={below} />;
  const title = t(`nav.${page.path}`);
  return (
    <OfSurvey none={<NoSurvey title={title} user={user} />} unknown={<UnknownSurvey title={title} page={page} />}>
      {(survey) => <Shown key={survey.survey_id} user={user} survey={survey} below={below} />}
    </OfSurvey>
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
