"""Erasures, notes of answers and receivers to items and back."""

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from shared.answer import AnswerKey
from shared.privacy.erasure import FIVE_YEARS, Asker, Erasure, Impossible, Ours, Recipient, Refusal, Step, TellingStatus
from shared.store.answer_items import instant_of, milliseconds
from shared.store.tables import LedgerItem

NOTES_KEPT: Final = timedelta(days=90)
"""Notes go when the erasure is done; one that is never done must not keep them for ever."""
ERASURE: Final = "erasure"
DUE: Final = "due"
LISTING: Final = "erasures"
ANSWER: Final = "answer#"
RECIPIENT: Final = "recipient#"
_TIMES: Final = ("marked_at", "key_destroyed_at", "next_at", "done_at")
_TEXTS: Final = ("person_id", "cursor", "reason", "legal_reference", "request_id", "receipt_id")


def partition_of(erasure_id: str) -> str:
    """Under what an erasure lies."""
    return f"erasure#{erasure_id}"


def due_key(erasure: Erasure) -> tuple[str, str] | None:
    """Where it is written that the erasure is due; None once it is done."""
    if erasure.step is Step.DONE:
        return None
    return DUE, f"{milliseconds(erasure.next_at or erasure.asked_at):013d}#{erasure.erasure_id}"


def listing_key(erasure: Erasure) -> tuple[str, str]:
    """Where the list names it."""
    return LISTING, f"{milliseconds(erasure.asked_at):013d}#{erasure.erasure_id}"


def expiry(instant: datetime, kept: timedelta) -> int:
    """When an item may go, in epoch seconds."""
    return int((instant + kept).timestamp())


def erasure_item(erasure: Erasure) -> LedgerItem:
    """The item of an erasure."""
    given: dict[str, Any] = {name: getattr(erasure, name) for name in _TEXTS}
    given |= {name: milliseconds(at) if (at := getattr(erasure, name)) else None for name in _TIMES}
    return LedgerItem(
        partition_of(erasure.erasure_id),
        ERASURE,
        asker=erasure.asker.value,
        asked_at=milliseconds(erasure.asked_at),
        step=erasure.step.value,
        revision=erasure.revision,
        counts=dict(erasure.counts),
        refusal=erasure.refusal.value if erasure.refusal else None,
        expires_at=expiry(erasure.asked_at, FIVE_YEARS),
        **given,
    )


def erasure_of(item: LedgerItem) -> Erasure:
    """The erasure in an item."""
    given = item.attribute_values
    texts: dict[str, Any] = {name: given.get(name) for name in _TEXTS}
    times: dict[str, Any] = {name: instant_of(given[name]) if name in given else None for name in _TIMES}
    return Erasure(
        erasure_id=item.pk.removeprefix("erasure#"),
        asker=Asker(item.asker),
        asked_at=instant_of(item.asked_at),
        step=Step(item.step),
        revision=int(item.revision),
        counts=MappingProxyType(dict(given.get("counts") or {})),
        refusal=Refusal(given["refusal"]) if "refusal" in given else None,
        **texts,
        **times,
    )


def note_of(item: LedgerItem) -> Ours:
    """The note of an answer in an item."""
    given = item.attribute_values
    return Ours(
        key=AnswerKey(item.partition, item.sk.removeprefix(ANSWER)),
        anonymised="found" in given,
        withdrawn="withdrawn" in given,
        late=given.get("found") == "late",
        messages=frozenset(given.get("messages") or ()),
        late_messages=frozenset(given.get("late_messages") or ()),
    )


def recipient_item(erasure_id: str, recipient: Recipient, expires_at: int) -> LedgerItem:
    """The item of a receiver."""
    shared = {
        "name": recipient.name,
        "kind": recipient.kind,
        "host": recipient.host,
        "country": recipient.country,
        "fields": sorted(recipient.fields),
        "first_at": milliseconds(recipient.first_at),
        "last_at": milliseconds(recipient.last_at),
        "times": recipient.times,
    }
    return LedgerItem(
        partition_of(erasure_id),
        RECIPIENT + recipient.channel_id,
        receiver=shared,
        status=recipient.status.value,
        message_id=recipient.message_id,
        told_at=milliseconds(recipient.told_at) if recipient.told_at else None,
        acknowledged_at=milliseconds(recipient.acknowledged_at) if recipient.acknowledged_at else None,
        refusal=recipient.reason.value if recipient.reason else None,
        expires_at=expires_at,
    )


def recipient_of(item: LedgerItem) -> Recipient:
    """The receiver in an item."""
    given, shared = item.attribute_values, item.receiver
    return Recipient(
        channel_id=item.sk.removeprefix(RECIPIENT),
        name=shared["name"],
        kind=shared["kind"],
        host=shared["host"],
        country=shared["country"],
        fields=frozenset(shared["fields"]),
        first_at=instant_of(shared["first_at"]),
        last_at=instant_of(shared["last_at"]),
        times=shared["times"],
        status=TellingStatus(item.status),
        message_id=given.get("message_id"),
        told_at=instant_of(given["told_at"]) if "told_at" in given else None,
        acknowledged_at=instant_of(given["acknowledged_at"]) if "acknowledged_at" in given else None,
        reason=Impossible(given["refusal"]) if "refusal" in given else None,
    )
