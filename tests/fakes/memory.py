"""What the in-memory stores share: the items, the stream, the places where a test may interfere, and who watches the writes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, NamedTuple

from shared import dimension as dim
from shared.answer import Answer, AnswerKey
from shared.counting.importing import Marker, Past
from shared.rollup import Bins, RowDay, SurveyDay

MOST_ACTIONS: Final = 100


class Kind(Enum):
    """Why something was written."""

    ADD = "add"
    CHANGE = "change"
    SUPERSEDE = "supersede"
    COMMIT = "commit"
    IMPORT = "import"
    REPAIR = "repair"
    SEAL = "seal"
    REMOVE = "remove"
    PLANT = "plant"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that the program cannot read; `was` is the answer that it would be (None: never one of ours)."""

    was: Answer | None = None

    @property
    def pending(self) -> bool:
        """Whether it has the attribute, whatever else it lacks."""
        return self.was is None or self.was.pending


type Item = Answer | Unreadable


class AnswerWrite(NamedTuple):
    """One answer before and after a write; None where there is none."""

    key: AnswerKey
    before: Item | None
    after: Item | None


@dataclass(frozen=True, slots=True)
class Write:
    """What one atomic write did."""

    kind: Kind
    answers: Sequence[AnswerWrite] = ()
    rows: Mapping[RowDay, Bins] = field(default_factory=dict)
    day: SurveyDay | None = None
    past: Sequence[Past] = ()
    """The answers of the past that it stored, or only counted."""


class ShardRow(NamedTuple):
    """One shard of a row, all its days."""

    survey_id: str
    row: str
    shard: int


@dataclass(slots=True)
class Row:
    """One day of one shard of a row."""

    bins: Bins = field(default_factory=Counter)
    rev: int = 0
    sealed_at: datetime | None = None


def _never(*_: Any) -> bool:  # noqa: ANN401 - stands in for any question that a fault is asked
    return False


@dataclass(slots=True)
class Faults:
    """What goes wrong. Nothing, unless a test says so."""

    turn: Callable[[str], None] = lambda _name: None
    busy: Callable[[], bool] = _never
    repeated: Callable[[], bool] = _never
    """Whether the client library, not having heard the answer, sends an applied transaction again."""
    unwritable: set[AnswerKey] = field(default_factory=set)
    overlooked: Callable[[AnswerKey], bool] = _never
    """Whether a query, wrongly, leaves an item out."""


@dataclass(frozen=True, slots=True)
class Call:
    """The time between the two places of a call where a test may interfere."""

    turn: Callable[[str], None]
    name: str

    def __enter__(self) -> None:
        """Before the effect."""
        self.turn(self.name)

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """After it, unless it failed."""
        if error is None:
            self.turn(self.name)


class Memory:
    """The tables. `page` items are read at a time, so that what is read in several pages is no snapshot."""

    def __init__(self, *, page: int = 100) -> None:
        self.page = page
        self.items: dict[AnswerKey, Item] = {}
        self.partitions: defaultdict[str, set[AnswerKey]] = defaultdict(set)
        self.rows: defaultdict[ShardRow, dict[str, Row]] = defaultdict(dict)
        self.markers: dict[tuple[str, str], Marker] = {}
        """By survey and name, that an answer of a file was counted."""
        self.audit: list[tuple[date, Mapping[RowDay, Bins]]] = []
        self.stream: list[AnswerKey] = []
        """The keys of the records that the mapping's filter (NewImage.pending) lets through."""
        self.refused: list[str] = []
        """Transactions that DynamoDB would refuse however often they were sent, and no planted poison was to blame."""
        self.happened: Counter[str] = Counter()
        """How often a store refused what may be refused."""
        self.faults = Faults()
        self.watchers: list[Callable[[Write], None]] = []

    def call(self, name: str) -> "Call":
        """A call to a store: others may run, or this one crash, before and after its effect."""
        return Call(self.faults.turn, name)

    def write(
        self,
        kind: Kind,
        answers: Collection[tuple[AnswerKey, Item | None]],
        rows: Mapping[ShardRow, Mapping[str, Bins]],
        past: Sequence[Past] = (),
    ) -> None:
        """Write all of it at once. Tell the stream what changed and the watchers everything."""
        writes = [AnswerWrite(key, self.items.get(key), after) for key, after in answers]
        for key, before, after in writes:
            if after is None:
                self.items.pop(key, None)
                self.partitions[key.partition].discard(key)
                continue
            self.items[key] = after
            self.partitions[key.partition].add(key)
            if after.pending and after != before:
                self.stream.append(key)
        total: dict[RowDay, Bins] = {}
        for shard_row, days in rows.items():
            for day, bins in days.items():
                self._add(shard_row, day, bins, kind)
                sums = total.setdefault(RowDay(shard_row.survey_id, shard_row.row, day), Counter())
                for score, count in bins.items():
                    sums[score] += count
        self.tell(Write(kind, writes, total, past=past))

    def tell(self, write: Write) -> None:
        """Let the watchers know."""
        for watch in self.watchers:
            watch(write)

    def row(self, shard_row: ShardRow, day: str) -> Row:
        """The item of a day, made where there is none."""
        days = self.rows[shard_row]
        if day not in days:
            days[day] = Row()
        return days[day]

    def _add(self, shard_row: ShardRow, day: str, bins: Bins, kind: Kind) -> None:
        row = self.row(shard_row, day)
        for score, count in bins.items():
            row.bins[score] += count
        if shard_row.row == dim.ALL and kind is not Kind.PLANT:
            row.rev += 1

    def answers(self) -> Iterator[Answer]:
        """Every readable answer, in no order."""
        return (item for item in self.items.values() if isinstance(item, Answer))

    def pending(self) -> list[AnswerKey]:
        """The keys of the readable answers that are to be settled."""
        return sorted(answer.key for answer in self.answers() if answer.pending)

    def remove(self, key: AnswerKey) -> None:
        """Delete an item, as the table's TTL or an operator does."""
        self.write(Kind.REMOVE, [(key, None)], {})

    def plant(self, key: AnswerKey, item: Item | None) -> None:
        """Put an item there, past every rule (None: take it away)."""
        self.write(Kind.PLANT, [(key, item)], {})

    def spoil(self, row: RowDay, bins: Bins, shard: int = 0) -> None:
        """Make a row wrong, and its day's revision none the wiser."""
        self.write(Kind.PLANT, [], {ShardRow(row.survey_id, row.row, shard): {row.day: bins}})
