"""People: what identifies a person and what they typed. Implements `intake.ports.PeopleStore`. No stream reads this table.

Under a person id lie `profile`, `comment#answer_id` and, where the person is known, `answer#answer_id` for each answer of theirs and
`asked`, when they answered last; what else does is written by `consents`, `invitations` and `contacts` beside this module. Under
`lookup#HMAC` whose person an identifier is: one person for a customer id, any number for an e-mail (several customers may share one). A
profile knows all lookups that lead to it, for an erasure to find them. Every write is conditional on the person not being marked `erased`.

What identifies and what was typed is sealed with the person's own key, which is kept in the same transaction as what it seals first.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from shared.identity import lookup_of, person_id_from
from shared.intake.ports import Claims, Comment, CommentTakenError, Occasion, PeopleBusyError, PersonErasedError
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.person_answers import ANSWER
from shared.store.person_keys import PersonKey, PersonKeys
from shared.store.settings import pause_with_jitter
from shared.store.tables import PersonItem, connection

type Notes = Callable[[str, int], Iterable[tuple[PersonItem, list[Action]]]]
"""What else is written of a person, given their id and until when (epoch seconds) they are kept: items, and what is done to each."""

PROFILE: Final = "profile"
COMMENT: Final = "comment#"
SEALED_OF_PROFILE: Final = ("customer_id", "email", "name")
ASKED: Final = "asked"
"""When the person answered or dismissed the question last."""
OWNER: Final = "owner"
TRIES: Final = 5


class NobodyError(Exception):
    """Claims without a customer id or an e-mail are nobody's."""


def comment_key(answer_id: str) -> str:
    """Where, under its person's id, the comment on an answer lies."""
    return COMMENT + answer_id


class _Owner(NamedTuple):
    """Whose customer id that is, and until when all of them is kept."""

    lookup: str
    person_id: str
    expires_at: int


class People:
    """The repository of people."""

    def __init__(self, pepper: Callable[[], bytes], keys: PersonKeys, random_bytes: Callable[[int], bytes]) -> None:
        """`pepper` gives the key of identity lookups when one is needed; `random_bytes` is of a cryptographic source."""
        self._pepper = pepper
        self._keys = keys
        self._random_bytes = random_bytes

    def identify(self, claims: Claims, occasion: Occasion, now: datetime) -> str:
        """The id of the person with these claims, made if need be, their profile brought up to date and the answer noted as theirs."""
        return self.bring_up_to_date(claims, occasion.keep_until, answered(occasion, now), now)

    def bring_up_to_date(self, claims: Claims, keep_until: datetime, notes: Notes, now: datetime, known: str | None = None) -> str:
        """The id of the person with this customer id, or else this e-mail, made if need be; all are written in one transaction.

        `known`: whose the identifier is from now on, if it leads to nobody yet, rather than somebody new.
        """
        pepper = self._pepper()
        email_lookup = lookup_of("email", claims.email, pepper) if claims.email is not None else None
        lookup = lookup_of("customer_id", claims.customer_id, pepper) if claims.customer_id is not None else email_lookup
        if lookup is None:
            raise NobodyError
        email_lookup = None if lookup == email_lookup else email_lookup
        for attempt in range(TRIES):
            owner = self._owner_of(lookup, seconds(keep_until), known)
            if owner and self._write_profile(owner, claims, email_lookup, keep_until, notes, now):
                return owner.person_id
            pause_with_jitter(attempt)
        raise PeopleBusyError

    def add_comment(self, comment: Comment) -> bool:
        """Keep a comment unless the answer has, or had, one by the same key already."""
        if self._put_comment(comment, PersonItem.pk.does_not_exist()):
            return True
        there = find(comment.person_id, comment_key(comment.answer_id))
        if there is not None and there.edit_key_hash != comment.edit_key_hash:
            raise CommentTakenError
        return False

    def replace_comment(self, comment: Comment) -> None:
        """Keep a comment in place of what there was."""
        self._put_comment(comment, None)

    def remove_comment(self, person_id: str, answer_id: str, edit_key_hash: str) -> None:
        """Drop what that key's comment says. Its place stays taken, so that a repeat under way does not bring it back."""
        try:
            PersonItem(person_id, comment_key(answer_id)).update(
                actions=[PersonItem.text.remove()], condition=PersonItem.edit_key_hash == edit_key_hash
            )
        except UpdateError as error:
            if error.cause_response_code != CONDITION_FAILED:
                raise

    def copy_comment(self, comment: Comment, person_id: str) -> None:
        """Keep what is said at a comment's place as another person's too."""
        sort_key = comment_key(comment.answer_id)
        there = find(comment.person_id, sort_key)
        sealed = there.attribute_values.get("text") if there is not None and there.edit_key_hash == comment.edit_key_hash else None
        key = self._keys.find(comment.person_id) if sealed else None
        if sealed and key is not None:
            copied = replace(comment, person_id=person_id, text=key.unseal(sealed, sort_key, "text"))
            self._put_comment(copied, PersonItem.pk.does_not_exist())

    def _owner_of(self, lookup: str, keep_until: int, known: str | None) -> _Owner | None:
        """Whose customer id that is; the first of two that ask at once makes the person. None where that changed under us."""
        there = find(lookup_key(lookup), OWNER)
        if there is None:
            person_id = known or person_id_from(self._random_bytes(16))
            there = PersonItem(lookup_key(lookup), OWNER, person_id=person_id, expires_at=keep_until)
            try:
                there.save(condition=PersonItem.pk.does_not_exist())
            except PutError as error:
                if error.cause_response_code == CONDITION_FAILED:
                    return None
                raise
        return _Owner(lookup, there.person_id, int(there.expires_at))

    def _write_profile(  # noqa: PLR0913, PLR0917 - whose, what, how long, when
        self, owner: _Owner, claims: Claims, email_lookup: str | None, keep_until: datetime, notes: Notes, now: datetime
    ) -> bool:
        """Profile, key, lookups and notes in one transaction, all but the notes kept equally long; False where they changed since.

        Updates all, also where a put would do: PynamoDB sends puts before updates, and the reasons of a refusal come in that order.
        """
        expires_at = max(owner.expires_at, seconds(keep_until))
        lookups = {owner.lookup} | ({email_lookup} if email_lookup else set())
        key = self._keys.find_or_new(owner.person_id)
        transaction = TransactWrite(connection=connection())
        transaction.update(
            PersonItem(owner.person_id, PROFILE),
            actions=[*sealed_claims(claims, key), *profile_actions(lookups, expires_at, now)],
            condition=PersonItem.erased.does_not_exist(),
        )
        transaction.update(
            PersonItem(lookup_key(owner.lookup), OWNER),
            actions=[PersonItem.expires_at.set(expires_at)],
            condition=(PersonItem.person_id == owner.person_id) & (PersonItem.expires_at == owner.expires_at),
        )
        self._keys.keep(transaction, key, expires_at)
        if email_lookup:
            transaction.update(
                PersonItem(lookup_key(email_lookup), owner.person_id),
                actions=[PersonItem.person_id.set(owner.person_id), PersonItem.expires_at.set(expires_at)],
            )
        for item, actions in notes(owner.person_id, expires_at):
            transaction.update(item, actions=actions)
        return not refused(transaction)

    def _put_comment(self, comment: Comment, condition: Condition | None) -> bool:
        """Write a comment of a person who is not erased, with their key; False where `condition` does not hold."""
        for attempt in range(TRIES):
            key = self._keys.find_or_new(comment.person_id)
            transaction = TransactWrite(connection=connection())
            transaction.condition_check(PersonItem, comment.person_id, PROFILE, condition=PersonItem.erased.does_not_exist())
            transaction.save(comment_item(comment, key), condition=condition)
            self._keys.keep(transaction, key, seconds(comment.expires_at))
            reasons = refused(transaction)
            if not reasons:
                return True
            if reasons[1:2] == [transactions.CONDITION]:
                return False
            pause_with_jitter(attempt)
        raise PeopleBusyError


def sealed_claims(claims: Claims, key: PersonKey) -> list[Action]:
    """What the claims say, sealed. What they do not say stays, but for what an expired key had sealed: nobody can read that."""
    actions: list[Action] = []
    for attribute, text in ((PersonItem.customer_id, claims.customer_id), (PersonItem.email, claims.email), (PersonItem.name, claims.name)):
        if text is not None:
            actions.append(attribute.set(key.seal(text, PROFILE, attribute.attr_name)))
        elif key.is_new:
            actions.append(attribute.remove())
    return actions


def profile_actions(lookups: set[str], expires_at: int, now: datetime) -> list[Action]:
    """What changes in a profile each time, beside what is sealed in it."""
    return [PersonItem.changed_at.set(milliseconds(now)), PersonItem.expires_at.set(expires_at), PersonItem.lookups.add(lookups)]


def refused(transaction: TransactWrite) -> list[str]:
    """Commit; why it was refused, action by action, where it may pass another time. The first action asks whether the person was erased."""
    try:
        transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
    except TransactWriteError as error:
        reasons = transactions.reasons(error)
        if reasons[0] == transactions.CONDITION:
            raise PersonErasedError from None
        if transactions.CONDITION not in reasons and not transactions.is_busy(reasons):
            raise
        return reasons
    return []


def comment_item(comment: Comment, key: PersonKey) -> PersonItem:
    """A comment, sealed with its person's key."""
    sort_key = comment_key(comment.answer_id)
    return PersonItem(
        comment.person_id,
        sort_key,
        survey_id=comment.survey_id,
        text=key.seal(comment.text, sort_key, "text"),
        edit_key_hash=comment.edit_key_hash,
        changed_at=milliseconds(comment.written_at),
        expires_at=seconds(comment.expires_at),
    )


def answered(occasion: Occasion, now: datetime) -> Notes:
    """That the answer is a person's, and when they answered last."""

    def notes(person_id: str, expires_at: int) -> list[tuple[PersonItem, list[Action]]]:
        pointer: list[Action] = [PersonItem.survey_id.set(occasion.survey_id), PersonItem.expires_at.set(seconds(occasion.keep_until))]
        asked: list[Action] = [PersonItem.answered_at.set(milliseconds(now)), PersonItem.expires_at.set(expires_at)]
        return [(PersonItem(person_id, ANSWER + occasion.answer_id), pointer), (PersonItem(person_id, ASKED), asked)]

    return notes


def find(partition: str, sort: str) -> PersonItem | None:
    """One item, strongly read."""
    try:
        return PersonItem.get(partition, sort, consistent_read=True)
    except PersonItem.DoesNotExist:
        return None


def lookup_key(lookup: str) -> str:
    """Where it lies whose an identifier is."""
    return f"lookup#{lookup}"


def seconds(instant: datetime) -> int:
    """An instant as TTL reads it: epoch seconds."""
    return int(instant.timestamp())
