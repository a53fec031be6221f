"""The schedules that bring messages to be sent are deleted with them."""

from datetime import timedelta
from typing import Final

import pytest

from shared.alerts.content import AlertKind
from shared.alerts.message import Message, message_id_of
from shared.store.outbox import schedule_name
from tests.contract.erasing_places import erasing_on_aws
from tests.fakes.samples import NOON, key_of, survey_of

KEY: Final = key_of(survey_of(), 1)
DAY: Final = timedelta(days=1)


@pytest.mark.parametrize(
    "fraction", [timedelta(0), timedelta(milliseconds=400), timedelta(microseconds=400), timedelta(microseconds=999_600)]
)
def test_its_schedule_is_deleted_whatever_the_part_of_a_second(aws_kind: str, fraction: timedelta) -> None:
    assert aws_kind
    place, at = erasing_on_aws(), NOON + DAY + fraction
    message_id = message_id_of("ch_sala", AlertKind.DETRACTOR, KEY.answer_id)
    message = Message(message_id=message_id, channel_id="ch_sala", kind=AlertKind.DETRACTOR, created_at=NOON, answer=KEY, next_at=at)
    place.deliveries.open(message)
    place.schedule(message.message_id, at)
    place.schedule("msg_other", at)
    for _ in range(2):
        place.outbox.forget([message.message_id])
        assert place.schedules() == [schedule_name("msg_other", at)]
