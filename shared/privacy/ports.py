"""What erasing and answering data subjects need of the stores. Two implementations each: on AWS, and in memory for tests."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.answer import AnswerKey
from shared.identity import IdentityKind
from shared.privacy.erasure import Erasure, Ours, Parted, Recipient
from shared.privacy.holds import Hold
from shared.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What identifies a person, unsealed. Personal."""

    customer_id: str | None = None
    email: str | None = None
    name: str | None = None
    changed_at: datetime | None = None
    keep_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldComment:
    """A comment as it is held, unsealed. Personal."""

    survey_id: str
    answer_id: str
    text: str
    written_at: datetime
    keep_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldConsent:
    """That the person of an answer consented."""

    survey_id: str
    answer_id: str
    version: str
    locale: str
    given_at: datetime
    keep_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldInvitation:
    """That they were sent a personal link."""

    survey_id: str
    made_at: datetime
    keep_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldContact:
    """When they were asked: in one survey (`survey_id`), how often and last; in all of them, when they answered or dismissed last."""

    survey_id: str | None = None
    shown: int | None = None
    shown_at: datetime | None = None
    answered_at: datetime | None = None
    dismissed_at: datetime | None = None
    keep_until: datetime


class PersonKeys(Protocol):
    """What makes each person's own data key (the table Keys)."""

    def holds(self, person_id: str) -> bool:
        """Whether there is one, strongly read."""

    def destroy(self, person_id: str) -> bool:
        """Delete it for good; False where there was none (any more)."""


class Unsealing(Protocol):
    """Reads what is sealed with a person's own key."""

    def unseal(self, person_id: str, sort_key: str, field: str, sealed: str) -> str | None:
        """What was sealed for that field of that item; None where the key is gone."""


class PeopleToErase(Protocol):
    """All that People holds of a person."""

    def persons_of(self, kind: IdentityKind, identifier: str) -> Sequence[str]:
        """The ids of the persons with that `customer_id` or `email`, in clear; none where it is nobody's."""

    def mark_erased(self, person_id: str, now: datetime) -> bool:
        """Mark the person erased, be they known or not; False where they were already. The mark stays until no answer can name them."""

    def is_known(self, person_id: str) -> bool:
        """Whether anything is held under the id that is not the mark itself."""

    def answers_of(self, person_id: str, after: str = "") -> Iterator[tuple[str, str]]:
        """(survey_id, answer_id) of every answer announced as the person's, stored or not, by answer id, from the first past `after`."""

    def recipients_of(self, person_id: str) -> Sequence[Recipient]:
        """Who was given data of theirs (sharing records)."""

    def lookups_of(self, person_id: str) -> Sequence[str]:
        """The keyed hashes of their identifiers."""

    def holdings(self, person_id: str) -> Mapping[str, int]:
        """How many items of each kind `delete_some` would delete, strongly read."""

    def delete_some(self, person_id: str, most: int) -> bool:
        """Delete comments, sharing records, pointers, lookups and, last, the profile, the mark aside: about `most` items at once.

        False where nothing is left. A lookup that leads to somebody else by now stays.
        """

    def profile(self, person_id: str) -> Profile | None:
        """What identifies them, unsealed; None where nothing does, or the key is gone."""

    def comments(self, person_id: str) -> Iterator[HeldComment]:
        """Their comments, unsealed."""

    def consents(self, person_id: str) -> Sequence[HeldConsent]:
        """What they consented to."""

    def invitations(self, person_id: str) -> Sequence[HeldInvitation]:
        """The personal links that were made for them."""

    def contacts(self, person_id: str) -> Sequence[HeldContact]:
        """When they were asked."""


class AnswersToErase(Protocol):
    """The part of Answers that erasing needs."""

    def naming(self, keys: Collection[AnswerKey], person_id: str) -> frozenset[AnswerKey]:
        """Those among `keys` that name the person now, strongly read."""

    def anonymise(self, key: AnswerKey, person_id: str, now: datetime, *, withdraw: bool) -> Parted:
        """Take the person out of an answer of theirs (`shared.answer.anonymised`); how it stands afterwards, whoever did it.

        Once more: what had to wait until the answer was settled is done too.
        """


class OutboxToErase(Protocol):
    """Messages about answers."""

    def messages(self, answers: Collection[str], channel_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The ids of the messages about these answers to these channels, by answer id; answers without any left out."""

    def forget(self, message_ids: Iterable[str]) -> None:
        """Delete these messages, with attempts, listings and schedules; whatever of it is not there does not matter. Receipts stay."""


class Surveys(Protocol):
    """Surveys by id."""

    def find(self, survey_id: str) -> Survey | None:
        """The survey, perhaps some seconds old."""


class TouchedPartitions(Protocol):
    """Where writes to older answers are announced to the sweep of counting."""

    def touch(self, partition: str, now: datetime) -> None:
        """Say that the partition is about to be written to."""


class Holds(Protocol):
    """Legal holds: identities whose data must be kept for now (LGPD art. 16 I)."""

    def in_force(self, lookups: Iterable[str]) -> Sequence[Hold]:
        """The holds on any of these, the oldest first."""


class Suppression(Protocol):
    """Identities that are not to be invited or imported again, and persons whom no restored copy may bring back."""

    def add(self, lookups: Collection[str], now: datetime) -> None:
        """Write an entry for each; once more does no harm."""

    def remember(self, person_id: str, now: datetime) -> None:
        """Keep that this person was erased; once more does no harm."""

    def remembered(self, person_ids: Collection[str], now: datetime) -> frozenset[str]:
        """Those among them that were erased."""


class Telling(Protocol):
    """Tells those who were given data of the person that it has to go (LGPD art. 18 §6)."""

    def tell(self, erasure: Erasure, recipient: Recipient, answer_ids: Sequence[str]) -> Recipient:
        """Have it told, by a message whose id follows from erasure and receiver; the receiver as it stands now."""

    def look(self, recipient: Recipient) -> Recipient:
        """The receiver as its message stands now."""


class Receipts(Protocol):
    """Signed receipts."""

    def sign(self, erasure: Erasure, recipients: Sequence[Recipient]) -> str:
        """Sign and keep the receipt of an erasure, under `erasure.receipt_id`; its id. The same erasure once more: the same receipt."""


class Ledger(Protocol):
    """Erasures, with the answers and the receivers that each has to do with."""

    def open(self, erasure: Erasure) -> bool:
        """Write a new erasure and that it is due; False where its id is taken."""

    def find(self, erasure_id: str) -> Erasure | None:
        """One erasure, strongly read."""

    def advance(self, seen: Erasure, new: Erasure) -> bool:
        """Write how far it is, if it still is as seen; `new.next_at` (or now) is when it is due next, done ones never."""

    def due(self, now: datetime) -> Iterator[str]:
        """The ids of the erasures that are due, the longest due first."""

    def listed(self, first: datetime, last: datetime) -> Iterator[Erasure]:
        """The erasures asked for in the span, newest first."""

    def note_answers(self, erasure_id: str, answers: Iterable[AnswerKey]) -> int:
        """Keep which answers are the person's; how many were new. What is written of the others stays."""

    def answers(self, erasure_id: str, after: str = "") -> Iterator[Ours]:
        """Those that were noted, in the order of their ids, from the first past `after`."""

    def answers_found(self, erasure_id: str, keys: Collection[AnswerKey], *, late: bool = False) -> None:
        """Write in their notes that these name the person, and are about to be anonymised; `late` as whoever writes it first says."""

    def answer_withdrawn(self, erasure_id: str, key: AnswerKey) -> None:
        """Write in its note that it was withdrawn too."""

    def note_messages(self, erasure_id: str, key: AnswerKey, message_ids: Collection[str], *, late: bool = False) -> None:
        """Add to the note of an answer the messages that are about to be deleted."""

    def forget_answers(self, erasure_id: str, most: int) -> bool:
        """Delete notes of answers, at most so many; False where none is left."""

    def note_recipients(self, erasure_id: str, recipients: Iterable[Recipient]) -> None:
        """Keep those that are not known yet."""

    def note_recipient(self, erasure_id: str, recipient: Recipient) -> bool:
        """Keep how far a receiver is; False, and nothing written, where it is further already (`TellingStatus.rank`)."""

    def recipients(self, erasure_id: str) -> Sequence[Recipient]:
        """Those that were noted."""
