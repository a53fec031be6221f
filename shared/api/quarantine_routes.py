"""Routes of the quarantine: what was set aside, and a person's decision about it."""

from typing import Final

from shared.access import Scope
from shared.api import problem as p
from shared.api.quarantine_messages import DecisionBody, Quarantine, SetAside
from shared.api.route import BODY, Parameter, Route
from shared.quarantine import Decision

_SURVEY: Final = "/v1/surveys/{survey_id}"
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_SUMMARIES: Final = {
    Decision.INCLUDE: "Let an answer count that was set aside. It is announced as one that has just come",
    Decision.EXCLUDE: "Set an answer aside: it counts no more. Including it undoes that",
}


def _decide(decision: Decision) -> Route:
    return Route(
        method="POST",
        path=f"{_SURVEY}/answers/{{answer_id}}/{decision}",
        function="manage",
        scope=Scope.ANSWERS_EXCLUDE,
        summary=_SUMMARIES[decision],
        request=DecisionBody,
        request_is_optional=True,
        responses={200: SetAside},
        refusals=(*BODY, p.NoSuchSurvey, p.NoSuchAnswer, p.AnswerFinal, p.TooBusy),
    )


QUARANTINE_ROUTES: Final = (
    Route(
        method="GET",
        path=f"{_SURVEY}/quarantine",
        function="manage",
        scope=Scope.ANSWERS_EXCLUDE,
        summary="The answers that are set aside, by us or by a person, oldest first",
        query=(
            Parameter("from", "The first local day, YYYY-MM-DD; without it, the week that ends on the last", _DAY),
            Parameter("to", "The last local day, included; today unless given. At most 31 days", _DAY),
            Parameter("cursor", "The next_cursor of the page before"),
        ),
        responses={200: Quarantine},
        refusals=(p.Invalid, p.NoSuchSurvey),
    ),
    *(_decide(decision) for decision in Decision),
)
