"""One answer over HTTP, for who may read answers: what alerts link to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any

import pytest

from functions.answers import composition
from functions.answers import handler as answers
from functions.collect import handler as collect
from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Change, Standing
from shared.intake.ports import Claims, Comment, Occasion
from shared.store.answers import Answers
from shared.store.people import People
from shared.store.person_keys import PersonKeys
from shared.store.tables import AnswerItem, PersonItem
from shared.survey import Survey
from tests.events import api_request
from tests.fakes.samples import answer_of
from tests.integration.asking import keep, master_keys, survey_of
from tests.integration.gateway import Reply, assert_documented

ROUTE = "GET /v1/surveys/{survey_id}/answers/{answer_id}"
READER = {"key_id": "reader", "scopes": "scores:read answers:read"}
ANA = Claims(customer_id="cliente-1", email="ana@exemplo.com.br", name="Ana Prado")


def show(answer_id: str, survey_id: str = "demo", scopes: str = READER["scopes"]) -> Reply:
    event = api_request(ROUTE, path={"survey_id": survey_id, "answer_id": answer_id})
    event["requestContext"]["authorizer"] = {"lambda": READER | {"scopes": scopes}}
    response = answers.handle(event, None)
    reply = Reply(response["statusCode"], response["headers"], response["body"])
    assert_documented(ROUTE, reply)
    return reply


@dataclass
class Place:
    """A survey, and what was answered to it."""

    survey: Survey
    now: datetime

    def __post_init__(self) -> None:
        self.people = People(lambda: b"pepper", PersonKeys(master_keys(), token_bytes), bytes)
        self.until = self.now + timedelta(days=60)

    def identified(self) -> str:
        occasion = Occasion("demo", "019cd843-1180-7000-8000-000000000001", self.until)
        return self.people.identify(ANA, occasion, self.now)

    def given(self, **changes: Any) -> Answer:  # noqa: ANN401 - any field of an answer
        answer = answer_of(self.survey, 1, 3, instant=self.now, **changes)
        assert Answers().add(answer)
        return answer

    def comment(self, answer: Answer, text: str, edit_key_hash: str | None = None) -> None:
        self.people.replace_comment(
            Comment(
                person_id=answer.person_id,
                survey_id="demo",
                answer_id=answer.key.answer_id,
                edit_key_hash=edit_key_hash or answer.edit_key_hash,
                text=text,
                written_at=self.now,
                expires_at=self.until,
            )
        )


@pytest.fixture
def place(aws: None) -> Iterator[Place]:  # noqa: ARG001 - what it stands on
    composition.compose.cache_clear()
    survey = keep(survey_of())
    composition.compose()
    yield Place(survey, datetime.now(UTC))
    for function in (composition, collect):
        function.compose.cache_clear()


def test_an_answer_is_shown_with_its_comment_and_its_person(place: Place) -> None:
    answer = place.given(person_id=place.identified(), finished=True)
    place.comment(answer, "Demorou demais 🚚")
    body = show(answer.key.answer_id).body
    assert (body["score"], body["class"], body["standing"], body["finished"]) == (3, "detractor", "valid", True)
    assert (body["touchpoint"], body["segments"]) == ("checkout", {"plan": "pro"})
    assert body["comment"] == "Demorou demais 🚚"
    assert body["person"] == {"customer_id": "cliente-1", "email": "ana@exemplo.com.br", "name": "Ana Prado"}


def test_an_anonymous_answer_without_a_comment_has_neither(place: Place) -> None:
    body = show(place.given().key.answer_id).body
    assert (body["comment"], body["person"]) == (None, None)


def test_a_comment_that_another_key_left_at_an_answer_is_not_shown(place: Place) -> None:
    answer = place.given()
    place.comment(answer, "intruso", "f" * 64)
    assert show(answer.key.answer_id).body["comment"] is None


def test_nothing_of_an_erased_person_is_shown(place: Place) -> None:
    answer = place.given(person_id=place.identified())
    place.comment(answer, "Demorou")
    PersonItem(answer.person_id, "profile").update(actions=[PersonItem.erased.set(1)])
    body = show(answer.key.answer_id).body
    assert (body["score"], body["comment"], body["person"]) == (3, None, None)


def test_a_withdrawn_answer_says_so(place: Place) -> None:
    answer = place.given()
    assert Answers().change(answer.key, Change(standing=Standing.WITHDRAWN), place.now)
    body = show(answer.key.answer_id).body
    assert (body["class"], body["standing"]) == (None, "withdrawn")


def test_what_is_not_there_or_has_expired_is_not_found(place: Place) -> None:
    answer = place.given()
    other = AnswerKey.of(place.survey, ids.parse(answer.key.answer_id[:-1] + "0"))
    for answer_id in (other.answer_id, "none", "../keys", answer.key.answer_id.upper()):
        assert (show(answer_id).status, show(answer_id).problem) == (404, "no-such-answer")
    assert show(answer.key.answer_id, "outra").problem == "no-such-survey"
    AnswerItem(*answer.key).update(actions=[AnswerItem.expires_at.set(int(place.now.timestamp()) - 1)])
    assert show(answer.key.answer_id).problem == "no-such-answer"


def test_who_may_read_scores_alone_sees_no_answer(place: Place) -> None:
    refused = show(place.given().key.answer_id, scopes="scores:read")
    assert (refused.status, refused.problem) == (403, "scope-missing")


def test_the_log_says_who_looked_and_nothing_that_they_saw(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    answer = place.given(person_id=place.identified())
    place.comment(answer, "Demorou")
    show(answer.key.answer_id)
    [record] = [record for record in caplog.records if record.message == "answer shown"]
    assert vars(record)["answer_id"] == answer.key.answer_id
    assert vars(record)["key_id"] == "reader"
    assert not [secret for secret in ("Demorou", "Ana", "ana@", answer.person_id) if secret in str(vars(record))]
