import { useEffect } from "preact/hooks";
import { useData } from "../../data.js";
import { number, t } from "../../i18n.js";
import { useQuery } from "../../router.js";
import { mayRead } from "../../session.js";
import { ComparisonPicker, useComparison } from "../../survey/comparison.jsx";
import { between, usualInterval } from "../../survey/days.js";
import { filterWords, GroupPicker, PeriodPicker, useFilter, usePeriod } from "../../survey/filters.jsx";
import { SurveyPage, scopeWords } from "../../survey/survey-page.jsx";
import { Withheld } from "../../survey/withheld.jsx";
import { Failure, Skeleton } from "../../ui/states.jsx";
import { announce } from "../../ui/toasts.jsx";
import { AnswersCard } from "./answers-card.jsx";
import { DetractorsCard } from "./detractors-card.jsx";
import { DistributionCard } from "./distribution-card.jsx";
import { ScoreCard } from "./score-card.jsx";
import { SegmentsCard } from "./segments-card.jsx";
import { TrendCard } from "./trend-card.jsx";

/** The score of a survey, and what is behind it. */
export default function Overview({ survey, user }) {
  const period = usePeriod(survey);
  const filter = useFilter();
  const [query] = useQuery();
  const compare = useComparison();
  const { from, to } = period;
  const report = useData(`surveys/${survey.survey_id}/nps`, { from, to, ...filter, compare });
  useEffect(
    () =>
      report.data?.nps != null &&
      announce(t("overview.says", { nps: number(report.data.nps), answers: number(report.data.answers) })),
    [report.data],
  );
  const interval = query.interval ?? usualInterval(period);
  const trend = useData(`surveys/${survey.survey_id}/trend`, { from, to, ...filter, interval });
  const subtitle = [scopeWords(survey, period), filterWords(survey, query)].filter(Boolean).join(" · ");
  const file = `nps-${survey.survey_id}-${from}-${to}`;
  const given = { survey, user, period, report, trend, subtitle, file, compare };
  return (
    <SurveyPage
      title={t("nav.overview")}
      survey={survey}
      period={period}
      filters={
        <>
          <PeriodPicker survey={survey} />
          <GroupPicker survey={survey} />
          <ComparisonPicker />
        </>
      }
    >
      {report.data?.withheld && <Withheld withheld={report.data.withheld} />}
      <div class="grid">
        {report.problem ? <Failure problem={report.problem} retry={report.retry} /> : <Scores {...given} />}
        <TrendCard {...given} interval={interval} isLong={between(from, to) > 45} />
        <SegmentsCard {...given} />
        {mayRead(user, "answers:read") && <DetractorsCard {...given} filter={filter} />}
      </div>
    </SurveyPage>
  );
}

/** What one report says, in three cards that come together. */
function Scores(given) {
  const { data, isLoading } = given.report;
  if (!data)
    return (
      <div class="card">
        <Skeleton height={220} />
      </div>
    );
  if (data.withheld) return null;
  return (
    <div class="grid scores loaded" aria-busy={isLoading}>
      <ScoreCard {...given} />
      <AnswersCard {...given} />
      <DistributionCard {...given} />
    </div>
  );
}
