"""People: what identifies a person and what they typed. Implements `intake.ports.PeopleStore`. No stream reads this table.

Under a person id lie `profile` and `comment#answer_id`; under `lookup#HMAC` whose person an identifier is: one person for a customer id,
any number for an e-mail (several customers may share one). Every write is conditional on the person not being marked `erased`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from shared.identity import lookup_of, person_id_from
from shared.intake.ports import Claims, Comment, CommentTakenError, PersonErasedError
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.tables import PersonItem, connection

PROFILE: Final = "profile"
_OWNER: Final = "owner"
_TRIES: Final = 3


class PeopleBusyError(Exception):
    """The person's items kept changing under us; the client's retry completes the answer."""


class People:
    """The repository of people."""

    def __init__(self, pepper: Callable[[], bytes], random_bytes: Callable[[int], bytes]) -> None:
        """`pepper` gives the key of identity lookups when one is needed; `random_bytes` is of a cryptographic source."""
        self._pepper = pepper
        self._random_bytes = random_bytes

    def identify(self, claims: Claims, keep_until: datetime, now: datetime) -> str:
        """The id of the person with this customer id, made if need be, their profile brought up to date."""
        pepper = self._pepper()
        person_id, expires_at = self._owner_of(lookup_of("customer_id", claims.customer_id, pepper), _seconds(keep_until))
        if claims.email is not None:
            lookup = f"lookup#{lookup_of('email', claims.email, pepper)}"
            PersonItem(lookup, person_id, person_id=person_id, expires_at=expires_at).save()
        _write_profile(person_id, claims, expires_at, now)
        return person_id

    def add_comment(self, comment: Comment) -> bool:
        """Keep a comment unless the answer has one by the same key already."""
        if _put_comment(comment, PersonItem.pk.does_not_exist()):
            return True
        there = _find(comment.person_id, _comment_key(comment.answer_id))
        if there is not None and there.edit_key_hash != comment.edit_key_hash:
            raise CommentTakenError
        return False

    def replace_comment(self, comment: Comment) -> None:
        """Keep a comment in place of what there was."""
        _put_comment(comment, None)

    def remove_comment(self, person_id: str, answer_id: str) -> None:
        """Drop a comment; nothing happens where there is none."""
        PersonItem(person_id, _comment_key(answer_id)).delete()

    def _owner_of(self, lookup: str, keep_until: int) -> tuple[str, int]:
        """Whose customer id that is, and until when they are kept: as long as their longest-kept answer.

        The first of two that ask at once makes the person.
        """
        partition = f"lookup#{lookup}"
        there = _find(partition, _OWNER)
        if there is None:
            new = PersonItem(partition, _OWNER, person_id=person_id_from(self._random_bytes(16)), expires_at=keep_until)
            try:
                new.save(condition=PersonItem.pk.does_not_exist())
            except PutError as error:
                if error.cause_response_code != CONDITION_FAILED:
                    raise
                there = _find(partition, _OWNER)
            else:
                there = new
        if there is None:
            raise PeopleBusyError
        kept_until = int(there.attribute_values.get("expires_at", keep_until))
        if kept_until < keep_until:
            there.update(actions=[PersonItem.expires_at.set(keep_until)], condition=PersonItem.pk.exists())
        return there.person_id, max(keep_until, kept_until)


def _write_profile(person_id: str, claims: Claims, expires_at: int, now: datetime) -> None:
    given = {"customer_id": claims.customer_id, "email": claims.email, "name": claims.name}
    profile = {name: value for name, value in given.items() if value is not None}
    try:
        PersonItem(person_id, PROFILE).update(
            actions=[
                PersonItem.profile.set(profile),
                PersonItem.changed_at.set(milliseconds(now)),
                PersonItem.expires_at.set(expires_at),
            ],
            condition=PersonItem.erased.does_not_exist(),
        )
    except UpdateError as error:
        if error.cause_response_code == CONDITION_FAILED:
            raise PersonErasedError from None
        raise


def _put_comment(comment: Comment, condition: Condition | None) -> bool:
    """Write a comment of a person who is not erased; False where `condition` does not hold."""
    for _ in range(_TRIES):
        transaction = TransactWrite(connection=connection())
        transaction.condition_check(PersonItem, comment.person_id, PROFILE, condition=PersonItem.erased.does_not_exist())
        transaction.save(_comment_item(comment), condition=condition)
        try:
            transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
        except TransactWriteError as error:
            erased, refused = (*transactions.reasons(error), "")[:2]
            if erased == transactions.CONDITION:
                raise PersonErasedError from None
            if refused == transactions.CONDITION:
                return False
            if not transactions.is_busy([erased, refused]):
                raise
        else:
            return True
    raise PeopleBusyError


def _comment_item(comment: Comment) -> PersonItem:
    return PersonItem(
        comment.person_id,
        _comment_key(comment.answer_id),
        survey_id=comment.survey_id,
        text=comment.text,
        edit_key_hash=comment.edit_key_hash,
        changed_at=milliseconds(comment.written_at),
        expires_at=_seconds(comment.expires_at),
    )


def _find(partition: str, sort: str) -> PersonItem | None:
    try:
        return PersonItem.get(partition, sort, consistent_read=True)
    except PersonItem.DoesNotExist:
        return None


def _comment_key(answer_id: str) -> str:
    return f"comment#{answer_id}"


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
