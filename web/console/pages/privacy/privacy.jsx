import { useState } from "preact/hooks";
import { t } from "../../i18n.js";
import { useQuery } from "../../router.js";
import { ROOT } from "../../root.js";
import { Button, ButtonLink, Segmented } from "../../ui/controls.jsx";
import { Page } from "../../ui/page.jsx";
import { Erasure } from "./erasure.jsx";
import { Erasures } from "./erasures.jsx";
import { Holds } from "./holds.jsx";
import { NewErasure } from "./new-erasure.jsx";

/** What the encarregado opens: erasures with their deadlines, and legal holds. `privacy/ID` is one erasure. */
export default function Privacy({ below: [erasure_id] }) {
  const [{ tab }, change] = useQuery();
  const [isErasing, erase] = useState(false);
  if (erasure_id) return <Erasure id={erasure_id} />;
  const tabs = ["erasures", "holds"].map((each) => [each, t(`privacy.${each}`)]);
  const shown = tab == "holds" ? "holds" : "erasures";
  return (
    <Page
      title={t("nav.privacy")}
      hint={t("privacy.hint")}
      filters={<Segmented label={t("privacy.parts")} options={tabs} value={shown} onChange={(to) => change({ tab: to, cursor: null })} />}
      actions={
        <>
          <ButtonLink href={`${ROOT}privacidade`} target="_blank" rel="noopener">{t("privacy.page")}</ButtonLink>
          <Button kind="primary" onClick={() => erase(true)}>{t("erasure.new")}</Button>
        </>
      }
    >
      {shown == "holds" ? <Holds /> : <Erasures />}
      {isErasing && <NewErasure close={() => erase(false)} />}
    </Page>
  );
}
