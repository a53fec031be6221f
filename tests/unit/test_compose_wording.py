"""What a person reads: the right words for each message, in their language, with the time where they are."""

import dataclasses
import json
import re
from datetime import UTC, datetime

import pytest

from shared.alerts.channel import ChannelKind
from shared.alerts.compose import ChannelChallenge, ChannelDisabled, ChannelTest, Digest, NotPostedError, compose, compose_told
from shared.alerts.compose.moments import moment, short_moment
from shared.alerts.compose.plain import body
from shared.alerts.compose.telling import letter_of
from shared.alerts.content import AlertContent, AlertKind, Person
from shared.scoring import NpsClass
from shared.survey import Locale
from tests.alert_contents import LOCALES, NOW, TYPICAL, WITHOUT_PERSON

locales = pytest.mark.parametrize("locale", LOCALES)
MESSAGES: list[AlertContent] = [
    TYPICAL,
    WITHOUT_PERSON,
    dataclasses.replace(TYPICAL, kind=AlertKind.COMMENT_ADDED),
    dataclasses.replace(WITHOUT_PERSON, kind=AlertKind.WITHDRAWN, score=8, nps_class=NpsClass.PASSIVE),
    dataclasses.replace(WITHOUT_PERSON, kind=AlertKind.WITHDRAWN, score=None, nps_class=None),
    dataclasses.replace(WITHOUT_PERSON, kind=AlertKind.WITHDRAWN, score=None, nps_class=None, replaced=True),
]
CHANNEL = {"message_id": "msg_1", "company": "Padaria", "channel_id": "ch_abcdefghijklmnop", "channel_name": "CS no Slack"}


@locales
@pytest.mark.parametrize("alert", MESSAGES, ids=lambda alert: f"{alert.kind}-{alert.score}")
def test_every_text_is_filled_in(locale: Locale, alert: AlertContent) -> None:
    text = body(letter_of(dataclasses.replace(alert, locale=locale)))
    assert not re.search(r"[{}]|None|  \S", text.replace("    ", ""))


@pytest.mark.parametrize(
    ("alert", "title", "emoji"),
    [
        (TYPICAL, "Nota 3 de 10 · detrator", "🔴"),
        (MESSAGES[2], "Nota 3 de 10 · agora com comentário", "💬"),
        (MESSAGES[3], "A nota mudou para 8 · neutro", "🟢"),
        (MESSAGES[4], "A resposta foi retirada", "⚪"),
        (MESSAGES[5], "O cliente respondeu de novo", "⚪"),
    ],
)
def test_a_title_says_what_happened(alert: AlertContent, title: str, emoji: str) -> None:
    letter = letter_of(alert)
    assert (letter.title, letter.headline) == (title, f"{emoji} {title}")


def test_a_name_is_said_only_where_the_channel_asked_for_it() -> None:
    assert letter_of(TYPICAL).lead == "Ana hoje não recomendaria Padaria do Zé & Filhos."
    assert letter_of(WITHOUT_PERSON).lead == "Um cliente hoje não recomendaria Padaria do Zé & Filhos."
    assert "Ana" not in letter_of(TYPICAL).summary


@pytest.mark.parametrize(
    ("locale", "zone", "long", "short"),
    [
        ("pt-BR", "America/Sao_Paulo", "sábado, 14 de março de 2026, 23:30 (UTC-3)", "14/03, 23:30"),
        ("en", "Asia/Kolkata", "Sunday, 15 March 2026, 08:00 (UTC+5:30)", "15 March, 08:00"),
        ("es", "UTC", "domingo, 15 de marzo de 2026, 02:30 (UTC)", "15/03, 02:30"),
    ],
)
def test_time_is_local_and_written_as_people_do(locale: Locale, zone: str, long: str, short: str) -> None:
    instant = datetime(2026, 3, 15, 2, 30, tzinfo=UTC)
    assert moment(instant, zone, locale) == long
    assert short_moment(instant, zone, locale) == short


def test_a_survey_whose_name_shows_nothing_goes_by_its_id() -> None:
    assert letter_of(dataclasses.replace(TYPICAL, survey_name="\u200b \u202e")).facts[0].value == "pos-compra"


def test_an_empty_comment_is_no_quotation() -> None:
    assert letter_of(dataclasses.replace(TYPICAL, person=Person(comment="\u200b\n"))).quote is None


@pytest.mark.parametrize("tool", [ChannelKind.SLACK, ChannelKind.TEAMS, ChannelKind.GOOGLE_CHAT, ChannelKind.DISCORD])
def test_a_long_comment_says_that_it_goes_on(tool: ChannelKind) -> None:
    long = dataclasses.replace(TYPICAL, person=Person(comment="\U0001f600" * 5_000))
    said = [compose_told(tool, alert).body.decode() for alert in (TYPICAL, long)]
    assert ["O comentário continua na resposta." in text for text in said] == [False, True]


@pytest.mark.parametrize("tool", [ChannelKind.SLACK, ChannelKind.TEAMS, ChannelKind.GOOGLE_CHAT, ChannelKind.DISCORD])
@locales
def test_a_digest_counts_what_it_leaves_out(tool: ChannelKind, locale: Locale) -> None:
    said = compose(tool, AlertKind.DIGEST, "msg_1", [TYPICAL] * 60, locale, NOW).body.decode()
    shown = said.count("Ana")
    more = {"pt-BR": f"e mais {60 - shown}", "en": f"and {60 - shown} more", "es": f"y {60 - shown} más"}[locale]
    assert 5 <= shown <= 20
    assert more in said
    assert "60" in said


def test_a_digest_of_one_survey_names_it_once_and_of_several_each_time() -> None:
    other = dataclasses.replace(TYPICAL, survey_id="suporte", survey_name="Suporte", company="Outra")
    one = letter_of(Digest(message_id="m", locale="pt-BR", at=NOW, alerts=[TYPICAL]))
    both = letter_of(Digest(message_id="m", locale="pt-BR", at=NOW, alerts=[TYPICAL, other]))
    assert (one.title, one.lead, one.entries[0].title) == ("1 alerta de detrator", "Pós-compra", "Nota 3 de 10 · Entrega (uso)")
    assert (both.lead, both.footer) == ("", "Recomenda")
    assert [entry.title for entry in both.entries] == [
        "Nota 3 de 10 · Pós-compra · Entrega (uso)",
        "Nota 3 de 10 · Suporte · Entrega (uso)",
    ]


def test_one_left_out_is_told_in_the_singular() -> None:
    assert letter_of(TYPICAL).more(1) == "e mais 1, que está no Recomenda"


@locales
@pytest.mark.parametrize("tool", [ChannelKind.SLACK, ChannelKind.TEAMS, ChannelKind.GOOGLE_CHAT, ChannelKind.DISCORD])
def test_a_challenge_shows_its_code_in_the_room(locale: Locale, tool: ChannelKind) -> None:
    notice = ChannelChallenge(**CHANNEL, locale=locale, at=NOW, code="048213")
    assert "048213" in compose_told(tool, notice).body.decode()


def test_a_machines_challenge_is_a_field_to_echo() -> None:
    said = json.loads(compose_told(ChannelKind.WEBHOOK, ChannelChallenge(**CHANNEL, locale="en", at=NOW, code="c-1")).body)
    assert (said["type"], said["data"]["challenge"]) == ("channel.challenge", "c-1")


def test_a_test_message_names_the_channel() -> None:
    letter = letter_of(ChannelTest(**CHANNEL, locale="pt-BR", at=NOW))
    assert (letter.title, letter.facts[0].value) == ("Teste: este canal está pronto", "CS no Slack")


def test_a_disabled_channel_is_told_with_its_reason() -> None:
    since = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
    failing = ChannelDisabled(**CHANNEL, locale="pt-BR", at=NOW, reason="failing", failing_since=since)
    gone = dataclasses.replace(failing, reason="gone")
    assert "falham desde quarta, 11 de março de 2026, 09:00 (UTC-3)" in letter_of(failing).lead
    assert "não existe mais" in letter_of(gone).lead
    data = json.loads(compose_told(ChannelKind.WEBHOOK, failing).body)["data"]
    assert (data["reason"], data["failing_since"]) == ("failing", "2026-03-11T12:00:00.000Z")


@pytest.mark.parametrize("receiver", [ChannelKind.SNS_EMAIL, ChannelKind.SNS_SMS])
def test_nothing_is_posted_to_a_subscription(receiver: ChannelKind) -> None:
    with pytest.raises(NotPostedError):
        compose_told(receiver, TYPICAL)
