"""What a survey has got, read back from the deployment."""

from typing import Any, NamedTuple

from tests.e2e.survey import OpenSurvey, unsealed, wait_until


class Got(NamedTuple):
    """An answer as it is stored, with what was written."""

    score: int
    finished: bool = False
    comment: str | None = None


def got(survey: OpenSurvey) -> list[Got]:
    """The survey's answers, oldest first."""
    texts = {item["sk"]["S"].removeprefix("comment#"): unsealed(survey.stack, item)["text"] for item in survey.people() if "text" in item}
    answers = sorted(survey.answers(), key=lambda item: str(item["sk"]["S"]))
    return [_got(item, texts.get(item["sk"]["S"])) for item in answers]


def _got(item: dict[str, Any], comment: str | None) -> Got:
    return Got(int(item["score"]["N"]), "finished" in item, comment)


def wait_for(survey: OpenSurvey, *expected: Got) -> None:
    """Wait until exactly these answers are there; they must then be counted once each."""
    wait_until(lambda: got(survey) == list(expected))
    wait_until(lambda: survey.score().get("answers") == len(expected))
