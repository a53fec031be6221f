import { Chart } from "../../charts/chart.jsx";
import { Ranking } from "../../charts/ranking.jsx";
import { useData } from "../../data.js";
import { days, has, number, t, tn } from "../../i18n.js";
import { address, pageAddress } from "../../router.js";
import { mayRead } from "../../session.js";
import { ComparisonPicker, useComparison, Verdict } from "../../survey/comparison.jsx";
import { PeriodPicker, usePeriod } from "../../survey/filters.jsx";
import { rankedColumns, rankedGroups, rankedRow } from "../../survey/ranked.jsx";
import { Withheld } from "../../survey/withheld.jsx";
import { ButtonLink } from "../../ui/controls.jsx";
import { Icon } from "../../ui/icons.jsx";
import { Page } from "../../ui/page.jsx";
import { Empty, Loaded, Skeleton } from "../../ui/states.jsx";
import { breaksIn, stagesOf } from "./stages.js";

/** The score along the customer's way, stage by stage: where it breaks. */
export default function Journey({ survey, user }) {
  const { from, to } = usePeriod(survey);
  const compare = useComparison();
  const segments = useData(survey.touchpoints.length ? `surveys/${survey.survey_id}/segments` : null, { by: "touchpoint", from, to, compare });
  return (
    <Page title={t("nav.journey")} hint={<>{survey.name} · {days(from, to)}</>} filters={<><PeriodPicker survey={survey} /><ComparisonPicker /></>}>
      {survey.touchpoints.length ? (
        <Loaded of={segments} skeleton={<Skeleton height={320} />}>{(data) => <Way survey={survey} user={user} data={data} subtitle={`${survey.name} · ${days(from, to)}`} />}</Loaded>
      ) : (
        <Empty icon="journey" title={t("journey.none")} action={mayRead(user, "surveys") && <ButtonLink kind="primary" href={address(`surveys/${survey.survey_id}`, { tab: "settings" })}>{t("journey.declare")}</ButtonLink>}>{t("journey.none.what")}</Empty>
      )}
    </Page>
  );
}

function Way({ survey, user, data, subtitle }) {
  const stages = stagesOf(survey, data);
  const breaks = breaksIn(data);
  const broken = stages.flatMap((each) => each.touchpoints).filter((each) => breaks.has(each.key));
  const groups = rankedGroups(survey, data).filter((each) => each.answers !== 0);
  return (
    <div class="grid">
      {data.withheld && <Withheld withheld={data.withheld} />}
      <p class={broken.length ? "notice breaks" : "notice"} role="status">
        <Icon name={broken.length ? "warning" : "check"} />
        <span>{broken.length ? t("journey.breaks", { where: broken.map((each) => each.name).join(", ") }) : t("journey.whole")}</span>
      </p>
      <ol class="journey" aria-label={t("nav.journey")}>
        {stages.map((stage) => <Stage key={stage.stage} of={stage} breaks={breaks} mayReadAnswers={mayRead(user, "answers:read")} />)}
      </ol>
      <Chart title={t("journey.touchpoints")} hint={t("ranking.hint")} subtitle={subtitle} file={`nps-${survey.survey_id}-touchpoints`} columns={rankedColumns()} rows={groups.map(rankedRow)}>
        {groups.length ? <Ranking groups={groups} total={data.total.nps} /> : <Empty icon="journey" title={t("ranking.empty")} />}
      </Chart>
    </div>
  );
}

/** A stage of those that most companies have in words, else as it was declared. */
const stageName = (stage) => (has(`stage.${stage}`) ? t(`stage.${stage}`) : stage.replace(/[-_]/g, " "));

function Stage({ of: { stage, touchpoints, answers, nps, isHidden }, breaks, mayReadAnswers }) {
  return (
    <li class="card stage">
      <header>
        <h2>{stage ? stageName(stage) : t("journey.no_stage")}</h2>
        <p class="figures stage-score">{nps == null ? "–" : number(nps)}</p>
        <p class="hint">{isHidden ? t("journey.partly") : tn("answers.count", answers)}</p>
      </header>
      <ul>
        {touchpoints.map((each) => (
          <li key={each.key} class={breaks.has(each.key) ? "breaks" : undefined}>
            <div>
              {breaks.has(each.key) && <Icon name="warning" size={16} />}
              {mayReadAnswers ? <a href={pageAddress("answers", { filter: `touchpoint=${each.key}`, class: "detractor" })}>{each.name}</a> : each.name}
              {breaks.has(each.key) && <span class="hidden"> ({t("journey.breaks_here")})</span>}
            </div>
            <span class="figures strong">{each.nps == null ? "–" : number(each.nps)}</span>
            <p class="hint">{each.nps == null ? t(each.answers === 0 ? "ranking.none" : "ranking.withheld") : `${t("interval.short", { low: number(each.interval.low), high: number(each.interval.high) })} · ${tn("answers.count", each.answers)}`}</p>
            {each.change?.difference != null && each.change.verdict != "too_few" && <Verdict {...each.change} isShort />}
          </li>
        ))}
      </ul>
    </li>
  );
}
