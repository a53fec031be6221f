"""Requests of data subjects over HTTP: the code, the token, and that an address tells nothing."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from shared.api.privacy_routes import REQUEST, REQUESTS
from shared.privacy.answering import Handled, handle_request
from shared.privacy.codes import MOST_MAILS, TRIES
from tests.integration.gateway import invoke
from tests.integration.privacy_house import PrivacyHouse, ledger_items

MARIA: Final = "maria@cliente.example"
READ: Final = f"GET {REQUEST}"


@pytest.fixture
def maria(house: PrivacyHouse) -> str:
    """Somebody of whom something is held."""
    house.access.held["p-maria"] = {"comentario": "Demorou demais"}
    return house.people.add("p-maria", email=MARIA, customer_id="cliente-1")


def test_the_code_that_comes_by_mail_opens_what_is_held(house: PrivacyHouse, maria: str) -> None:
    asked = house.ask(MARIA)
    assert (asked.status, asked.body["status"]) == (202, "waiting")
    assert house.work() == [Handled.MAILED]
    confirmed = house.confirm(asked.body["request_id"], house.code())
    assert confirmed.body["held"] == [house.access.of(maria)]
    read = house.call(READ, bearer=confirmed.body["token"], request_id=asked.body["request_id"])
    assert read.body["held"] == confirmed.body["held"]
    assert "token" not in read.body


def test_a_confirmed_deletion_opens_an_erasure_of_the_person(house: PrivacyHouse, maria: str) -> None:
    confirmed = house.confirmed(MARIA, "deletion")
    [erasure] = house.ledger.erasures.values()
    assert (erasure.person_id, erasure.asker, erasure.request_id) == (maria, "subject", confirmed["request_id"])
    assert house.queued() == [{"erasure_id": erasure.erasure_id}]
    assert [each["erasure_id"] for each in confirmed["erasures"]] == [erasure.erasure_id]
    assert confirmed["erasures"][0]["step"] == "mark"


def test_the_letter_goes_to_the_address_on_file_however_it_was_written(house: PrivacyHouse) -> None:
    house.people.add("p-1", email="Maria@Cliente.example")
    in_full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in "maria")
    assert house.ask(f"{in_full_width}@cliente.EXAMPLE").status == 202
    assert house.work() == [Handled.MAILED]
    assert house.letters()[-1].destinations["ToAddresses"] == ["Maria@Cliente.example"]


def test_an_address_that_somebody_had_before_gives_nobody_their_data(house: PrivacyHouse) -> None:
    house.people.add("p-1", email="nova@cliente.example", earlier_email="antiga@cliente.example")
    house.ask("antiga@cliente.example")
    assert house.work() == [Handled.UNKNOWN]
    assert house.letters() == []


def test_several_people_of_one_address_are_all_erased(house: PrivacyHouse) -> None:
    for number in range(3):
        house.people.add(f"p-{number}", email="casa@cliente.example", customer_id=f"c-{number}")
    confirmed = house.confirmed("casa@cliente.example", "deletion")
    assert len(confirmed["erasures"]) == 3
    assert {erasure.person_id for erasure in house.ledger.erasures.values()} == {"p-0", "p-1", "p-2"}


@pytest.mark.parametrize("email", ["ninguem@cliente.example", MARIA])
def test_a_wrong_code_is_refused_alike_for_known_and_unknown_addresses(house: PrivacyHouse, maria: str, email: str) -> None:
    del maria
    request_id = house.ask(email).body["request_id"]
    house.work()
    known = house.confirm(request_id, "00000000")
    nothing = house.confirm("req_" + "z" * 26, "00000000")
    malformed = house.confirm("x", "00000000")
    assert known.status == nothing.status == malformed.status == 422
    assert known.text == nothing.text == malformed.text


def test_a_code_works_once(house: PrivacyHouse, maria: str) -> None:
    del maria
    confirmed = house.confirmed(MARIA)
    again = house.confirm(confirmed["request_id"], house.code())
    assert (again.status, again.problem) == (422, "not-confirmed")


def test_a_code_ends_after_15_minutes(house: PrivacyHouse, maria: str) -> None:
    del maria
    request_id = house.ask(MARIA).body["request_id"]
    house.now += timedelta(minutes=10)
    house.work()
    house.now += timedelta(minutes=15)
    assert house.confirm(request_id, house.code()).problem == "not-confirmed"
    house.now -= timedelta(seconds=1)
    assert house.confirm(request_id, house.code()).status == 200


def test_guesses_end_after_five_even_the_right_one(house: PrivacyHouse, maria: str) -> None:
    del maria
    request_id = house.ask(MARIA).body["request_id"]
    house.work()
    right = house.code()
    wrong = [f"{(int(right) + guess) % 10**8:08}" for guess in range(1, TRIES + 1)]
    assert {house.confirm(request_id, guess).problem for guess in wrong} == {"not-confirmed"}
    assert house.confirm(request_id, right).problem == "not-confirmed"


def test_a_code_is_of_its_own_request_alone(house: PrivacyHouse, maria: str) -> None:
    del maria
    first = house.ask(MARIA).body["request_id"]
    house.work()
    code = house.code()
    second = house.ask(MARIA).body["request_id"]
    house.work()
    assert house.confirm(second, code).problem == "not-confirmed"
    assert house.confirm(first, code).status == 200


@pytest.fixture
def one_call_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call to AWS takes effect as a whole, as DynamoDB's do and moto's under threads do not; calls of several threads still mingle."""
    lock = Lock()
    call: Callable[..., Any] = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - what all clients go through

    def alone(self: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - any answer
        with lock:
            return call(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", alone)


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_right_codes_at_the_same_time_one_is_taken_and_one_erasure_opened(house: PrivacyHouse, maria: str) -> None:
    del maria
    request_id = house.ask(MARIA, "deletion").body["request_id"]
    house.work()
    code = house.code()
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: house.confirm(request_id, code), range(4)))
    assert sorted(reply.status for reply in replies) == [200, 422, 422, 422]
    assert len(house.ledger.erasures) == 1


@pytest.mark.usefixtures("one_call_at_a_time")
def test_wrong_codes_at_the_same_time_use_up_a_try_each(house: PrivacyHouse, maria: str) -> None:
    del maria
    request_id = house.ask(MARIA).body["request_id"]
    house.work()
    right = house.code()
    with ThreadPoolExecutor(4) as pool:
        guesses = [f"{(int(right) + guess) % 10**8:08}" for guess in range(1, 9)]
        assert {reply.status for reply in pool.map(lambda guess: house.confirm(request_id, guess), guesses)} == {422}
    assert house.confirm(request_id, right).status == 422


def test_an_address_gets_five_codes_an_hour_and_whoever_asks_sees_no_difference(house: PrivacyHouse, maria: str) -> None:
    del maria
    replies = [house.ask(MARIA) for _ in range(MOST_MAILS + 2)]
    assert {reply.status for reply in replies} == {202}
    assert sorted(house.work()) == sorted([Handled.MAILED] * MOST_MAILS + [Handled.TOO_MANY] * 2)
    house.now += timedelta(hours=1)
    house.ask(MARIA)
    assert house.work() == [Handled.MAILED]


def test_a_message_that_the_queue_brings_again_mails_nothing_more(house: PrivacyHouse, maria: str) -> None:
    del maria
    house.ask(MARIA)
    [message] = house.queued()
    assert handle_request(message["request_id"], house.answering) is Handled.MAILED
    assert handle_request(message["request_id"], house.answering) is Handled.GONE
    assert len(house.letters()) == 1


def test_a_request_that_is_looked_up_too_late_mails_nothing_and_its_address_is_forgotten(house: PrivacyHouse, maria: str) -> None:
    del maria
    house.ask(MARIA)
    house.now += timedelta(minutes=15)
    assert house.work() == [Handled.TOO_LATE]
    assert not any("sealed" in item for item in ledger_items())


def test_no_address_is_kept_readable_and_none_at_all_once_it_was_looked_up(
    house: PrivacyHouse, maria: str, logged: Callable[[], str]
) -> None:
    del maria
    house.ask(MARIA)
    house.ask("ninguem@cliente.example")
    assert "cliente.example" not in json.dumps(ledger_items())
    assert "cliente.example" not in json.dumps(house.queued()) + logged()
    for item in ledger_items():
        assert house.answering.requests.address(item["pk"]["S"].removeprefix("request#")) is not None


def test_the_address_goes_when_it_was_looked_up(house: PrivacyHouse, maria: str) -> None:
    del maria
    for email in (MARIA, "ninguem@cliente.example"):
        house.ask(email)
    house.work()
    assert not any("sealed" in item for item in ledger_items())


@pytest.mark.parametrize("token", ["", "x", "ção", "a" * 5000])
def test_a_request_opens_with_its_own_token_alone(house: PrivacyHouse, maria: str, token: str) -> None:
    del maria
    confirmed = house.confirmed(MARIA)
    other = house.confirmed(MARIA)
    reply = house.call(READ, bearer=token, request_id=confirmed["request_id"])
    assert reply.status == (404 if token else 401)
    assert house.call(READ, bearer=other["token"], request_id=confirmed["request_id"]).problem == "no-such-request"


def test_an_access_closes_after_an_hour(house: PrivacyHouse, maria: str) -> None:
    del maria
    confirmed = house.confirmed(MARIA)
    house.now += timedelta(hours=1)
    assert house.call(READ, bearer=confirmed["token"], request_id=confirmed["request_id"]).problem == "no-such-request"


@pytest.mark.parametrize("wanted", ["json", "csv"])
def test_what_is_held_can_be_taken_along(house: PrivacyHouse, maria: str, wanted: str) -> None:
    del maria
    confirmed = house.confirmed(MARIA)
    reply = house.call(f"GET {REQUEST}/data", bearer=confirmed["token"], request_id=confirmed["request_id"])
    assert "Demorou demais" in reply.text
    headers = {"authorization": f"Bearer {confirmed['token']}"}
    file = invoke(f"GET {REQUEST}/data", None, headers=headers, query={"format": wanted}, path={"request_id": confirmed["request_id"]})
    assert file.status == 200
    assert "Demorou demais" in file.text
    assert file.headers["content-disposition"] == f'attachment; filename="recomenda.{wanted}"'


def test_a_deletion_has_no_data_to_take_along(house: PrivacyHouse, maria: str) -> None:
    del maria
    confirmed = house.confirmed(MARIA, "deletion")
    reply = house.call(f"GET {REQUEST}/data", bearer=confirmed["token"], request_id=confirmed["request_id"])
    assert reply.problem == "no-data-asked-for"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "access"},
        {"type": "forget", "email": MARIA},
        {"type": "access", "email": "maria"},
        {"type": "access", "email": "maria@x\n"},
        {"type": "access", "email": "maria@x\r\nBcc: a@b.c"},
        {"type": "access", "email": "a" * 251 + "@b.c"},
        {"type": "access", "email": [MARIA]},
        {"type": "access", "email": MARIA, "cpf": "1"},
        {"type": "access", "email": MARIA, "survey_id": "demo"},
        {"type": "access", "survey_id": "demo"},
        {"type": "access", "answer_id": "0" * 36},
        {"type": "access", "survey_id": "../x", "answer_id": "0" * 36},
        {"type": "access", "email": MARIA, "respondent_token": "x", "survey_id": "demo"},
        {"type": "access", "email": MARIA, "locale": "fr"},
        {"type": "access", "email": "\0@x"},
    ],
)
def test_a_body_that_is_not_expected_is_refused_and_not_repeated(house: PrivacyHouse, body: dict[str, object]) -> None:
    reply = house.call(f"POST {REQUESTS}", body)
    assert reply.status == 422
    assert "maria" not in reply.text
    assert ledger_items() == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'"x"', b"\xff", b"[" * 5000, b'{"type": "access", "email": "\\ud800@x"}'])
def test_a_body_that_cannot_be_read_is_refused(house: PrivacyHouse, raw: bytes) -> None:
    assert house.call(f"POST {REQUESTS}", raw=raw).status in {400, 422}


def test_a_body_that_is_too_large_is_refused(house: PrivacyHouse) -> None:
    assert house.call(f"POST {REQUESTS}", {"type": "access", "email": "a" * 17_000}).status == 413


@pytest.mark.parametrize("code", ["", "1234567", "123456789", "12345678\n", "1234567a", "١٢٣٤٥٦٧٨", 12345678, None, ["12345678"]])
def test_what_cannot_be_a_code_is_refused_without_using_up_a_try(house: PrivacyHouse, maria: str, code: object) -> None:
    del maria
    request_id = house.ask(MARIA).body["request_id"]
    house.work()
    for _ in range(TRIES):
        assert house.call(f"POST {REQUEST}/confirm", {"code": code}, request_id=request_id).problem == "invalid"
    assert house.confirm(request_id, house.code()).status == 200
