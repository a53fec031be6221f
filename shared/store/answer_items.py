"""Answers to items and back."""

from datetime import UTC, datetime
from typing import Any, Final

from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Contribution, Mark, Standing
from shared.scoring import NpsClass
from shared.store.tables import AnswerItem

_UNREADABLE: Final = (AttributeDeserializationError, AttributeNullError, KeyError, TypeError, ValueError, AttributeError)
"""What reading an item that is not an answer may raise (ids.InvalidAnswerIdError among them)."""


def milliseconds(instant: datetime) -> int:
    """An instant as DynamoDB keeps ours: epoch milliseconds."""
    return round(instant.timestamp() * 1000)


def instant_of(milliseconds_: float) -> datetime:
    """The instant of epoch milliseconds."""
    return datetime.fromtimestamp(milliseconds_ / 1000, UTC)


def item_of(answer: Answer) -> AnswerItem:
    """A new answer's item: revision 1, pending, never counted."""
    return AnswerItem(
        *answer.key,
        score=answer.score,
        person_id=answer.person_id,
        edit_key_hash=answer.edit_key_hash,
        changed_at=milliseconds(answer.changed_at),
        dimensions=dict(answer.dimensions),
        finished=1 if answer.finished else None,
        commented=1 if answer.commented else None,
        rev=answer.rev,
        pending=1,
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
        ids.parse(item.sk)
        score = _whole(item.score)
        if not 0 <= score <= 10:  # noqa: PLR2004 - the scale of NPS
            return None
        return Answer(
            key=AnswerKey(item.pk, item.sk),
            score=score,
            person_id=item.person_id,
            edit_key_hash=item.edit_key_hash,
            changed_at=instant_of(item.changed_at),
            dimensions={name: str(value) for name, value in item.dimensions.as_dict().items()},
            finished=bool(item.finished),
            commented=bool(item.commented),
            standing=Standing(item.standing) if item.standing else Standing.VALID,
            rev=_whole(item.rev),
            pending=item.pending is not None,
            mark=_mark_of(item),
            expires_at=datetime.fromtimestamp(_whole(item.expires_at), UTC) if item.expires_at is not None else None,
        )
    except _UNREADABLE:
        return None


def _mark_of(item: AnswerItem) -> Mark | None:
    if item.counted_rev is None:
        return None
    counted = item.counted.as_dict() if item.counted is not None else {}
    contribution = None
    if "score" in counted:
        contribution = Contribution(_whole(counted["score"]), counted["day"], tuple(counted["rows"]))
    return Mark(_whole(item.counted_rev), contribution, NpsClass(counted["was"]) if "was" in counted else None)


def _whole(number: object) -> int:
    if not isinstance(number, int):
        raise TypeError
    return number
