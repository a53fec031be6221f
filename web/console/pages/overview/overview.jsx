import { useData } from "../../data.js";
import { days, t } from "../../i18n.js";
import { useQuery } from "../../router.js";
import { mayRead } from "../../session.js";
import { ComparisonPicker, useComparison } from "../../survey/comparison.jsx";
import { between, usualInterval } from "../../survey/days.js";
import { filterWords, GroupPicker, PeriodPicker, useFilter, usePeriod } from "../../survey/filters.jsx";
import { Withheld } from "../../survey/withheld.jsx";
import { Page } from "../../ui/page.jsx";
import { Failure, Skeleton } from "../../ui/states.jsx";
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
  const interval = query.interval ?? usualInterval(period);
  const trend = useData(`surveys/${survey.survey_id}/trend`, { from, to, ...filter, interval });
  const subtitle = [survey.name, days(from, to), filterWords(survey, query)].filter(Boolean).join(" · ");
  const file = `nps-${survey.survey_id}-${from}-${to}`;
  const given = { survey, user, period, report, trend, subtitle, file, compare };
  return (
    <Page title={t("nav.overview")} hint={<>{survey.name} · {days(from, to)}</>} filters={<><PeriodPicker survey={survey} /><GroupPicker survey={survey} /><ComparisonPicker /></>}>
      {report.data?.withheld && <Withheld withheld={report.data.withheld} />}
      <div class="grid">
        {report.problem ? <Failure problem={report.problem} retry={report.retry} /> : <Scores {...given} />}
        <TrendCard {...given} interval={interval} isLong={between(from, to) > 45} />
        <SegmentsCard {...given} />
        {mayRead(user, "answers:read") && <DetractorsCard {...given} filter={filter} />}
      </div>
    </Page>
  );
}

/** What one report says, in three cards that come together. */
function Scores(given) {
  const { data, isLoading } = given.report;
  if (!data) return <div class="card"><Skeleton height={220} /></div>;
  if (data.withheld) return null;
  return (
    <div class="grid scores loaded" aria-busy={isLoading}>
      <ScoreCard {...given} />
      <AnswersCard {...given} />
      <DistributionCard {...given} />
    </div>
  );
}
