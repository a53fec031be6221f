import { Chart } from "../../charts/chart.jsx";
import { Ranking } from "../../charts/ranking.jsx";
import { useData } from "../../data.js";
import { difference, number, t } from "../../i18n.js";
import { useQuery } from "../../router.js";
import { ComparedDays, ComparisonPicker, useComparison } from "../../survey/comparison.jsx";
import { dimensionName, dimensionsOf } from "../../survey/dimensions.js";
import { PeriodPicker, usePeriod } from "../../survey/filters.jsx";
import { MixAndScore, namesOfGroups, rankedColumns, rankedGroups, rankedRow, reasonOf } from "../../survey/ranked.jsx";
import { SurveyPage, scopeWords } from "../../survey/survey-page.jsx";
import { Withheld } from "../../survey/withheld.jsx";
import { Card } from "../../ui/card.jsx";
import { SelectField } from "../../ui/controls.jsx";
import { Empty, Loaded, Skeleton } from "../../ui/states.jsx";
import { GroupTable } from "./group-table.jsx";

/** The score group by group: who is happy, who is not, and what changed where. */
export default function Segments({ survey }) {
  const period = usePeriod(survey);
  const { from, to } = period;
  const by = useGrouping(survey);
  const compare = useComparison();
  const found = useData(`surveys/${survey.survey_id}/segments`, { by: by.join(","), from, to, compare });
  const groups = found.data ? rankedGroups(survey, found.data) : [];
  const shown = groups.filter((each) => each.answers !== 0);
  const names = namesOfGroups(survey, by);
  const file = `nps-${survey.survey_id}-${from}-${to}-${by.join("-")}`;
  return (
    <SurveyPage
      title={t("nav.segments")}
      survey={survey}
      period={period}
      filters={
        <>
          <PeriodPicker survey={survey} />
          <GroupingPicker survey={survey} by={by} />
          <ComparisonPicker />
        </>
      }
    >
      {found.data?.withheld && <Withheld withheld={found.data.withheld} />}
      <div class="grid">
        <Chart
          title={t("segments.by", { names })}
          hint={t("ranking.hint")}
          subtitle={scopeWords(survey, period)}
          file={file}
          columns={rankedColumns()}
          rows={shown.map(rankedRow)}
        >
          <Loaded
            of={found}
            skeleton={<Skeleton height={320} />}
            isEmpty={() => !shown.length}
            empty={
              <Empty icon="segments" title={t("ranking.empty")}>
                {t("segments.empty.what")}
              </Empty>
            }
          >
            {(data) => <Ranking groups={shown} total={data.total.nps} />}
          </Loaded>
        </Chart>
        {found.data && compare && <Why report={found.data} />}
        {shown.length > 0 && (
          <Card title={t("segments.table")} hint={found.data.compared_with && <ComparedDays {...found.data.compared_with} />}>
            <GroupTable survey={survey} report={found.data} groups={groups} names={names} />
          </Card>
        )}
      </div>
    </SurveyPage>
  );
}

/** One dimension, or two that are a declared pair: what the address asks for, else the first there is. */
function useGrouping(survey) {
  const [{ by }] = useQuery();
  const keys = dimensionsOf(survey).map((each) => each.key);
  const wanted = (by ?? "").split(",").filter((each) => keys.includes(each));
  return wanted.length ? wanted : keys.slice(0, 1);
}

function GroupingPicker({ survey, by: [first, second = ""] }) {
  const [, change] = useQuery();
  const all = dimensionsOf(survey);
  const option = (each) => [each.key, dimensionName(survey, each.name)];
  const { name } = all.find((each) => each.key == first);
  const partners = all.filter(
    (each) => each.name != name && survey.pairs.some((pair) => pair.includes(name) && pair.includes(each.name)),
  );
  return (
    <>
      <SelectField label={t("ranking.by")} options={all.map(option)} value={first} onChange={(value) => change({ by: value })} />
      {partners.length > 0 && (
        <SelectField
          label={t("segments.and")}
          options={[["", t("compare.none")], ...partners.map(option)]}
          value={second}
          onChange={(value) => change({ by: value ? `${first},${value}` : first })}
        />
      )}
    </>
  );
}

/** Whether everybody's score is another because of other scores or of other people. */
function Why({ report }) {
  const { total, compared_with } = report;
  const mix = reasonOf(report);
  if (!mix) return null;
  const facts = [
    ["mix.difference", mix.difference],
    ["mix.score", mix.score],
    ["mix.mix", mix.mix],
  ];
  return (
    <Card title={t("mix.title")} hint={<ComparedDays {...compared_with} />}>
      <dl class="why">
        <div>
          <dt>{t("mix.now")}</dt>
          <dd class="figures">{number(total.nps)}</dd>
        </div>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd class="figures">{difference(value)}</dd>
          </div>
        ))}
      </dl>
      <MixAndScore report={report} />
    </Card>
  );
}
