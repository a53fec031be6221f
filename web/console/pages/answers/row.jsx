import { t } from "../../i18n.js";
import { mayRead } from "../../session.js";
import { AnswerWords, nameOf, Score } from "../../survey/answer-line.jsx";
import { Button } from "../../ui/controls.jsx";

/** One answer of the list. */
export function Row({ answer, survey, user, decide, open }) {
  const { score, person, standing } = answer;
  return (
    <li class={standing == "valid" ? "" : "is-out"}>
      <Score score={score} />
      <AnswerWords survey={survey} answer={answer} />
      <div class="row-actions">
        <Button kind="quiet" onClick={open} aria-label={t("answer.open.of", { score, name: nameOf(person) })}>
          {t("answer.open")}
        </Button>
        {mayRead(user, "answers:exclude") && <Decision {...{ standing, decide }} answer={answer} />}
      </div>
    </li>
  );
}

/** The way into the score or out of it; none for what is final. */
export function Decision({ answer, decide, reason, kind = "quiet" }) {
  const { standing } = answer;
  const act = (what) => () => decide(answer, what, reason);
  return (
    <>
      {["quarantined", "excluded"].includes(standing) && (
        <Button kind={kind} onClick={act("include")}>
          {t("answer.include")}
        </Button>
      )}
      {["quarantined", "valid"].includes(standing) && (
        <Button kind={kind} onClick={act("exclude")}>
          {t("answer.exclude")}
        </Button>
      )}
    </>
  );
}
