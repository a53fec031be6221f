"""What requests of data subjects and legal holds count on: of the stores in memory, which tests use, and of the ledger's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import boto3
import pytest
from moto import mock_aws

from shared.answer import AnswerKey
from shared.privacy.codes import LIFE, MOST_MAILS, TRIES
from shared.privacy.door_ports import LegalHolds, Requests
from shared.privacy.holds import Hold
from shared.privacy.requests import RequestStatus, RequestType, asked
from shared.store.holds import HoldStore
from shared.store.privacy_requests import PrivacyRequests
from shared.store.sealing import Sealing
from shared.store.tables import LedgerItem, bind, forget_connection
from tests.fakes.doors import MemoryHolds, MemoryRequests, instant

EMAIL: Final = "maria@cliente.example"
NOW: Final = instant()
REQUEST: Final = asked("req_" + "a" * 26, RequestType.DELETION, "es", NOW)
ID: Final = REQUEST.request_id
CONFIRMED: Final = replace(
    REQUEST,
    status=RequestStatus.CONFIRMED,
    token_hash="0" * 64,
    until=NOW + timedelta(days=30),
    tries_left=0,
    erasures=("era_1", "era_2"),
    persons=("p-1",),
    answers=(AnswerKey("demo#2026-03-14#1", "019cd843-1180-7000-8000-000000000001"),),
)
HOLD: Final = Hold(hold_id="hold_1", lookup="a" * 64, reason="Processo", legal_reference="CPC art. 77", placed_at=NOW)


@dataclass
class Places:
    """The stores, at a clock that a test moves."""

    requests: Requests
    holds: LegalHolds


@pytest.fixture(params=["memory", "ledger"])
def places(request: pytest.FixtureRequest) -> Iterator[Places]:
    if request.param == "memory":
        yield Places(MemoryRequests(), MemoryHolds(NOW))
        return
    forget_connection()
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="ledger",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        bind(LedgerItem, "ledger")
        sealing = Sealing(boto3.client("kms").create_key()["KeyMetadata"]["Arn"])
        yield Places(PrivacyRequests(sealing), HoldStore(lambda: NOW))
    forget_connection()


@pytest.fixture
def requests(places: Places) -> Requests:
    return places.requests


@pytest.fixture
def holds(places: Places) -> LegalHolds:
    return places.holds


def test_a_request_is_found_with_its_address_until_that_is_forgotten(requests: Requests) -> None:
    requests.open(REQUEST, EMAIL)
    assert (requests.find(ID), requests.address(ID)) == (REQUEST, EMAIL)
    requests.forget_address(ID)
    requests.forget_address(ID)
    assert (requests.find(ID), requests.address(ID)) == (REQUEST, None)


def test_one_that_was_never_opened_has_nothing(requests: Requests) -> None:
    assert requests.find(ID) is None
    assert requests.address(ID) is None
    assert requests.try_code(ID, NOW) is None
    requests.forget_address(ID)
    assert requests.find(ID) is None


def test_a_request_that_came_with_a_proof_is_kept_as_it_is(requests: Requests) -> None:
    requests.open(CONFIRMED, None)
    assert (requests.find(ID), requests.address(ID)) == (CONFIRMED, None)
    assert requests.try_code(ID, NOW) is None


def test_a_code_is_expected_from_whoever_has_the_address(requests: Requests) -> None:
    requests.open(REQUEST, EMAIL)
    until = NOW + timedelta(minutes=20)
    assert requests.expect_code(ID, ["p-1", "p-2"], until)
    assert requests.find(ID) == replace(REQUEST, persons=("p-1", "p-2"), code_until=until)


def test_no_code_is_expected_once_the_address_is_forgotten(requests: Requests) -> None:
    requests.open(REQUEST, EMAIL)
    requests.forget_address(ID)
    assert not requests.expect_code(ID, ["p-1"], NOW + LIFE)
    assert requests.find(ID) == REQUEST


def test_each_try_is_used_up_and_the_last_is_the_last(requests: Requests) -> None:
    requests.open(REQUEST, EMAIL)
    tried = [requests.try_code(ID, NOW) for _ in range(TRIES + 1)]
    assert [each and each.tries_left for each in tried] == [*range(TRIES - 1, -1, -1), None]


def test_a_code_may_be_tried_until_it_ends(requests: Requests) -> None:
    requests.open(REQUEST, EMAIL)
    assert requests.try_code(ID, NOW + LIFE) is None
    assert requests.try_code(ID, NOW + LIFE - timedelta(milliseconds=1)) is not None


def test_a_request_is_confirmed_once_and_its_address_goes(requests: Requests) -> None:
    requests.open(REQUEST, EMAIL)
    assert requests.confirm(CONFIRMED)
    assert not requests.confirm(replace(CONFIRMED, token_hash="1" * 64))
    assert (requests.find(ID), requests.address(ID)) == (CONFIRMED, None)
    assert requests.try_code(ID, NOW) is None
    assert not requests.expect_code(ID, ["p-9"], NOW + LIFE)


def test_an_address_gets_so_many_codes_in_any_hour(requests: Requests) -> None:
    times = [NOW + timedelta(minutes=10 * number) for number in range(MOST_MAILS)]
    assert all(requests.may_mail("one", at) for at in times)
    assert not requests.may_mail("one", times[-1])
    assert requests.may_mail("another", times[-1])
    assert requests.may_mail("one", NOW + timedelta(hours=1))
    assert not requests.may_mail("one", NOW + timedelta(hours=1))


def test_a_hold_is_found_by_its_lookup_alone(holds: LegalHolds) -> None:
    holds.place(HOLD)
    assert list(holds.in_force(["b" * 64, HOLD.lookup])) == list(holds.list()) == [HOLD]
    assert not holds.in_force(["b" * 64])
    assert not holds.in_force([])


def test_several_holds_on_one_lookup_end_one_by_one(holds: LegalHolds) -> None:
    later = replace(HOLD, hold_id="hold_2", placed_at=NOW + timedelta(seconds=1), until=NOW + timedelta(days=1))
    for hold in (HOLD, later):
        holds.place(hold)
    assert list(holds.in_force([HOLD.lookup])) == [HOLD, later]
    assert holds.lift(HOLD.hold_id)
    assert not holds.lift(HOLD.hold_id)
    assert list(holds.in_force([HOLD.lookup])) == [later]


@pytest.mark.parametrize(("until", "held"), [(NOW, False), (NOW + timedelta(milliseconds=1), True)])
def test_a_hold_ends_at_its_time(holds: LegalHolds, until: datetime, *, held: bool) -> None:
    holds.place(replace(HOLD, until=until))
    assert bool(holds.in_force([HOLD.lookup])) is held
    assert bool(holds.list()) is held
