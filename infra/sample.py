"""`python -m infra.sample`: posts Delighted's published sample over HTTP to the local deployment, as untidily as real life would.

32 promoters, 13 passives, 6 detractors (NPS 51, 95 % interval 29.3 to 67.0): some with comments, some identified by a signed token,
shuffled, every tenth POST sent twice, some scores changed by PATCH and back. Then the score is read until all is counted.
"""

import random
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import jwt
from rich.console import Console

from infra.local.stack import Response, Stack
from shared import answer_id as ids

SCORES: Final = (*[9] * 12, *[10] * 20, *[7] * 6, *[8] * 7, 0, 2, 3, 4, 5, 6)
EXPECTED: Final = {"answers": 51, "promoters": 32, "passives": 13, "detractors": 6, "nps": 51}
_COMMENTS: Final = ("Entrega rápida, recomendo", "O suporte demorou a responder", "Bom, mas o preço subiu", "")
_TOUCHPOINTS: Final = ("checkout", "support", None)
_SECONDS_TO_COUNT: Final = 30


class UnexpectedResponseError(Exception):
    """The API answered otherwise than the sample counts on."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer that was sent: what identifies it and what may change it."""

    answer_id: str
    edit_key: str
    body: dict[str, Any]


def new_survey(stack: Stack) -> str:
    """Make and open a survey for one run of the sample."""
    survey_id = f"sample-{secrets.token_hex(4)}"
    made = stack.request("GET", f"/v1/surveys/{stack.survey_id}", key=stack.api_key).json()
    fields = ("name", "company", "touchpoints", "channels", "segments", "locales", "legal_basis", "encarregado", "retention_days")
    _expect(201, stack.request("POST", "/v1/surveys", {"survey_id": survey_id} | {name: made[name] for name in fields}, key=stack.api_key))
    _expect(200, stack.request("POST", f"/v1/surveys/{survey_id}/open", key=stack.api_key))
    return survey_id


def post_sample(stack: Stack, survey_id: str, seed: int = 51) -> list[Sent]:
    """Send the sample; returns what was sent, in the order of sending."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable order
    secret = _expect(201, stack.request("POST", f"/v1/surveys/{survey_id}/signing-secret", key=stack.api_key)).json()["signing_secret"]
    answers = list(_answers(chance, secret))
    chance.shuffle(answers)
    path = f"/v1/surveys/{survey_id}/answers"
    for number, sent in enumerate(answers, start=1):
        _expect(201, stack.request("POST", path, sent.body))
        if number % 10 == 0:
            _expect(200, stack.request("POST", path, sent.body))
    for sent in chance.sample(answers, 5):
        for score in (10 - sent.body["score"], sent.body["score"]):
            _expect(200, stack.request("PATCH", f"{path}/{sent.answer_id}", {"score": score}, key=sent.edit_key))
    return answers


def wait_for_score(stack: Stack, survey_id: str, seconds: float = _SECONDS_TO_COUNT) -> dict[str, Any]:
    """The score once it is what the sample should give, or as it stands when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        report: dict[str, Any] = _expect(200, stack.request("GET", f"/v1/surveys/{survey_id}/nps", key=stack.api_key)).json()
        if all(report[name] == value for name, value in EXPECTED.items()) or time.monotonic() > deadline:
            return report
        time.sleep(0.3)


def _answers(chance: random.Random, secret: str) -> Iterator[Sent]:
    for number, score in enumerate(SCORES):
        key = secrets.token_urlsafe(32)
        answer_id = ids.mint(datetime.now(UTC), secrets.randbits(74))
        body: dict[str, Any] = {"score": score, "answer_id": answer_id, "edit_key_hash": sha256(key.encode()).hexdigest()}
        if touchpoint := chance.choice(_TOUCHPOINTS):
            body["touchpoint"] = touchpoint
        if number % 3 == 0:
            body["comment"] = chance.choice(_COMMENTS)
        if number % 4 == 0:
            claims = {"sub": f"cliente-{number}", "email": f"cliente{number}@example.com", "segments": {"plan": "pro"}}
            body["respondent_token"] = jwt.encode(claims | {"exp": datetime.now(UTC) + timedelta(hours=1)}, secret, "HS256")
        yield Sent(answer_id, key, body)


def _expect(status: int, response: Response) -> Response:
    if response.status != status:
        raise UnexpectedResponseError(f"expected {status}, got {response.status}: {response.body.decode(errors='replace')}")
    return response


def main() -> int:
    """Run the sample on a survey of its own."""
    console = Console()
    try:
        stack = Stack.read()
    except FileNotFoundError:
        console.print("There is no local deployment: start one with `make run`.")
        return 2
    survey_id = new_survey(stack)
    console.print(f"posting {len(SCORES)} answers to survey {survey_id}")
    post_sample(stack, survey_id)
    report = wait_for_score(stack, survey_id)
    console.print_json(data=report)
    agrees = all(report[name] == value for name, value in EXPECTED.items())
    console.print("as expected" if agrees else f"expected {EXPECTED}", style="green" if agrees else "red")
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
