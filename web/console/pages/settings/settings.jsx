import { t } from "../../i18n.js";
import { useQuery } from "../../router.js";
import { mayRead } from "../../session.js";
import { Page } from "../../ui/page.jsx";
import { Segmented } from "../../ui/controls.jsx";
import { Mine } from "./mine.jsx";
import { Keys } from "./keys.jsx";
import { Users } from "./users.jsx";

/** What each may see of the settings: everybody their own, those who may the keys and the users. */
const PARTS = [
  ["mine", undefined, Mine],
  ["users", "users", Users],
  ["keys", "keys", Keys],
];

export default function Settings({ user }) {
  const [{ tab }, change] = useQuery();
  const parts = PARTS.filter(([, scope]) => mayRead(user, scope));
  const [shown, , Part] = parts.find(([name]) => name == tab) ?? parts[0];
  const tabs = parts.map(([name]) => [name, t(`settings.${name}`)]);
  return (
    <Page title={t("nav.settings")} filters={tabs.length > 1 && <Segmented label={t("settings.parts")} options={tabs} value={shown} onChange={(to) => change({ tab: to })} />}>
      <Part user={user} />
    </Page>
  );
}
