import { useEffect, useState } from "preact/hooks";
import { call, get, pathOf, remove } from "../../api.js";
import { follow, forget, useData } from "../../data.js";
import { locale, number, percent, t } from "../../i18n.js";
import { address, go } from "../../router.js";
import { useStore } from "../../store.js";
import { Card } from "../../ui/card.jsx";
import { Button, ButtonLink } from "../../ui/controls.jsx";
import { confirm } from "../../ui/dialog.jsx";
import { Icon } from "../../ui/icons.jsx";
import { Empty, Failure, Loaded, Progress } from "../../ui/states.jsx";
import { announce, complain } from "../../ui/toasts.jsx";
import { Columns } from "./columns.jsx";
import { Outcome, Refused } from "./outcome.jsx";
import { forgetSending, sending, stop } from "./sending.js";

const AT_WORK = ["checking", "importing"];

/** One import, as far as it is: its file on the way, then what the API says. */
export function Import(given) {
  const mine = useStore(sending)[given.id];
  if (mine?.problem) return <Card><Failure problem={mine.problem} retry={mine.again} /></Card>;
  if (mine) return <Working what="sending" {...mine} {...given} />;
  return <Standing {...given} />;
}

function Standing(given) {
  const { path, here } = given;
  const job = useData(path, { locale: locale() });
  const [isMissing, miss] = useState(false);
  const status = job.data?.status;
  const set = async (how, body) => {
    job.change(await call("POST", pathOf(`${path}/${how}`, { locale: locale() }), { body }));
    forget(path);
  };
  useEffect(() => {
    if (status == "new" && !job.isLoading) set("check").catch((problem) => (problem.slug == "import-has-no-file" ? miss(true) : problem.status == 409 ? job.retry() : complain(problem)));
    if (!AT_WORK.includes(status)) return undefined;
    const isDone = (found) => {
      if (AT_WORK.includes(found.status)) return false;
      announce(t(`import.status.${found.status}`));
      forget("surveys");
      return true;
    };
    return follow((signal) => get(path, { locale: locale() }, { signal }), isDone, job.change, complain);
  }, [status, job.isLoading]);
  useEffect(() => {
    if (document.activeElement == document.body) document.querySelector("h1").focus(); // what had it is gone
  }, [status]);
  if (isMissing) return <Card><Empty icon="warning" title={t("import.missing")} action={<Again here={here} />}>{t("import.missing.what")}</Empty></Card>;
  return <Loaded of={job}>{(data) => <Stage {...given} job={data} set={set} />}</Loaded>;
}

const Again = ({ here }) => <ButtonLink kind="primary" href={address(here)}>{t("import.again")}</ButtonLink>;

function Stage({ job, set, ...given }) {
  const [isStale, change] = useState(false);
  const { status, failure, progress, counts, columns } = job;
  if (status == "new" || AT_WORK.includes(status)) return <Working what={status == "importing" ? status : "checking"} {...progress} lines={counts.lines} {...given} />;
  if (["failed", "cancelled"].includes(status))
    return <Card><Empty icon="warning" title={t(`import.status.${status}`)} action={<Again {...given} />}>{failure?.detail ?? t("import.cancelled.what")}</Empty></Card>;
  const cancel = <Cancel {...given} />;
  return (
    <div class="grid">
      {failure ? <Unread {...{ failure, columns, cancel }} {...given} /> : <Outcome {...{ job, isStale, cancel }} start={() => set("start")} {...given} />}
      {counts.refused > 0 && !failure && <Refused of={job} />}
      {status == "checked" && job.options && <Columns key={JSON.stringify(job.options)} {...{ job, columns }} survey={given.survey} isStale={isStale} changed={change} check={(body) => set("check", body)} />}
    </div>
  );
}

/** Nothing of the file was understood: it has to be read in another way, or to be another. */
const Unread = ({ failure, columns, cancel, here }) => (
  <Card title={t("import.unread")}>
    <div class="failure">
      <Icon name="warning" size={24} />
      <div>
        <p class="strong">{failure.detail}</p>
        <p>{t(columns ? "import.unread.columns" : "import.unread.file")}</p>
      </div>
    </div>
    <div class="buttons">{cancel} {!columns && <Again here={here} />}</div>
  </Card>
);

/** How far it is; its share of all bytes is the best that is known before the end. */
function Working({ what, done, total, lines, ...given }) {
  const share = percent(total ? done / total : 0);
  return (
    <Card>
      <Progress label={[t(`import.${what}`, { share }), lines > 0 && `${t("import.lines")}: ${number(lines)}`].filter(Boolean).join(" · ")} done={done} total={total} />
      <p class="hint">{t(what == "sending" ? "import.stay" : "import.goes_on")}</p>
      <div class="buttons"><Cancel {...given} /></div>
    </Card>
  );
}

function Cancel({ path, id, here }) {
  const act = async () => {
    stop(id);
    await remove(path);
    forget("surveys");
    go(address(here));
    forgetSending(id);
  };
  const ask = () => confirm({ title: t("import.cancel"), text: t("import.cancel.what"), action: t("import.cancel"), act });
  return <Button kind="quiet" onClick={ask}>{t("import.cancel")}</Button>;
}
