import { get } from "../../api.js";
import { instant, number, t, tn } from "../../i18n.js";
import { address, pageAddress } from "../../router.js";
import { dimensionName } from "../../survey/dimensions.js";
import { Card } from "../../ui/card.jsx";
import { Button, ButtonLink } from "../../ui/controls.jsx";
import { confirm } from "../../ui/dialog.jsx";
import { complain } from "../../ui/toasts.jsx";

const COUNTS = ["imported", "counted_only", "already_there", "refused"];

/** What became of the lines or, of a check, what would; and the way on. */
export function Outcome({ job, survey, path, isStale, cancel, start }) {
  const { status, counts, undeclared, files_until, report, first_day, last_day } = job;
  const isDone = status == "done";
  const many = counts.imported + counts.counted_only;
  const go = () => confirm({ title: tn("import.start", many), text: t("import.start.what", { name: survey.name }), action: t("import.action"), isDangerous: false, act: start });
  const period = first_day && `${first_day}..${last_day}`;
  return (
    <Card title={many ? tn(isDone ? "import.done" : "import.ready", many) : t("import.nothing")} hint={report && t("import.report.until", { instant: instant(files_until, survey.time_zone) })}>
      <dl class="why outcome">
        {COUNTS.map((each) => (
          <div key={each}>
            <dt>{t(`import.count.${each}`)}</dt>
            <dd class="figures">{number(counts[each])}</dd>
            {counts[each] > 0 && <dd class="hint">{t(`import.count.${each}.what`)}</dd>}
          </div>
        ))}
      </dl>
      {counts.differs > 0 && <p class="hint">{tn("import.differs", counts.differs)}</p>}
      {Object.entries(undeclared).map(([name, lines]) => (
        <p key={name} class="notice small">
          <span>
            {tn("import.undeclared", lines, { name: dimensionName(survey, name) })}{" "}
            {!isDone && <a href={address(`surveys/${survey.survey_id}`, { tab: "settings" })}>{t("survey.settings")}</a>}
          </span>
        </p>
      ))}
      {isStale && <p class="hint" role="status">{t("import.stale")}</p>}
      <div class="buttons">
        {!isDone && cancel}
        {report && <Button icon="download" onClick={() => download(path)}>{t("import.report")}</Button>}
        {isDone ? (
          <ButtonLink kind="primary" href={pageAddress("overview", { survey: survey.survey_id, period })}>{t("survey.results")}</ButtonLink>
        ) : (
          many > 0 && <Button kind="primary" disabled={isStale} onClick={go}>{tn("import.start", many)}</Button>
        )}
      </div>
    </Card>
  );
}

/** A link is good for minutes only, so it is asked for when it is used. */
async function download(path) {
  try {
    const { report } = await get(path);
    Object.assign(document.createElement("a"), { href: report.url, download: "" }).click();
  } catch (problem) {
    complain(problem);
  }
}

/** Why lines were refused, with what to do, and the first of them by their rows in the file. */
export function Refused({ of: { counts, refused, reasons, problems } }) {
  const most = Object.entries(refused).toSorted(([, one], [, other]) => other - one);
  return (
    <Card title={tn("import.refused", counts.refused)} hint={t("import.refused.hint")}>
      <ul class="reasons">
        {most.map(([reason, lines]) => (
          <li key={reason}><b class="figures">{number(lines)}</b> <span>{reasons[reason]}</span></li>
        ))}
      </ul>
      <details class="more-fields">
        <summary>{t("import.first")}</summary>
        <table>
          <thead><tr><th scope="col" class="number">{t("import.line")}</th><th scope="col">{t("import.why")}</th></tr></thead>
          <tbody>{problems.map(({ row, detail }) => <tr key={row}><td class="number">{row}</td><td>{detail}</td></tr>)}</tbody>
        </table>
      </details>
    </Card>
  );
}
