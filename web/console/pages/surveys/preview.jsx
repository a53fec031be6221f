import { useEffect, useRef, useState } from "preact/hooks";
import { call, pathOf } from "../../api.js";
import { LOCALES, t } from "../../i18n.js";
import { InTheApisWords, Segmented } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { titleOf } from "../../problem.js";
import { sent } from "./settings.js";

const REST = 500;

/** The widget as customers will meet it, with what has been typed so far; it records nothing. */
export function Preview({ settings }) {
  const [locale, speak] = useState(settings.default_locale);
  const [form, show] = useState();
  const [problem, fail] = useState();
  const shown = settings.locales.includes(locale) ? locale : settings.default_locale;
  const asked = JSON.stringify(sent({ ...settings, name: settings.name || "…", company: settings.company || "…" }));
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        show(await call("POST", pathOf("form-preview", { locale: shown }), { body: JSON.parse(asked), signal: stop.signal }));
        fail(undefined);
      } catch (failed) {
        if (!stop.signal.aborted) fail(failed);
      }
    }, REST);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked, shown]);
  const languages = settings.locales.length > 1 && <Segmented label={t("surveys.languages")} options={settings.locales.map((each) => [each, LOCALES[each]])} value={shown} onChange={speak} />;
  const wrong = problem?.errors?.[0]?.detail;
  return (
    <Card title={t("survey.preview")} hint={t("survey.preview.hint")} actions={languages} class="preview">
      {problem && <p class="soft">{wrong ? <InTheApisWords language={problem.language}>{wrong}</InTheApisWords> : titleOf(problem)}</p>}
      {form && <Widget key={JSON.stringify(form)} form={form} />}
    </Card>
  );
}

/** One widget, for one form. */
function Widget({ form }) {
  const place = useRef();
  useEffect(() => {
    const over = new AbortController();
    (async () => {
      const [{ attend }, { memoryOf }] = await Promise.all([import("../../../widget/ask.js"), import("../../../widget/memory.js")]);
      if (over.signal.aborted) return;
      const host = place.current.appendChild(document.createElement("div"));
      const root = host.attachShadow({ mode: "open" });
      attend({
        url: "",
        form,
        memory: memoryOf("preview", true),
        inline: true,
        preview: true,
        dimensions: {},
        token: () => undefined,
        emit() {},
        attach: () => root,
        detach: () => host.remove(),
        signal: over.signal,
      }).show(false);
    })();
    return () => over.abort();
  }, []);
  return <div class="widget-place" ref={place} />;
}
