import { useRef, useState } from "preact/hooks";
import { locale, size, t } from "../../i18n.js";
import { Card } from "../../ui/card.jsx";
import { Field, Segmented } from "../../ui/controls.jsx";
import { Form } from "../../ui/form.jsx";
import { Icon } from "../../ui/icons.jsx";
import { isJson, wrongWith } from "./file.js";
import { Reading } from "./reading.jsx";
import { begin } from "./sending.js";

const FROM = ["any", "delighted", "recomenda"];

/** Where a file comes from, the file, and what nobody can guess of it. */
export function NewImport({ survey, path, here }) {
  const [from, come] = useState(FROM[0]);
  const [file, take] = useState();
  const [wrong, refuse] = useState();
  const [reading, read] = useState({});
  const input = useRef();
  const choose = async (chosen) => {
    if (!chosen) return;
    const found = await wrongWith(chosen);
    take(chosen);
    refuse(found);
  };
  const send = async () => {
    const found = await wrongWith(file);
    refuse(found);
    if (found) return input.current.focus();
    const preset = from == "any" ? undefined : from;
    await begin(path, here, { format: isJson(file) ? "jsonl" : "csv", preset, ...reading, locale: locale() }, file);
  };
  const names = FROM.map((each) => [each, { any: t("import.from.any"), delighted: "Delighted", recomenda: t("product") }[each]]);
  return (
    <Card title={t("import.new")} hint={t("import.what")} class="two-thirds">
      <Form action={t("import.send")} send={send}>
        <div class="field">
          <p class="label">{t("import.from")}</p>
          <div><Segmented label={t("import.from")} options={names} value={from} onChange={come} /></div>
          <p class="hint">{t(`import.from.${from}.what`)}</p>
        </div>
        <Field label={t("import.file")} hint={t("import.file.hint")} wrong={wrong && t(`import.wrong.${wrong}`)}>
          {(tied) => <FilePicker {...{ tied, input, file, choose }} />}
        </Field>
        <Reading of={reading} survey={survey} change={(some) => read((now) => ({ ...now, ...some }))} />
      </Form>
    </Card>
  );
}

/** The browser's own field, which speaks the browser's language, lies unseen over what is shown; a file may be dropped on it as well. */
function FilePicker({ tied, input, file, choose }) {
  const [isOver, over] = useState(false);
  const hold = (event) => {
    event.preventDefault();
    over(event.type == "dragover");
  };
  const drop = (event) => {
    hold(event);
    choose(event.dataTransfer.files[0]);
  };
  return (
    <div class={`drop ${isOver ? "is-over" : ""}`} onDragOver={hold} onDragLeave={hold} onDrop={drop}>
      <input type="file" ref={input} {...tied} accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json" onChange={(event) => choose(event.currentTarget.files[0])} />
      <Icon name={!file ? "up" : tied["aria-invalid"] ? "warning" : "check"} size={24} />
      {file ? <p><b>{file.name}</b> <span class="soft">{size(file.size)}</span></p> : <p>{t("import.file.drop")}</p>}
    </div>
  );
}
