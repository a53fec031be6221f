import { useData } from "../../data.js";
import { instant, t } from "../../i18n.js";
import { pageAddress, useQuery } from "../../router.js";
import { Button } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";
import { Deadline, Status } from "./status.jsx";

const MONTHS = [1, 3, 12, 60];
const since = (months) => {
  const from = new Date();
  from.setUTCMonth(from.getUTCMonth() - months);
  return `${from.toISOString().slice(0, 13)}:00:00Z`; // to the hour, so that the same is asked for again
};

/** Erasures, newest first. */
export function Erasures() {
  const [{ months: asked, cursor }, change] = useQuery();
  const months = MONTHS.find((each) => String(each) == asked) ?? MONTHS[1];
  const erasures = useData("privacy/erasures", { from: since(months), cursor }, { every: 10_000 });
  const further = MONTHS[MONTHS.indexOf(months) + 1];
  return (
    <Card title={t("privacy.erasures")} hint={t("erasures.hint")}>
      <Loaded of={erasures} isEmpty={(data) => !data.erasures.length} empty={<Empty icon="check" title={t("erasures.none")}>{t("erasures.none.what")}</Empty>}>
        {(data) => (
          <div class="scroll" tabindex={0} role="group" aria-label={t("privacy.erasures")}>
            <table class="stacked">
              <thead>
                <tr>{["asked", "asker", "status", "deadline"].map((each) => <th key={each} scope="col">{t(`erasure.${each}`)}</th>)}<th scope="col">{t("erasure.reason")}</th></tr>
              </thead>
              <tbody>{data.erasures.map((each) => <Row key={each.erasure_id} of={each} />)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
      <div class="buttons pager">
        {cursor && <Button onClick={() => change({ cursor: null })}>{t("list.first")}</Button>}
        {erasures.data?.next_cursor && <Button onClick={() => change({ cursor: erasures.data.next_cursor })}>{t("list.more")}</Button>}
        {further && <Button kind="quiet" onClick={() => change({ months: further, cursor: null })}>{t("erasures.further")}</Button>}
      </div>
    </Card>
  );
}

function Row({ of }) {
  return (
    <tr>
      <th scope="row"><a href={pageAddress(`privacy/${of.erasure_id}`)}>{instant(of.asked_at)}</a></th>
      <td data-label={t("erasure.asker")}>{t(`erasure.asker.${of.asker}`)}</td>
      <td><Status of={of} /></td>
      <td><Deadline of={of} /></td>
      <td data-label={t("erasure.reason")}>{of.reason ?? "–"}</td>
    </tr>
  );
}
