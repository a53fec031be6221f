import { t } from "../../i18n.js";
import { mayRead } from "../../session.js";
import { Dimensions, nameOf, Score, When } from "../../survey/answer-line.jsx";
import { Button } from "../../ui/controls.jsx";

/** One answer of the list. */
export function Row({ answer, survey, user, decide, open }) {
  const { score, person, comment, standing, answered_at } = answer;
  return (
    <li class={standing == "valid" ? "" : "is-out"}>
      <Score score={score} />
      <div>
        <p class="who">
          <b>{nameOf(person)}</b>
          <span class="soft"><When at={answered_at} timeZone={survey.time_zone} /></span>
        </p>
        {comment ? <p class="comment short">{comment}</p> : <p class="soft">{t("answer.no_comment")}</p>}
        <p class="tags">
          {standing != "valid" && <span class="tag warn">{t(`standing.${standing}`)}</span>}
          <Dimensions survey={survey} answer={answer} />
        </p>
      </div>
      <div class="row-actions">
        <Button kind="quiet" onClick={open} aria-label={t("answer.open.of", { score, name: nameOf(person) })}>{t("answer.open")}</Button>
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
      {["quarantined", "excluded"].includes(standing) && <Button kind={kind} onClick={act("include")}>{t("answer.include")}</Button>}
      {["quarantined", "valid"].includes(standing) && <Button kind={kind} onClick={act("exclude")}>{t("answer.exclude")}</Button>}
    </>
  );
}
