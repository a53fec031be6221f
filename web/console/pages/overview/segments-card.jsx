import { Chart } from "../../charts/chart.jsx";
import { Ranking } from "../../charts/ranking.jsx";
import { useData } from "../../data.js";
import { t } from "../../i18n.js";
import { pageAddress, useQuery } from "../../router.js";
import { dimensionName, dimensionsOf } from "../../survey/dimensions.js";
import { MixAndScore, rankedColumns, rankedGroups, rankedRow } from "../../survey/ranked.jsx";
import { Withheld } from "../../survey/withheld.jsx";
import { ButtonLink, SelectField } from "../../ui/controls.jsx";
import { Empty, Loaded, Skeleton } from "../../ui/states.jsx";

const MOST = 8;

/** The groups of one dimension, best first. */
export function SegmentsCard({ survey, user, period: { from, to }, subtitle, file, compare, report }) {
  const [query, change] = useQuery();
  const dimensions = dimensionsOf(survey);
  const by = query.by ?? dimensions[0].key;
  const segments = useData(`surveys/${survey.survey_id}/segments`, { by, from, to, compare });
  const groups = segments.data ? rankedGroups(survey, segments.data).filter((each) => each.answers !== 0) : [];
  const pick = (
    <SelectField
      isQuiet
      label={t("ranking.by")}
      options={dimensions.map((each) => [each.key, dimensionName(survey, each.name)])}
      value={by}
      onChange={(value) => change({ by: value })}
    />
  );
  const columns = rankedColumns();
  const isWide = user.scopes.includes("answers:read") ? "half-wide" : "";
  return (
    <Chart
      title={t("ranking.title")}
      hint={t("ranking.hint")}
      subtitle={subtitle}
      file={`${file}-${by}`}
      columns={columns}
      rows={groups.map(rankedRow)}
      tools={pick}
      class={isWide}
      after={segments.data && <After {...{ segments, by, compare }} />}
    >
      <Loaded
        of={segments}
        skeleton={<Skeleton height={240} />}
        isEmpty={() => !groups.length}
        empty={<Empty icon="segments" title={t("ranking.empty")} />}
      >
        {(data) => <Ranking groups={groups.slice(0, MOST)} total={data.total.nps} goal={report.data?.goal?.nps} />}
      </Loaded>
    </Chart>
  );
}

function After({ segments, by, compare }) {
  const { withheld } = segments.data;
  return (
    <>
      {withheld && <Withheld withheld={withheld} />}
      <MixAndScore report={segments.data} />
      <p class="foot">
        <ButtonLink kind="quiet" href={pageAddress("segments", { by, compare })}>
          {t("ranking.all")}
        </ButtonLink>
      </p>
    </>
  );
}
