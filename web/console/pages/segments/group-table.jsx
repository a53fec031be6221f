import { CLASSES } from "../../charts/measure.js";
import { number, percent, t } from "../../i18n.js";
import { pageAddress } from "../../router.js";
import { Verdict } from "../../survey/comparison.jsx";
import { rowName } from "../../survey/ranked.jsx";

/** The groups with their figures; each leads to the overview of itself. */
export function GroupTable({ survey, report, groups, names }) {
  const { total } = report;
  return (
    <div class="scroll" tabindex={0} role="group" aria-label={t("chart.figures", { title: names })}>
      <table class="groups">
        <thead>
          <tr>
            <th scope="col">{names}</th>
            <th scope="col" class="number">
              {t("score.nps")}
            </th>
            <th scope="col" class="number">
              {t("segments.likely")}
            </th>
            <th scope="col" class="number">
              {t("distribution.answers")}
            </th>
            <th scope="col">{t("segments.shares")}</th>
            {report.compared_with && <th scope="col">{t("ranking.verdict")}</th>}
          </tr>
        </thead>
        <tbody>
          {groups.map((each) => (
            <GroupRow key={each.key} {...{ survey, report }} group={each} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("group.all")}</th>
            <td class="number strong">{total.nps == null ? "–" : number(total.nps)}</td>
            <td class="number">{total.interval ? likely(total.interval) : "–"}</td>
            <td class="number">{number(total.answers)}</td>
            <td>{total.answers > 0 && <Shares figures={total} />}</td>
            {report.compared_with && <td />}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function GroupRow({ survey, report, group }) {
  const { name, nps, interval, answers, share, withheld, change } = group;
  const rest = report.compared_with ? 5 : 4;
  const filter = filterOf(survey, report, group);
  const heading = <th scope="row">{filter ? <a href={pageAddress("overview", filter)}>{name}</a> : name}</th>;
  if (withheld)
    return (
      <tr>
        {heading}
        <td colspan={rest} class="soft">
          {t(`withheld.${withheld.reason}`)}
        </td>
      </tr>
    );
  if (!answers)
    return (
      <tr>
        {heading}
        <td colspan={rest} class="soft">
          {t("ranking.none")}
        </td>
      </tr>
    );
  return (
    <tr>
      {heading}
      <td class="number strong">{number(nps)}</td>
      <td class="number">{likely(interval)}</td>
      <td class="number">
        {number(answers)} <span class="soft">({percent(share)})</span>
      </td>
      <td>
        <Shares figures={group} />
      </td>
      {report.compared_with && <td>{change && <Verdict {...change} />}</td>}
    </tr>
  );
}

const likely = ({ low, high }) => t("segments.interval", { low: number(low), high: number(high) });

function Shares({ figures }) {
  const says = Object.entries(CLASSES)
    .map(([kind, name]) => `${t(`class.${kind}s`)} ${percent(figures[name] / figures.answers)}`)
    .join(", ");
  return (
    <div class="share-bar" role="img" aria-label={says} title={says}>
      {Object.entries(CLASSES).map(
        ([kind, name]) => figures[name] > 0 && <i key={kind} class={kind} style={{ flexGrow: figures[name] }} />,
      )}
    </div>
  );
}

/** The address's filter for a group; undefined where answers without a value are meant, which no filter asks for. */
function filterOf(survey, report, group) {
  const values = group.values ?? [group.value];
  const [filter, and] = values.map((value, at) => value && `${rowName(survey, report.by[at])}=${value}`);
  return filter && (values.length == 1 || and) ? { filter, and } : undefined;
}
