"""What importing needs of the stores, beside `counting.importing.PastStore`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from shared.answer import Answer, AnswerKey
from shared.counting.ports import Reading
from shared.intake.ports import Claims


@dataclass(frozen=True, slots=True)
class Said:
    """What identifies, or was typed, with an answer of the past. Personal."""

    answer: Answer
    """Nobody's yet."""
    keep_until: datetime
    claims: Claims | None = field(default=None, repr=False)
    comment: str | None = field(default=None, repr=False)
    is_recent: bool = False
    """Whether it is so recent that they are not to be asked again yet."""


class Unkept(Enum):
    """Why People took nothing of an answer."""

    ERASED = auto()
    BUSY = auto()


class Persons(Protocol):
    """People, for answers of the past."""

    def keep(self, said: Sequence[Said], now: datetime) -> Sequence[str | Unkept]:
        """Whose each of these answers is; what was said is kept under them. Repeatable: the same again adds nothing.

        Of whoever is known already, what is known stays: history does not bring old addresses back.
        """

    def take_back(self, answer: Answer) -> None:
        """Drop the comment of an answer that was not kept after all."""


class Suppressed(Protocol):
    """Who must not be brought back."""

    def standing(self, lookups: Collection[str], now: datetime) -> frozenset[str]:
        """Those of these lookup hashes that are suppressed."""


class Answers(Protocol):
    """The part of `counting.ports.AnswerStore` that importing uses."""

    def read(self, keys: Collection[AnswerKey]) -> Reading:
        """Read strongly; any number of keys."""
