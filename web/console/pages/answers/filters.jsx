import { useState } from "preact/hooks";
import { t } from "../../i18n.js";
import { useQuery } from "../../router.js";
import { Button, Checkbox, SelectField, TextField } from "../../ui/controls.jsx";

const CLASSES = ["detractor", "passive", "promoter"];
const STANDINGS = ["quarantined", "excluded"];
const EVERY_STANDING = "valid,quarantined,excluded";

/** What of the address narrows the list, as the API takes it. */
export const filtersOf = ({ class: kind, score, standing, commented }) => ({
  class: kind,
  score,
  commented,
  standing: standing == "all" ? EVERY_STANDING : standing,
});

/** Which scores, whether with a comment, whether they count, and which end comes first. */
export function AnswerFilters() {
  const [query, set] = useQuery();
  const change = (changes) => set({ ...changes, cursor: null });
  const scores = [
    ["", t("filter.every_score")],
    ...CLASSES.map((each) => [each, t(`filter.${each}`)]),
    {
      label: t("filter.one_score"),
      options: Array.from({ length: 11 }, (_, score) => [String(score), t("filter.score", { score })]),
    },
  ];
  const chosen = (value) => change(CLASSES.includes(value) ? { class: value, score: null } : { class: null, score: value });
  return (
    <>
      <SelectField label={t("filter.scores")} options={scores} value={query.class ?? query.score ?? ""} onChange={chosen} />
      <SelectField
        label={t("filter.standing")}
        options={[
          ["", t("standing.valid")],
          ...STANDINGS.map((each) => [each, t(`standing.${each}`)]),
          ["all", t("filter.every_standing")],
        ]}
        value={query.standing ?? ""}
        onChange={(standing) => change({ standing })}
      />
      <SelectField
        label={t("filter.order")}
        options={[
          ["", t("filter.newest")],
          ["oldest", t("filter.oldest")],
        ]}
        value={query.order ?? ""}
        onChange={(order) => change({ order })}
      />
      <Checkbox
        label={t("filter.commented")}
        checked={query.commented == "true"}
        onChange={(event) => change({ commented: event.currentTarget.checked ? "true" : null })}
      />
    </>
  );
}

/** Looks for words in comments. They may name somebody, so they stay out of the page's address. */
export function Search({ search }) {
  const [isActive, activate] = useState(false);
  const send = (event) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get("words").trim();
    activate(text != "");
    search(text);
  };
  const clear = (event) => {
    event.currentTarget.form.reset();
    activate(false);
    search("");
  };
  return (
    <form class="search" role="search" onSubmit={send} action="#" method="post">
      <TextField
        isQuiet
        label={t("search.label")}
        placeholder={t("search.placeholder")}
        name="words"
        type="search"
        maxlength={200}
        autocomplete="off"
      />
      <Button type="submit" icon="search" aria-label={t("search.action")} />
      {isActive && (
        <Button kind="quiet" onClick={clear}>
          {t("search.clear")}
        </Button>
      )}
    </form>
  );
}
