"""What alerting counts on from Deliveries: of the one in memory, which its tests use, and of DynamoDB's alike."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from shared.alerts.call import CallError
from shared.alerts.content import AlertKind
from shared.alerts.message import MOST_IN_DIGEST, Attempt, Message, MessageStatus, Opened, Receipt, Told, message_id_of
from shared.alerts.ports import Deliveries as Port
from shared.alerts.retrying import WELL, Breaker
from shared.answer import AnswerKey
from shared.store.deliveries import Deliveries
from shared.store.tables import DeliveryItem, bind, forget_connection
from tests.fakes.deliveries import MemoryDeliveries
from tests.fakes.memory import Memory
from tests.fakes.samples import NOON

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ERASED = Message(
    message_id="msg_erased", channel_id="ch_sala", kind=AlertKind.ERASED, created_at=NOON, next_at=NOON + MINUTE, erasure_id="era_1"
)
KEY = AnswerKey("loja#2026-03-10#1", "019cd843-1180-7000-8000-000000000001")


@pytest.fixture(params=["memory", "dynamodb"])
def deliveries(request: pytest.FixtureRequest) -> Iterator[Port]:
    if request.param == "memory":
        yield MemoryDeliveries(Memory())
        return
    forget_connection()
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="deliveries",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        bind(DeliveryItem, "deliveries")
        yield Deliveries()
    forget_connection()


def alert(number: int = 1, kind: AlertKind = AlertKind.DETRACTOR, **changes: Any) -> Message:  # noqa: ANN401 - any field
    key = AnswerKey(KEY.partition, answer_id(number))
    given: dict[str, Any] = {"channel_id": "ch_sala", "kind": kind, "created_at": NOON, "answer": key}
    return Message(message_id=message_id_of("ch_sala", kind, key.answer_id), **given | changes)


def answer_id(number: int = 1) -> str:
    return f"{KEY.answer_id[:-2]}{number:02}"


def digest(**changes: Any) -> Message:  # noqa: ANN401 - any field
    given: dict[str, Any] = {"message_id": "msg_digest", "channel_id": "ch_sala", "kind": AlertKind.DIGEST, "created_at": NOON}
    return Message(**given | changes)


def part(number: int, digest_id: str = "msg_digest") -> Message:
    return alert(number, status=MessageStatus.IN_DIGEST, digest_id=digest_id, next_at=NOON + MINUTE)


def taken(deliveries: Port, message: Message, at: timedelta = timedelta(0)) -> Message:
    leased = deliveries.lease(message.message_id, NOON + at, NOON + at + MINUTE)
    assert leased is not None
    return leased


def test_an_opened_message_is_found_as_it_was_opened(deliveries: Port) -> None:
    for message in (
        alert(),
        alert(2, next_at=NOON + MINUTE),
        digest(next_at=NOON + MINUTE),
        replace(digest(), message_id="msg_test"),
        ERASED,
    ):
        assert deliveries.open(message) is Opened.NEW
        assert deliveries.find(message.message_id) == message
    assert deliveries.find("msg_unknown") is None


def test_a_message_is_opened_once_and_stays_as_it_is(deliveries: Port) -> None:
    assert deliveries.open(alert()) is Opened.NEW
    assert deliveries.open(alert(created_at=NOON + MINUTE)) is Opened.THERE
    assert deliveries.find(alert().message_id) == alert()


def test_an_alert_makes_the_receipt_and_each_further_word_needs_it_and_marks_it(deliveries: Port) -> None:
    receipt = Receipt(channel_id="ch_sala", answer_id=answer_id())
    assert deliveries.receipt("ch_sala", answer_id()) is None
    for kind in (AlertKind.COMMENT_ADDED, AlertKind.WITHDRAWN):
        assert deliveries.open(alert(kind=kind)) is Opened.THERE
        assert deliveries.find(alert(kind=kind).message_id) is None
    assert deliveries.open(alert()) is Opened.NEW
    assert deliveries.receipt("ch_sala", answer_id()) == receipt
    assert deliveries.open(alert(kind=AlertKind.COMMENT_ADDED)) is Opened.NEW
    assert deliveries.receipt("ch_sala", answer_id()) == replace(receipt, comment_added=True)
    assert deliveries.open(alert(kind=AlertKind.WITHDRAWN)) is Opened.NEW
    assert deliveries.receipt("ch_sala", answer_id()) == replace(receipt, comment_added=True, withdrawn=True)
    for kind in (AlertKind.COMMENT_ADDED, AlertKind.WITHDRAWN):
        again = replace(alert(kind=kind), message_id="msg_other")
        assert deliveries.open(again) is Opened.THERE
    assert deliveries.find("msg_other") is None


def test_a_receipt_of_another_message_keeps_a_second_alert_out(deliveries: Port) -> None:
    deliveries.open(alert())
    assert deliveries.open(replace(alert(), message_id="msg_other")) is Opened.THERE
    assert deliveries.find("msg_other") is None


def test_channels_have_receipts_of_their_own(deliveries: Port) -> None:
    deliveries.open(alert())
    assert deliveries.open(replace(alert(), message_id="msg_other", channel_id="ch_outra")) is Opened.NEW


def test_a_lease_is_taken_by_one_counts_the_call_and_ends_by_itself(deliveries: Port) -> None:
    deliveries.open(alert())
    leased = taken(deliveries, alert())
    assert leased == replace(alert(), attempts=1, calls=1, lease_until=NOON + MINUTE)
    assert deliveries.find(alert().message_id) == leased
    assert deliveries.lease(alert().message_id, NOON + MINUTE - SECOND, NOON + 2 * MINUTE) is None
    again = taken(deliveries, alert(), MINUTE)
    assert (again.attempts, again.calls, again.lease_until) == (2, 2, NOON + 2 * MINUTE)


def test_nothing_is_leased_that_is_not_there_not_due_or_in_a_digest(deliveries: Port) -> None:
    assert deliveries.lease("msg_unknown", NOON, NOON + MINUTE) is None
    deliveries.open(digest())
    deliveries.open(part(1))
    assert deliveries.lease(part(1).message_id, NOON + 2 * MINUTE, NOON + 3 * MINUTE) is None
    later = alert(2, next_at=NOON + MINUTE)
    deliveries.open(later)
    assert deliveries.lease(later.message_id, NOON + MINUTE - SECOND, NOON + 2 * MINUTE) is None
    assert deliveries.lease(later.message_id, NOON + MINUTE, NOON + 2 * MINUTE) is not None


@pytest.mark.parametrize("status", MessageStatus)
def test_what_ended_is_not_leased_unless_it_was_dropped_before_anybody_heard_of_it(deliveries: Port, status: MessageStatus) -> None:
    deliveries.open(alert())
    deliveries.release(taken(deliveries, alert()), status, NOON)
    leased = deliveries.lease(alert().message_id, NOON, NOON + MINUTE)
    assert (leased is not None) is (status in {MessageStatus.WAITING, MessageStatus.DROPPED})
    if leased is not None:
        assert (leased.status, leased.attempts, leased.calls) == (MessageStatus.WAITING, 1, 1)


def test_what_was_dropped_is_leased_again_unless_a_receiver_had_taken_it_once(deliveries: Port) -> None:
    deliveries.open(alert())
    attempts = [Attempt(number=number, at=NOON, duration_ms=5, status=status) for number, status in ((1, 500), (2, 204))]
    for attempt, status in zip(attempts, (MessageStatus.WAITING, MessageStatus.DELIVERED), strict=True):
        deliveries.release(taken(deliveries, alert()), MessageStatus.DROPPED, NOON)
        deliveries.release(taken(deliveries, alert()), status, NOON, attempt)
    assert deliveries.reopen(alert().message_id)
    deliveries.release(taken(deliveries, alert()), MessageStatus.DROPPED, NOON)
    assert deliveries.lease(alert().message_id, NOON, NOON + MINUTE) is None


def test_a_release_without_a_call_takes_the_count_back(deliveries: Port) -> None:
    deliveries.open(alert())
    deliveries.release(taken(deliveries, alert()), MessageStatus.WAITING, NOON, next_at=NOON + MINUTE)
    assert deliveries.find(alert().message_id) == replace(alert(), next_at=NOON + MINUTE)
    assert deliveries.attempts(alert().message_id) == []


def test_a_release_with_a_call_keeps_it(deliveries: Port) -> None:
    deliveries.open(alert())
    made = [
        Attempt(number=1, at=NOON, duration_ms=15_000, error=CallError.TIMEOUT),
        Attempt(number=2, at=NOON + SECOND, duration_ms=31, status=204),
    ]
    deliveries.release(taken(deliveries, alert()), MessageStatus.WAITING, NOON, made[0], NOON + SECOND)
    assert deliveries.find(alert().message_id) == replace(alert(), attempts=1, calls=1, next_at=NOON + SECOND)
    deliveries.release(taken(deliveries, alert(), SECOND), MessageStatus.DELIVERED, NOON, made[1])
    assert deliveries.find(alert().message_id) == replace(alert(), status=MessageStatus.DELIVERED, attempts=2, calls=2, delivered=True)
    assert list(deliveries.attempts(alert().message_id)) == made


def test_whoever_lost_the_lease_changes_nothing(deliveries: Port) -> None:
    deliveries.open(alert())
    late = taken(deliveries, alert())
    held = taken(deliveries, alert(), MINUTE)
    told = [Told(answer_id=answer_id(), commented=True)]
    deliveries.release(late, MessageStatus.FAILED, NOON, Attempt(number=1, at=NOON, duration_ms=1, status=500), told=told)
    assert deliveries.find(alert().message_id) == held
    assert deliveries.attempts(alert().message_id) == []
    receipt = deliveries.receipt("ch_sala", answer_id())
    assert receipt is not None
    assert not receipt.commented
    deliveries.release(held, MessageStatus.DELIVERED, NOON)
    deliveries.release(held, MessageStatus.FAILED, NOON)
    found = deliveries.find(alert().message_id)
    assert found is not None
    assert found.status is MessageStatus.DELIVERED


def test_a_release_marks_the_receipts_and_the_parts_of_a_digest(deliveries: Port) -> None:
    deliveries.open(digest())
    parts = [part(number) for number in (1, 2, 3)]
    assert [deliveries.open(each) for each in parts] == [Opened.NEW] * 3
    statuses = (MessageStatus.DELIVERED, MessageStatus.DROPPED, MessageStatus.WAITING)
    told = [
        Told(answer_id=answer_id(number), commented=number == 1, message_id=each.message_id, status=status)
        for number, each, status in zip((1, 2, 3), parts, statuses, strict=True)
    ]
    attempt = Attempt(number=1, at=NOON, duration_ms=5, status=200)
    deliveries.release(taken(deliveries, digest()), MessageStatus.DELIVERED, NOON, attempt, told=told)
    found = [deliveries.find(each.message_id) for each in parts]
    ended = zip(parts, statuses, strict=True)
    assert found == [replace(each, status=status, delivered=status == "delivered", next_at=None) for each, status in ended]
    receipts = [deliveries.receipt("ch_sala", answer_id(number)) for number in (1, 2, 3)]
    assert [receipt.commented for receipt in receipts if receipt] == [True, False, False]
    assert deliveries.lease(parts[2].message_id, NOON, NOON + MINUTE) is not None


def test_the_parts_of_a_digest_that_are_about_to_be_told_count_it(deliveries: Port) -> None:
    deliveries.open(digest())
    parts = [part(number) for number in range(MOST_IN_DIGEST)]
    for each in parts:
        deliveries.open(each)
    for _ in range(2):
        deliveries.count_call([each.message_id for each in parts[1:]])
    assert [each.calls for each in map(deliveries.find, (each.message_id for each in parts)) if each] == [0] + [2] * (MOST_IN_DIGEST - 1)


def test_a_full_digest_is_told_of_in_one_release(deliveries: Port) -> None:
    deliveries.open(digest())
    parts = [part(number) for number in range(MOST_IN_DIGEST)]
    assert [deliveries.open(each) for each in parts] == [Opened.NEW] * MOST_IN_DIGEST
    told = [Told(answer_id=answer_id(number), commented=True, message_id=each.message_id) for number, each in enumerate(parts)]
    deliveries.release(taken(deliveries, digest()), MessageStatus.DELIVERED, NOON, Attempt(number=1, at=NOON, duration_ms=1), told=told)
    assert {each.status for each in deliveries.in_digest("msg_digest")} == {MessageStatus.DELIVERED}


def test_a_digest_takes_along_only_what_is_opened_while_it_is_open_itself(deliveries: Port) -> None:
    assert deliveries.open(part(1)) is Opened.DIGEST_CLOSED
    assert deliveries.find(part(1).message_id) is None
    deliveries.open(digest())
    assert deliveries.open(part(1)) is Opened.NEW
    assert deliveries.open(part(1)) is Opened.THERE
    assert list(deliveries.in_digest("msg_digest")) == [part(1)]
    leased = taken(deliveries, digest())
    assert deliveries.open(part(2)) is Opened.DIGEST_CLOSED
    assert deliveries.receipt("ch_sala", answer_id(2)) is None
    deliveries.release(leased, MessageStatus.WAITING, NOON, next_at=NOON + MINUTE)  # no call was made: it may still grow
    assert deliveries.open(part(2)) is Opened.NEW
    deliveries.release(taken(deliveries, digest(), MINUTE), MessageStatus.HELD, NOON)
    assert deliveries.open(part(3)) is Opened.DIGEST_CLOSED
    assert {each.message_id for each in deliveries.in_digest("msg_digest")} == {part(1).message_id, part(2).message_id}


def test_a_full_digest_takes_no_more_and_still_knows_its_own(deliveries: Port) -> None:
    deliveries.open(digest())
    for number in range(MOST_IN_DIGEST):
        assert deliveries.open(part(number)) is Opened.NEW
    assert deliveries.open(part(MOST_IN_DIGEST)) is Opened.DIGEST_CLOSED
    assert deliveries.open(part(0)) is Opened.THERE
    assert len(deliveries.in_digest("msg_digest")) == MOST_IN_DIGEST


def test_a_replayed_message_waits_again_with_its_attempts_from_zero_and_its_calls_kept(deliveries: Port) -> None:
    deliveries.open(alert())
    attempt = Attempt(number=1, at=NOON, duration_ms=5, status=500)
    deliveries.release(taken(deliveries, alert()), MessageStatus.FAILED, NOON, attempt)
    assert deliveries.reopen(alert().message_id)
    assert deliveries.find(alert().message_id) == replace(alert(), calls=1)
    assert not deliveries.reopen(alert().message_id)
    assert taken(deliveries, alert()).calls == 2
    assert list(deliveries.attempts(alert().message_id)) == [attempt]


def test_that_a_receiver_acknowledged_is_kept_with_the_attempt(deliveries: Port) -> None:
    deliveries.open(replace(ERASED, next_at=None))
    attempt = Attempt(number=1, at=NOON, duration_ms=5, status=200, acknowledged=True)
    deliveries.release(taken(deliveries, ERASED), MessageStatus.DELIVERED, NOON, attempt)
    assert list(deliveries.attempts(ERASED.message_id)) == [attempt]


@pytest.mark.parametrize("status", MessageStatus)
def test_what_waits_or_is_in_a_digest_is_not_reopened(deliveries: Port, status: MessageStatus) -> None:
    deliveries.open(alert())
    deliveries.release(taken(deliveries, alert()), status, NOON)
    assert deliveries.reopen(alert().message_id) is (status not in {MessageStatus.WAITING, MessageStatus.IN_DIGEST})
    assert not deliveries.reopen("msg_unknown")


def test_a_channels_messages_are_listed_newest_first_within_the_span(deliveries: Port) -> None:
    opened = [alert(number, created_at=NOON + MINUTE * number) for number in range(5)]
    for message in (*opened, replace(alert(9), channel_id="ch_outra")):
        deliveries.open(message)
    assert list(deliveries.listed("ch_sala", NOON, NOON + 4 * MINUTE)) == opened[::-1]
    assert list(deliveries.listed("ch_sala", NOON + MINUTE, NOON + 3 * MINUTE)) == opened[3:0:-1]
    assert not list(deliveries.listed("ch_sala", NOON + 5 * MINUTE, NOON + 9 * MINUTE))
    deliveries.release(taken(deliveries, opened[2]), MessageStatus.HELD, NOON)
    held = list(deliveries.listed("ch_sala", NOON, NOON + 4 * MINUTE, MessageStatus.HELD))
    assert [message.message_id for message in held] == [opened[2].message_id]


def test_long_lists_are_whole(deliveries: Port) -> None:
    for number in range(230):
        deliveries.open(replace(digest(created_at=NOON + SECOND * number), message_id=f"msg_{number:03}"))
    listed = [message.message_id for message in deliveries.listed("ch_sala", NOON, NOON + 230 * SECOND)]
    assert listed == [f"msg_{number:03}" for number in reversed(range(230))]


def test_a_breaker_is_replaced_only_as_it_was_seen(deliveries: Port) -> None:
    assert deliveries.breaker("ch_sala") == WELL
    failed = WELL.after_failure(NOON)
    assert deliveries.set_breaker("ch_sala", WELL, failed)
    assert not deliveries.set_breaker("ch_sala", WELL, failed)
    assert deliveries.breaker("ch_sala") == failed
    opened = Breaker(5, NOON, NOON + SECOND, NOON + MINUTE)
    assert not deliveries.set_breaker("ch_sala", opened, WELL)
    assert deliveries.set_breaker("ch_sala", failed, opened)
    assert not deliveries.set_breaker("ch_sala", replace(opened, open_until=NOON), WELL)
    assert not deliveries.set_breaker("ch_sala", replace(opened, open_until=None), WELL)
    assert deliveries.set_breaker("ch_sala", opened, WELL)
    assert deliveries.breaker("ch_sala") == WELL
    assert deliveries.set_breaker("ch_sala", WELL, failed)
    assert deliveries.breaker("ch_outra") == WELL


def test_of_many_at_once_one_opens_one_leases_and_one_moves_the_breaker(deliveries: Port) -> None:
    def at_once(attempt: Callable[[], object]) -> list[object]:
        with ThreadPoolExecutor(4) as pool:
            return [each.result() for each in [pool.submit(attempt) for _ in range(8)]]

    assert sorted(str(each) for each in at_once(lambda: deliveries.open(alert()))) == sorted([str(Opened.NEW)] + [str(Opened.THERE)] * 7)
    leases = at_once(lambda: deliveries.lease(alert().message_id, NOON, NOON + MINUTE))
    assert sum(each is not None for each in leases) == 1
    assert sum(map(bool, at_once(lambda: deliveries.set_breaker("ch_sala", WELL, WELL.after_failure(NOON))))) == 1
