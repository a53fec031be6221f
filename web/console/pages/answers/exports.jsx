import { useEffect, useState } from "preact/hooks";
import { get, post, remove } from "../../api.js";
import { follow, useData } from "../../data.js";
import { ago, days, locale, size, t, tn } from "../../i18n.js";
import { titleOf } from "../../problem.js";
import { Button, IconButton, Segmented } from "../../ui/controls.jsx";
import { confirm, Dialog } from "../../ui/dialog.jsx";
import { Loaded, Progress } from "../../ui/states.jsx";
import { complain } from "../../ui/toasts.jsx";

const ENDED = ["done", "failed", "cancelled"];
const FORMATS = [
  ["csv", "CSV"],
  ["jsonl", "JSON Lines"],
];

/** Exports of the answers that are listed, in the background: a new one, and those there are. */
export function Exports({ survey, filters, hasWords, close }) {
  const path = `surveys/${survey.survey_id}/exports`;
  const { made, add, changed, gone } = useExports(path);
  return (
    <Dialog title={t("export.title")} close={close}>
      <p>{t("export.what", { days: days(filters.from, filters.to) })}</p>
      {hasWords && <p class="notice small">{t("export.no_words")}</p>}
      <NewExport path={path} filters={filters} add={add} />
      <Loaded of={made} isEmpty={(data) => !data.exports.length} empty={<p class="soft">{t("export.none")}</p>}>
        {(data) => (
          <ul class="exports" aria-label={t("export.mine")}>
            {data.exports.map((each) => (
              <Export key={each.export_id} job={each} {...{ path, changed, gone }} />
            ))}
          </ul>
        )}
      </Loaded>
    </Dialog>
  );
}

/** The exports there are, and what keeps the list as it is on the other side. */
function useExports(path) {
  const made = useData(path);
  const put = (of) => made.change((data) => ({ ...data, exports: of(data?.exports ?? []) }));
  return {
    made,
    add: (job) => put((all) => [job, ...all]),
    changed: (job) => put((all) => all.map((each) => (each.export_id == job.export_id ? job : each))),
    gone: (id) => put((all) => all.filter((each) => each.export_id != id)),
  };
}

function NewExport({ path, filters, add }) {
  const [format, choose] = useState(FORMATS[0][0]);
  const [problem, fail] = useState();
  const [isBusy, work] = useState(false);
  const start = async () => {
    work(true);
    fail(undefined);
    try {
      const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value != null && value !== ""));
      add(await post(path, { format, file_locale: locale(), filters: given }));
    } catch (failed) {
      fail(failed);
    }
    work(false);
  };
  return (
    <>
      {problem && (
        <p class="summary" role="alert">
          {titleOf(problem)}
        </p>
      )}
      <div class="decide">
        <Segmented label={t("export.format")} options={FORMATS} value={format} onChange={choose} />
        <Button kind="primary" icon="download" isBusy={isBusy} onClick={start}>
          {t("export.start")}
        </Button>
      </div>
    </>
  );
}

function Export({ job, path, changed, gone }) {
  const { export_id, status, format, progress, created_at } = job;
  const isOver = ENDED.includes(status);
  const mine = `${path}/${export_id}`;
  useEffect(
    () =>
      isOver
        ? undefined
        : follow(
            (signal) => get(mine, {}, { signal }),
            (found) => ENDED.includes(found.status),
            changed,
            complain,
          ),
    [isOver],
  );
  const download = async () => {
    try {
      const { url } = await get(mine); // a link is good for minutes only, so each is asked for when it is used
      Object.assign(document.createElement("a"), { href: url, download: "" }).click();
    } catch (problem) {
      complain(problem);
    }
  };
  const take = () =>
    confirm({
      title: t("export.remove"),
      text: t(isOver ? "export.remove.what" : "export.cancel.what"),
      action: t(isOver ? "export.remove" : "export.cancel"),
      act: () => remove(mine),
    }).then((isDone) => isDone && gone(export_id));
  return (
    <li>
      <div>
        <p>
          <b>{format.toUpperCase()}</b> <span class="soft">{ago(created_at)}</span>
        </p>
        {isOver ? (
          <p class="hint">{outcome(job)}</p>
        ) : (
          <Progress label={t("export.working")} done={progress.done} total={progress.total} />
        )}
      </div>
      {status == "done" && (
        <Button icon="download" onClick={download}>
          {t("export.download")}
        </Button>
      )}
      <IconButton icon="close" label={t(isOver ? "export.remove" : "export.cancel")} onClick={take} />
    </li>
  );
}

const outcome = ({ status, answers, bytes }) =>
  status == "done" ? `${tn("answers.count", answers)} · ${size(bytes)}` : t(`export.${status}`);
