"""A POST sent again: whatever became of the first, there is one answer and one comment, and a repeat changes nothing."""

from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.problem import AnswerTaken, Refused
from shared.survey import SurveyStatus
from tests.fakes.reception import KEY, OTHER_KEY, Crash, Reception, survey_with_segments, token
from tests.fakes.samples import NOON

LATE: Final = NOON - timedelta(days=2)
BODIES: Final[dict[str, dict[str, Any]]] = {
    "score": {},
    "comment": {"comment": "Chegou rápido"},
    "identified": {"respondent_token": token(email="ana@exemplo.com.br", name="Ana")},
    "identified with a comment": {"respondent_token": token(email="ana@exemplo.com.br"), "comment": "Chegou rápido"},
    "late, identified, with a comment": {"respondent_token": token(), "comment": "Chegou rápido", "instant": LATE},
}
bodies = pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())


def state(desk: Reception) -> Any:  # noqa: ANN401 - to be compared as a whole
    return deepcopy((desk.memory.items, desk.people.comments, desk.people.persons, desk.people.owners))


@bodies
def test_the_same_again_gives_the_same_and_changes_nothing(body: dict[str, Any]) -> None:
    desk = Reception()
    first = desk.receive(desk.new(**body))
    before = state(desk)
    desk.now += timedelta(hours=1)
    again = desk.receive(desk.new(instant=body.get("instant", NOON), **{name: given for name, given in body.items() if name != "instant"}))
    assert (again.created, again.answer, again.identified, again.edit_token) == (False, first.answer, first.identified, None)
    assert state(desk) == before


@bodies
@pytest.mark.parametrize(
    "change", [{"score": 0}, {"comment": "Pensando bem…"}, {"comment": ""}, {"score": 3, "comment": "", "finished": True}]
)
def test_the_same_again_undoes_no_change_made_since(body: dict[str, Any], change: dict[str, Any]) -> None:
    desk = Reception()
    desk.receive(desk.new(**body))
    desk.change(instant=body.get("instant"), **change)
    before = state(desk)
    assert not desk.receive(desk.new(**body)).created
    assert state(desk) == before


@bodies
@pytest.mark.parametrize(
    "other",
    [{"score": 0}, {"comment": "Outra coisa"}, {"comment": None}, {"respondent_token": token(sub="outra")}, {"respondent_token": None}],
)
def test_another_body_with_the_same_id_and_key_changes_nothing(body: dict[str, Any], other: dict[str, Any]) -> None:
    desk = Reception()
    first = desk.receive(desk.new(**body))
    before = state(desk)
    again = desk.receive(desk.new(**body | other))
    assert (again.created, again.answer) == (False, first.answer)
    assert state(desk) == before


@bodies
@pytest.mark.parametrize("other", BODIES.values(), ids=BODIES.keys())
def test_the_same_id_with_another_key_is_refused_and_touches_nothing(body: dict[str, Any], other: dict[str, Any]) -> None:
    desk = Reception()
    instant = body.get("instant", NOON)
    desk.receive(desk.new(**body))
    before = state(desk)
    with pytest.raises(AnswerTaken):
        desk.receive(desk.new(key=OTHER_KEY, **other | {"instant": instant}))
    assert state(desk) == before


def test_a_repeat_whose_token_has_expired_meanwhile_is_still_a_repeat() -> None:
    desk = Reception()
    first = desk.receive(desk.new(respondent_token=token(), comment="Chegou"))
    again = desk.receive(desk.new(respondent_token=token(exp=1), comment="Chegou"))
    assert (again.created, again.answer, again.identified) == (False, first.answer, True)


def test_a_repeat_after_the_survey_closed_is_still_a_repeat_and_another_key_gets_no_further() -> None:
    desk = Reception()
    first = desk.receive(desk.new())
    desk.survey = survey_with_segments(status=SurveyStatus.CLOSED)
    assert desk.receive(desk.new()).answer == first.answer
    with pytest.raises(Refused):
        desk.receive(desk.new(key=OTHER_KEY))


def test_a_repeat_does_not_bring_an_older_profile_back() -> None:
    desk = Reception()
    old, new = token(email="antes@exemplo.com.br"), token(email="depois@exemplo.com.br")
    person_id = desk.receive(desk.new(1, respondent_token=old)).answer.person_id
    desk.receive(desk.new(2, respondent_token=new))
    desk.receive(desk.new(1, respondent_token=old))
    assert desk.people.persons[person_id].known["email"] == "depois@exemplo.com.br"


def places_to_crash(body: dict[str, Any]) -> int:
    """How many there are in taking this body in."""
    desk, places = Reception(), 0

    def count(_name: str) -> None:
        nonlocal places
        places += 1

    desk.memory.faults.turn = count
    desk.receive(desk.new(**body))
    return places


@bodies
def test_wherever_the_first_attempt_ends_the_retry_completes_it_with_one_answer_and_one_comment(body: dict[str, Any]) -> None:
    untroubled = Reception()
    wanted = untroubled.receive(untroubled.new(**body)).answer
    for step in range(1, places_to_crash(body) + 1):
        desk = Reception()
        with desk.crashing_at(step), pytest.raises(Crash):
            desk.receive(desk.new(**body))
        assert desk.receive(desk.new(**body)).answer == wanted, step
        assert state(desk) == state(untroubled), step


@bodies
def test_wherever_two_attempts_end_the_third_completes_them(body: dict[str, Any]) -> None:
    untroubled = Reception()
    untroubled.receive(untroubled.new(**body))
    places = places_to_crash(body)
    for first in range(1, places + 1):
        for second in range(1, places + 1):
            desk = Reception()
            for step in (first, second):
                try:
                    with desk.crashing_at(step):
                        desk.receive(desk.new(**body))
                except Crash:
                    continue
            desk.receive(desk.new(**body))
            assert state(desk) == state(untroubled), (first, second)


@bodies
@pytest.mark.parametrize("comment", [None, "De outra pessoa"])
def test_whoever_comes_between_with_the_same_id_leaves_no_comment_on_anothers_answer(body: dict[str, Any], comment: str | None) -> None:
    """At each place of one's POST, another with the same id and another key goes through: one of the two is refused, and leaves nothing."""
    for step in range(1, places_to_crash(body) + 1):
        desk = Reception()
        left, entered = step, False

        def turn(_name: str, desk: Reception = desk) -> None:
            nonlocal left, entered
            left -= 1
            if left == 0 and not entered:
                entered = True
                with suppress(AnswerTaken):
                    desk.receive(desk.new(key=OTHER_KEY, comment=comment, instant=body.get("instant", NOON)))

        desk.memory.faults.turn = turn
        with suppress(AnswerTaken):
            desk.receive(desk.new(**body))
        desk.memory.faults.turn = lambda _name: None
        [answer] = desk.stored()
        assert {"De outra pessoa", "Chegou rápido"} & set(desk.people.texts().values()) <= (
            {comment} if answer.edit_key_hash == desk.new(key=OTHER_KEY).edit_key_hash else {body.get("comment")}
        ), step
        assert all(person_id == answer.person_id for person_id, _ in desk.people.texts()), step


@given(st.data())
def test_a_duplicate_that_arrives_in_the_middle_changes_nothing(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(list(BODIES.values())))
    untroubled = Reception()
    untroubled.receive(untroubled.new(**body))
    desk = Reception()
    left = data.draw(st.integers(min_value=1, max_value=places_to_crash(body)))

    def turn(_name: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            desk.receive(desk.new(**body))

    desk.memory.faults.turn = turn
    desk.receive(desk.new(**body))
    desk.memory.faults.turn = lambda _name: None
    assert state(desk) == state(untroubled)


def test_a_comment_that_was_removed_stays_removed_though_a_duplicate_was_under_way() -> None:
    desk = Reception()

    def turn(name: str) -> None:
        if name == "add_comment" and not desk.stored():
            desk.memory.faults.turn = lambda _name: None
            desk.receive(desk.new(comment="Chegou"))
            desk.change(comment="")

    desk.memory.faults.turn = turn
    desk.receive(desk.new(comment="Chegou"))
    assert not desk.people.texts()


def test_the_key_of_the_first_is_the_one_that_opens_the_answer() -> None:
    desk = Reception()
    desk.receive(desk.new())
    with pytest.raises(AnswerTaken):
        desk.receive(desk.new(key=OTHER_KEY))
    assert desk.change(key=KEY, score=0).score_changed
