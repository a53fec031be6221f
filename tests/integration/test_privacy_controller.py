"""Erasures, legal holds and receipts over HTTP."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.privacy import erasures
from shared.api.privacy_routes import ERASURE, ERASURES, HOLDS, RECEIPT, RECEIPT_KEYS, RECIPIENT
from shared.privacy.erasure import Impossible, Recipient, Step, TellingStatus
from tests.fakes.doors import RECEIPT as SIGNED
from tests.integration.privacy_house import PrivacyHouse, ledger_items

MARIA = {"email": "maria@cliente.example", "reason": "Pedido por telefone, protocolo 123"}


def opened(house: PrivacyHouse, **body: object) -> dict[str, Any]:
    reply = house.control(f"POST {ERASURES}", {**MARIA, **body})
    assert reply.status == 202, reply.text
    [erasure] = reply.body["erasures"]
    return dict(erasure)


@pytest.fixture(autouse=True)
def _maria(house: PrivacyHouse) -> None:
    house.people.add("p-maria", email=MARIA["email"], customer_id="cliente-1")


@pytest.mark.parametrize("identifier", [{"email": "MARIA@cliente.example"}, {"customer_id": "cliente-1"}])
def test_the_controller_erases_whoever_has_the_identifier(house: PrivacyHouse, identifier: dict[str, str]) -> None:
    reply = house.control(f"POST {ERASURES}", {"reason": "Pedido em loja", "legal_reference": "LGPD art. 15", **identifier})
    [erasure] = reply.body["erasures"]
    assert house.ledger.erasures[erasure["erasure_id"]].person_id == "p-maria"
    assert (erasure["asker"], erasure["reason"], erasure["legal_reference"]) == ("controller", "Pedido em loja", "LGPD art. 15")
    assert {"erasure_id": erasure["erasure_id"]} in house.queued()
    assert "maria" not in reply.text
    assert "p-maria" not in reply.text


def test_nobody_by_that_identifier_is_not_found(house: PrivacyHouse) -> None:
    reply = house.control(f"POST {ERASURES}", {**MARIA, "email": "ninguem@cliente.example"})
    assert (reply.status, reply.problem) == (404, "nobody-found")
    assert "ninguem" not in reply.text


def test_a_legal_hold_refuses_the_controller_with_its_reason(house: PrivacyHouse) -> None:
    held = house.control(f"POST {HOLDS}", {"customer_id": "cliente-1", "reason": "Processo em curso", "legal_reference": "CPC art. 77"})
    assert held.status == 201
    reply = house.control(f"POST {ERASURES}", MARIA)
    assert (reply.status, reply.problem) == (409, "legal-hold")
    assert (reply.body["detail"], reply.body["legal_reference"]) == ("Processo em curso", "CPC art. 77")
    assert house.ledger.erasures == {}
    assert house.control(f"DELETE {HOLDS}/{{hold_id}}", hold_id=held.body["hold_id"]).status == 204
    assert opened(house)["step"] == "mark"


def test_a_legal_hold_refuses_the_data_subject_with_its_reason(house: PrivacyHouse) -> None:
    house.control(f"POST {HOLDS}", {**MARIA, "legal_reference": "CPC art. 77"})
    [erasure] = house.confirmed(MARIA["email"], "deletion")["erasures"]
    assert (erasure["refusal"], erasure["reason"], erasure["legal_reference"]) == ("legal_hold", MARIA["reason"], "CPC art. 77")
    assert erasure["step"] == "done"
    assert house.queued() == []


def test_a_hold_forbids_no_access(house: PrivacyHouse) -> None:
    house.control(f"POST {HOLDS}", {**MARIA, "legal_reference": "CPC art. 77"})
    assert len(house.confirmed(MARIA["email"])["held"]) == 1


def test_a_hold_ends_by_itself(house: PrivacyHouse) -> None:
    until = house.now + timedelta(days=2)
    house.control(f"POST {HOLDS}", {**MARIA, "legal_reference": "CPC art. 77", "until": until.isoformat()})
    house.now = until
    assert house.control(f"GET {HOLDS}").body == {"holds": []}
    assert opened(house)["step"] == "mark"


def test_a_hold_names_nobody_and_ends_once(house: PrivacyHouse) -> None:
    held = house.control(f"POST {HOLDS}", {**MARIA, "legal_reference": "CPC art. 77"}).body
    listed = house.control(f"GET {HOLDS}")
    assert listed.body == {"holds": [held]}
    assert "maria" not in listed.text + str(ledger_items())
    house.control(f"DELETE {HOLDS}/{{hold_id}}", hold_id=held["hold_id"])
    assert house.control(f"DELETE {HOLDS}/{{hold_id}}", hold_id=held["hold_id"]).problem == "no-such-hold"
    assert ledger_items() == []


def test_a_hold_cannot_end_before_it_begins(house: PrivacyHouse) -> None:
    body = {**MARIA, "legal_reference": "CPC art. 77", "until": house.now.isoformat()}
    assert house.control(f"POST {HOLDS}", body).problem == "invalid"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "maria@cliente.example"},
        {"reason": "x"},
        {**MARIA, "customer_id": "cliente-1"},
        {**MARIA, "reason": ""},
        {**MARIA, "reason": "Pedido de maria@cliente.example"},
        {**MARIA, "reason": "x" * 501},
        {**MARIA, "email": None},
        {**MARIA, "legal_reference": 7},
        {**MARIA, "person_id": "p-maria"},
    ],
)
def test_what_is_not_expected_is_refused_and_not_repeated(house: PrivacyHouse, body: dict[str, object]) -> None:
    reply = house.control(f"POST {ERASURES}", body)
    assert reply.problem == "invalid"
    assert "maria" not in reply.text
    assert house.ledger.erasures == {}


def test_erasures_are_listed_newest_first_page_by_page(house: PrivacyHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasures, "PAGE", 2)
    made = []
    for _ in range(3):
        made.append(opened(house)["erasure_id"])
        house.now += timedelta(minutes=1)
    first = house.control(f"GET {ERASURES}").body
    second = house.control(f"GET {ERASURES}", query={"cursor": first["next_cursor"]}).body
    assert [each["erasure_id"] for each in first["erasures"] + second["erasures"]] == made[::-1]
    assert second["next_cursor"] is None
    since = house.control(f"GET {ERASURES}", query={"from": (house.now - timedelta(minutes=1)).isoformat()}).body
    assert [each["erasure_id"] for each in since["erasures"]] == made[2:]


def told_of(house: PrivacyHouse, status: TellingStatus = TellingStatus.TOLD, reason: Impossible | None = None) -> Recipient:
    return Recipient(
        channel_id="ch_aaaaaaaaaaaaaaaa",
        name="Sala",
        kind="slack",
        host="hooks.slack.com",
        country="US",
        fields=frozenset({"comment"}),
        first_at=house.now,
        last_at=house.now,
        times=1,
        status=status,
        reason=reason,
    )


def test_a_recipient_that_could_not_be_told_is_acknowledged_like_any(house: PrivacyHouse) -> None:
    erasure_id, recipient = opened(house)["erasure_id"], told_of(house, TellingStatus.IMPOSSIBLE, Impossible.NOT_TAKEN)
    house.ledger.note_recipient(erasure_id, recipient)
    reply = house.control(f"POST {RECIPIENT}/acknowledge", erasure_id=erasure_id, channel_id=recipient.channel_id).body
    assert (reply["status"], reply["reason"]) == ("acknowledged", None)


def test_a_recipient_is_acknowledged_once(house: PrivacyHouse) -> None:
    erasure_id, recipient = opened(house)["erasure_id"], told_of(house)
    house.ledger.note_recipient(erasure_id, recipient)
    path = {"erasure_id": erasure_id, "channel_id": recipient.channel_id}
    first = house.control(f"POST {RECIPIENT}/acknowledge", **path).body
    assert (first["status"], first["acknowledged_at"]) == ("acknowledged", house.now.isoformat().replace("+00:00", "Z"))
    house.now += timedelta(hours=1)
    assert house.control(f"POST {RECIPIENT}/acknowledge", **path).body == first
    assert house.control(f"GET {ERASURE}", erasure_id=erasure_id).body["recipients"] == [first]
    assert house.control(f"POST {RECIPIENT}/acknowledge", **path | {"channel_id": "ch_" + "b" * 16}).problem == "no-such-recipient"
    assert house.control(f"GET {ERASURE}").problem == "no-such-erasure"


def test_the_controllers_notes_are_not_the_subjects_answer(house: PrivacyHouse) -> None:
    confirmed = house.confirmed(MARIA["email"], "deletion")
    [erasure] = house.ledger.erasures.values()
    done = replace(erasure, reason="Nota interna", step=Step.DONE, done_at=house.now, receipt_id="rec_" + "a" * 32)
    house.ledger.erasures[erasure.erasure_id] = done
    read = house.call("GET /v1/privacy/requests/{request_id}", bearer=confirmed["token"], request_id=confirmed["request_id"])
    assert "Nota interna" not in read.text
    assert read.body["erasures"][0]["receipt_id"] == done.receipt_id


def test_a_receipt_and_its_keys_are_open_to_everybody(house: PrivacyHouse) -> None:
    receipt_id = "rec_" + "a" * 32
    house.receipts.receipts[receipt_id] = SIGNED
    found = house.call(f"GET {RECEIPT}", receipt_id=receipt_id)
    assert found.body == {"receipt_id": receipt_id, "receipt": SIGNED, "claims": {"receipt_id": "rec_1", "counts": {"people.comment": 2}}}
    assert house.call(f"GET {RECEIPT_KEYS}").body["keys"][0]["crv"] == "Ed25519"
    for unknown in ("rec_" + "b" * 32, "x", "../" + "a" * 20, "a" * 500):
        assert house.call(f"GET {RECEIPT}", receipt_id=unknown).problem == "no-such-receipt"


def test_without_the_scope_nothing_of_it_opens(house: PrivacyHouse) -> None:
    posts, gets = (ERASURES, f"{RECIPIENT}/acknowledge", HOLDS), (ERASURES, ERASURE, HOLDS)
    for route in (*(f"POST {path}" for path in posts), *(f"GET {path}" for path in gets), f"DELETE {HOLDS}/{{hold_id}}"):
        assert house.call(route, MARIA).problem == "scope-missing"
