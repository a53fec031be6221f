"""The generic webhook, for programs: Standard Webhooks' advice for a body ({type, timestamp, data}), snake_case, ids and enums as they are.

`id` repeats the `webhook-id` header for receivers behind a queue. Texts are clean but not escaped: how they are shown is the receiver's
business. Personal fields stand under `person`, and only those that the channel asked for.
"""

from datetime import UTC, datetime
from typing import Final, assert_never

from shared.alerts.compose.messages import ChannelChallenge, ChannelDisabled, ChannelTest, Digest, Notice, SubjectErased, Told
from shared.alerts.compose.payload import Json, Payload, json_payload, json_size, that_fit
from shared.alerts.content import AlertContent, Person
from shared.alerts.neutral import clean, safe_link

ROOM_FOR_ALERTS: Final = 15_000
"""Bytes: Standard Webhooks asks for bodies of less than 20 kB."""
MOST_IDS: Final = 100


def compose(told: Told) -> Payload:
    """The body that any HTTP endpoint takes."""
    return json_payload(envelope(told), len(_that_fit(told)) if isinstance(told, Digest) else 0)


def envelope(told: Told) -> dict[str, Json]:
    """The body before it is encoded."""
    return {"id": told.message_id, "type": told.kind, "timestamp": _instant(_happened(told)), "data": _data(told)}


def _happened(told: Told) -> datetime:
    return (told.occurred_at or told.answered_at) if isinstance(told, AlertContent) else told.at


def _data(told: Told) -> dict[str, Json]:
    match told:
        case AlertContent():
            return _alert(told)
        case Digest():
            return _digest(told)
        case ChannelTest():
            return _channel(told)
        case ChannelChallenge():
            return _channel(told) | {"challenge": told.code}
        case ChannelDisabled():
            return _channel(told) | {"reason": told.reason, "failing_since": _instant(told.failing_since) if told.failing_since else None}
        case SubjectErased():
            return _erased(told)
        case _:
            assert_never(told)


def _alert(content: AlertContent) -> dict[str, Json]:
    touched = content.touchpoint
    person = _person(content.person)
    data: dict[str, Json] = {
        "survey_id": content.survey_id,
        "survey_name": clean(content.survey_name),
        "company": clean(content.company),
        "answer_id": content.answer_id,
        "revision": content.revision,
        "score": content.score,
        "class": content.nps_class,
        "answered_at": _instant(content.answered_at),
        "time_zone": content.time_zone,
        "touchpoint": {"key": touched.key, "label": clean(touched.label), "journey_stage": touched.journey_stage} if touched else None,
        "segments": {clean(key): clean(value) for key, value in content.segments.items()},
        "link": safe_link(content.link),
    }
    return data | ({"replaced": True} if content.replaced else {}) | ({"person": person} if person else {})


def _person(person: Person) -> dict[str, Json]:
    asked_for = {
        "comment": person.comment,
        "first_name": person.first_name,
        "email": person.email,
        "customer_id": person.customer_id,
    }
    return {name: clean(value) for name, value in asked_for.items() if value is not None}


def _digest(digest: Digest) -> dict[str, Json]:
    """As many alerts as there is room for, one at least; the answers of the others by their ids."""
    shown = _that_fit(digest)
    left_out: list[Json] = [alert.answer_id for alert in digest.alerts[len(shown) :]]
    return {"count": len(digest.alerts), "alerts": shown, "left_out": left_out[:MOST_IDS]}


def _that_fit(digest: Digest) -> list[Json]:
    alerts: list[Json] = [{"type": alert.kind} | _alert(alert) for alert in digest.alerts]
    return that_fit(alerts, ROOM_FOR_ALERTS, json_size, len(alerts)) or alerts[:1]


def _erased(told: SubjectErased) -> dict[str, Json]:
    """The answers by their ids, which the receiver knows from its alerts; how many there was no room for."""
    ids: list[Json] = [answer.answer_id for answer in told.answers]
    shown = that_fit(ids, ROOM_FOR_ALERTS, json_size, len(ids))
    return {"company": clean(told.company), "answer_ids": shown, "left_out": len(ids) - len(shown)}


def _channel(notice: Notice) -> dict[str, Json]:
    return {"channel_id": notice.channel_id, "channel_name": clean(notice.channel_name), "company": clean(notice.company)}


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
