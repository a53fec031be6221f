"""What goes to the SNS topic: a subject, texts for people, JSON for programs, attributes for filter policies, nothing personal unasked."""

import dataclasses
import json

import pytest
from hypothesis import given

from shared.alerts.compose import sms, sns
from shared.alerts.compose.messages import ChannelDisabled
from shared.alerts.content import AlertContent, AlertKind, Person, Touched
from shared.scoring import NpsClass
from tests.alert_contents import LOCALES, MARK, TYPICAL, WITHOUT_PERSON, alerts, disabled, every_corpus_alert, hostile
from tests.tool_limits import sns as limits


@hostile
@given(alerts())
def test_sns_takes_every_alert(alert: AlertContent) -> None:
    said = sns.compose(alert)
    limits.check(said.subject, said.message, said.attributes)


@pytest.mark.parametrize("alert", every_corpus_alert(), ids=lambda alert: repr(alert.survey_name[:24]))
def test_sns_takes_every_hostile_text(alert: AlertContent) -> None:
    said = sns.compose(alert)
    limits.check(said.subject, said.message, said.attributes)


@hostile
@given(disabled)
def test_sns_takes_the_word_that_a_channel_was_disabled(notice: ChannelDisabled) -> None:
    said = sns.compose_notice(notice)
    limits.check(said.subject, said.message, said.attributes)


@hostile
@given(alerts())
def test_nothing_personal_is_said_unless_asked_for_and_never_in_subject_attributes_or_text_message(alert: AlertContent) -> None:
    said = sns.compose(alert)
    assert MARK not in said.subject + json.dumps(said.attributes) + json.loads(said.message)["sms"]
    unasked = sns.compose(dataclasses.replace(alert, person=Person()))
    assert MARK not in unasked.message
    assert "person" not in json.loads(json.loads(unasked.message)["default"])["data"]


def test_attributes_serve_filter_policies() -> None:
    attributes = sns.compose(TYPICAL).attributes
    assert attributes["score"] == {"DataType": "Number", "StringValue": "3"}
    assert {name: attributes[name]["StringValue"] for name in ("type", "survey", "class", "touchpoint", "journey_stage")} == {
        "type": "alert.detractor",
        "survey": "pos-compra",
        "class": "detractor",
        "touchpoint": "delivery",
        "journey_stage": "uso",
    }
    assert attributes["segments"] == {"DataType": "String.Array", "StringValue": '["plano:pro","regiao:sul"]'}


def test_what_there_is_none_of_has_no_attribute() -> None:
    bare = dataclasses.replace(WITHOUT_PERSON, touchpoint=None, segments={}, kind=AlertKind.WITHDRAWN, score=None, nps_class=None)
    assert sns.compose(bare).attributes.keys() == {"type", "survey"}


def test_all_attributes_stand_in_the_programs_json_too() -> None:
    data = json.loads(json.loads(sns.compose(TYPICAL).message)["default"])["data"]
    assert (data["survey_id"], data["score"], data["class"]) == ("pos-compra", 3, "detractor")
    assert (data["touchpoint"]["key"], data["segments"]) == ("delivery", {"plano": "pro", "regiao": "sul"})


@pytest.mark.parametrize("locale", LOCALES)
def test_a_subject_is_one_line_with_score_and_survey(locale: str) -> None:
    alert = dataclasses.replace(TYPICAL, locale=locale, survey_name="A\r\nBcc: x@example.com")  # type: ignore[arg-type]  # one of them
    subject = sns.compose(alert).subject
    assert "3" in subject
    assert subject.endswith("A Bcc: x@example.com")


def sms_of(**given: object) -> str:
    return sms.compose(dataclasses.replace(WITHOUT_PERSON, **given))  # type: ignore[arg-type]  # fields of an alert


def test_a_text_message_says_score_place_and_link_without_accents() -> None:
    assert sms_of() == f"Nota 3 de 10 em Pos-compra, Entrega. {TYPICAL.link}"


@pytest.mark.parametrize("length", range(20, 1_000, 7))
def test_a_text_message_gives_up_touchpoint_then_name_then_link(length: int) -> None:
    link = "https://c.example.com/" + "a" * (length - 22)
    text = sms_of(
        link=link[:length],
        survey_name="Pesquisa de satisfação depois da entrega na loja do bairro",
        touchpoint=Touched(key="k", label="Entrega"),
    )
    limits.check_sms(text)
    assert text.startswith("Nota 3 de 10 em Pesquisa d")
    assert text.endswith(link[:length]) or length > 100


@pytest.mark.parametrize("name", ["\u4e16\u754c", "\U0001f600", "", "ÃÕÇ ãõç áéíóú âêô — “x” [y] {z} | \\ ~ ^ € º"])
def test_what_the_gsm_alphabet_lacks_is_written_otherwise_or_left_out(name: str) -> None:
    text = sms_of(survey_name=name, touchpoint=None, link=None)
    limits.check_sms(text)
    assert text in {
        "Nota 3 de 10 em pos-compra.",
        'Nota 3 de 10 em AOÇ aoc aéiou aeo - "x" (y) (z) / / - EUR o.',
    }


def test_a_better_score_is_told_as_good_news() -> None:
    text = sms_of(kind=AlertKind.WITHDRAWN, score=9, nps_class=NpsClass.PROMOTER, link=None)
    assert text == "A nota em Pos-compra, Entrega mudou para 9 de 10. O alerta anterior não vale mais.".replace("ã", "a")
