"""Superseding (rule 9): where each person counts once a span, a pending answer takes its place among theirs before it is counted.

Both answers of a pair decide it, each when it is settled, from what is stored then: whoever comes later sees the other, as a person's
answer is noted in People before it is stored. The write asks again whether both still are the person's and count; what it finds changed is
read and decided again. So the same answers are left in whatever order they come, and none is superseded by what never counted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Final

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Standing
from shared.counting.reach import needs_announcing
from shared.superseding import SUPERSEDES, Reach, reach_of, supersedes
from shared.survey import Survey

if TYPE_CHECKING:
    from shared.counting.settle import Counting

TRIES: Final = 5
PAGE: Final = 100
"""Answers that are read at once."""


@dataclass(slots=True)
class Superseding:
    """The answers that were superseded just now, and those that could not be decided: they stay pending."""

    superseded: set[AnswerKey] = field(default_factory=set)
    undecided: set[AnswerKey] = field(default_factory=set)


class _UnreadableError(Exception):
    """An answer that may be one of the span's cannot be read, so nobody knows which is the last."""


def supersede(answers: Iterable[Answer], work: "Counting") -> Superseding:
    """Let each pending answer take its place among its person's others. Costs nothing where answers count each for itself."""
    done = Superseding()
    for answer in sorted(answers, key=lambda each: each.key):
        survey = work.surveys.find(answer.key.survey_id) if has_to_decide(answer) else None
        if survey is not None and reach_of(answer, survey) is not None and not _settle_pairs(answer, survey, work, done):
            done.undecided.add(answer.key)
    return done


def has_to_decide(answer: Answer) -> bool:
    """Whether something happened to it since it decided last, other than being superseded by who decided that."""
    settled = answer.mark.rev if answer.mark else 0
    return answer.pending and settled < answer.rev - (answer.standing is Standing.SUPERSEDED)


def _settle_pairs(answer: Answer, survey: Survey, work: "Counting", done: Superseding) -> bool:
    for attempt in range(TRIES):
        try:
            pairs = list(_pairs(answer, survey, work))
        except _UnreadableError:
            return False
        lost = [earlier.key for earlier, later in pairs if not _write(earlier, later, work, done)]
        if not lost:
            return True
        work.pause(attempt)
        again = work.answers.read([answer.key]).answers.get(answer.key)
        if again is None:
            return True
        answer = again
    return False


def _write(earlier: Answer, later: Answer, work: "Counting", done: Superseding) -> bool:
    now = work.now()
    if needs_announcing(ids.parse(earlier.key.answer_id), now):
        work.touched.touch(earlier.key.partition, now)
    written = work.answers.supersede(earlier, later, now)
    if written:
        done.superseded.add(earlier.key)
    return written


def _pairs(answer: Answer, survey: Survey, work: "Counting") -> Iterator[tuple[Answer, Answer]]:
    """The pairs (earlier, later) that it makes with others, in which the earlier one still counts.

    Of later ones the next is enough. Earlier ones are looked at back to the last that has decided, or will, about those before it.
    """
    reach = reach_of(answer, survey)
    if reach is None:
        return
    own = answer.key.answer_id
    if answer.standing is Standing.VALID:
        for page in _pages(answer, survey, Reach(f"{own}!", reach.last_id), work):
            after = [later for later in page if supersedes(later, answer, survey)]
            if after:
                yield answer, after[0]
                break
    for page in _pages(answer, survey, Reach(reach.first_id, own), work, newest_first=True):
        before = [earlier for earlier in page if earlier.standing in SUPERSEDES and supersedes(answer, earlier, survey)]
        yield from ((earlier, answer) for earlier in before if earlier.standing is Standing.VALID and not earlier.has_expired(work.now()))
        if before:
            break


def _pages(answer: Answer, survey: Survey, reach: Reach, work: "Counting", *, newest_first: bool = False) -> Iterator[list[Answer]]:
    """The person's other answers there, page by page, as they are stored. Raises `_UnreadableError`."""
    noted = work.persons.answers(answer.person_id, survey.survey_id, reach.first_id, reach.last_id, newest_first=newest_first)
    for page in batched((each for each in noted if each != answer.key.answer_id), PAGE, strict=False):
        reading = work.answers.read([AnswerKey.of(survey, ids.parse(each)) for each in page])
        if reading.unreadable:
            raise _UnreadableError
        yield sorted(reading.answers.values(), key=lambda each: each.key.answer_id)
