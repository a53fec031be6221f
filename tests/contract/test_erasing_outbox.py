"""What erasing counts on from the outbox: of the one in memory, which its tests use, and of DynamoDB's alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from shared.alerts.content import AlertKind
from shared.alerts.message import Attempt, Message, Opened, message_id_of
from tests.contract.erasing_places import ErasingPlace, erasing_in_memory, erasing_on_aws
from tests.fakes.samples import NOON, key_of, survey_of

SURVEY: Final = survey_of()
KEY: Final = key_of(SURVEY, 1)
OTHER: Final = key_of(SURVEY, 2)
CHANNELS: Final = ("ch_sala", "ch_rede")
DAY: Final = timedelta(days=1)


@pytest.fixture
def place(kind: str) -> ErasingPlace:
    """Empty stores."""
    return erasing_in_memory() if kind == "memory" else erasing_on_aws()


def message_of(channel_id: str = "ch_sala", kind: AlertKind = AlertKind.DETRACTOR, **given: object) -> Message:
    message = Message(
        message_id=message_id_of(channel_id, kind, KEY.answer_id), channel_id=channel_id, kind=kind, created_at=NOON, answer=KEY
    )
    return replace(message, **given)  # type: ignore[arg-type]  # any field


def test_messages_about_answers_are_found_of_any_kind_and_channel(place: ErasingPlace) -> None:
    opened = [message_of(), message_of(kind=AlertKind.COMMENT_ADDED), message_of("ch_rede")]
    for message in opened:
        assert place.deliveries.open(message) is Opened.NEW
    elsewhere = message_of(message_id=message_id_of("ch_sala", AlertKind.DETRACTOR, OTHER.answer_id), answer=OTHER)
    place.deliveries.open(elsewhere)
    assert place.outbox.messages([KEY.answer_id], CHANNELS) == {KEY.answer_id: {message.message_id for message in opened}}
    assert place.outbox.messages([KEY.answer_id, OTHER.answer_id], ["ch_sala"]) == {
        KEY.answer_id: {message.message_id for message in opened[:2]},
        OTHER.answer_id: {elsewhere.message_id},
    }
    assert not place.outbox.messages([KEY.answer_id], ["ch_nobody"])


def test_a_message_goes_with_attempts_and_listing_and_its_receipt_stays(place: ErasingPlace) -> None:
    message = message_of()
    place.deliveries.open(message)
    leased = place.deliveries.lease(message.message_id, NOON, NOON + DAY)
    assert leased is not None
    place.deliveries.release(leased, leased.status, NOON, Attempt(number=1, at=NOON, duration_ms=5, status=500), NOON + DAY)
    for _ in range(2):
        place.outbox.forget([message.message_id])
        assert place.deliveries.find(message.message_id) is None
        assert not place.deliveries.attempts(message.message_id)
        assert not list(place.deliveries.listed("ch_sala", NOON - DAY, NOON + DAY))
    assert place.deliveries.receipt("ch_sala", KEY.answer_id) is not None
    assert place.deliveries.open(message) is Opened.THERE
    assert not place.outbox.messages([KEY.answer_id], CHANNELS)


def test_it_goes_from_its_digest_too_and_whoever_tells_it_meanwhile_writes_nothing_that_can_be_found(place: ErasingPlace) -> None:
    digest = Message(message_id="msg_digest", channel_id="ch_sala", kind=AlertKind.DIGEST, created_at=NOON)
    part = message_of(digest_id="msg_digest")
    place.deliveries.open(digest)
    assert place.deliveries.open(part) is Opened.NEW
    place.outbox.forget([part.message_id])
    assert not place.deliveries.in_digest("msg_digest")
    place.deliveries.count_call([part.message_id])
    assert place.deliveries.find(part.message_id) is None
    place.outbox.forget(place.outbox.messages([KEY.answer_id], CHANNELS).get(KEY.answer_id, ()))
    assert not place.outbox.messages([KEY.answer_id], CHANNELS)


def test_a_call_under_way_ends_without_a_trace(place: ErasingPlace) -> None:
    message = message_of()
    place.deliveries.open(message)
    leased = place.deliveries.lease(message.message_id, NOON, NOON + DAY)
    assert leased is not None
    place.outbox.forget([message.message_id])
    place.deliveries.release(leased, leased.status, NOON, Attempt(number=1, at=NOON, duration_ms=5, status=200))
    assert place.deliveries.find(message.message_id) is None
    assert not place.deliveries.attempts(message.message_id)
