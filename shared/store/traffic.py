"""Buckets of answers by network, and the daily key that their names are made with. Implements `intake.ports.TrafficStore`.

TTL removes a bucket an hour after its span began, and a key an hour after its day. DynamoDB may take days to; nothing reads them then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from pynamodb.exceptions import PutError, PynamoDBException, UpdateError
from pynamodb.expressions.condition import size

from shared.intake.ports import Bucket, TrafficUnavailableError
from shared.store.answer_items import instant_of, milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.tables import TrafficItem

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

KEPT: Final = timedelta(hours=1)
KEY_BYTES: Final = 32
_KEY: Final = "key"
_NETWORK: Final = "network#"


class Traffic:
    """The table. Any call may raise `TrafficUnavailableError`."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        """`random_bytes` is of a cryptographic source."""
        self._random_bytes = random_bytes

    def key_of(self, day: date) -> bytes:
        """The day's key; of several containers that make it at once, one does."""
        with _reached():
            there = self._found_key(day)
            if there is None:
                midnight = datetime.combine(day + timedelta(days=1), time(), UTC)
                made = TrafficItem(_KEY, day.isoformat(), secret=self._random_bytes(KEY_BYTES), expires_at=_seconds(midnight + KEPT))
                try:
                    made.save(condition=TrafficItem.pk.does_not_exist())
                except PutError as error:
                    if error.cause_response_code != CONDITION_FAILED:
                        raise
                there = self._found_key(day)
        if there is None:
            raise TrafficUnavailableError
        return there

    def add(self, bucket: str, answer_ids: frozenset[str], most: int, span: datetime, now: datetime) -> Bucket:
        """Put answers into a bucket unless it holds more than `most` already; how it is then."""
        with _reached():
            item = TrafficItem(*_place_of(bucket, span))
            filled = size(TrafficItem.answers)  # type: ignore[no-untyped-call]  # PynamoDB leaves it untyped
            has_room = TrafficItem.answers.does_not_exist() | (filled <= most)
            actions: list[Action] = [
                TrafficItem.answers.add({UUID(answer_id).bytes for answer_id in answer_ids}),
                TrafficItem.changed_at.set(milliseconds(now)),
                TrafficItem.expires_at.set(_seconds(span + KEPT)),
            ]
            try:
                item.update(actions=actions, condition=has_room)
            except UpdateError as error:
                if error.cause_response_code != CONDITION_FAILED:
                    raise
                return _bucket_in(TrafficItem.get(item.pk, item.sk, consistent_read=True), is_added=False)
            return _bucket_in(item, is_added=True)

    def settle(self, bucket: str, span: datetime) -> None:
        """Say that what it holds has been set aside."""
        with _reached():
            TrafficItem(*_place_of(bucket, span)).update(actions=[TrafficItem.settled.set(1)])

    def _found_key(self, day: date) -> bytes | None:
        try:
            return bytes(TrafficItem.get(_KEY, day.isoformat(), consistent_read=True).secret)
        except TrafficItem.DoesNotExist:
            return None


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except PynamoDBException as error:
        raise TrafficUnavailableError from error


def _place_of(bucket: str, span: datetime) -> tuple[str, str]:
    return _NETWORK + bucket, span.strftime("%Y-%m-%dT%H:%M")


def _bucket_in(item: TrafficItem, *, is_added: bool) -> Bucket:
    given = item.attribute_values
    return Bucket(
        answer_ids=frozenset(str(UUID(bytes=raw)) for raw in given["answers"]),
        is_added=is_added,
        is_settled="settled" in given,
        changed_at=instant_of(given["changed_at"]),
    )


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
