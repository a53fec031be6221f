"""Copies of the parts of superseding with one rule switched off each."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from shared.answer import Answer, Standing
from shared.counting import once
from shared.counting.settle import Counting
from shared.survey import Survey
from tests.fakes.answers import MemoryAnswers
from tests.fakes.people import MemoryPeople

_pairs, _settle_pairs, _has_to_decide = once._pairs, once._settle_pairs, once.has_to_decide  # noqa: SLF001 - what the copies stand on


class WhateverTheLaterIs(MemoryAnswers):
    """Superseding does not ask whether the later answer still counts."""

    def may_supersede(self, earlier: Answer, later: Answer, person_id: str, now: datetime) -> bool:
        return super().may_supersede(earlier, replace(later, standing=Standing.VALID), person_id, now)


class WhoseverTheLaterIs(MemoryAnswers):
    """Superseding does not ask whether the later answer still is the person's."""

    def may_supersede(self, earlier: Answer, later: Answer, person_id: str, now: datetime) -> bool:
        return super().may_supersede(earlier, replace(later, person_id=person_id, anonymised_at=None), person_id, now)


class WhoseverTheEarlierIs(MemoryAnswers):
    """Superseding does not ask whether the earlier answer still is the person's."""

    def may_supersede(self, earlier: Answer, later: Answer, person_id: str, now: datetime) -> bool:
        return super().may_supersede(replace(earlier, person_id=person_id), later, person_id, now)


class WhateverTheEarlierIs(MemoryAnswers):
    """Superseding does not ask whether the earlier answer counts."""

    def may_supersede(self, earlier: Answer, later: Answer, person_id: str, now: datetime) -> bool:
        return super().may_supersede(replace(earlier, standing=Standing.VALID), later, person_id, now)


def the_earlier_alone_decides(answer: Answer, survey: Survey, work: Counting) -> Iterator[tuple[Answer, Answer]]:
    """An answer looks for what takes its place, and not for what it takes the place of."""
    return (pair for pair in _pairs(answer, survey, work) if pair[0].key == answer.key)


def the_later_alone_decides(answer: Answer, survey: Survey, work: Counting) -> Iterator[tuple[Answer, Answer]]:
    """And the other way round."""
    return (pair for pair in _pairs(answer, survey, work) if pair[1].key == answer.key)


def superseded_ones_decide_nothing(answer: Answer) -> bool:
    """An answer that is superseded before it is settled leaves earlier ones as they are."""
    return answer.standing is Standing.VALID and _has_to_decide(answer)


def decided_at_the_first_try(answer: Answer, survey: Survey, work: Counting, done: once.Superseding) -> bool:
    """What was lost is not decided again."""
    _settle_pairs(answer, survey, work, done)
    return True


def noted_too_late(people: MemoryPeople) -> dict[tuple[str, str], str]:
    """A person notes an answer as theirs only once it has been stored, and looked at by whoever settles it."""
    seen: set[tuple[str, str]] = vars(people).setdefault("seen", set())
    there = {key: occasion.survey_id for key, occasion in people.answers.items() if key in seen}
    seen |= people.answers.keys()
    return there
