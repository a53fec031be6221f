import { post } from "../../api.js";
import { useData } from "../../data.js";
import { ago, instant, t, tn } from "../../i18n.js";
import { pageAddress, useQuery } from "../../router.js";
import { Button, SelectField } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { confirm } from "../../ui/dialog.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";
import { complain, toast } from "../../ui/toasts.jsx";

const STATUSES = ["waiting", "delivered", "failed", "held", "dropped", "in_digest"];
const REPLAYABLE = ["delivered", "failed", "held"];
const DAY = 86_400_000;

/** What was sent to a channel lately, and again. */
export function Deliveries({ of: { channel_id, status: channelStatus } }) {
  const [{ status = "", cursor }, change] = useQuery();
  const path = `channels/${channel_id}/deliveries`;
  const deliveries = useData(path, { status, cursor }, { every: 5000 });
  const replay = ({ message_id }) => post(`${path}/${message_id}/replay`).then(() => (toast(t("delivery.again")), deliveries.retry()), complain);
  const replayAll = () =>
    confirm({
      title: t("delivery.all.title"),
      text: t("delivery.all.what"),
      action: t("delivery.all"),
      isDangerous: false,
      act: async () => {
        const now = Date.now();
        const { messages } = await post(`channels/${channel_id}/replay`, { from: new Date(now - 45 * DAY).toISOString(), to: new Date(now).toISOString() });
        toast(tn("delivery.all.done", messages));
        deliveries.retry();
      },
    });
  const options = [["", t("delivery.any")], ...STATUSES.map((each) => [each, t(`delivery.${each}`)])];
  return (
    <Card
      title={t("deliveries")}
      hint={t("deliveries.hint")}
      actions={
        <>
          <SelectField isQuiet label={t("channel.status")} options={options} value={status} onChange={(to) => change({ status: to, cursor: null })} />
          {channelStatus == "active" && <Button onClick={replayAll}>{t("delivery.all")}</Button>}
        </>
      }
    >
      <Loaded of={deliveries} isEmpty={(data) => !data.deliveries.length} empty={<Empty icon="channels" title={t("deliveries.none")}>{t("deliveries.none.what")}</Empty>}>
        {(data) => (
          <div class="scroll" tabindex={0} role="group" aria-label={t("deliveries")}>
            <table class="stacked">
              <thead><tr>{["when", "what", "status", "attempts"].map((each) => <th key={each} scope="col">{t(`delivery.${each}`)}</th>)}<th scope="col"><span class="hidden">{t("actions")}</span></th></tr></thead>
              <tbody>{data.deliveries.map((each) => <Row key={each.message_id} of={each} replay={channelStatus == "active" && replay} />)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
      <div class="buttons pager">
        {cursor && <Button onClick={() => change({ cursor: null })}>{t("list.first")}</Button>}
        {deliveries.data?.next_cursor && <Button onClick={() => change({ cursor: deliveries.data.next_cursor })}>{t("list.more")}</Button>}
      </div>
    </Card>
  );
}

function Row({ of, replay }) {
  const last = of.attempts.at(-1);
  return (
    <tr>
      <th scope="row">{instant(of.created_at)}</th>
      <td>
        {t(`delivery.kind.${of.type}`)}
        {of.answer_id && <p class="hint"><a href={pageAddress("answers", { survey: of.survey_id, answer: of.answer_id })}>{t("delivery.answer")}</a></p>}
      </td>
      <td><span class="tag">{t(`delivery.${of.status}`)}</span>{of.next_at && <p class="hint">{t("delivery.next", { when: ago(of.next_at) })}</p>}</td>
      <td data-label={t("delivery.attempts")}>{of.attempts.length}{last && <p class="hint">{last.http_status ? `HTTP ${last.http_status}` : t(`delivery.error.${last.error}`)}</p>}</td>
      <td>{replay && REPLAYABLE.includes(of.status) && <Button kind="quiet" onClick={() => replay(of)}>{t("delivery.replay")}</Button>}</td>
    </tr>
  );
}
