/** The question, the follow-up and the thanks, on a place that the loader found for them. */
import { keeper, newKey } from "./answer.js";
import { counter } from "./counting.js";
import { styleOf } from "./look.js";

const DAY = 864e5;
const REST = 800; // ms without another key until a score chosen with keys counts as chosen

const element = (tag, set, ...children) => {
  const made = document.createElement(tag);
  for (const name in set) name in made ? (made[name] = set[name]) : made.setAttribute(name, set[name]);
  made.append(...children);
  return made;
};
const classOf = (score) => (score > 8 ? "promoter" : score > 6 ? "passive" : "detractor");
const nothing = async () => new Response("{}", { status: 201 });

/**
 * Take care of one place. `place` is `{url, form, memory, inline, preview, dimensions, token(), attach(), detach(), emit(event, detail)}`, and
 * perhaps a `signal` that ends it all;
 * `attach()` gives the shadow root to fill.
 * What waited from an earlier visit is sent at once. Returns `{show(focus), hide(), visible(), touched(), hasDraft()}`.
 */
export function attend(place) {
  const { url, form, memory, inline, preview, token, emit } = place;
  const { ui, legal_basis: basis, display } = form;
  const needsConsent = basis?.kind == "consent";
  const send = preview ? nothing : fetch;
  const text = (name, n) => ui[name].replace("{n}", n);
  const answer = keeper(memory, `${url}/answers`, heard, send);
  const { count, flush } = counter(`${url}/displays`, () => (needsConsent ? undefined : token()), send);
  let root, card, parts, before, key, shownAt, saved, rest, tapped, digits;

  const leave = () => {
    card && save();
    answer.send();
    flush();
  };
  const quietly = (work) => (event) => {
    try {
      work(event);
    } catch {
      // the host page goes on
    }
  };
  const on = (target, type, work) => target.addEventListener(type, quietly(work), { signal: place.signal });
  on(window, "online", answer.send);
  on(window, "pagehide", leave);
  on(document, "visibilitychange", () => document.visibilityState == "hidden" && leave());
  on(window, "storage", (event) => event.key == memory.key && card && (refresh(), elsewhere()));
  on(document, "keydown", (event) => event.key == "Escape" && !event.defaultPrevented && dismiss());
  answer.send();

  const isOver = () => !answer.get() && memory.get().answered && memory.get().quiet > Date.now();
  const isFinished = () => isOver() || answer.get()?.want.finished;
  const hasDraft = () => !!answer.get()?.draft && !answer.get().closed;
  const picked = () => parts.radios.find((radio) => radio.checked);

  function build() {
    const radios = Array.from({ length: 11 }, (_, n) =>
      element("input", { type: "radio", name: "score", value: n, "aria-label": text("score_name", n) }),
    );
    const about = element("label", { className: "about", htmlFor: "comment" });
    const comment = element("textarea", { id: "comment", maxLength: 5000, placeholder: ui.comment });
    const consent = needsConsent && element("input", { type: "checkbox" });
    const more = element(
      "div",
      { className: "more", hidden: true },
      ...(consent
        ? [element("label", { className: "consent" }, consent, element("span", {}, basis.consent_text)), element("p", { className: "legal" }, ui.consent_hint)]
        : []),
      about,
      comment,
      element("button", { className: "send" }, ui.send),
    );
    const question = element("legend", { id: "question" }, form.question);
    const ends = element("div", { className: "ends", id: "ends" }, element("span", {}, form.scale.low), element("span", {}, form.scale.high));
    const group = element(
      "fieldset",
      { role: "radiogroup", "aria-describedby": "ends" },
      question,
      element("div", { className: "scale" }, ...radios),
      ends,
    );
    const asking = element("form", {}, group, more);
    const note = element("p", { className: "note" });
    const status = element("div", { role: "status" }, note);
    const { encarregado: person, notice_url: notice } = form;
    const legal = element("p", { className: "legal" }, ui.purpose);
    if (notice) legal.append(" ", element("a", { href: notice, target: "_blank", rel: "noopener" }, ui.notice), ".");
    if (person) legal.append(` ${ui.encarregado}: `, element("a", { href: `mailto:${person.email}` }, person.name), ".");
    card = element(
      "div",
      { className: inline ? "card" : "card corner", role: inline ? "group" : "dialog", "aria-label": form.question, lang: form.locale },
      asking,
      status,
      legal,
    );
    if (!inline) {
      const close = element("button", { className: "close", type: "button", "aria-label": ui.close }, "×");
      on(close, "click", dismiss);
      card.append(close);
    }
    parts = { radios, about, comment, consent, more, asking, note, group, status };
    behave();
    root = place.attach();
    root.adoptedStyleSheets = [styleOf(form.theme)];
    root.append(card);
  }

  function behave() {
    const { group, asking, comment, consent } = parts;
    on(group, "click", (event) => (tapped = event.detail > 0)); // arrow keys click as well, but nowhere
    on(group, "change", () => (tapped ? save() : wait()));
    on(group, "focusout", (event) => group.contains(event.relatedTarget) || save());
    on(asking, "submit", (event) => {
      event.preventDefault();
      root.activeElement?.type == "radio" ? save() : finish();
    });
    on(comment, "input", () => draft());
    if (consent) on(consent, "change", () => (agree(), draft()));
    on(card, "keydown", keys);
    for (const type of ["keyup", "keypress"]) on(card, type, (event) => event.stopPropagation());
  }

  function keys(event) {
    event.stopPropagation(); // the host page's shortcuts are not meant
    const { key: pressed, target } = event;
    if (pressed == "Escape") return dismiss();
    if (target.type == "radio") {
      if (pressed == " ") setTimeout(quietly(save)); // once it is checked
      if (/^\d$/.test(pressed)) {
        const score = digits == "1" && pressed == "0" ? 10 : +pressed;
        digits = pressed;
        parts.radios[score].checked = true;
        parts.radios[score].focus();
        wait();
      }
    }
  }

  function wait() {
    clearTimeout(rest);
    rest = setTimeout(quietly(() => ((digits = ""), save())), REST);
  }

  function save() {
    clearTimeout(rest);
    const score = picked()?.value;
    if (score == undefined || score === saved || !key) return;
    if (isFinished()) return thank(form.thanks);
    if (saved == undefined && !answer.get()) count("answered");
    saved = score;
    answer.score(+score, key, {
      ...place.dimensions,
      channel: "widget",
      locale: form.locale,
      took_ms: Math.round(performance.now() - shownAt),
      respondent_token: needsConsent ? undefined : token(),
    });
    memory.set({ quiet: Date.now() + form.recontact_days * DAY, answered: true, displays: 0 });
    say(text("saved", score));
    ask();
    emit("answered", { score: +score, class: classOf(+score) });
  }

  function ask() {
    parts.about.textContent = form.follow_up[classOf(+saved)];
    parts.more.hidden = false;
    agree();
  }

  function agree() {
    parts.comment.hidden = parts.about.hidden = needsConsent && !parts.consent.checked;
  }

  const written = () => (parts.comment.hidden ? "" : parts.comment.value.trim());
  const draft = (closed) => answer.draft(written(), closed);

  function finish() {
    save();
    const comment = written();
    answer.want({
      finished: true,
      ...(comment && { comment }),
      ...(needsConsent && parts.consent.checked && { consent_version: basis.consent_version, respondent_token: token() }),
    });
    thank(form.thanks);
    emit("finished", {});
  }

  function thank(words) {
    if (!parts.asking.isConnected) return;
    const hadFocus = root.activeElement;
    const thanks = element("p", { className: "thanks", tabIndex: -1 }, words);
    parts.asking.remove();
    parts.status.prepend(thanks);
    say("");
    if (hadFocus) thanks.focus();
  }

  const say = (words) => (parts.note.textContent = words || (preview ? ui.preview : ""));

  function heard(state) {
    if (!card) return;
    if (state == "waiting") say(ui.offline);
    else if (state == "refused") thank(ui.refused);
    else if (parts.note.textContent == ui.offline) say("");
  }

  function refresh() {
    const { want } = answer.get() || {};
    if (isFinished()) thank(form.thanks);
    else if (want) {
      saved = `${want.score}`;
      parts.radios[want.score].checked = true;
      ask();
    }
  }

  /** Another tab has been told to go away. */
  function elsewhere() {
    if (!inline && saved == undefined && memory.get().quiet > Date.now()) hide();
  }

  function dismiss() {
    if (inline || !card) return;
    save();
    if (saved == undefined && !isFinished()) {
      memory.set({ quiet: Date.now() + display.dismissed_days * DAY, answered: false, displays: 0 });
      count("dismissed");
      emit("dismissed", {});
    }
    draft(true);
    hide();
  }

  function hide() {
    if (!card) return;
    const hadFocus = root.activeElement;
    card.remove();
    card = saved = undefined;
    if (hadFocus) before?.focus?.();
    emit("closed", {});
    place.detach();
  }

  function show(focus) {
    before = document.activeElement;
    if (!card) {
      build();
      shownAt = performance.now();
      newKey()
        .then((made) => ((key = made), save()))
        .catch(() => {});
      parts.comment.value = answer.get()?.draft || "";
      say("");
      seen();
      refresh();
    }
    if (focus) (picked() || parts.radios[0]).focus();
  }

  function seen() {
    const note = () => {
      if (!isFinished()) count("shown");
      emit("shown", {});
    };
    if (!inline) {
      memory.set({ displays: (memory.get().displays || 0) + 1 });
      return note();
    }
    new IntersectionObserver(([entry], observer) => entry.isIntersecting && (observer.disconnect(), note())).observe(card);
  }

  return { show, hide, visible: () => !!card, touched: () => saved != undefined || !!root.activeElement, hasDraft };
}
