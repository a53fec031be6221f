"""Asking without an e-mail: by the edit key of one's own answer, or by a token that the company signed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.api.privacy_routes import REQUEST, REQUESTS
from tests.fakes.reception import KEY, OTHER_KEY, token
from tests.integration.asking import POST, ask, keep, named, new_id, survey_of
from tests.integration.privacy_house import PrivacyHouse

CREATE = f"POST {REQUESTS}"


@pytest.fixture
def answer_id(house: PrivacyHouse) -> str:
    """An anonymous answer, posted as a device posts it."""
    house.now = datetime.now(UTC).replace(microsecond=0)
    keep(survey_of())
    posted = new_id()
    assert ask(POST, named(posted), survey_id="demo").status == 201
    return posted


def body(answer_id: str, type_: str = "access", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"type": type_, "survey_id": "demo", "answer_id": answer_id} | changes


def test_the_key_of_an_answer_opens_its_person_at_once(house: PrivacyHouse, answer_id: str) -> None:
    made = house.call(CREATE, body(answer_id), bearer=KEY)
    assert (made.status, made.body["status"]) == (202, "confirmed")
    read = house.call(f"GET {REQUEST}", bearer=made.body["token"], request_id=made.body["request_id"])
    assert read.body["held"] == [{"proven": [answer_id]}]


def test_the_key_of_an_answer_erases_its_person_and_the_answer_that_nothing_else_leads_to(house: PrivacyHouse, answer_id: str) -> None:
    made = house.call(CREATE, body(answer_id, "deletion"), bearer=KEY)
    assert made.status == 202
    [(erasure_id, noted)] = house.ledger.noted.items()
    assert [key.answer_id for key in noted] == [answer_id]
    assert {"erasure_id": erasure_id} in house.queued()
    assert house.people.asked == []


@pytest.mark.parametrize("key", [OTHER_KEY, "-", "x" * 4000, "ção"])
def test_another_key_opens_nothing(house: PrivacyHouse, answer_id: str, key: str) -> None:
    refused = house.call(CREATE, body(answer_id), bearer=key)
    nothing = house.call(CREATE, body(new_id(7)), bearer=key)
    assert (refused.status, refused.text) == (404, nothing.text)


def test_without_a_key_an_answer_opens_nothing(house: PrivacyHouse, answer_id: str) -> None:
    assert house.call(CREATE, body(answer_id)).problem == "credential-missing"
    assert house.call(CREATE, body(answer_id, survey_id="nenhuma"), bearer=KEY).problem == "no-such-survey"
    assert house.call(CREATE, body("x" * 36), bearer=KEY).problem == "no-such-answer"


def test_a_signed_token_opens_its_customers_data(house: PrivacyHouse, answer_id: str) -> None:
    del answer_id
    house.people.add("p-1", customer_id="cliente-1")
    made = house.call(CREATE, {"type": "deletion", "survey_id": "demo", "respondent_token": token()})
    assert (made.status, made.body["status"]) == (202, "confirmed")
    assert [erasure.person_id for erasure in house.ledger.erasures.values()] == ["p-1"]


def test_a_signed_token_of_somebody_unknown_finds_nothing(house: PrivacyHouse, answer_id: str) -> None:
    del answer_id
    made = house.call(CREATE, {"type": "access", "survey_id": "demo", "respondent_token": token()}).body
    assert house.call(f"GET {REQUEST}", bearer=made["token"], request_id=made["request_id"]).body["held"] == []


@pytest.mark.parametrize("wrong", [token(b"another-secret-of-32-bytes-or-more"), "x", "a.b.c", token(sub=""), token(exp=1)])
def test_a_token_that_is_not_the_surveys_opens_nothing(house: PrivacyHouse, answer_id: str, wrong: str) -> None:
    del answer_id
    reply = house.call(CREATE, {"type": "access", "survey_id": "demo", "respondent_token": wrong})
    assert reply.problem == "token-refused"
    assert house.people.asked == []
