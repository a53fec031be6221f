import { days, t } from "../i18n.js";
import { useQuery } from "../router.js";
import { Button } from "../ui/controls.jsx";
import { Icon } from "../ui/icons.jsx";

/** Why figures are not shown, and, where there is one, the nearest period for which they are. */
export function Withheld({ withheld: { reason, nearest } }) {
  const [, change] = useQuery();
  return (
    <div class="notice">
      <Icon name="privacy" />
      <div>
        <p>{t(`withheld.${reason}`)}</p>
        {nearest && (
          <Button kind="quiet" onClick={() => change({ period: `${nearest.from}..${nearest.to}` })}>
            {t("withheld.show", { days: days(nearest.from, nearest.to) })}
          </Button>
        )}
      </div>
    </div>
  );
}
