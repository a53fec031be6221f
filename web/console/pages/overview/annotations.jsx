import { useState } from "preact/hooks";
import { post, remove } from "../../api.js";
import { forget } from "../../data.js";
import { day, days, t } from "../../i18n.js";
import { titleOf } from "../../problem.js";
import { mayRead } from "../../session.js";
import { Button, IconButton, SelectField, TextField } from "../../ui/controls.jsx";
import { Dialog } from "../../ui/dialog.jsx";
import { complain, toast } from "../../ui/toasts.jsx";

const KINDS = ["release", "campaign", "incident", "other"];

/** What happened in these days, numbered as in the chart; who may change the survey adds to it and takes from it. */
export function Annotations({ survey, user, period, trend }) {
  const [isAdding, add] = useState(false);
  const path = `surveys/${survey.survey_id}/annotations`;
  const mayWrite = mayRead(user, "surveys");
  const again = () => {
    forget(`surveys/${survey.survey_id}/trend`);
    trend.retry();
  };
  const take = async (each) => {
    try {
      await remove(`${path}/${each.annotation_id}`);
      again();
      const { from, to, kind, text } = each;
      toast(t("annotation.taken"), { undo: () => post(path, { from, to, kind, text }).then(again) });
    } catch (problem) {
      complain(problem);
    }
  };
  const { annotations } = trend.data;
  if (!annotations.length && !mayWrite) return null;
  return (
    <div class="annotations">
      {annotations.length > 0 && (
        <ol>
          {annotations.map((each) => (
            <li key={each.annotation_id}>
              <span class="soft">{each.from == each.to ? day(each.from) : days(each.from, each.to)}</span>{" "}
              <span class="tag">{t(`annotation.${each.kind}`)}</span> <span>{each.text}</span>
              {mayWrite && (
                <IconButton icon="close" size={16} label={t("annotation.take", { text: each.text })} onClick={() => take(each)} />
              )}
            </li>
          ))}
        </ol>
      )}
      {mayWrite && (
        <Button kind="quiet" icon="flag" onClick={() => add(true)}>
          {t("annotation.add")}
        </Button>
      )}
      {isAdding && <NewAnnotation path={path} today={period.today} close={() => add(false)} done={again} />}
    </div>
  );
}

function NewAnnotation({ path, today, close, done }) {
  const [problem, fail] = useState();
  const [isBusy, work] = useState(false);
  const [kind, choose] = useState(KINDS[0]);
  const send = async (event) => {
    event.preventDefault();
    const { from, to, text } = Object.fromEntries(new FormData(event.currentTarget));
    work(true);
    try {
      await post(path, { from, to: to || from, kind, text: text.trim() });
      done();
      close();
    } catch (failed) {
      fail(failed);
      work(false);
    }
  };
  return (
    <Dialog title={t("annotation.add")} close={close}>
      <form class="form" onSubmit={send} action="#" method="post">
        {problem && (
          <p class="summary" role="alert">
            {titleOf(problem)}
          </p>
        )}
        <TextField label={t("annotation.text")} hint={t("annotation.text.hint")} name="text" required maxlength={200} />
        <SelectField
          label={t("annotation.kind")}
          options={KINDS.map((each) => [each, t(`annotation.${each}`)])}
          value={kind}
          onChange={choose}
        />
        <div class="two">
          <TextField type="date" label={t("annotation.from")} name="from" defaultValue={today} required />
          <TextField type="date" label={t("annotation.to")} name="to" />
        </div>
        <div class="buttons">
          <Button onClick={close}>{t("dialog.cancel")}</Button>
          <Button kind="primary" type="submit" isBusy={isBusy}>
            {t("annotation.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
