"""What taking answers in needs of the stores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

from shared.answer import Answer, AnswerKey, Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What a person wrote with one answer. Personal; kept in People alone, until the answer's retention is over.

    It is that answer's comment only where both have the same `edit_key_hash`: an attempt that was refused may have ended before taking its
    comment back.
    """

    person_id: str
    survey_id: str
    answer_id: str
    edit_key_hash: str
    text: str
    written_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the company says of a person, in a signed token or in a list of people to invite. Personal."""

    customer_id: str | None = None
    """None for somebody known by their e-mail alone, whom the company invited."""
    email: str | None = None
    name: str | None = None
    segments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whom a personal link invites to which survey; found by the hash of what stands in the link. Its segments are the company's word."""

    hash: str
    person_id: str
    survey_id: str
    segments: dict[str, str] = field(default_factory=dict)
    touchpoint: str | None = None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That the person of an answer consented, to which version of the text, in which language, when (LGPD art. 8)."""

    person_id: str
    survey_id: str
    answer_id: str
    version: str
    locale: str
    given_at: datetime
    expires_at: datetime


class Occasion(NamedTuple):
    """The answer that a person is identified for, and until when it is kept."""

    survey_id: str
    answer_id: str
    keep_until: datetime


class CommentTakenError(Exception):
    """Another key's comment stands at that answer."""


class PersonErasedError(Exception):
    """The person was erased: nothing is written about them again."""


class PeopleBusyError(Exception):
    """The person's items kept changing under us; the same request, sent again, completes what this one began."""


class PeopleStore(Protocol):
    """People: what identifies and what was typed. Any write may raise `PeopleBusyError`."""

    def identify(self, claims: Claims, occasion: Occasion, now: datetime) -> str:
        """The id of the person with this customer id, made if need be; their profile gains what the claims say and keeps what they don't.

        The answer becomes one of theirs, be it stored or not. They are kept as long as it is at least, and never shorter than before.
        Raises `PersonErasedError`, nothing written, for an erased person.
        """

    def add_comment(self, comment: Comment) -> bool:
        """Keep a comment unless the answer has, or had, one by the same key already (then False).

        Raises `CommentTakenError` where another key's stands, `PersonErasedError` where the person was erased.
        """

    def replace_comment(self, comment: Comment) -> None:
        """Keep a comment in place of what there was; raises `PersonErasedError`."""

    def remove_comment(self, person_id: str, answer_id: str, edit_key_hash: str) -> None:
        """Drop that key's comment; nothing happens where there is none. `add_comment` does not bring it back."""

    def copy_comment(self, comment: Comment, person_id: str) -> None:
        """Keep what is said at `comment`'s place, whatever its text is here, as another person's too, unless they have one there.

        Nothing happens where there is none by that key. Raises `PersonErasedError`.
        """


class Consents(Protocol):
    """Records of consent, in People."""

    def keep(self, consent: Consent) -> None:
        """Keep it, unless one is kept for that person and answer; raises `PersonErasedError`, and may raise `PeopleBusyError`."""

    def has(self, person_id: str, answer_id: str) -> bool:
        """Whether one is kept."""

    def drop(self, person_id: str, answer_id: str) -> None:
        """Forget it: another person's stands in its place."""


class Invitations(Protocol):
    """Personal links, in People."""

    def find(self, text: str, survey_id: str, now: datetime) -> Invitation | None:
        """The invitation to that survey which the link's text opens; None where there is none, or it has expired."""

    def claim(self, invitation: Invitation, answer_id: str, now: datetime, *, is_there: Callable[[str], bool]) -> bool:
        """Make it that answer's; False where it is another's, unless that one, begun over a minute ago, never came (`is_there`)."""

    def accept(self, invitation: Invitation, occasion: Occasion, now: datetime) -> None:
        """Note the answer as its person's, who is kept as long as it is at least.

        Raises `PersonErasedError` where nothing is held of them any more.
        """


class Answers(Protocol):
    """The part of `counting.ports.AnswerStore` that intake uses."""

    def find(self, key: AnswerKey) -> Answer | None:
        """One answer, strongly read."""

    def add(self, answer: Answer) -> bool:
        """Store a new answer; False where the key is taken."""

    def change(self, key: AnswerKey, change: Change, now: datetime) -> bool:
        """Apply a change; False where the answer can no longer be changed."""

    def give(self, key: AnswerKey, anonymous: str, person_id: str, change: Change, now: datetime) -> bool:
        """Apply a change and make an answer that is `anonymous`'s another person's; False where it is not, or can no longer be changed."""


class TouchedPartitions(Protocol):
    """Where writes to older answers are announced to the sweep."""

    def touch(self, partition: str, now: datetime) -> None:
        """Say that the partition is about to be written to."""


class TrafficUnavailableError(Exception):
    """Buckets cannot be reached; whatever came is taken for unsuspicious."""


class Bucket(NamedTuple):
    """The answers that came from one network in one span, and whether this call has added to them."""

    answer_ids: frozenset[str]
    is_added: bool
    is_settled: bool
    """Whether they have been set aside."""
    changed_at: datetime


class TrafficStore(Protocol):
    """Buckets that containers share. Any call may raise `TrafficUnavailableError`."""

    def key_of(self, day: date) -> bytes:
        """The day's key of buckets' names, the same for all."""

    def add(self, bucket: str, answer_ids: frozenset[str], most: int, span: datetime, now: datetime) -> Bucket:
        """Put answers into a bucket unless it holds more than `most` already."""

    def settle(self, bucket: str, span: datetime) -> None:
        """Say that what it holds has been set aside."""


class Secrets(Protocol):
    """Secrets that KMS seals."""

    def signing_secrets(self, survey_id: str, now: datetime) -> Sequence[bytes]:
        """The survey's signing secrets that are valid now, newest first; none where no secret was ever made."""

    def identity_pepper(self) -> bytes:
        """The key of identity lookups."""
