import { days, difference, t } from "../i18n.js";
import { useQuery } from "../router.js";
import { SelectField } from "../ui/controls.jsx";
import { Icon } from "../ui/icons.jsx";

const USUAL = "previous";

/** What the address compares with, as the API takes it; null for nothing. */
export function useComparison() {
  const [{ compare = USUAL }] = useQuery();
  return compare == "none" ? null : compare;
}

export function ComparisonPicker() {
  const [{ compare = USUAL }, change] = useQuery();
  const options = ["previous", "year", "none"].map((each) => [each, t(`compare.${each}`)]);
  return (
    <SelectField
      label={t("compare.label")}
      options={options}
      value={compare}
      onChange={(value) => change({ compare: value == USUAL ? null : value })}
    />
  );
}

const ICONS = { rose: "up", fell: "down", no_clear_change: "level", too_few: "level" };

/** A difference with what can be said of it: rose, fell, or neither can be told from chance. Of too few answers none is shown. */
export function Verdict({ verdict, difference: value }) {
  const isSaid = value != null && verdict != "too_few";
  return (
    <span class={`change ${verdict}`}>
      <Icon name={ICONS[verdict]} size={16} />
      <span>
        {isSaid && `${difference(value)} `}
        {t(`verdict.${verdict}`)}
      </span>
    </span>
  );
}

export const ComparedDays = ({ from, to }) => t("compare.with", { days: days(from, to) });

/** The same with the days it was compared with. */
export function ComparedWith({ comparison }) {
  const { verdict, from, to, withheld } = comparison;
  if (withheld) return <p class="hint">{t("compare.withheld")}</p>;
  return (
    <p class="compared">
      <Verdict {...comparison} />
      {verdict && (
        <span class="hint">
          <ComparedDays from={from} to={to} />
        </span>
      )}
    </p>
  );
}
