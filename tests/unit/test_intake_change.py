"""A change by the person who answered: with the key, in time, and nothing but what they may change."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.answer import Change, Standing
from shared.api.messages import AnswerChange
from shared.api.problem import AnswerFinal, NoSuchAnswer, TooBusy
from shared.intake.change import change
from shared.intake.ports import Comment, PeopleBusyError
from shared.survey import SurveyStatus
from tests.fakes.reception import KEY, OTHER_KEY, Crash, Reception, survey_with_segments, token
from tests.fakes.samples import NOON

scores = st.integers(min_value=0, max_value=10)
MINUTE = timedelta(minutes=1)


def answered(score: int = 9, **body: Any) -> Reception:  # noqa: ANN401 - any field
    desk = Reception()
    desk.receive(desk.new(score=score, **body))
    desk.now += MINUTE
    return desk


def comments(desk: Reception) -> list[str]:
    return list(desk.people.texts().values())


@given(scores, scores)
def test_another_score_is_a_revision_to_be_settled_and_the_same_one_is_none(before: int, after: int) -> None:
    desk = answered(before)
    changed = desk.change(score=after, instant=NOON)
    stored = desk.answer(instant=NOON)
    assert stored is not None
    assert changed.score_changed == (before != after)
    assert (stored.score, changed.answer.score) == (after, after)
    assert stored.rev == (1 if before == after else 2)
    assert stored.changed_at == (NOON if before == after else NOON + MINUTE)


def test_finishing_is_announced_once_and_never_undone() -> None:
    desk = answered()
    assert desk.change(finished=True, instant=NOON).newly_finished
    assert not desk.change(finished=True, instant=NOON).newly_finished
    stored = desk.answer(instant=NOON)
    assert stored is not None
    assert (stored.finished, stored.rev) == (True, 2)


def test_a_first_comment_that_comes_later_is_announced_once_and_replacing_it_is_no_revision() -> None:
    desk = answered()
    assert desk.change(comment=" Chegou ", instant=NOON).commented
    first = desk.answer(instant=NOON)
    assert first is not None
    assert (first.commented, first.rev, first.pending) == (True, 2, True)
    assert desk.change(comment="Pensando bem…", instant=NOON).commented
    assert comments(desk) == ["Pensando bem…"]
    assert desk.answer(instant=NOON) == first


def test_another_comment_on_an_answer_that_came_with_one_is_no_revision() -> None:
    desk = answered(comment="Chegou")
    desk.change(comment="Pensando bem…", instant=NOON)
    stored = desk.answer(instant=NOON)
    assert stored is not None
    assert (stored.commented, stored.rev) == (True, 1)


@pytest.mark.parametrize("nothing", ["", " \n"])
def test_an_empty_comment_removes_it(nothing: str) -> None:
    desk = answered(comment="Chegou")
    assert not desk.change(comment=nothing, instant=NOON).commented
    assert comments(desk) == []
    assert not desk.change(comment=nothing, instant=NOON).commented
    assert desk.change(comment="Enfim", instant=NOON).commented
    assert comments(desk) == ["Enfim"]


def test_removing_a_comment_and_writing_one_anew_are_announced_and_removing_none_is_not() -> None:
    desk = answered(comment="Chegou")
    seen = []
    for comment in ("", " ", "Enfim"):
        desk.change(comment=comment, instant=NOON)
        stored = desk.answer(instant=NOON)
        assert stored is not None
        seen.append((stored.commented, stored.rev))
    assert seen == [(False, 2), (False, 2), (True, 3)]


def test_an_identified_answers_comment_lies_under_its_person() -> None:
    desk = answered(respondent_token=token())
    changed = desk.change(comment="Chegou", instant=NOON)
    assert list(desk.people.texts()) == [(changed.answer.person_id, changed.answer.key.answer_id)]
    assert changed.answer.person_id in desk.people.persons


def test_the_edit_token_of_an_answer_whose_id_we_made_opens_it() -> None:
    desk = Reception()
    received = desk.receive(desk.new(None))
    assert received.edit_token is not None
    changed = change(desk.survey, received.answer.key.answer_id, received.edit_token, AnswerChange(score=0), NOON, desk.intake)
    assert changed.answer.score == 0


def test_a_closed_survey_still_lets_people_finish_what_they_began() -> None:
    desk = answered()
    desk.survey = survey_with_segments(status=SurveyStatus.CLOSED)
    assert desk.change(comment="Chegou", score=3, instant=NOON).score_changed


def state(desk: Reception) -> Any:  # noqa: ANN401 - to be compared as a whole
    return deepcopy((desk.memory.items, desk.people.comments, desk.people.persons))


@pytest.mark.parametrize("key", [OTHER_KEY, "", KEY.upper(), KEY + " ", "é", "\udcff"])
def test_another_key_opens_nothing_and_is_answered_like_an_answer_that_is_not_there(key: str) -> None:
    desk = answered(comment="Chegou")
    before = state(desk)
    refusals = []
    for number in (1, 2):
        with pytest.raises(NoSuchAnswer) as refused:
            desk.change(number, key, score=0, comment="De outra pessoa", instant=NOON)
        refusals.append(refused.value.to_problem())
    assert refusals[0] == refusals[1]
    assert state(desk) == before


def test_the_hash_of_the_key_is_not_the_key() -> None:
    desk = answered()
    stored = desk.answer(instant=NOON)
    assert stored is not None
    with pytest.raises(NoSuchAnswer):
        desk.change(key=stored.edit_key_hash, score=0, instant=NOON)


@pytest.mark.parametrize(
    "answer_id", ["", "x", "ffffffff-ffff-7fff-bfff-ffffffffffff", "019cd843-1180-4000-8000-000000000001", "../answers"]
)
def test_what_is_no_id_is_no_answer(answer_id: str) -> None:
    desk = answered()
    with pytest.raises(NoSuchAnswer):
        change(desk.survey, answer_id, KEY, AnswerChange(score=0), NOON, desk.intake)


def test_another_surveys_answer_is_not_there() -> None:
    desk = answered()
    with pytest.raises(NoSuchAnswer):
        change(survey_with_segments(survey_id="outra"), desk.id_of(1, NOON), KEY, AnswerChange(score=0), NOON, desk.intake)


@pytest.mark.parametrize("wanted", [{"score": 0}, {"comment": "Tarde"}, {"comment": ""}, {"finished": True}])
def test_after_thirty_days_nothing_changes(wanted: dict[str, Any]) -> None:
    desk = answered(comment="Chegou")
    desk.now = NOON + timedelta(days=30)
    assert desk.change(comment="Ainda", instant=NOON).commented
    before = state(desk)
    desk.now += timedelta(milliseconds=1)
    with pytest.raises(AnswerFinal):
        desk.change(instant=NOON, **wanted)
    assert state(desk) == before


@pytest.mark.parametrize("standing", [Standing.WITHDRAWN, Standing.SUPERSEDED])
@pytest.mark.parametrize("wanted", [{"score": 0}, {"comment": "Tarde"}, {"comment": ""}, {"finished": True}])
def test_an_answer_that_no_longer_stands_is_not_changed(standing: Standing, wanted: dict[str, Any]) -> None:
    desk = answered(comment="Chegou")
    stored = desk.answer(instant=NOON)
    assert stored is not None
    assert desk.answers.change(stored.key, Change(standing=standing), desk.now)
    before = state(desk)
    with pytest.raises(AnswerFinal):
        desk.change(instant=NOON, **wanted)
    assert state(desk) == before


def test_an_answer_withdrawn_while_it_is_changed_is_final() -> None:
    desk = answered()
    stored = desk.answer(instant=NOON)
    assert stored is not None

    def withdraw(name: str) -> None:
        if name == "change":
            desk.memory.faults.turn = lambda _name: None
            desk.answers.change(stored.key, Change(standing=Standing.WITHDRAWN), desk.now)

    desk.memory.faults.turn = withdraw
    with pytest.raises(AnswerFinal):
        desk.change(score=0, instant=NOON)


def test_an_erased_person_writes_no_comment() -> None:
    desk = answered(respondent_token=token(), comment="Chegou")
    stored = desk.answer(instant=NOON)
    assert stored is not None
    desk.people.erase(stored.person_id)
    with pytest.raises(AnswerFinal):
        desk.change(comment="De novo", score=0, instant=NOON)
    assert comments(desk) == ["Chegou"]
    assert desk.answer(instant=NOON) == stored


def test_people_that_are_busy_ask_to_send_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = answered()

    def busy(comment: Comment) -> None:
        raise PeopleBusyError(comment.answer_id)

    monkeypatch.setattr(desk.people, "replace_comment", busy)
    with pytest.raises(TooBusy):
        desk.change(comment="Chegou", score=0, instant=NOON)
    stored = desk.answer(instant=NOON)
    assert stored is not None
    assert stored.score == 9


@pytest.mark.parametrize("wanted", [{"score": 0}, {"comment": "Chegou", "score": 0, "finished": True}, {"comment": ""}])
def test_wherever_a_change_ends_the_same_change_completes_it(wanted: dict[str, Any]) -> None:
    untroubled = answered(comment="Antes")
    untroubled.change(instant=NOON, **wanted)
    for step in range(1, 9):
        desk = answered(comment="Antes")
        try:
            with desk.crashing_at(step):
                desk.change(instant=NOON, **wanted)
        except Crash:
            desk.change(instant=NOON, **wanted)
        assert state(desk) == state(untroubled), step


@pytest.mark.parametrize("change", [{"score": 0}, {"finished": True}, {"comment": "Chegou"}])
def test_a_change_of_an_older_answer_is_announced_to_the_sweep(change: dict[str, Any]) -> None:
    desk = answered()
    desk.now = NOON + timedelta(hours=2)
    desk.change(score=9, instant=NOON)
    assert not desk.ledger.touched()
    changed = desk.change(instant=NOON, **change)
    assert set(desk.ledger.touched()) == {changed.answer.key.partition}


def test_another_comment_on_an_older_answer_is_not() -> None:
    desk = answered(comment="Chegou")
    desk.now = NOON + timedelta(hours=2)
    desk.change(comment="Pensando bem…", instant=NOON)
    assert not desk.ledger.touched()
