"""Answers given by a personal link."""

from datetime import timedelta
from typing import Final

import pytest

from shared.api.problem import InvitationUsed
from shared.identity import anonymous_person_id
from shared.intake.ports import Claims, Invitation
from shared.store.invitations import LEFT_ALONE_AFTER, hash_of
from tests.fakes.reception import OTHER_KEY, Crash, Reception, token
from tests.fakes.samples import NOON

LINK: Final = "A" * 22
EMAIL_ONLY: Final = Claims(email="ana@exemplo.com.br")


def invited(desk: Reception, claims: Claims = EMAIL_ONLY, survey_id: str | None = None, days: int = 60) -> str:
    def make(person_id: str) -> Invitation:
        return Invitation(
            hash=hash_of(LINK),
            person_id=person_id,
            survey_id=survey_id or desk.survey.survey_id,
            segments={"tier": "gold", "plan": "pro"},
            touchpoint="checkout",
            expires_at=NOON + timedelta(days=days),
        )

    return desk.invitations.invite(claims, make, NOON)


@pytest.fixture
def desk() -> Reception:
    return Reception()


def test_the_answer_is_the_invited_persons_with_what_the_company_said_of_them(desk: Reception) -> None:
    person_id = invited(desk)
    received = desk.receive(desk.new(invitation=LINK, comment="Demorou", segments={"plan": "free"}, touchpoint="support"))
    assert (received.identified, received.answer.person_id) == (True, person_id)
    said = {"segment.tier": "gold", "segment.plan": "pro", "touchpoint": "checkout"}
    assert received.answer.dimensions == said | {"identity": "identified"}
    assert desk.people.texts() == {(person_id, desk.id_of(1)): "Demorou"}
    assert (person_id, desk.id_of(1)) in desk.people.answers


def test_whoever_answers_is_kept_as_long_as_the_answer(desk: Reception) -> None:
    person_id = invited(desk, days=1)
    before = desk.people.persons[person_id].expires_at
    desk.receive(desk.new(invitation=LINK))
    after = desk.people.persons[person_id].expires_at
    assert before is not None
    assert after is not None
    assert after > before + timedelta(days=50)


def test_the_same_again_changes_nothing_and_another_answer_is_refused(desk: Reception) -> None:
    invited(desk)
    new = desk.new(invitation=LINK)
    assert desk.receive(new).created
    assert not desk.receive(new).created
    with pytest.raises(InvitationUsed):
        desk.receive(desk.new(2, key=OTHER_KEY, invitation=LINK))
    desk.now += timedelta(days=1)
    with pytest.raises(InvitationUsed):
        desk.receive(desk.new(3, invitation=LINK))
    assert len(desk.stored()) == 1


def test_an_answer_that_never_came_keeps_nobody_from_answering(desk: Reception) -> None:
    invited(desk)
    with pytest.raises(Crash), desk.crashing_at(6):
        desk.receive(desk.new(invitation=LINK))
    assert not desk.stored()
    assert desk.invitations.claimed
    with pytest.raises(InvitationUsed):
        desk.receive(desk.new(2, invitation=LINK))
    desk.now += LEFT_ALONE_AFTER
    assert desk.receive(desk.new(2, invitation=LINK)).identified


@pytest.mark.parametrize("step", range(1, 14))
def test_wherever_it_crashes_the_same_request_again_completes_it(desk: Reception, step: int) -> None:
    person_id = invited(desk)
    new = desk.new(invitation=LINK, comment="Demorou")
    try:
        with desk.crashing_at(step):
            desk.receive(new)
    except Crash:
        pass
    desk.receive(new)
    [answer] = desk.stored()
    assert answer.person_id == person_id
    assert desk.people.texts() == {(person_id, desk.id_of(1)): "Demorou"}


@pytest.mark.parametrize("why", ["unknown", "expired", "of another survey", "of somebody erased"])
def test_an_invitation_that_is_none_any_more_still_lets_a_person_answer(desk: Reception, why: str) -> None:
    if why != "unknown":
        person_id = invited(desk, survey_id="outra" if why == "of another survey" else None, days=-1 if why == "expired" else 60)
        if why == "of somebody erased":
            desk.people.erase(person_id)
    received = desk.receive(desk.new(invitation=LINK, comment="Demorou"))
    assert not received.identified
    assert received.answer.dimensions["identity"] == "anonymous"
    assert desk.people.texts() == {(anonymous_person_id(desk.id_of(1), desk.survey.person_salt), desk.id_of(1)): "Demorou"}


def test_a_token_says_more_than_an_invitation(desk: Reception) -> None:
    invited(desk)
    received = desk.receive(desk.new(invitation=LINK, respondent_token=token()))
    assert desk.people.persons[received.answer.person_id].known == {"customer_id": "cliente-1"}
    assert not desk.invitations.claimed


def test_an_answer_may_become_the_invited_persons_later(desk: Reception) -> None:
    person_id = invited(desk)
    assert desk.receive(desk.new()).answer.dimensions["identity"] == "anonymous"
    desk.change(finished=True, invitation=LINK)
    [answer] = desk.stored()
    assert answer.person_id == person_id
    assert answer.dimensions["identity"] == "identified"
    assert answer.dimensions["segment.tier"] == "gold"
    with pytest.raises(InvitationUsed):
        desk.receive(desk.new(2, invitation=LINK))
