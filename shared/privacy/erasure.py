"""An erasure: one person's data leave every store, step by step, and a receipt says so. No personal data: ids, enums, numbers and times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from types import MappingProxyType
from typing import Final

from shared.answer import AnswerKey

NOTHING: Final[Mapping[str, int]] = MappingProxyType({})
FIVE_YEARS: Final = timedelta(days=5 * 365 + 2)
"""Whichever five: two of their days may be 29 February. So long lasts whatever stays of an erasure: its record with its receivers, its
receipt, the suppression. It is as long as the administration may punish (Lei 9.873/1999, art. 1), so as long as the controller may have to
show what it did (LGPD arts. 6 X and 16 I)."""


class Asker(StrEnum):
    """Who asked: the data subject (art. 18 VI), or the controller on its own account (arts. 15, 16)."""

    SUBJECT = "subject"
    CONTROLLER = "controller"


class Step(StrEnum):
    """What is to be done next, in this order. Each step may be repeated from its beginning, and goes on where `cursor` says."""

    MARK = "mark"
    """Mark the person erased, so that nothing about them is written again."""
    KEY = "key"
    """Destroy what makes their data key: from here on no copy of People can be read."""
    GATHER = "gather"
    """Note which answers are theirs, and who received data of theirs, in the ledger."""
    ANSWERS = "answers"
    """Anonymise the answers, or withdraw them too (`on_erasure`)."""
    OUTBOX = "outbox"
    """Delete messages about them that wait, with their schedules."""
    SUPPRESS = "suppress"
    """Write suppression entries for their identifiers, from the lookups that People holds."""
    PEOPLE = "people"
    """Delete all that People holds of them, the mark aside."""
    TELL = "tell"
    """Have those told who received data of theirs (art. 18 §6)."""
    WAIT = "wait"
    """Until the stream's 24 hours have passed; then all is looked through once more."""
    SWEEP = "sweep"
    """The second time: whatever was still on its way when the person was marked."""
    RECEIPT = "receipt"
    """Sign the receipt."""
    DONE = "done"


class Refusal(StrEnum):
    """Why an erasure is not done; told to whoever asked, with what the controller wrote (art. 18 §4)."""

    LEGAL_HOLD = "legal_hold"
    NOBODY = "nobody"
    """There is nobody by that identifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One person's erasure. `person_id` leads to nobody once it is done, and is dropped with the receipt."""

    erasure_id: str
    person_id: str | None
    asker: Asker
    asked_at: datetime
    step: Step = Step.MARK
    cursor: str | None = None
    """Where the step goes on; None: at its beginning."""
    revision: int = 1
    """Of the record: a step is written down only by whoever read this one."""
    reason: str | None = None
    """What the controller gave as its reason: it describes the case, never the person."""
    legal_reference: str | None = None
    request_id: str | None = None
    """The data subject's request, where there was one."""
    counts: Mapping[str, int] = field(default=NOTHING)
    """How many items of each store were deleted or anonymised: `people.comment`, `answers.anonymised`, `keys` and so on."""
    marked_at: datetime | None = None
    key_destroyed_at: datetime | None = None
    next_at: datetime | None = None
    """When the next step may be taken, where that is later than now."""
    done_at: datetime | None = None
    refusal: Refusal | None = None
    receipt_id: str | None = None


class TellingStatus(StrEnum):
    """How far a receiver is with being told."""

    WAITING = "waiting"
    TOLD = "told"
    """It took the message."""
    ACKNOWLEDGED = "acknowledged"
    """It, or a person who looks after it, said that its copy is gone."""
    IMPOSSIBLE = "impossible"
    """It cannot be told; `reason` says why (art. 18 §6)."""

    @property
    def rank(self) -> int:
        """A receiver only goes on to a higher one: what was found impossible may come true yet, what was acknowledged stays so."""
        return (TellingStatus.WAITING, TellingStatus.IMPOSSIBLE, TellingStatus.TOLD, TellingStatus.ACKNOWLEDGED).index(self)


class Impossible(StrEnum):
    """Why a receiver cannot be told."""

    CHANNEL_DELETED = "channel_deleted"
    CHANNEL_DISABLED = "channel_disabled"
    NOT_TAKEN = "not_taken"
    """Every attempt failed."""
    NO_ANSWER = "no_answer"
    """Nothing is left that it would know the person by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody outside who was given data of the person by a channel."""

    channel_id: str
    name: str
    kind: str
    host: str
    country: str
    fields: frozenset[str]
    """Which of comment, first_name, email and customer_id."""
    first_at: datetime
    last_at: datetime
    times: int
    status: TellingStatus = TellingStatus.WAITING
    message_id: str | None = None
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    reason: Impossible | None = None


@dataclass(frozen=True, slots=True)
class Ours:
    """An answer that was the person's, and what was done about it: noted by unique keys, so that whatever is repeated counts once."""

    key: AnswerKey
    anonymised: bool = False
    """It named the person when it was looked at, and has been anonymised since, or is about to be."""
    withdrawn: bool = False
    """Withdrawn by the erasure."""
    late: bool = False
    """Only the second look found it naming the person."""
    messages: frozenset[str] = frozenset()
    """The messages about it that are deleted, or about to be."""
    late_messages: frozenset[str] = frozenset()
    """Those that only the second look found."""


class Parted(Enum):
    """How an answer stands to the person who is being erased, after all that can be done about it was done."""

    NOT_THERE = auto()
    """It was never stored, is not yet, or has expired."""
    ANOTHERS = auto()
    """It names somebody else, and was left alone."""
    ANONYMISED = auto()
    FORGOTTEN = auto()
    """Anonymised, and withdrawn in doing so."""
