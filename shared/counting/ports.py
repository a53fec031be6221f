"""What counting needs of the stores. Two implementations each: `shared.store` on AWS, `tests.fakes` in memory; one contract suite."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from shared.answer import Answer, AnswerKey, Change, Mark
from shared.events import AnswerClassified
from shared.rollup import Bins, RowDay, SurveyDay
from shared.survey import Survey


@dataclass(frozen=True, slots=True)
class Settlement:
    """One answer to be marked: valid only while it is pending, at the revision and with the mark that were read."""

    answer: Answer
    mark: Mark
    expires_at: datetime | None
    """When it may go; None where it stays pending because its event was not accepted."""


class Refusal(Enum):
    """Why a commit as a whole did not happen."""

    BUSY = "busy"
    """A conflict with another transaction, or a throttle: the same commit may pass a moment later."""
    INVALID = "invalid"
    """The store does not take it at all (a ValidationException): something in the group is not writable."""


type CommitResult = frozenset[AnswerKey] | Refusal
"""Empty: committed. Keys: nothing was written, because these answers were no longer as they had been read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a strongly consistent read found. An answer that is gone is in neither."""

    answers: Mapping[AnswerKey, Answer]
    unreadable: frozenset[AnswerKey]


class AnswerStore(Protocol):
    """Answers, the streamed table."""

    def read(self, keys: Collection[AnswerKey]) -> Reading:
        """Read strongly; any number of keys."""

    def in_partition(
        self, partition: str, *, first_id: str = "", last_id: str = "g", pending_only: bool = False, page: int | None = None
    ) -> Iterator[Answer | AnswerKey]:
        """A partition's answers in the order of their ids, strongly read, page by page (so not a snapshot).

        `page` is how many are read at a time, for who may not need many; as many as the store likes unless given.
        Of what is there but cannot be read, the key alone: it may carry a mark, so nobody may take its absence for granted.
        """

    def add(self, answer: Answer) -> bool:
        """Store a new, pending answer of revision 1; False, and nothing written, where the key is taken."""

    def change(self, key: AnswerKey, change: Change, now: datetime) -> bool:
        """Apply a countable or announceable change by rule 1; False, and nothing written, unless `may_change`."""

    def give(self, key: AnswerKey, anonymous: str, person_id: str, change: Change, now: datetime) -> bool:
        """Apply a change and make an answer that is `anonymous`'s another person's; False where it is not, or can no longer be changed."""

    def supersede(self, earlier: Answer, later: Answer, now: datetime) -> bool:
        """Apply `SUPERSEDED` to `earlier` by rule 1.

        False, and nothing written, unless both are still that person's, `earlier` counts, and `later` does or was superseded itself; or
        where the store did not take it.
        """

    def commit(self, settlements: Sequence[Settlement], rows: Mapping[RowDay, Bins], shards: Mapping[str, int]) -> CommitResult:
        """Mark the answers and add to the rows in one transaction of at most 100 items, all or nothing.

        `shards` says which row shard of each survey takes it. Every `all` row in `rows` has its revision moved.
        """


class RollupStore(Protocol):
    """Rollups, the histogram rows."""

    def sums(self, survey: Survey, rows: Collection[str], first: date, last: date, *, strong: bool = False) -> Mapping[RowDay, Bins]:
        """The rows' counts by day, all shards added; bins of 0, and rows without any other, left out."""

    def revisions(self, survey: Survey, first: date, last: date) -> Mapping[SurveyDay, tuple[int, ...]]:
        """The revision of each shard's `all` row, strongly read; days that have none at all left out."""

    def days(self, survey: Survey) -> tuple[date, date] | None:
        """The first and the last day that has an `all` row; None without any."""

    def sealed(self, survey: Survey, first: date, last: date) -> frozenset[date]:
        """The sealed days in the range."""

    def repair(self, survey: Survey, day: date, revisions: tuple[int, ...], rows: Mapping[RowDay, Bins], now: datetime) -> bool:
        """Add `rows` and keep an audit entry, if the day's revisions are still these; False, and nothing written, otherwise."""

    def seal(self, survey: Survey, day: date, revisions: tuple[int, ...], now: datetime) -> bool:
        """Seal the day, if its revisions are still these; False, and nothing written, otherwise."""


class Bus(Protocol):
    """The event bus."""

    def announce(self, events: Sequence[AnswerClassified]) -> frozenset[str]:
        """Publish; returns the metadata ids of the events that were not accepted. Never raises for a bus that is down."""


class SurveyReader(Protocol):
    """Surveys by id."""

    def find(self, survey_id: str) -> Survey | None:
        """The survey, perhaps some seconds old; None where there is none."""


class PersonAnswers(Protocol):
    """Which answers are a person's, as People notes them."""

    def answers(self, person_id: str, survey_id: str, first_id: str, last_id: str, *, newest_first: bool = False) -> Iterator[str]:
        """The ids between those two, both included, in order, of their answers in that survey: strongly read, page by page.

        An answer that is theirs was noted before it was stored as theirs. It need not be there, and need not be theirs any more.
        """


class Touching(Protocol):
    """Where writes to older answers are announced to the sweep."""

    def touch(self, partition: str, now: datetime) -> None:
        """The partition may hold pending answers where the sweep does not look by itself."""


class SweepLedger(Protocol):
    """Which older partitions were written to, and up to when all was swept."""

    def swept_at(self) -> datetime | None:
        """When the last complete sweep began."""

    def record_sweep(self, began_at: datetime) -> None:
        """A complete sweep began then."""

    def touch(self, partition: str, now: datetime) -> None:
        """The partition may hold pending answers where the sweep does not look by itself."""

    def touched(self) -> Mapping[str, datetime]:
        """The partitions that were announced as written to, and when last."""

    def forget(self, partition: str, touched_at: datetime) -> None:
        """Drop a partition that nothing has touched since `touched_at`."""
