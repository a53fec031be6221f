"""A new answer: what is stored where, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import answer_id as ids
from shared.api.problem import AnswerIdOutOfTime, Invalid, NoSuchSurvey, Refused, SurveyNotOpen, TokenRefused, TooBusy
from shared.identity import anonymous_person_id, edit_key_hash_of
from shared.intake.ports import Claims, PeopleBusyError
from shared.scoring import classify
from shared.survey import SurveyStatus
from tests.fakes.reception import KEY, Reception, survey_with_segments, token
from tests.fakes.samples import NOON

scores = st.integers(min_value=0, max_value=10)


@given(scores)
def test_an_answer_is_stored_as_it_was_given_to_be_settled(score: int) -> None:
    desk = Reception()
    received = desk.receive(desk.new(score=score, touchpoint="checkout", segments={"plan": "pro"}, finished=True))
    assert (received.created, received.identified, received.edit_token) == (True, False, None)
    stored = desk.answer()
    assert stored == received.answer
    assert stored is not None
    assert (stored.score, stored.nps_class, stored.rev, stored.pending) == (score, classify(score), 1, True)
    assert (stored.finished, stored.mark, stored.changed_at, stored.instant) == (True, None, NOON, NOON)
    assert stored.dimensions == {"touchpoint": "checkout", "segment.plan": "pro", "identity": "anonymous"}
    assert stored.edit_key_hash == edit_key_hash_of(KEY)


def test_an_anonymous_answers_person_follows_from_its_id_and_the_surveys_salt() -> None:
    desk = Reception()
    assert desk.receive(desk.new()).answer.person_id == anonymous_person_id(desk.id_of(1), desk.survey.person_salt)


def test_an_answer_without_an_id_gets_one_and_an_edit_token_of_which_only_the_hash_is_kept() -> None:
    desk = Reception()
    one, other = desk.receive(desk.new(None)), desk.receive(desk.new(None))
    assert ids.parse(one.answer.key.answer_id).instant == NOON
    assert one.answer.key != other.answer.key
    assert (one.edit_token, other.edit_token) == ("edit-token-1", "edit-token-2")
    assert one.answer.edit_key_hash == edit_key_hash_of("edit-token-1")


def test_a_write_that_the_client_library_repeated_still_gives_the_edit_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first attempt's response was lost on the way, so the second finds the answer there."""
    desk = Reception()
    add = desk.answers.add
    monkeypatch.setattr(desk.answers, "add", lambda answer: add(answer) and add(answer))
    received = desk.receive(desk.new(None, comment="Chegou"))
    assert (received.created, received.edit_token) == (True, "edit-token-1")
    assert list(desk.people.texts().values()) == ["Chegou"]


def test_a_comment_is_kept_with_its_person_as_long_as_the_answer() -> None:
    desk = Reception()
    answer = desk.receive(desk.new(comment="  Chegou rápido\n")).answer
    [(comment, text)] = desk.people.comments.values()
    assert text == comment.text == "Chegou rápido"
    assert (comment.person_id, comment.answer_id, comment.survey_id) == (answer.person_id, answer.key.answer_id, "loja")
    assert comment.edit_key_hash == answer.edit_key_hash
    assert comment.expires_at == NOON + timedelta(days=60)


@pytest.mark.parametrize("nothing", [None, "", " \n\t"])
def test_an_empty_comment_is_none(nothing: str | None) -> None:
    desk = Reception()
    desk.receive(desk.new(comment=nothing))
    assert not desk.people.comments


def test_a_signed_token_identifies_and_its_person_is_the_same_in_every_answer() -> None:
    desk = Reception()
    one = desk.receive(desk.new(1, respondent_token=token(email="ana@exemplo.com.br", name="Ana")))
    other = desk.receive(desk.new(2, respondent_token=token()))
    assert one.identified
    assert other.identified
    assert one.answer.person_id == other.answer.person_id != anonymous_person_id(desk.id_of(1), desk.survey.person_salt)
    assert desk.people.persons[one.answer.person_id].known == {"customer_id": "cliente-1", "email": "ana@exemplo.com.br", "name": "Ana"}


def test_an_erased_persons_answer_is_taken_as_anybodys() -> None:
    desk = Reception()
    person_id = desk.receive(desk.new(1, respondent_token=token())).answer.person_id
    desk.people.erase(person_id)
    received = desk.receive(desk.new(2, respondent_token=token(email="ana@exemplo.com.br"), comment="Voltei"))
    assert not received.identified
    assert received.answer.person_id == anonymous_person_id(desk.id_of(2), desk.survey.person_salt)
    assert desk.people.texts() == {(received.answer.person_id, received.answer.key.answer_id): "Voltei"}
    assert "email" not in desk.people.persons[person_id].known


def test_a_person_erased_while_they_answer_is_not_named_by_the_answer() -> None:
    desk = Reception()

    def erase(name: str) -> None:
        if name == "add_comment":
            for person_id in desk.people.persons:
                desk.people.erase(person_id)

    desk.memory.faults.turn = erase
    received = desk.receive(desk.new(respondent_token=token(), comment="Voltei"))
    assert not received.identified
    assert desk.stored() == [received.answer]
    assert received.answer.person_id == anonymous_person_id(desk.id_of(1), desk.survey.person_salt)


def test_what_a_person_wrote_who_is_erased_before_it_is_kept_is_kept_under_no_other_name() -> None:
    """Written before they were marked, it is theirs, and was to go with the rest of it."""
    desk = Reception()

    def erase(name: str) -> None:
        if name == "add_comment":
            for person_id in desk.people.persons:
                desk.people.erase(person_id)

    desk.memory.faults.turn = erase
    received = desk.receive(desk.new(respondent_token=token(), comment="Voltei"))
    assert (received.created, received.commented, received.answer.commented) == (True, False, False)
    assert not desk.people.comments


def test_an_erased_anonymous_answer_takes_no_comment() -> None:
    desk = Reception()
    desk.people.erase(anonymous_person_id(desk.id_of(1), desk.survey.person_salt))
    assert desk.receive(desk.new(comment="Voltei")).created
    assert not desk.people.comments


def test_what_is_not_declared_counts_as_other() -> None:
    desk = Reception()
    new = desk.new(touchpoint="rua", channel="pombo", variant="C", locale="fr", segments={"plan": "platinum"})
    others = dict.fromkeys(("touchpoint", "channel", "variant", "locale", "segment.plan"), "other")
    assert desk.receive(new).answer.dimensions == {**others, "identity": "anonymous"}


def test_signed_segments_win_and_may_say_what_only_signed_ones_may() -> None:
    desk = Reception()
    signed = token(segments={"plan": "enterprise", "tier": "gold", "undeclared": "x", "touchpoint": "support"})
    answer = desk.receive(desk.new(respondent_token=signed, segments={"plan": "free"}, touchpoint="checkout")).answer
    said = {"segment.plan": "enterprise", "segment.tier": "gold", "identity": "identified"}
    assert answer.dimensions == {"touchpoint": "checkout", **said}


def test_a_signed_value_that_is_not_declared_counts_as_other() -> None:
    desk = Reception()
    answer = desk.receive(desk.new(respondent_token=token(segments={"plan": "lone \ud83d surrogate", "tier": "Ana Prado"}))).answer
    assert answer.dimensions == {"segment.plan": "other", "segment.tier": "other", "identity": "identified"}


@pytest.mark.parametrize("segments", [{"city": "Recife"}, {"tier": "gold"}, {"plan": "pro", "city": "Recife"}, {"touchpoint": "checkout"}])
def test_a_segment_that_is_undeclared_or_taken_from_tokens_only_is_refused(segments: dict[str, str]) -> None:
    desk = Reception()
    with pytest.raises(Invalid) as refused:
        desk.receive(desk.new(segments=segments, comment="Chegou", respondent_token=token()))
    assert [error._asdict()["pointer"] for error in refused.value.errors] == ["/segments"]
    assert not desk.stored()
    assert not desk.people.comments
    assert not desk.people.persons


def refusal_of(desk: Reception, new: object) -> type[Refused]:
    assert isinstance(new, msgspec.Struct)
    with pytest.raises(Refused) as refused:
        desk.receive(new)  # type: ignore[arg-type]  # the one kind there is
    assert not desk.stored()
    assert not desk.people.comments
    assert not desk.people.persons
    return refused.type


def test_a_draft_is_not_found_and_a_closed_survey_takes_nothing() -> None:
    draft, closed = Reception(survey_with_segments(status=SurveyStatus.DRAFT)), Reception(survey_with_segments(status=SurveyStatus.CLOSED))
    for number in (1, None):
        assert refusal_of(draft, draft.new(number, comment="Oi", respondent_token=token())) is NoSuchSurvey
        assert refusal_of(closed, closed.new(number, comment="Oi", respondent_token=token())) is SurveyNotOpen


@pytest.mark.parametrize("offset", [-ids.OLDEST - timedelta(seconds=1), ids.FURTHEST_AHEAD + timedelta(seconds=1)])
def test_an_id_out_of_time_is_refused_with_the_time_here(offset: timedelta) -> None:
    desk = Reception()
    with pytest.raises(AnswerIdOutOfTime) as refused:
        desk.receive(desk.new(instant=NOON + offset))
    assert refused.value.to_problem()["server_time"] == "2026-03-10T15:00:00+00:00"


@pytest.mark.parametrize("text", ["x" * 36, "ffffffff-ffff-7fff-bfff-ffffffffffff", "019cd8a5-6c80-4abc-9def-0123456789ab"])
def test_an_id_that_is_no_uuid_of_version_7_is_refused(text: str) -> None:
    desk = Reception()
    assert refusal_of(desk, msgspec.structs.replace(desk.new(comment="Oi"), answer_id=text)) is Invalid


@pytest.mark.parametrize(
    "respondent_token",
    ["x", token(secret=b"the-signing-secret-of-another-survey"), token(exp=1), token(sub="lone \ud83d surrogate"), "a.b.c", "é.é.é"],
)
def test_a_token_that_is_not_this_surveys_is_refused_and_nothing_is_kept(respondent_token: str) -> None:
    desk = Reception()
    assert refusal_of(desk, desk.new(comment="Oi", respondent_token=respondent_token)) is TokenRefused


def test_a_survey_without_a_signing_secret_takes_no_token() -> None:
    desk = Reception(survey_with_segments(survey_id="outra"))
    desk.intake = replace(desk.intake, secrets=Reception().intake.secrets)
    assert refusal_of(desk, desk.new(respondent_token=token())) is TokenRefused


def test_people_that_are_busy_ask_to_send_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Reception()

    def busy(claims: Claims, *_: object) -> str:
        raise PeopleBusyError(claims.customer_id)

    with monkeypatch.context() as patch:
        patch.setattr(desk.people, "identify", busy)
        assert refusal_of(desk, desk.new(respondent_token=token())) is TooBusy
    assert desk.receive(desk.new(respondent_token=token())).created


@pytest.mark.parametrize(
    ("offset", "announced"),
    [
        (timedelta(0), False),
        (timedelta(minutes=-59), False),
        (timedelta(minutes=-61), True),
        (timedelta(minutes=4), False),
        (timedelta(minutes=6), True),
    ],
)
def test_a_late_answers_partition_is_announced_to_the_sweep_before_it_is_written(offset: timedelta, announced: bool) -> None:  # noqa: FBT001 - a case
    desk = Reception()
    order: list[str] = []
    desk.memory.faults.turn = order.append
    answer = desk.receive(desk.new(instant=NOON + offset)).answer
    assert (set(desk.ledger.touched()) == {answer.key.partition}) == announced
    assert order[:4] == (["touch", "touch", "add", "add"] if announced else ["add", "add", "touched", "touched"])
