import { t } from "../../i18n.js";
import { SelectField } from "../../ui/controls.jsx";

const DELIMITERS = [[";", ";"], [",", ","], ["\t", "Tab"], ["|", "|"]];
const ENCODINGS = [["utf-8", "UTF-8"], ["windows-1252", "Windows-1252"], ["iso-8859-1", "ISO-8859-1"]];

/** What cannot be guessed of a file and, folded away, what usually can. */
export function Reading({ of, survey, change }) {
  const choose = (name) => (value) => change({ [name]: value || undefined });
  const zones = Intl.supportedValuesOf("timeZone").map((each) => [each, each]);
  const field = (name, options, none) => (
    <SelectField at={`/${name}`} label={t(`import.${name}`)} options={[["", none], ...options]} value={of[name] ?? ""} onChange={choose(name)} />
  );
  return (
    <>
      <div class="pair">
        {field("date_order", ["dmy", "mdy"].map((each) => [each, t(`import.date_order.${each}`)]), t("import.date_order.none"))}
        {field("time_zone", zones, survey.time_zone)}
      </div>
      <details class="more-fields">
        <summary>{t("survey.more")}</summary>
        <div class="pair">
          {field("delimiter", DELIMITERS, t("import.auto"))}
          {field("encoding", ENCODINGS, t("import.auto"))}
        </div>
      </details>
    </>
  );
}
