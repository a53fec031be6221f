import { useEffect, useRef, useState } from "preact/hooks";
import { useData } from "../../data.js";
import { instant, t, tn } from "../../i18n.js";
import { useQuery } from "../../router.js";
import { GroupPicker, PeriodPicker, useFilter, usePeriod } from "../../survey/filters.jsx";
import { ImportLink } from "../../survey/import-link.jsx";
import { SurveyPage } from "../../survey/survey-page.jsx";
import { Card } from "../../ui/card.jsx";
import { Button } from "../../ui/controls.jsx";
import { Empty, Loaded, Skeleton } from "../../ui/states.jsx";
import { announce } from "../../ui/toasts.jsx";
import { Detail } from "./detail.jsx";
import { Exports } from "./exports.jsx";
import { AnswerFilters, filtersOf, Search } from "./filters.jsx";
import { useNews } from "./news.js";
import { Row } from "./row.jsx";
import { useDecisions } from "./standing.js";

const LIMIT = 30;

/** What customers answered, as it comes in. */
export default function Answers({ survey, user }) {
  const [query, change] = useQuery();
  const [words, search] = useState("");
  const period = usePeriod(survey);
  const filters = { from: period.from, to: period.to, ...useFilter(), ...filtersOf(query) };
  const path = `surveys/${survey.survey_id}/answers`;
  const asked = { ...filters, words, order: query.order, limit: LIMIT };
  const found = useData(path, { ...asked, cursor: query.cursor });
  const decide = useDecisions(survey, found);
  useEffect(() => found.data && announce(tn("answers.count", found.data.answers.length)), [found.data]);
  const lookFor = (text) => {
    search(text);
    if (query.cursor) change({ cursor: null }, { replace: true });
  };
  return (
    <SurveyPage
      title={t("nav.answers")}
      survey={survey}
      period={period}
      actions={
        <Button icon="download" onClick={() => change({ panel: "exports" })}>
          {t("export.action")}
        </Button>
      }
      filters={
        <>
          <PeriodPicker survey={survey} />
          <GroupPicker survey={survey} />
          <AnswerFilters />
        </>
      }
    >
      <Card title={t("answers.list")} class="list-card" actions={<Search search={lookFor} />}>
        {!query.cursor && query.order != "oldest" && <News path={path} query={asked} found={found} />}
        <Loaded
          of={found}
          skeleton={<Skeleton lines={12} />}
          isEmpty={(data) => !data.answers.length && !data.next_cursor}
          empty={<Nothing {...{ survey, user, query, words }} />}
        >
          {(data) => <List {...{ data, survey, user, decide, query, change }} />}
        </Loaded>
      </Card>
      {query.answer && (
        <Detail survey={survey} user={user} id={query.answer} decide={decide} close={() => change({ answer: null })} />
      )}
      {query.panel == "exports" && (
        <Exports survey={survey} filters={filters} hasWords={words != ""} close={() => change({ panel: null })} />
      )}
    </SurveyPage>
  );
}

function List({ data, survey, user, decide, query, change }) {
  const top = useRef();
  const cursor = useRef(query.cursor);
  useEffect(() => {
    if (cursor.current != query.cursor) top.current.focus(); // another page: begin at its beginning
    cursor.current = query.cursor;
  }, [query.cursor]);
  return (
    <>
      <ul class="answer-list rows" ref={top} tabindex={-1} aria-label={t("answers.list")}>
        {data.answers.map((each) => (
          <Row key={each.answer_id} answer={each} {...{ survey, user, decide }} open={() => change({ answer: each.answer_id })} />
        ))}
      </ul>
      {!data.answers.length && <p class="soft">{t("answers.none_so_far")}</p>}
      <div class="pager">
        {query.cursor && (
          <Button onClick={() => change({ cursor: null })}>
            {t(query.order == "oldest" ? "answers.oldest" : "answers.newest")}
          </Button>
        )}
        {data.next_cursor && (
          <span class="hint">{t("answers.until", { instant: instant(data.looked_through.until, survey.time_zone) })}</span>
        )}
        {data.next_cursor && (
          <Button kind="primary" onClick={() => change({ cursor: data.next_cursor })}>
            {t(data.answers.length ? "answers.next" : "answers.further")}
          </Button>
        )}
      </div>
    </>
  );
}

/** Answers that came in since the list was read; they are shown when asked for, so that nothing moves under who is reading. */
function News({ path, query, found }) {
  const [count, show] = useNews(path, query, found);
  return (
    <div role="status">
      {count > 0 && (
        <button type="button" class="news" onClick={show}>
          {t(count == 1 ? "answers.news.one" : "answers.news.other", { n: count })}
        </button>
      )}
    </div>
  );
}

function Nothing({ survey, user, query, words }) {
  const [, change] = useQuery();
  const isNarrow = words || query.filter || query.class || query.score || query.commented || query.standing;
  if (!isNarrow)
    return (
      <Empty icon="answers" title={t("answers.none")} action={<ImportLink {...{ user, survey }} />}>
        {t(survey.status == "open" ? "answers.none.open" : "answers.none.closed")}
      </Empty>
    );
  const clear = () => change({ filter: null, and: null, class: null, score: null, commented: null, standing: null });
  return (
    <Empty icon="search" title={t("answers.no_match")} action={!words && <Button onClick={clear}>{t("answers.clear")}</Button>}>
      {t(words ? "answers.no_match.words" : "answers.no_match.what")}
    </Empty>
  );
}
