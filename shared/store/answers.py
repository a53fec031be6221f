"""Answers: the streamed table. Implements `counting.ports.AnswerStore`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, Final

from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.pagination import ResultIterator
from pynamodb.transactions import TransactWrite

from shared.answer import SUPERSEDED, Answer, AnswerKey, Change, Standing
from shared.counting.ports import CommitResult, Reading, Refusal, Settlement
from shared.rollup import Bins, RowDay
from shared.store import transactions
from shared.store.answer_items import answer_of, counted_of, item_of, milliseconds
from shared.store.batches import raw_items
from shared.store.rollup_rows import add_to_rows
from shared.store.tables import AnswerItem, connection
from shared.superseding import SUPERSEDES

CONDITION_FAILED: Final = "ConditionalCheckFailedException"
_BATCH: Final = 100


class Answers:
    """The repository of answers."""

    def read(self, keys: Collection[AnswerKey]) -> Reading:
        """Read strongly; raises `UnreadItemsError` where DynamoDB keeps leaving some out."""
        answers: dict[AnswerKey, Answer] = {}
        unreadable: set[AnswerKey] = set()
        for batch in batched(dict.fromkeys(keys), _BATCH, strict=False):
            for raw in read_raw(batch):
                answer = answer_of(raw)
                if answer is None:
                    unreadable.add(key_of(raw))
                else:
                    answers[answer.key] = answer
        return Reading(answers, frozenset(unreadable))

    def in_partition(
        self, partition: str, *, first_id: str = "", last_id: str = "g", pending_only: bool = False, page: int | None = None
    ) -> Iterator[Answer | AnswerKey]:
        """A partition's answers in the order of their ids, strongly read, page by page (of 1 MB); of what cannot be read, the key."""
        only = AnswerItem.pending.exists() if pending_only else None
        return _query(partition, first_id, last_id, filter_condition=only, limit=page)

    def backwards(self, partition: str, *, first_id: str, last_id: str, page: int) -> Iterator[Answer | AnswerKey]:
        """Likewise, the newest first."""
        return _query(partition, first_id, last_id, limit=page, scan_index_forward=False)

    def find(self, key: AnswerKey) -> Answer | None:
        """One answer, strongly read; None where it is not there or not readable."""
        found = connection().get_item(AnswerItem.Meta.table_name, key.partition, key.answer_id, consistent_read=True)
        return answer_of(found["Item"]) if "Item" in found else None

    def add(self, answer: Answer) -> bool:
        """Store a new answer; False, and nothing written, where the key is taken."""
        try:
            item_of(answer).save(condition=AnswerItem.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return False
            raise
        return True

    def change(self, key: AnswerKey, change: Change, now: datetime) -> bool:
        """Apply a change by rule 1; False, and nothing written, where the answer is gone or may not be changed so."""
        return self._update(key, actions_of(change, now), changeable(change, now))

    def give(self, key: AnswerKey, anonymous: str, person_id: str, change: Change, now: datetime) -> bool:
        """Apply a change by rule 1 and make an anonymous answer a person's; False, and nothing written, where it is not that any more."""
        actions = [*actions_of(change, now), AnswerItem.person_id.set(person_id)]
        is_anonymous = (AnswerItem.person_id == anonymous) & AnswerItem.anonymised_at.does_not_exist()
        return self._update(key, actions, changeable(change, now) & is_anonymous)

    @staticmethod
    def _update(key: AnswerKey, actions: list[Action], condition: Condition) -> bool:
        try:
            AnswerItem(*key).update(actions=actions, condition=condition)
        except UpdateError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return False
            raise
        return True

    def supersede(self, earlier: Answer, later: Answer, now: datetime) -> bool:
        """Have `later` take the place of `earlier`, if both are as they were read but for what makes no difference."""
        is_theirs = AnswerItem.person_id == earlier.person_id
        transaction = TransactWrite(connection=connection())
        transaction.condition_check(
            AnswerItem, *later.key, condition=is_theirs & _stands_in(SUPERSEDES) & AnswerItem.anonymised_at.does_not_exist()
        )
        transaction.update(AnswerItem(*earlier.key), actions=actions_of(SUPERSEDED, now), condition=changeable(SUPERSEDED, now) & is_theirs)
        try:
            transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
        except TransactWriteError as error:
            codes = transactions.reasons(error)
            if transactions.CONDITION in codes or transactions.is_busy(codes) or transactions.is_invalid(codes):
                return False
            raise
        return True

    def commit(self, settlements: Sequence[Settlement], rows: Mapping[RowDay, Bins], shards: Mapping[str, int]) -> CommitResult:
        """Mark the answers and add to the rows, all or nothing."""
        transaction = TransactWrite(connection=connection())
        for settlement in settlements:
            transaction.update(
                AnswerItem(*settlement.answer.key), actions=_marking(settlement), condition=_still_as_read(settlement.answer)
            )
        add_to_rows(transaction, rows, shards)
        try:
            transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
        except TransactWriteError as error:
            return _refusal(error, settlements)
        return frozenset()


def changeable(change: Change, now: datetime) -> Condition:
    """`may_change`, asked of the item."""
    alive = AnswerItem.expires_at.does_not_exist() | (AnswerItem.expires_at > int(now.timestamp()))
    condition: Condition = AnswerItem.pk.exists() & _stands_in(change.standings_before) & alive
    if change.is_edit:
        condition &= AnswerItem.anonymised_at.does_not_exist()
    if change.standing is Standing.QUARANTINED:
        condition &= AnswerItem.suspicions.does_not_exist()
    return condition


def _stands_in(standings: Collection[Standing]) -> Condition:
    """A valid answer's item says nothing of its standing."""
    spelled = sorted(standing.value for standing in standings if standing is not Standing.VALID)
    valid: Condition = AnswerItem.standing.does_not_exist()
    if not spelled:
        return valid
    others: Condition = AnswerItem.standing.is_in(*spelled)
    return valid | others if Standing.VALID in standings else others


def _query(partition: str, first_id: str, last_id: str, **how: Any) -> Iterator[Answer | AnswerKey]:  # noqa: ANN401 - as PynamoDB has it
    return ResultIterator(
        AnswerItem._get_connection().query,  # noqa: SLF001 - Model.query stops at the first item it cannot read
        (partition,),
        {"range_key_condition": AnswerItem.sk.between(first_id or "0", last_id), "consistent_read": True} | how,
        map_fn=lambda raw: answer_of(raw) or key_of(raw),
    )


def key_of(raw: dict[str, Any]) -> AnswerKey:
    """Where an item lies."""
    return AnswerKey(raw["pk"]["S"], raw["sk"]["S"])


def read_raw(keys: Sequence[AnswerKey]) -> Iterator[dict[str, Any]]:
    """The raw items of at most 100 keys, strongly read. Raises `UnreadItemsError`."""
    return raw_items(AnswerItem, keys)


def actions_of(change: Change, now: datetime) -> list[Action]:
    """Rule 1."""
    actions: list[Action] = [
        AnswerItem.rev.add(1),
        AnswerItem.pending.set(1),
        AnswerItem.changed_at.set(milliseconds(now)),
        AnswerItem.expires_at.remove(),
    ]
    if change.score is not None:
        actions.append(AnswerItem.score.set(change.score))
    if change.dimensions is not None:
        actions.append(AnswerItem.dimensions.set(dict(change.dimensions)))
    if change.finished is not None:
        actions.append(AnswerItem.finished.set(1) if change.finished else AnswerItem.finished.remove())
    if change.commented is not None:
        actions.append(AnswerItem.commented.set(1) if change.commented else AnswerItem.commented.remove())
    if change.standing is not None:
        is_valid = change.standing is Standing.VALID
        actions.append(AnswerItem.standing.remove() if is_valid else AnswerItem.standing.set(change.standing.value))
    if change.suspicions:
        actions.append(AnswerItem.suspicions.set({reason.value for reason in change.suspicions}))
    return actions


def _marking(settlement: Settlement) -> list[Action]:
    actions: list[Action] = [
        AnswerItem.counted.set(counted_of(settlement.mark)),
        AnswerItem.counted_rev.set(settlement.mark.rev),
    ]
    if settlement.expires_at is not None:
        actions += [AnswerItem.expires_at.set(int(settlement.expires_at.timestamp())), AnswerItem.pending.remove()]
    return actions


def _still_as_read(answer: Answer) -> Condition:
    """Rule 2: pending, at the revision and with the mark that were read."""
    seen: Condition = AnswerItem.counted_rev.does_not_exist() if answer.mark is None else AnswerItem.counted_rev == answer.mark.rev
    as_read: Condition = AnswerItem.pending.exists() & (AnswerItem.rev == answer.rev) & seen
    return as_read


def _refusal(error: TransactWriteError, settlements: Sequence[Settlement]) -> CommitResult:
    codes = transactions.reasons(error)
    lost = frozenset(settlement.answer.key for settlement, code in zip(settlements, codes, strict=False) if code == transactions.CONDITION)
    if lost:
        return lost
    if transactions.is_invalid(codes):
        return Refusal.INVALID
    if transactions.is_busy(codes):
        return Refusal.BUSY
    raise error
