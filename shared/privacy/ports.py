"""What erasing and answering data subjects need of the stores. Two implementations each: on AWS, and in memory for tests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.answer import Answer, AnswerKey
from shared.privacy.erasure import Erasure, Ours, Recipient
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


class PersonKeys(Protocol):
    """What makes each person's own data key (the table Keys)."""

    def destroy(self, person_id: str) -> bool:
        """Delete it for good; False where there was none (any more)."""


class PeopleToErase(Protocol):
    """All that People holds of a person."""

    def persons_of(self, kind: str, identifier: str) -> Sequence[str]:
        """The ids of the persons with that `customer_id` or `email`, in clear; none where it is nobody's."""

    def mark_erased(self, person_id: str, now: datetime) -> bool:
        """Mark the person erased, be they known or not; False where they were already. The mark stays until no answer can name them."""

    def is_known(self, person_id: str) -> bool:
        """Whether anything is held under the id that is not the mark itself."""

    def answers_of(self, person_id: str) -> Iterator[tuple[str, str]]:
        """(survey_id, answer_id) of every answer that was announced as the person's, stored or not."""

    def recipients_of(self, person_id: str) -> Sequence[Recipient]:
        """Who was given data of theirs (sharing records)."""

    def lookups_of(self, person_id: str) -> Sequence[str]:
        """The keyed hashes of their identifiers."""

    def delete_all(self, person_id: str) -> Mapping[str, int]:
        """Delete comments, sharing records, pointers, lookups and the profile, the mark aside; how many of each kind. Repeatable."""

    def profile(self, person_id: str) -> Profile | None:
        """What identifies them, unsealed; None where nothing does, or the key is gone."""

    def comments(self, person_id: str) -> Iterator[HeldComment]:
        """Their comments, unsealed."""


class AnswersToErase(Protocol):
    """The part of Answers that erasing needs."""

    def find(self, key: AnswerKey) -> Answer | None:
        """One answer, strongly read."""

    def anonymise(self, key: AnswerKey, person_id: str, now: datetime, *, withdraw: bool) -> bool:
        """Take the person out of an answer of theirs: no person id, no edit key, times to the day; with `withdraw`, by rule 1 of counting.

        False, and nothing written, where it is not there or names another. Once anonymised nobody can change it.
        """


class OutboxToErase(Protocol):
    """Messages about answers."""

    def forget(self, answers: Iterable[str], channel_ids: Iterable[str]) -> int:
        """Delete the messages about these answers to these channels, with attempts, listings and schedules; how many messages. Receipts stay."""


class Surveys(Protocol):
    """Surveys by id."""

    def find(self, survey_id: str) -> Survey | None:
        """The survey, perhaps some seconds old."""


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
        """Keep which answers are the person's; how many were new."""

    def answers(self, erasure_id: str) -> Iterator[Ours]:
        """Those that were noted, in the order of their ids."""

    def answer_done(self, erasure_id: str, key: AnswerKey) -> None:
        """Write that it no longer names anybody."""

    def note_recipient(self, erasure_id: str, recipient: Recipient) -> None:
        """Keep a receiver, or how far it is."""

    def recipients(self, erasure_id: str) -> Sequence[Recipient]:
        """Those that were noted."""
