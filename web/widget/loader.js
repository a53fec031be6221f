/** The one script of a host page: finds where to ask, waits for the moment, and fetches the rest only then. Nothing it does may break the page. */
import { memoryOf } from "./memory.js";
import { matches, mayAsk, onRoute, watch } from "./rules.js";

const TAG = "recomenda-nps";
const script = document.currentScript || document.querySelector("script[data-survey]");
const base = new URL(".", script.src).href;
const RESERVED = ":host{display:block!important;min-height:15em!important}@media(max-width:30em){:host{min-height:22em!important}}";
const places = new Set();
const happened = new Set();
const hearing = new Set();
const handlers = {};
let token;

const guarded =
  (work) =>
  async (...given) => {
    try {
      return await work(...given);
    } catch {
      // the host page goes on
    }
  };

const emit = (event, detail) =>
  (handlers[event] || []).forEach((handler) => {
    try {
      handler(detail);
    } catch (error) {
      console.error(error); // the page's own mistake: its developer should see it, and we go on
    }
  });

const heard = (look) => {
  hearing.add(look);
  return () => hearing.delete(look);
};

/** What a tag says: `data-survey` of a script, `survey` of an element. */
function placeOf(tag, inline) {
  const said = (name) => tag.getAttribute(inline ? name : `data-${name}`) || undefined;
  const survey = said("survey");
  const preview = tag.hasAttribute(inline ? "preview" : "data-preview");
  const url = `${base}v1/surveys/${survey}`;
  const memory = memoryOf(survey, preview);
  let form, widget, host, root;
  let stop = () => {};

  const getForm = guarded(async () => {
    const locale = said("locale") || document.documentElement.lang || navigator.language;
    const response = await fetch(`${url}/form?locale=${encodeURIComponent(locale)}`, { credentials: "omit" });
    return response.ok ? response.json() : undefined;
  });

  const dimensions = () => {
    const prefix = inline ? "segment-" : "data-segment-";
    const segments = [...tag.attributes].filter(({ name }) => name.startsWith(prefix)).map(({ name, value }) => [name.slice(prefix.length), value]);
    return { touchpoint: said("touchpoint"), variant: said("variant"), segments: Object.fromEntries(segments) };
  };

  const rootOf = (element) => element.attachShadow({ mode: "closed" }); // what is typed is not for recorders of sessions

  async function ready() {
    form ??= await getForm();
    if (!form) throw new Error("there is no form to show");
    const { attend } = await import(base + ASK_FILE);
    widget ??= attend({
      url,
      form,
      memory,
      inline,
      preview,
      dimensions: dimensions(),
      token: () => token,
      emit: (event, detail) => emit(event, { survey, ...detail }),
      attach() {
        if (inline) return root;
        host = document.body.appendChild(document.createElement("div"));
        return rootOf(host);
      },
      detach: () => host?.remove(),
    });
    return widget;
  }

  async function show(focus) {
    stop();
    (await ready()).show(focus);
  }

  async function begin() {
    stop();
    if (widget?.visible()) {
      if (!inline && !widget.touched() && !matches(form.display.urls, location)) widget.hide();
      return;
    }
    if (inline || preview) return show();
    if ([...places].some((place) => place.inline && place.survey == survey)) return; // the page asks already
    if (memory.get().answer && (await ready()).hasDraft()) return show();
    if (memory.get().quiet > Date.now()) return;
    form ??= await getForm();
    if (form?.status != "open" || !matches(form.display.urls, location) || !mayAsk(form.display, memory)) return;
    if (form.theme.position == "inline" && document.body.contains(tag)) return tag.after(elementOf(tag));
    stop = watch(form.display, { happened, heard }, guarded(ask));
  }

  async function ask() {
    if (token && form.legal_basis?.kind != "consent") {
      const body = JSON.stringify({ respondent_token: token });
      const response = await fetch(`${url}/asking`, { method: "POST", body, credentials: "omit" });
      if (response.status == 422) token = undefined; // expired, or none of ours: they are asked as anybody
      else if (!(await response.json()).ask) return;
    }
    await show();
  }

  return {
    survey,
    inline,
    begin: guarded(begin),
    open: guarded(() => show(true)),
    close: guarded(() => (stop(), widget?.hide())),
    stop: () => stop(),
    reserve() {
      root ??= rootOf(tag);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(RESERVED);
      root.adoptedStyleSheets = [sheet];
    },
  };
}

/** The element that stands for a script's tag: the same attributes without `data-`. */
function elementOf(tag) {
  const element = document.createElement(TAG);
  for (const { name, value } of tag.attributes) if (name.startsWith("data-")) element.setAttribute(name.slice(5), value);
  return element;
}

const all = (work) => (...given) => void guarded(async () => work(...given))();
const find = (survey) => [...places].find((place) => !survey || place.survey == survey);

const api = {
  /** Whose answer it is: a token that the site's own server signed. */
  identify: all((given) => (token = given || undefined)),
  open: all((survey) => find(survey)?.open()),
  close: all((survey) => places.forEach((place) => (!survey || place.survey == survey) && place.close())),
  /** Something happened that a survey may wait for. */
  track: all((event) => {
    happened.add(event);
    hearing.forEach((look) => look());
  }),
  /** Call `handler` on "shown", "answered", "finished", "dismissed" and "closed". */
  on: all((event, handler) => (handlers[event] ??= []).push(handler)),
  /** Calls made before the script had come: `(window.recomenda ??= []).push(["identify", token])`. */
  push: (...calls) => calls.forEach(([name, ...given]) => api[name]?.(...given)),
  add: all((tag) => tag.dataset.survey && start(placeOf(tag))),
};

function start(place) {
  places.add(place);
  const begin = () => (window.requestIdleCallback || setTimeout)(place.begin);
  if (document.readyState == "complete") begin();
  else addEventListener("load", begin);
}

class Place extends HTMLElement {
  connectedCallback() {
    guarded(() => {
      this.place ??= placeOf(this, true);
      this.place.reserve();
      places.add(this.place);
      this.place.begin();
    })();
  }

  disconnectedCallback() {
    places.delete(this.place);
    this.place?.stop();
  }
}

guarded(() => {
  const before = window.recomenda;
  if (before?.add) return before.add(script); // another tag on the same page
  window.recomenda = api;
  if (Array.isArray(before)) api.push(...before);
  api.add(script);
  customElements.get(TAG) || customElements.define(TAG, Place);
  onRoute(() => places.forEach((place) => place.begin()));
  addEventListener("online", () => places.forEach((place) => place.begin()));
})();
