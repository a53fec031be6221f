import { useState } from "preact/hooks";
import { day, days, t } from "../i18n.js";
import { useQuery } from "../router.js";
import { Button, SelectField, TextField } from "../ui/controls.jsx";
import { daysOf, isDay, PERIODS, plus, todayIn, USUAL } from "./days.js";
import { dimensionName, dimensionsOf, valueName } from "./dimensions.js";

/** The days that the address asks for, `{from, to}`, and today where the survey is. */
export function usePeriod(survey) {
  const [{ period }] = useQuery();
  const today = todayIn(survey.time_zone);
  return { ...daysOf(period, today), today };
}

/** Chooses the days: a usual span, or from one day to another. */
export function PeriodPicker({ survey }) {
  const [{ period = USUAL }, change] = useQuery();
  const { from, to, today } = usePeriod(survey);
  const [isOwn, own] = useState(period.includes(".."));
  const options = [...Object.keys(PERIODS).map((each) => [each, t(`period.${each}`)]), ["own", t("period.own")]];
  const choose = (value) => {
    own(value == "own");
    change({ period: value == "own" ? `${from}..${to}` : value, cursor: null });
  };
  const set = (first, last) =>
    isDay(first) && isDay(last) && first <= last && change({ period: `${first}..${last}`, cursor: null }, { replace: true });
  return (
    <>
      <SelectField
        label={t("period.label")}
        options={options}
        value={isOwn || period.includes("..") ? "own" : period}
        onChange={choose}
      />
      {(isOwn || period.includes("..")) && (
        <>
          <TextField
            type="date"
            label={t("period.from")}
            value={from}
            max={to}
            onChange={(event) => set(event.currentTarget.value, to)}
          />
          <TextField
            type="date"
            label={t("period.to")}
            value={to}
            min={from}
            max={plus(today, 0)}
            onChange={(event) => set(from, event.currentTarget.value)}
          />
        </>
      )}
    </>
  );
}

/** The days in words. */
export const PeriodWords = ({ from, to }) => <span>{from == to ? day(from) : days(from, to)}</span>;

/** The group that the address asks for, as the API takes it: `{touchpoint: "checkout"}` or `{segment: "plan:pro"}`, or both of a pair. */
export function useFilter() {
  const [{ filter, and }] = useQuery();
  return asked([filter, and].filter(Boolean));
}

/** That group in words; nothing where it is everybody. */
export function filterWords(survey, { filter, and }) {
  const word = (each) => {
    const [name, value] = each.split("=");
    return `${dimensionName(survey, name)}: ${valueName(survey, name, value)}`;
  };
  return [filter, and].filter(Boolean).map(word).join(", ");
}

function asked(chosen) {
  const segments = chosen.filter((each) => each.startsWith("segment.")).map((each) => each.slice(8).replace("=", ":"));
  const plain = chosen.filter((each) => !each.startsWith("segment.")).map((each) => each.split("="));
  return { ...Object.fromEntries(plain), ...(segments.length ? { segment: segments.join(",") } : {}) };
}

/** Chooses a group, and within it another where the survey has declared them to be a pair. */
export function GroupPicker({ survey }) {
  const [{ filter = "", and = "" }, change] = useQuery();
  const name = filter.split("=")[0];
  const partners = new Set(
    survey.pairs
      .filter((pair) => pair.includes(name))
      .flat()
      .filter((each) => each != name),
  );
  const groups = (dimensions) =>
    dimensions.map((each) => ({
      label: dimensionName(survey, each.name),
      options: each.values.map((value) => [`${each.name}=${value}`, valueName(survey, each.name, value)]),
    }));
  const all = dimensionsOf(survey);
  const options = [["", t("group.all")], ...groups(all)];
  return (
    <>
      <SelectField
        label={t("group.label")}
        options={options}
        value={filter}
        onChange={(value) => change({ filter: value, and: null, cursor: null })}
      />
      {partners.size > 0 && (
        <SelectField
          label={t("group.and")}
          options={[["", t("group.all")], ...groups(all.filter((each) => partners.has(each.name)))]}
          value={and}
          onChange={(value) => change({ and: value, cursor: null })}
        />
      )}
      {filter && (
        <Button kind="quiet" icon="close" onClick={() => change({ filter: null, and: null, cursor: null })}>
          {t("group.clear")}
        </Button>
      )}
    </>
  );
}
