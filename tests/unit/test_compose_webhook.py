"""The generic webhook's body: for programs, stable, and with no more of a person than the channel asked for."""

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.alerts.channel import ChannelKind
from shared.alerts.compose import Digest, compose_told
from shared.alerts.compose.messages import Told
from shared.alerts.content import AlertKind, Person
from tests.alert_contents import NOW, TYPICAL, WITHOUT_PERSON


def said(told: Told) -> Any:  # noqa: ANN401 - JSON
    return json.loads(compose_told(ChannelKind.WEBHOOK, told).body)


def test_the_id_is_the_messages_own_for_receivers_behind_a_queue() -> None:
    assert said(TYPICAL)["id"] == TYPICAL.message_id


@pytest.mark.parametrize("field", ["comment", "first_name", "email", "customer_id"])
def test_of_a_person_only_what_was_asked_for_is_there(field: str) -> None:
    assert said(dataclasses.replace(TYPICAL, person=Person(**{field: "x"})))["data"]["person"] == {field: "x"}
    assert "person" not in said(WITHOUT_PERSON)["data"]


def test_a_comment_keeps_its_words_and_loses_what_cannot_be_seen() -> None:
    comment = said(dataclasses.replace(TYPICAL, person=Person(comment="<b>*a*</b>\x00 https://x.com\r\nb\u202e")))["data"]["person"][
        "comment"
    ]
    assert comment == "<b>*a*</b> https://x.com\nb"


def test_the_timestamp_is_when_it_happened() -> None:
    later = datetime(2026, 3, 15, 9, 0, 0, 123_000, tzinfo=UTC)
    assert said(TYPICAL)["timestamp"] == "2026-03-14T18:04:09.000Z"
    assert said(dataclasses.replace(TYPICAL, kind=AlertKind.COMMENT_ADDED, occurred_at=later))["timestamp"] == "2026-03-15T09:00:00.123Z"


def test_a_digest_lists_alerts_and_the_ids_of_those_it_had_no_room_for() -> None:
    alerts = [dataclasses.replace(TYPICAL, answer_id=f"a{number}") for number in range(60)]
    data = said(Digest(message_id="m", locale="pt-BR", at=NOW, alerts=alerts))["data"]
    shown = len(data["alerts"])
    assert data["count"] == 60
    assert 10 < shown < 60
    assert data["alerts"][0]["type"] == "alert.detractor"
    assert data["left_out"] == [f"a{number}" for number in range(shown, 60)]


def test_a_digest_of_one_huge_alert_still_tells_it() -> None:
    huge = dataclasses.replace(TYPICAL, person=Person(comment="\U0001f600" * 5_000))
    data = said(Digest(message_id="m", locale="pt-BR", at=NOW, alerts=[huge, TYPICAL]))["data"]
    assert (len(data["alerts"]), data["left_out"]) == (1, [TYPICAL.answer_id])
