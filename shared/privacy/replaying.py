"""After a restore: whoever the ledger knows to be erased is taken out of the tables again, before anybody reads them.

A copy brings back what it was made of. Ledger is not restored, and of every erased person keeps a keyed hash of their id
(`privacy.suppression`), which tells nothing by itself; so the restored tables are read through, and each id in them is asked for. An id is
never given to anybody again: who came back of their own will has another by now, and stays. Anonymous persons are found like all.

Nobody else may be writing. What breaks off is begun again: each part finds what is left by itself, and counts what it finds. Receivers
were told when the erasure was done, and are not told again; a hold that was placed since keeps nothing that was gone by then.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import batched
from typing import Final, NamedTuple, Protocol

from shared.answer import AnswerKey
from shared.privacy.erasing import Taken, take_step
from shared.privacy.erasure import Parted
from shared.privacy.steps import BATCH, Erasing, take_out

PAGE: Final = 100
_FAR: Final = timedelta(days=366)
"""No step of an erasure waits for longer."""


class Trace(NamedTuple):
    """A place that names a person: one of their own, or a lookup that leads to them."""

    person_id: str
    lookup: str | None = None


class Restored(Protocol):
    """The tables as a copy left them, read through; what is changed on the way may be met or not."""

    def answers(self) -> Iterator[tuple[AnswerKey, str]]:
        """Every answer that names somebody, readable otherwise or not, and whom."""

    def messages(self) -> Iterator[str]:
        """The ids of the messages about answers that name nobody any more."""

    def traces(self) -> Iterator[Trace]:
        """Every place in People and Keys that names a person."""

    def unlink(self, trace: Trace) -> bool:
        """Delete a lookup, if it still leads to that person; False where it does not, or is gone."""


def replay(restored: Restored, work: Erasing) -> Counter[str]:
    """Take out who was erased, by name of what was found; nothing where nobody was brought back. Raises what a store raises."""
    found = Counter({"erasures.open": _go_on(work)})
    found += _answers(restored, work)
    found += _messages(restored, work)
    found += _people(restored, work)
    return +found


def _go_on(work: Erasing) -> int:
    """Open erasures go on as far as they may; the mark and the destroyed key, which they take for done, are made good first."""
    open_ones = list(work.ledger.due(work.now() + _FAR))
    for erasure_id in open_ones:
        erasure = work.ledger.find(erasure_id)
        if erasure is not None and erasure.person_id is not None and erasure.marked_at is not None:
            work.people.mark_erased(erasure.person_id, work.now())
            work.keys.destroy(erasure.person_id)
        while take_step(erasure_id, work) is Taken.AGAIN:
            pass
    return len(open_ones)


def _answers(restored: Restored, work: Erasing) -> Counter[str]:
    found: Counter[str] = Counter()
    for some in batched(restored.answers(), PAGE, strict=False):
        erased = work.suppression.remembered({person_id for _, person_id in some}, work.now())
        for key, person_id in some:
            if person_id in erased:
                parted = take_out(key, person_id, work)
                found["answers.anonymised"] += parted in {Parted.ANONYMISED, Parted.FORGOTTEN}
                found["answers.withdrawn"] += parted is Parted.FORGOTTEN
    return found


def _messages(restored: Restored, work: Erasing) -> Counter[str]:
    """Of an answer that names nobody no message is kept, whether it was anonymised just now or before the restore."""
    found: Counter[str] = Counter()
    for message_id in restored.messages():
        work.outbox.forget([message_id])
        found["outbox.messages"] += 1
    return found


def _people(restored: Restored, work: Erasing) -> Counter[str]:
    found: Counter[str] = Counter()
    seen: set[str] = set()
    for some in batched(restored.traces(), PAGE, strict=False):
        erased = work.suppression.remembered({trace.person_id for trace in some}, work.now())
        for trace in some:
            if trace.person_id not in erased:
                continue
            if trace.lookup is not None:
                found["people.lookup"] += restored.unlink(trace)
            elif trace.person_id not in seen:
                seen.add(trace.person_id)
                found += _person(trace.person_id, work)
    return found


def _person(person_id: str, work: Erasing) -> Counter[str]:
    """What is held of them is counted and deleted, the mark put back; nothing where the mark is all there is."""
    held = Counter(work.people.holdings(person_id)) + Counter({"keys": int(work.keys.holds(person_id))})
    if held:
        work.people.mark_erased(person_id, work.now())
        work.keys.destroy(person_id)
        while work.people.delete_some(person_id, BATCH):
            pass
        held["persons"] = 1
    return held
