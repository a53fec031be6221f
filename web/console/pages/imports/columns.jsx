import { useId, useState } from "preact/hooks";
import { locale, t } from "../../i18n.js";
import { dimensionName } from "../../survey/dimensions.js";
import { Card } from "../../ui/card.jsx";
import { SelectField } from "../../ui/controls.jsx";
import { Form } from "../../ui/form.jsx";
import { Reading } from "./reading.jsx";

const NEEDED = ["score", "answered_at"];
const WHO = ["comment", "email", "name", "customer_id"];
const DIMENSIONS = ["touchpoint", "channel", "variant", "locale"];
const MOST_OF_AN_ID = 5;

/** Which columns say what, as they were found; what somebody corrects holds when the same file is checked again. */
export function Columns({ job, columns, survey, isStale, changed, check }) {
  const [reading, read] = useState(job.options);
  const [chosen, choose] = useState({});
  const found = columns?.columns ?? {};
  const heads = [...new Set([...Object.values(found).flat(), ...(columns?.ignored ?? [])])];
  const options = [["", t("import.column.none")], ...heads.map((each) => [each, each])];
  const now = { ...found, ...chosen };
  const ignored = heads.filter((each) => !Object.values(now).flat().includes(each));
  const segments = survey.segments.map(({ key }) => `segment.${key}`);
  const change = (set) => (some) => {
    set((before) => ({ ...before, ...some }));
    changed(true);
  };
  const again = async () => {
    await check({ ...reading, mapping: mappingOf(job.options.mapping, chosen), locale: locale() });
    changed(false);
  };
  const field = (name, at = `/mapping/${name}`) => (
    <SelectField key={name} at={at} label={labelOf(survey, name)} options={options} value={[now[name]].flat()[0] ?? ""} required={NEEDED.includes(name)} wrong={NEEDED.includes(name) && !now[name]?.length && t("import.column.needed")} onChange={(head) => change(choose)({ [name]: head })} />
  );
  return (
    <Card title={t("import.columns")} hint={t("import.columns.hint")}>
      <Form action={t("import.check")} send={again} kind={isStale || job.failure ? "primary" : "plain"}>
        {columns && (
          <>
            <IdColumns options={options} value={now.id} change={(id) => change(choose)({ id })} />
            <div class="columns">
              {[...NEEDED, ...WHO, ...DIMENSIONS].map((each) => field(each))}
              {segments.map((each) => field(each, each.replace("segment.", "/mapping/segments/")))}
            </div>
            {ignored.length > 0 && <p class="hint">{t("import.columns.ignored", { names: ignored.join(", ") })}</p>}
          </>
        )}
        <Reading of={{ ...reading, encoding: reading.encoding == "auto" ? "" : reading.encoding }} survey={survey} change={change(read)} />
      </Form>
    </Card>
  );
}

/** Of one column, or of several that together do not repeat: each that is chosen offers another. */
function IdColumns({ options, value, change }) {
  const id = useId();
  const shown = [...value, ""].slice(0, MOST_OF_AN_ID);
  const set = (place, head) => change(shown.with(place, head).filter(Boolean));
  return (
    <fieldset class="columns" aria-describedby={id}>
      <legend class="hidden">{t("import.column.id")}</legend>
      {shown.map((head, place) => (
        <SelectField
          key={place}
          at={place ? undefined : "/mapping/id"}
          label={t(place ? "import.column.and" : "import.column.id")}
          wrong={!place && !head && t("import.column.needed")}
          options={options}
          value={head}
          required={!place}
          onChange={(chosen) => set(place, chosen)}
        />
      ))}
      <p class="hint" id={id}>{t("import.column.id.hint")}</p>
    </fieldset>
  );
}

function labelOf(survey, name) {
  if (name == "score") return t("distribution.score");
  if (name == "answered_at") return t("import.column.answered_at");
  if (name == "name") return t("user.name");
  return WHO.includes(name) ? t(`channel.include.${name}`) : dimensionName(survey, name);
}

/** The mapping there was, with what was chosen over it: "" is nowhere. */
function mappingOf(before, chosen) {
  const said = Object.entries(chosen).map(([name, head]) => [name, head || null]);
  const [segments, others] = [true, false].map((isSegment) => said.filter(([name]) => name.startsWith("segment.") == isSegment));
  const keyed = segments.map(([name, head]) => [name.replace("segment.", ""), head]);
  return { ...before, ...Object.fromEntries(others), segments: { ...before.segments, ...Object.fromEntries(keyed) } };
}
