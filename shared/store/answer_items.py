"""Answers to items and back."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Contribution, Mark, Standing, SuspicionReason
from shared.scoring import HIGHEST_SCORE, NpsClass
from shared.store.tables import AnswerItem

_UNREADABLE: Final = (
    *(AttributeDeserializationError, AttributeNullError, KeyError, TypeError, ValueError, AttributeError),
    *(OverflowError, OSError),  # instants beyond Python's calendar, or the platform's
)
"""What reading an item that is not an answer may raise (ids.InvalidAnswerIdError among them)."""


def milliseconds(instant: datetime) -> int:
    """An instant as DynamoDB keeps ours: epoch milliseconds."""
    return round(instant.timestamp() * 1000)


def instant_of(milliseconds_: float) -> datetime:
    """The instant of epoch milliseconds."""
    return datetime.fromtimestamp(milliseconds_ / 1000, UTC)


def item_of(answer: Answer) -> AnswerItem:
    """A new answer's item: revision 1, pending and never counted, or, of the past, counted as it is stored."""
    return AnswerItem(
        *answer.key,
        score=answer.score,
        person_id=answer.person_id,
        edit_key_hash=answer.edit_key_hash,
        changed_at=milliseconds(answer.changed_at),
        dimensions=dict(answer.dimensions),
        finished=1 if answer.finished else None,
        commented=1 if answer.commented else None,
        standing=None if answer.standing is Standing.VALID else answer.standing.value,
        suspicions={reason.value for reason in answer.suspicions} or None,
        rev=answer.rev,
        pending=1 if answer.pending else None,
        counted=counted_of(answer.mark) if answer.mark else None,
        counted_rev=answer.mark.rev if answer.mark else None,
        imported=1 if answer.imported else None,
        expires_at=int(answer.expires_at.timestamp()) if answer.expires_at else None,
    )


def counted_of(mark: Mark) -> dict[str, Any]:
    """A mark's attribute: a value even where it was counted as nothing, so that a tombstone says so."""
    counted: dict[str, Any] = {}
    if mark.contribution:
        counted |= {"score": mark.contribution.score, "day": mark.contribution.day, "rows": list(mark.contribution.rows)}
    if mark.previous_class:
        counted["was"] = mark.previous_class.value
    return counted


def answer_of(raw: dict[str, Any]) -> Answer | None:
    """The answer in a raw item; None where the item is not a whole, well-formed answer."""
    try:
        item = AnswerItem.from_raw_data(raw)
        given = item.attribute_values
        ids.parse(item.sk)
        return Answer(
            key=AnswerKey(item.pk, item.sk),
            score=_score(item.score),
            person_id=item.person_id,
            edit_key_hash=item.edit_key_hash,
            changed_at=instant_of(item.changed_at),
            dimensions={name: str(value) for name, value in given["dimensions"].as_dict().items()},
            finished=bool(item.finished),
            commented=bool(item.commented),
            standing=Standing(item.standing) if item.standing else Standing.VALID,
            suspicions=_suspicions_of(given),
            rev=_whole(item.rev),
            pending="pending" in given,
            mark=_mark_of(given),
            expires_at=datetime.fromtimestamp(_whole(given["expires_at"]), UTC) if "expires_at" in given else None,
            anonymised_at=instant_of(item.anonymised_at) if "anonymised_at" in given else None,
            forgotten=bool(item.forgotten),
            imported=bool(item.imported),
        )
    except _UNREADABLE:
        return None


def _suspicions_of(given: Mapping[str, Any]) -> tuple[SuspicionReason, ...]:
    reasons = {SuspicionReason(reason) for reason in given.get("suspicions") or ()}
    return tuple(reason for reason in SuspicionReason if reason in reasons)


def _mark_of(given: Mapping[str, Any]) -> Mark | None:
    """The mark, or none; a mark that only seems to be one would have rows changed that nobody reads, or counts taken twice."""
    if "counted_rev" not in given:
        return None
    counted: dict[str, Any] = given["counted"].as_dict()
    contribution = _contribution_of(counted) if "score" in counted else None
    return Mark(_whole(given["counted_rev"]), contribution, NpsClass(counted["was"]) if "was" in counted else None)


def _contribution_of(counted: dict[str, Any]) -> Contribution:
    day, rows = counted["day"], counted["rows"]
    if date.fromisoformat(day).isoformat() != day or not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
        raise ValueError
    return Contribution(_score(counted["score"]), day, tuple(rows))


def _score(number: object) -> int:
    score = _whole(number)
    if not 0 <= score <= HIGHEST_SCORE:
        raise ValueError
    return score


def _whole(number: object) -> int:
    if not isinstance(number, int):
        raise TypeError
    return number
