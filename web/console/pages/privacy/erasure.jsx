import { post } from "../../api.js";
import { forget, useData } from "../../data.js";
import { ago, has, instant, number, t } from "../../i18n.js";
import { pageAddress } from "../../router.js";
import { ROOT } from "../../root.js";
import { Button, ButtonLink } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { confirm } from "../../ui/dialog.jsx";
import { Page } from "../../ui/page.jsx";
import { Empty, Loaded, Progress } from "../../ui/states.jsx";
import { Deadline, Status } from "./status.jsx";

const STEPS = ["mark", "key", "gather", "answers", "outbox", "suppress", "people", "tell", "wait", "sweep", "receipt", "done"];
const CONFIRMABLE = ["waiting", "told", "impossible"];

const SECOND = "second.";
/** What was counted, in words; what only the second search found begins with `second.`. */
const countedWords = (what) => {
  if (what.startsWith(SECOND)) return t("erased.second", { what: countedWords(what.slice(SECOND.length)) });
  return has(`erased.${what}`) ? t(`erased.${what}`) : what;
};

/** One erasure: how far it is, what it deleted, and who was told. */
export function Erasure({ id }) {
  const erasure = useData(`privacy/erasures/${id}`, {}, { every: 5000 });
  const back = <ButtonLink href={pageAddress("privacy")}>{t("erasure.back")}</ButtonLink>;
  return (
    <Page title={t("erasure.title")} hint={id} actions={back}>
      <Loaded of={erasure}>{(data) => <Detail of={data} changed={() => (forget("privacy/erasures"), erasure.retry())} />}</Loaded>
    </Page>
  );
}

function Detail({ of, changed }) {
  const at = STEPS.indexOf(of.step);
  const isOpen = !of.done_at && !of.refusal;
  return (
    <div class="grid">
      <Card title={t("erasure.course")} class="half">
        {isOpen && <Progress label={t(`erasure.step.${of.step}`)} done={at} total={STEPS.length - 1} />}
        {of.step == "wait" && of.next_at && <p class="notice">{t("erasure.wait.why", { when: ago(of.next_at) })}</p>}
        {of.refusal && <p class="notice">{t(`erasure.refused.${of.refusal}.what`)}</p>}
        <dl class="properties">
          <dt>{t("erasure.status")}</dt><dd><Status of={of} /></dd>
          <dt>{t("erasure.deadline")}</dt><dd><Deadline of={of} /></dd>
          <dt>{t("erasure.asked")}</dt><dd>{instant(of.asked_at)}, {t(`erasure.asker.${of.asker}`)}</dd>
          {of.key_destroyed_at && <><dt>{t("erasure.key_destroyed")}</dt><dd>{instant(of.key_destroyed_at)}</dd></>}
          {of.reason && <><dt>{t("erasure.reason")}</dt><dd>{of.reason}</dd></>}
          {of.legal_reference && <><dt>{t("erasure.reference")}</dt><dd>{of.legal_reference}</dd></>}
        </dl>
        {of.receipt_id && <ButtonLink href={`${ROOT}privacidade/recibos/${of.receipt_id}`} target="_blank" rel="noopener">{t("erasure.receipt")}</ButtonLink>}
      </Card>
      <Card title={t("erasure.counts")} class="half">
        {Object.keys(of.counts).length
          ? <dl class="properties figures">{Object.entries(of.counts).map(([what, n]) => [<dt key={`${what}-name`}>{countedWords(what)}</dt>, <dd key={what}>{number(n)}</dd>])}</dl>
          : <p class="soft">{t("erasure.counts.none")}</p>}
      </Card>
      <Card title={t("erasure.recipients")} hint={t("erasure.recipients.hint")}>
        {of.recipients.length ? <Recipients of={of} changed={changed} /> : <Empty icon="check" title={t("erasure.recipients.none")} />}
      </Card>
    </div>
  );
}

function Recipients({ of: { erasure_id, recipients }, changed }) {
  const acknowledge = ({ channel_id, name }) =>
    confirm({
      title: t("recipient.acknowledge.title", { name }),
      text: t("recipient.acknowledge.what"),
      action: t("recipient.acknowledge"),
      isDangerous: false,
      act: () => post(`privacy/erasures/${erasure_id}/recipients/${channel_id}/acknowledge`).then(changed),
    });
  return (
    <div class="scroll" tabindex={0} role="group" aria-label={t("erasure.recipients")}>
      <table class="stacked">
        <thead><tr>{["name", "fields", "status", "last"].map((each) => <th key={each} scope="col">{t(`recipient.${each}`)}</th>)}<th scope="col"><span class="hidden">{t("actions")}</span></th></tr></thead>
        <tbody>
          {recipients.map((each) => (
            <tr key={each.channel_id}>
              <th scope="row">{each.name}<p class="hint">{t(`channel.kind.${each.kind}`)} · {each.host} · {each.country}</p></th>
              <td>{each.fields.map((name) => t(`channel.include.${name}`)).join(", ")}</td>
              <td><span class="tag">{t(`recipient.status.${each.status}`)}</span>{each.reason && <p class="hint">{t(`recipient.reason.${each.reason}`)}</p>}</td>
              <td data-label={t("recipient.last")}>{instant(each.last_at)}</td>
              <td>{CONFIRMABLE.includes(each.status) && <Button kind="quiet" onClick={() => acknowledge(each)}>{t("recipient.acknowledge")}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
