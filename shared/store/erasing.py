"""Answers and the outbox as erasing sees them. Implements `privacy.ports.AnswersToErase` and `privacy.ports.OutboxToErase`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final

from botocore.exceptions import ClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from shared.alerts.content import AlertKind
from shared.alerts.message import message_id_of
from shared.answer import NOBODY, Answer, AnswerKey, Change, Standing, anonymised, coarsened, day_of
from shared.privacy.erasure import Parted
from shared.store import delivery_items as items
from shared.store.answer_items import answer_of, instant_of, milliseconds
from shared.store.answers import actions_of, key_of, read_raw
from shared.store.outbox import schedule_name
from shared.store.registry import written
from shared.store.settings import pause_with_jitter
from shared.store.tables import AnswerItem, DeliveryItem

_BATCH: Final = 100
_TRIES: Final = 6
_ABOUT_ANSWERS: Final = (AlertKind.DETRACTOR, AlertKind.COMMENT_ADDED, AlertKind.WITHDRAWN)


class AnswerBusyError(Exception):
    """The answer kept changing under us; the same may pass a moment later."""


class AnswersToErase:
    """Answers, to be parted from their person."""

    def naming(self, keys: Collection[AnswerKey], person_id: str) -> frozenset[AnswerKey]:
        """Those among `keys` that name the person now, readable otherwise or not."""
        raws = (raw for batch in batched(dict.fromkeys(keys), _BATCH, strict=False) for raw in read_raw(batch))
        return frozenset(key_of(raw) for raw in raws if raw.get("person_id", {}).get("S") == person_id)

    def anonymise(self, key: AnswerKey, person_id: str, now: datetime, *, withdraw: bool) -> Parted:
        """Take the person out of an answer of theirs; how it stands afterwards."""
        for attempt in range(_TRIES):
            raw = next(iter(read_raw([key])), None)
            if raw is None:
                return Parted.NOT_THERE
            answer = answer_of(raw)
            if "anonymised_at" in raw:
                if answer is not None and coarsened(answer) != answer:
                    _write(key, [AnswerItem.changed_at.set(milliseconds(day_of(answer.changed_at)))], _as_read(answer))
                return Parted.FORGOTTEN if "forgotten" in raw else Parted.ANONYMISED
            if raw.get("person_id", {}).get("S") != person_id:
                return Parted.ANOTHERS
            still_theirs = AnswerItem.person_id == person_id
            if answer is None:  # whoever mends it, it names nobody any more
                done = _write(key, _parting(now), still_theirs)
            else:
                done = _write(key, _changes(answer, now, withdraw=withdraw), still_theirs & _as_read(answer))
            if not done:
                pause_with_jitter(attempt)
        raise AnswerBusyError


def _write(key: AnswerKey, actions: list[Action], condition: Condition) -> bool:
    return written(lambda: AnswerItem(*key).update(actions=actions, condition=condition))


def _as_read(answer: Answer) -> Condition:
    """Time and standing change with the revision alone; that it is settled does not."""
    is_pending = AnswerItem.pending.exists() if answer.pending else AnswerItem.pending.does_not_exist()
    as_read: Condition = is_pending & (AnswerItem.rev == answer.rev)
    return as_read


def _parting(now: datetime) -> list[Action]:
    return [
        AnswerItem.person_id.set(NOBODY),
        AnswerItem.edit_key_hash.set(NOBODY),
        AnswerItem.anonymised_at.set(milliseconds(day_of(now))),
    ]


def _changes(answer: Answer, now: datetime, *, withdraw: bool) -> list[Action]:
    after = anonymised(answer, now, withdraw=withdraw)
    if after.forgotten:
        return [*_parting(now), AnswerItem.forgotten.set(1), *actions_of(Change(standing=Standing.WITHDRAWN), now)]
    return [*_parting(now), AnswerItem.changed_at.set(milliseconds(after.changed_at))]


class OutboxToErase:
    """Messages about answers: what Deliveries holds, and the schedules that bring them."""

    def __init__(self, scheduler: Any, group: str) -> None:  # noqa: ANN401 - botocore's client
        """Schedules lie in `group`."""
        self._scheduler = scheduler
        self._group = group

    def messages(self, answers: Collection[str], channel_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Found by their receipts, which outlive them: the ids of messages follow from channel and answer."""
        receipts = [items.receipt_key(channel_id, answer_id) for answer_id in answers for channel_id in channel_ids]
        about: dict[str, str] = {}
        for receipt in DeliveryItem.batch_get(receipts, consistent_read=True):
            _, channel_id, answer_id = receipt.pk.split("#")
            about |= {message_id_of(channel_id, kind, answer_id): answer_id for kind in _ABOUT_ANSWERS}
        found: defaultdict[str, set[str]] = defaultdict(set)
        for item in DeliveryItem.batch_get([items.message_key(message_id) for message_id in about], consistent_read=True):
            message_id = item.pk.removeprefix("message#")
            found[about[message_id]].add(message_id)
        return {answer_id: frozenset(message_ids) for answer_id, message_ids in found.items()}

    def forget(self, message_ids: Iterable[str]) -> None:
        """The message itself goes last: as long as it is there, what leads from it is found."""
        for message_id in message_ids:
            there = list(DeliveryItem.query(items.message_key(message_id)[0], consistent_read=True))
            message = next((item for item in there if item.sk == items.MESSAGE), None)
            if message is not None:
                self._delete_schedules(message_id, message)
            with DeliveryItem.batch_write() as batch:
                for pk, sk in _around(message_id, message):
                    batch.delete(DeliveryItem(pk, sk))
                for item in there:
                    if item is not message:
                        batch.delete(item)
            DeliveryItem(*items.message_key(message_id)).delete()

    def _delete_schedules(self, message_id: str, message: DeliveryItem) -> None:
        """The one that brings it when it is due, if that is so far ahead; of earlier ones, which find nothing, the id is all there is."""
        due = message.attribute_values.get("next_at")
        if due is None:
            return
        at = instant_of(due)  # to the millisecond, rounded: the schedule's may lie in the next second
        for name in {schedule_name(message_id, at), schedule_name(message_id, at + timedelta(milliseconds=1))}:
            try:
                self._scheduler.delete_schedule(Name=name, GroupName=self._group)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise


def _around(message_id: str, message: DeliveryItem | None) -> list[tuple[str, str]]:
    """Where else a message is named: in its channel's list and its digest's."""
    given = message.attribute_values if message is not None else {}
    named = []
    if "channel_id" in given and "created_at" in given:
        named.append((f"channel#{given['channel_id']}", f"{int(given['created_at']):013d}#{message_id}"))
    if "digest_id" in given:
        named.append(items.digest_key(given["digest_id"], message_id))
    return named
