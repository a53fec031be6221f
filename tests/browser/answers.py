"""What a survey has got, read back from the deployment."""

from typing import Any, NamedTuple

from tests.e2e.survey import OpenSurvey, query, unsealed, wait_until


class Got(NamedTuple):
    """An answer as it is stored, with what was written."""

    score: int
    finished: bool = False
    comment: str | None = None


def got(survey: OpenSurvey) -> list[Got]:
    """The survey's answers, oldest first."""
    answers = sorted(survey.answers(), key=lambda item: str(item["sk"]["S"]))
    return [Got(int(item["score"]["N"]), "finished" in item, _comment(survey, item)) for item in answers]


def _comment(survey: OpenSurvey, answer: dict[str, Any]) -> str | None:
    written = f"comment#{answer['sk']['S']}"
    held = query(survey.stack, "PeopleTable", answer["person_id"]["S"])
    return next((unsealed(survey.stack, item)["text"] for item in held if item["sk"]["S"] == written and "text" in item), None)


def wait_for(survey: OpenSurvey, *expected: Got) -> None:
    """Wait until exactly these answers are there; they must then be counted once each."""
    wait_until(lambda: got(survey) == list(expected))
    wait_until(lambda: survey.score().get("answers") == len(expected))
