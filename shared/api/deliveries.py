"""Reading the query of a channel's deliveries, page by page. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared import answer_id as ids
from shared.alerts.message import Message, MessageStatus
from shared.alerts.ports import Deliveries
from shared.alerts.replaying import said_of
from shared.api.paging import Reach, Span, cursor_of, span_of
from shared.api.problem import invalid_parameter
from shared.phrase import Phrase

PAGE: Final = 50
LONGEST_SPAN: Final = timedelta(days=45)
"""As long as messages are kept."""
_USUAL_SPAN: Final = timedelta(days=7)
_MOST_LOOKED_AT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Span):
    """Which messages are asked for: all about one answer, or from `first` to `last` what comes after the message that a page ended with."""

    status: MessageStatus | None = None
    answer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Messages, newest first, and where the next page begins."""

    messages: tuple[Message, ...]
    next_cursor: str | None


def wanted_of(query: Mapping[str, str], now: datetime) -> Wanted:
    """Read the query. Raises `Invalid`."""
    if query.keys() - {"from", "to", "status", "cursor", "answer_id"}:
        raise invalid_parameter("query", "only answer_id, from, to, status and cursor are expected")
    if "answer_id" in query:
        return Wanted(first=now - LONGEST_SPAN, last=now, status=_status(query), answer_id=_answer_id(query))
    span = span_of(query, now, Reach(_USUAL_SPAN, LONGEST_SPAN))
    return Wanted(first=span.first, last=span.last, after=span.after, status=_status(query))


def page_of(channel_id: str, wanted: Wanted, deliveries: Deliveries) -> Page:
    """As many as make a page; fewer, and a cursor, where the status is so rare that looking further would take long."""
    if wanted.answer_id is not None:
        said = (each for each in said_of(channel_id, wanted.answer_id, deliveries) if wanted.status in {None, each.status})
        return Page(tuple(sorted(said, key=lambda each: each.created_at, reverse=True)), None)
    found: list[Message] = []
    last = wanted.last if wanted.after is None else min(wanted.last, wanted.after[0])
    for looked_at, message in enumerate(_after(deliveries.listed(channel_id, wanted.first, last), wanted.after), start=1):
        if wanted.status is None or message.status is wanted.status:
            found.append(message)
        if len(found) == PAGE or looked_at == _MOST_LOOKED_AT:
            return Page(tuple(found), cursor_of(message.created_at, message.message_id))
    return Page(tuple(found), None)


def _after(messages: Iterator[Message], after: tuple[datetime, str] | None) -> Iterator[Message]:
    return messages if after is None else (message for message in messages if (message.created_at, message.message_id) < after)


def _answer_id(query: Mapping[str, str]) -> str:
    if query.keys() & {"from", "to", "cursor"}:
        raise invalid_parameter("answer_id", "an answer's id is expected without from, to and cursor")
    try:
        return ids.parse(query["answer_id"]).text
    except ids.InvalidAnswerIdError:
        raise invalid_parameter("answer_id", "an answer's id is expected, a UUIDv7 in lower case") from None


def _status(query: Mapping[str, str]) -> MessageStatus | None:
    if "status" not in query:
        return None
    try:
        return MessageStatus(query["status"])
    except ValueError:
        raise invalid_parameter("status", Phrase("one of {values} is expected", values=tuple(MessageStatus))) from None
