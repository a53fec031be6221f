import { post } from "../../api.js";
import { forget } from "../../data.js";
import { t } from "../../i18n.js";
import { complain, toast } from "../../ui/toasts.jsx";

const STANDING = { include: "valid", exclude: "excluded" };

/**
 * Takes an answer out of the score or into it: `decide(answer, "exclude", reason)`. It is done at once and can be undone where the answer counted
 * or was taken out by somebody before; what was set aside by us does not go back to being so.
 */
export function useDecisions(survey, found) {
  const show = (answer_id, standing) =>
    found.change(
      (data) =>
        data && { ...data, answers: data.answers.map((each) => (each.answer_id == answer_id ? { ...each, standing } : each)) },
    );
  const put = async (answer, what, reason) => {
    await post(`surveys/${survey.survey_id}/answers/${answer.answer_id}/${what}`, reason ? { reason } : undefined);
    forget(`surveys/${survey.survey_id}/`);
    show(answer.answer_id, STANDING[what]);
  };
  return async (answer, what, reason) => {
    const back = { valid: "include", excluded: "exclude" }[answer.standing];
    try {
      await put(answer, what, reason);
      toast(t(`answer.${what}d`), { undo: back && (() => put(answer, back)) });
      return true;
    } catch (problem) {
      complain(problem);
      return false;
    }
  };
}
