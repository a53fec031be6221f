"""Where the legal basis is consent: nothing that identifies is taken before the box is ticked, and what was ticked is kept."""

from datetime import timedelta
from typing import Any, Final

import pytest

from shared.api.problem import Invalid, TokenRefused
from shared.identity import anonymous_person_id
from shared.survey import LegalBasis, Segment
from tests.fakes.reception import Crash, Reception, token
from tests.fakes.samples import NOON, PLANS, settings_of, survey_of

VERSION: Final = "2026-01"
BASIS: Final = LegalBasis(kind="consent", consent_version=VERSION, consent_text={"pt-BR": "Autorizo…", "en": "I agree…"})


def desk_with_consent() -> Reception:
    segments = (Segment(key="plan", values=PLANS), Segment(key="tier", values=("gold", "silver"), signed_only=True))
    return Reception(survey_of(settings=settings_of(legal_basis=BASIS, locales=("pt-BR", "en"), segments=segments)))


@pytest.fixture
def desk() -> Reception:
    return desk_with_consent()


def anonymous(desk: Reception, number: int = 1) -> str:
    return anonymous_person_id(desk.id_of(number, NOON), desk.survey.person_salt)


def person(desk: Reception) -> str:
    answer = desk.answer(1, NOON)
    assert answer is not None
    return answer.person_id


@pytest.mark.parametrize("version", [None, "2025-01"])
def test_before_consent_a_score_counts_and_a_token_names_nobody(desk: Reception, version: str | None) -> None:
    received = desk.receive(desk.new(respondent_token=token(segments={"tier": "gold"}), consent_version=version))
    assert received.created
    assert not received.identified
    assert not desk.people.persons
    assert "segment.tier" not in received.answer.dimensions
    assert not desk.consents.kept


@pytest.mark.parametrize("version", [None, "2025-01"])
def test_before_consent_a_comment_is_refused_and_nothing_is_kept(desk: Reception, version: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        desk.receive(desk.new(comment="Demorou", consent_version=version))
    assert refused.value.errors[0][0] == "/comment"
    assert desk.answer(1, NOON) is None
    assert not desk.people.comments


def test_a_token_before_consent_is_not_even_looked_at(desk: Reception) -> None:
    assert desk.receive(desk.new(respondent_token="x.y.z")).created
    with pytest.raises(TokenRefused):
        desk.receive(desk.new(2, respondent_token="x.y.z", consent_version=VERSION))


def test_with_consent_the_answer_is_the_persons_and_the_text_and_time_are_kept(desk: Reception) -> None:
    new = desk.new(comment="Demorou", respondent_token=token(), consent_version=VERSION, locale="en")
    received = desk.receive(new)
    assert received.identified
    [kept] = desk.consents.kept.values()
    assert (kept.person_id, kept.answer_id, kept.version, kept.locale) == (person(desk), desk.id_of(1, NOON), VERSION, "en")
    assert kept.given_at == desk.now
    assert kept.expires_at > desk.now + timedelta(days=59)
    desk.now += timedelta(minutes=1)
    assert not desk.receive(new).created
    assert desk.consents.kept == {(person(desk), desk.id_of(1, NOON)): kept}


def test_consent_without_a_name_is_kept_under_the_anonymous_person(desk: Reception) -> None:
    desk.receive(desk.new(comment="Demorou", consent_version=VERSION, locale="fr"))
    assert desk.people.texts() == {(anonymous(desk), desk.id_of(1, NOON)): "Demorou"}
    assert desk.consents.kept[anonymous(desk), desk.id_of(1, NOON)].locale == "pt-BR"


def test_a_comment_may_follow_consent_and_not_come_before_it(desk: Reception) -> None:
    desk.receive(desk.new())
    with pytest.raises(Invalid):
        desk.change(comment="Demorou")
    with pytest.raises(Invalid):
        desk.change(comment="Demorou", consent_version="2025-01")
    assert not desk.people.comments
    assert desk.change(comment="Demorou", consent_version=VERSION).commented
    assert desk.change(comment="Demorou muito").commented
    assert desk.people.texts() == {(anonymous(desk), desk.id_of(1, NOON)): "Demorou muito"}
    assert not desk.change(comment="").commented


def test_consent_to_another_text_is_none(desk: Reception) -> None:
    desk.receive(desk.new())
    with pytest.raises(Invalid) as refused:
        desk.change(consent_version="2025-01", respondent_token=token())
    assert refused.value.errors[0][0] == "/consent_version"
    assert not desk.consents.kept
    assert not desk.people.persons


def test_late_consent_makes_the_answer_the_persons(desk: Reception) -> None:
    desk.receive(desk.new())
    desk.now += timedelta(minutes=1)
    signed = token(email="ana@exemplo.com.br", segments={"tier": "gold", "plan": "pro"})
    desk.change(consent_version=VERSION, respondent_token=signed, comment="Demorou", instant=NOON)
    answer = desk.answer(1, NOON)
    assert answer is not None
    assert answer.person_id in desk.people.persons
    assert answer.dimensions == {"segment.tier": "gold", "segment.plan": "pro", "identity": "identified"}
    assert (answer.pending, answer.rev) == (True, 3)
    assert desk.people.texts() == {(answer.person_id, desk.id_of(1, NOON)): "Demorou"}
    assert (answer.person_id, desk.id_of(1, NOON)) in desk.people.answers
    [kept] = desk.consents.kept.values()
    assert (kept.person_id, kept.given_at) == (answer.person_id, desk.now)


def test_what_was_said_with_consent_goes_with_the_answer_to_its_person(desk: Reception) -> None:
    desk.receive(desk.new(comment="Demorou", consent_version=VERSION))
    desk.change(consent_version=VERSION, respondent_token=token())
    assert desk.people.texts() == {(person(desk), desk.id_of(1, NOON)): "Demorou"}
    assert set(desk.consents.kept) == {(person(desk), desk.id_of(1, NOON))}


def test_a_token_without_consent_names_nobody_later_either(desk: Reception) -> None:
    desk.receive(desk.new())
    desk.change(score=3, respondent_token=token())
    assert person(desk) == anonymous(desk)
    assert not desk.people.persons


def test_nobody_takes_over_an_answer_that_is_somebodys(desk: Reception) -> None:
    desk.receive(desk.new(respondent_token=token(), consent_version=VERSION))
    owner = person(desk)
    desk.change(consent_version=VERSION, respondent_token=token(sub="cliente-2"))
    assert person(desk) == owner
    assert len(desk.people.persons) == 1


def test_late_consent_of_somebody_erased_leaves_the_answer_anonymous(desk: Reception) -> None:
    desk.receive(desk.new(respondent_token=token(), consent_version=VERSION))
    desk.people.erase(person(desk))
    desk.receive(desk.new(2))
    desk.change(2, consent_version=VERSION, respondent_token=token(), comment="Demorou")
    assert desk.people.texts() == {(anonymous(desk, 2), desk.id_of(2, NOON)): "Demorou"}
    assert (anonymous(desk, 2), desk.id_of(2, NOON)) in desk.consents.kept


@pytest.mark.parametrize("before", [{}, {"comment": "Demorou", "consent_version": VERSION}])
@pytest.mark.parametrize("change", [{}, {"comment": "Pensando bem…"}, {"score": 2}])
def test_wherever_it_crashes_the_same_request_again_completes_it(before: dict[str, Any], change: dict[str, Any]) -> None:
    step = 0
    while True:
        step += 1
        desk = desk_with_consent()
        desk.receive(desk.new(**before))
        wanted = {"consent_version": VERSION, "respondent_token": token()} | change
        crashed = False
        try:
            with desk.crashing_at(step):
                desk.change(**wanted)
        except Crash:
            crashed = True
        desk.change(**wanted)
        text = change.get("comment", before.get("comment"))
        assert desk.people.texts() == ({(person(desk), desk.id_of(1, NOON)): text} if text else {})
        assert person(desk) in desk.people.persons
        assert set(desk.consents.kept) == {(person(desk), desk.id_of(1, NOON))}
        answer = desk.answer(1, NOON)
        assert answer is not None
        assert answer.score == change.get("score", 9)
        assert desk.people.answers[person(desk), desk.id_of(1, NOON)].survey_id == desk.survey.survey_id
        if not crashed:
            break
    assert step > 10


def test_where_no_consent_is_asked_for_none_is_kept() -> None:
    desk = Reception()
    assert desk.receive(desk.new(comment="Demorou", respondent_token=token(), consent_version="any")).identified
    assert not desk.consents.kept


def test_where_no_consent_is_asked_for_somebody_may_say_later_who_they_are() -> None:
    desk = Reception()
    desk.receive(desk.new(comment="Demorou"))
    desk.change(finished=True, respondent_token=token())
    assert person(desk) in desk.people.persons
    assert desk.people.texts() == {(person(desk), desk.id_of(1, NOON)): "Demorou"}
