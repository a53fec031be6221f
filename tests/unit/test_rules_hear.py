"""What the rules of template.yaml hear of what is really announced: every detractor, and every answer that may have been told of as one."""

import json
from dataclasses import replace
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.events.models import EventPattern

from shared.answer import Answer, Change, Contribution, Mark, Standing, SuspicionReason, changed, quarantined_for
from shared.counting.settle import settle
from shared.events import ANSWER_CLASSIFIED, SOURCE, AnswerClassified, answer_classified
from shared.scoring import NpsClass, classify
from tests.fakes.house import House
from tests.fakes.samples import NOON, answer_of, survey_of
from tests.template import load, resources

PATTERNS: Final = {name: rule["EventPattern"] for name, rule in resources("AWS::Events::Rule").items() if "EventPattern" in rule}
DETRACTOR: Final = NpsClass.DETRACTOR


def hears(rule: str, event: AnswerClassified) -> bool:
    envelope: Any = {"source": SOURCE, "detail-type": ANSWER_CLASSIFIED, "detail": json.loads(msgspec.json.encode(event))}
    return EventPattern.load(json.dumps(PATTERNS[rule])).matches_event(envelope)


def announced_when_changed(house: House, first: int, *then: Change) -> list[AnswerClassified]:
    """What is announced of an answer that is changed each time it was announced and is about to be counted."""
    [key] = house.given(first)
    left = list(then)

    def turn(name: str) -> None:
        if name == "commit" and left:
            house.change(key, left.pop(0))

    house.memory.faults.turn = turn
    assert not settle([key], house.counting()).unsettled
    return list(house.bus.events.values())


def test_a_detractor_that_is_none_any_more_before_it_was_counted_is_heard_of() -> None:
    alert, recovered = announced_when_changed(House(), 3, Change(score=9))
    assert (alert.data.nps_class, recovered.data.nps_class) == (DETRACTOR, NpsClass.PROMOTER)
    assert (recovered.data.previous_class, recovered.data.revision) == (None, 2)
    assert hears("DetractorRule", alert)
    assert hears("RecoveredRule", recovered)


def test_a_detractor_for_a_moment_between_two_other_scores_is_heard_of() -> None:
    house = House()
    [key] = house.counted(9)
    house.change(key, Change(score=3))

    def turn(name: str) -> None:
        if name == "commit" and house.answer(key).rev == 2:
            house.change(key, Change(score=8))

    house.memory.faults.turn = turn
    house.settle(key)
    _, alert, recovered = house.bus.events.values()
    assert (recovered.data.nps_class, recovered.data.previous_class) == (NpsClass.PASSIVE, NpsClass.PROMOTER)
    assert hears("DetractorRule", alert)
    assert hears("RecoveredRule", recovered)


def test_what_the_bus_refused_to_say_is_heard_of_with_the_next_word() -> None:
    house = House()
    [key] = house.counted(3)
    house.change(key, Change(score=9))
    house.bus.accepts = lambda: False
    house.settle(key)
    house.change(key, Change(finished=True))
    house.bus.accepts = lambda: True
    house.settle(key)
    _, recovered = house.bus.events.values()
    assert (recovered.data.nps_class, recovered.data.previous_class) == (NpsClass.PROMOTER, NpsClass.PROMOTER)
    assert hears("RecoveredRule", recovered)


CHANGES: Final = st.builds(Change, score=st.none() | st.integers(0, 10)) | st.sampled_from(
    [quarantined_for(SuspicionReason.NETWORK), Change(standing=Standing.EXCLUDED), Change(standing=Standing.VALID)]
)


@st.composite
def histories(draw: st.DrawFn) -> list[AnswerClassified]:
    """The events of an answer, from a tap to its end: each revision announced or not, counted or not; the last one is announced."""
    survey = survey_of()
    answer = answer_of(survey, 1, draw(st.integers(0, 10)), standing=draw(st.sampled_from([Standing.VALID, Standing.QUARANTINED])))
    last = draw(st.integers(0, 5))
    said = []
    for number in range(last + 1):
        if number == last or draw(st.booleans()):
            said.append(answer_classified(answer))
        if draw(st.booleans()):
            answer = counted(answer)
        withdrawn = number == last - 1 and draw(st.booleans())
        change = Change(standing=Standing.WITHDRAWN) if withdrawn else draw(CHANGES)
        answer = changed(answer, change, NOON)
    return said


def counted(answer: Answer) -> Answer:
    """As settling marks it."""
    contribution = Contribution(answer.score, "2026-03-10", ("all",)) if answer.standing is Standing.VALID else None
    before = answer.mark
    return replace(answer, mark=Mark(answer.rev, contribution, before.nps_class if before else None), pending=False)


@given(histories())
def test_every_answer_that_was_told_of_as_a_detractors_is_heard_of_when_it_is_none(said: list[AnswerClassified]) -> None:
    last = said[-1]
    was_told_of = any(hears("DetractorRule", event) for event in said)
    assert hears("DetractorRule", last) == (last.data.nps_class is DETRACTOR)
    if was_told_of and last.data.nps_class is not DETRACTOR:
        assert hears("RecoveredRule", last)


@given(histories())
def test_no_event_goes_to_the_notifiers_by_both_rules(said: list[AnswerClassified]) -> None:
    assert not any(hears("DetractorRule", event) and hears("RecoveredRule", event) for event in said)


def test_who_taps_a_good_score_and_then_says_why_disturbs_no_notifier() -> None:
    house = House()
    [key] = house.counted(9)
    house.change(key, Change(commented=True, finished=True))
    house.settle(key)
    assert len(house.bus.events) == 2
    assert not any(hears(rule, event) for rule in PATTERNS for event in house.bus.events.values())


@pytest.mark.parametrize("score", range(11))
def test_what_is_set_aside_as_it_comes_disturbs_no_notifier_and_is_heard_of_as_anything_new_once_let_in(score: int) -> None:
    house = House()
    [key] = house.given(score, standing=Standing.QUARANTINED, suspicions=(SuspicionReason.HONEYPOT,))
    house.settle(key)
    [set_aside] = house.bus.events.values()
    assert not any(hears(rule, set_aside) for rule in PATTERNS)
    house.change(key, Change(standing=Standing.VALID))
    house.settle(key)
    *_, let_in = house.bus.events.values()
    assert (let_in.data.nps_class, let_in.data.previous_class, let_in.data.score) == (classify(score), None, score)
    assert hears("DetractorRule", let_in) == (score <= 6)


def test_the_template_has_no_null_for_cloudformation_takes_none() -> None:
    assert not list(nulls(load()))


def nulls(node: object, path: str = "") -> list[str]:
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in nulls(value, f"{path}/{key}")]
    if isinstance(node, list):
        return [found for number, value in enumerate(node) for found in nulls(value, f"{path}/{number}")]
    return [path] if node is None else []
