import { useState } from "preact/hooks";
import { call, pathOf, remove } from "../../api.js";
import { useData } from "../../data.js";
import { t } from "../../i18n.js";
import { Card } from "../../ui/card.jsx";
import { Switch } from "../../ui/controls.jsx";
import { Loaded, Skeleton } from "../../ui/states.jsx";
import { complain, toast } from "../../ui/toasts.jsx";

const PATH = "me/summary";

/** Whether one gets the week's scores by letter. */
export function Summary({ user }) {
  const summary = useData(PATH);
  const [isBusy, work] = useState(false);
  const want = async (isWanted) => {
    work(true);
    try {
      summary.change(await (isWanted ? call("PUT", pathOf(PATH)) : remove(PATH)));
      toast(t(isWanted ? "summary.wanted" : "summary.ended"), { undo: () => want(!isWanted) });
    } catch (problem) {
      complain(problem);
    } finally {
      work(false);
    }
  };
  return (
    <Card title={t("summary.title")} hint={t("summary.hint")}>
      <Loaded of={summary} skeleton={<Skeleton lines={1} />}>
        {({ wanted }) => (
          <Switch isOn={wanted} isBusy={isBusy} onChange={want} label={t("summary.title")}>
            {wanted ? t("summary.on", { email: user.email }) : t("summary.off")}
          </Switch>
        )}
      </Loaded>
    </Card>
  );
}
