import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n.js";
import { pageOf, PAGES } from "../pages/index.js";
import { address, go, pageAddress, place } from "../router.js";
import { mayRead } from "../session.js";
import { useStore } from "../store.js";
import { SurveyPicker, WithSurveys } from "../survey/survey.jsx";
import { IconButton } from "../ui/controls.jsx";
import { Icon } from "../ui/icons.jsx";
import { Mishap } from "../ui/mishap.jsx";
import { Account } from "./account.jsx";
import { CurrentPage } from "./current-page.jsx";
import { Logo } from "./logo.jsx";

/** What surrounds every page: the way to the others, the survey, and whose session this is. */
export function Shell({ user }) {
  const { path } = useStore(place);
  const mine = PAGES.filter((page) => mayRead(user, page.scope));
  const { page, below } = pageOf(path);
  useEffect(() => {
    if (["", "forgotten", "reset"].includes(path)) go(pageAddress(mine[0].path), { replace: true });
  }, [path]);
  return (
    <WithSurveys>
      <a class="skip" href="#main">
        {t("shell.skip")}
      </a>
      <Side {...{ user, page, mine, path }} />
      <main id="main" tabindex={-1}>
        <Mishap key={page?.path} title={t(page ? `nav.${page.path}` : "page.nothing")}>
          <CurrentPage
            page={mine.includes(page) ? page : undefined}
            isForbidden={page && !mine.includes(page)}
            below={below}
            user={user}
          />
        </Mishap>
      </main>
    </WithSurveys>
  );
}

/** The way to the pages; on a phone it is folded until it is asked for, and folds again once somebody has gone somewhere. */
function Side({ user, page, mine, path }) {
  const [isOpen, open] = useState(false);
  useEffect(() => open(false), [path]);
  const escape = (event) => event.key == "Escape" && open(false);
  return (
    <header class={`side ${isOpen ? "is-open" : ""}`} onKeyDown={escape}>
      <div class="brand">
        <a href={address(mine[0].path)} aria-label={t("shell.home")}>
          <Logo /> <b>{t("product")}</b>
        </a>
        <IconButton
          icon={isOpen ? "close" : "menu"}
          size={22}
          label={t(isOpen ? "shell.close_menu" : "shell.menu")}
          aria-expanded={isOpen}
          aria-controls="menu"
          onClick={() => open(!isOpen)}
        />
      </div>
      <div class="menu" id="menu">
        {page?.ofSurvey && <SurveyPicker />}
        <nav aria-label={t("shell.pages")}>
          <ul>
            {mine.map((each) => (
              <MenuItem key={each.path} page={each} isHere={each == page} />
            ))}
          </ul>
        </nav>
        <Account user={user} />
      </div>
    </header>
  );
}

function MenuItem({ page, isHere }) {
  return (
    <li>
      <a href={page.ofSurvey ? pageAddress(page.path) : address(page.path)} aria-current={isHere ? "page" : undefined}>
        <Icon name={page.icon} />
        <span>{t(`nav.${page.path}`)}</span>
      </a>
    </li>
  );
}
