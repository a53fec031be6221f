"""One step of an erasure at a time: whoever is told that one is due takes it, as often as it takes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from shared.privacy import passing_on, steps
from shared.privacy.closing import close
from shared.privacy.erasure import Erasure, Step
from shared.privacy.second_look import sweep
from shared.privacy.steps import Erasing


class Taken(Enum):
    """What is left to do after a step."""

    AGAIN = auto()
    """It is due again at once."""
    LATER = auto()
    """It is due at a later time, which the ledger knows."""
    DONE = auto()
    """Nothing, or there is no such erasure."""


_STEPS: Final[Mapping[Step, Callable[[Erasure, str, Erasing], Erasure]]] = MappingProxyType(
    {
        Step.MARK: steps.mark,
        Step.KEY: steps.key,
        Step.GATHER: steps.gather,
        Step.ANSWERS: steps.answers,
        Step.OUTBOX: steps.outbox,
        Step.SUPPRESS: steps.suppress,
        Step.PEOPLE: steps.people,
        Step.TELL: passing_on.tell,
        Step.WAIT: passing_on.wait,
        Step.SWEEP: sweep,
        Step.RECEIPT: close,
    }
)


def take_step(erasure_id: str, work: Erasing) -> Taken:
    """Do some of an erasure's current step and write down how far it is.

    May be called at any time, any number of times, by several at once. Raises what a store raises; nothing is lost by that.
    """
    erasure = work.ledger.find(erasure_id)
    if erasure is None or erasure.step is Step.DONE or erasure.person_id is None:
        return Taken.DONE
    if erasure.next_at is not None and erasure.next_at > work.now():
        return Taken.LATER
    after = _STEPS[erasure.step](replace(erasure, next_at=None), erasure.person_id, work)
    after = replace(after, revision=erasure.revision + 1)
    if not work.ledger.advance(erasure, after):
        return Taken.AGAIN  # somebody else is at it; but they may crash
    if after.step is Step.DONE:
        return Taken.DONE
    return Taken.LATER if after.next_at is not None and after.next_at > work.now() else Taken.AGAIN
