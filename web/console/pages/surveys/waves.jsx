import { useState } from "preact/hooks";
import { patch, post } from "../../api.js";
import { forget, useData } from "../../data.js";
import { day, t } from "../../i18n.js";
import { pageAddress } from "../../router.js";
import { todayIn } from "../../survey/days.js";
import { Card } from "../../ui/card.jsx";
import { Button, TextField } from "../../ui/controls.jsx";
import { Dialog, confirm } from "../../ui/dialog.jsx";
import { Form } from "../../ui/form.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";
import { toast } from "../../ui/toasts.jsx";

/** The survey's waves: rounds of asking, each with a score of its own. */
export function Waves({ of: { survey_id, time_zone } }) {
  const path = `surveys/${survey_id}/waves`;
  const waves = useData(path);
  const [shown, show] = useState();
  const changed = () => {
    forget("surveys");
    forget("me/surveys");
    waves.retry();
  };
  const hasOpen = waves.data?.waves.some((each) => !each.last_day);
  return (
    <Card title={t("survey.waves")} hint={t("waves.hint")} actions={!hasOpen && <Button kind="primary" onClick={() => show({})}>{t("wave.new")}</Button>}>
      <Loaded of={waves} isEmpty={(data) => !data.waves.length} empty={<Empty title={t("waves.none")}>{t("waves.none.what")}</Empty>}>
        {(data) => (
          <div class="scroll" tabindex={0} role="group" aria-label={t("survey.waves")}>
            <table class="stacked">
              <thead><tr>{["name", "first", "last"].map((each) => <th key={each} scope="col">{t(`wave.${each}`)}</th>)}<th scope="col"><span class="hidden">{t("actions")}</span></th></tr></thead>
              <tbody>{data.waves.toReversed().map((each) => <Row key={each.wave_id} of={each} survey_id={survey_id} today={todayIn(time_zone)} rename={() => show(each)} changed={changed} />)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
      {shown && <WaveDialog of={shown} path={path} close={() => show(undefined)} done={changed} />}
    </Card>
  );
}

function Row({ of: { wave_id, name, first_day, last_day }, survey_id, today, rename, changed }) {
  const end = async () => {
    const act = () => post(`surveys/${survey_id}/waves/${wave_id}/close`).then(changed);
    if (await confirm({ title: t("wave.close.title", { name }), text: t("wave.close.what"), action: t("wave.close"), isDangerous: false, act })) toast(t("wave.closed", { name }));
  };
  return (
    <tr>
      <th scope="row"><a href={pageAddress("overview", { survey: survey_id, period: `${first_day}..${last_day ?? today}` })}>{name}</a></th>
      <td data-label={t("wave.first")}>{day(first_day)}</td>
      <td data-label={t("wave.last")}>{last_day ? day(last_day) : <span class="tag">{t("wave.open")}</span>}</td>
      <td>
        <div class="buttons">
          <Button kind="quiet" onClick={rename}>{t("wave.rename")}</Button>
          {!last_day && <Button kind="quiet" onClick={end}>{t("wave.close")}</Button>}
        </div>
      </td>
    </tr>
  );
}

function WaveDialog({ of: { wave_id, name = "" }, path, close, done }) {
  const send = async (given) => {
    const days = Object.fromEntries(["first_day", "last_day"].filter((each) => given[each]).map((each) => [each, given[each]]));
    await (wave_id ? patch(`${path}/${wave_id}`, { name: given.name.trim() }) : post(path, { name: given.name.trim(), ...days }));
    done();
    close();
  };
  return (
    <Dialog title={t(wave_id ? "wave.rename" : "wave.new")} close={close}>
      <Form action={t(wave_id ? "survey.save" : "wave.new.action")} send={send} cancel={close}>
        <TextField label={t("wave.name")} name="name" defaultValue={name} required maxlength={120} placeholder={t("wave.name.example")} />
        {!wave_id && (
          <div class="pair">
            <TextField label={t("wave.first")} hint={t("wave.first.hint")} name="first_day" type="date" />
            <TextField label={t("wave.last.optional")} name="last_day" type="date" />
          </div>
        )}
      </Form>
    </Dialog>
  );
}
