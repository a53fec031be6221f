"""The weekly summary: when it is due, what it tells, in three languages."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import get_args

import boto3
import pytest
from botocore.stub import Stubber
from msgspec.structs import replace as replaced

from shared.comparing import compare
from shared.periods import Period
from shared.privacy.letter import Letter
from shared.scoring import Histogram
from shared.store.mail import SesMail
from shared.summary.letter import Links, letter_of, page_of
from shared.summary.subscription import Subscription, user_of
from shared.summary.week import SurveyWeek, due, week_of
from shared.survey import Locale, SurveyStatus
from tests.fakes.samples import survey_of

WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))
LINKS = Links("https://nps.example/console", "https://nps.example/resumo/u.s")
GOOD = Histogram(s9=70, s8=20, s3=10)
BAD = Histogram(s9=30, s8=30, s3=40)


def told(now: Histogram, before: Histogram = BAD, name: str = "Loja") -> SurveyWeek:
    return SurveyWeek(name, now, compare(before, now))


def test_a_letter_tells_score_interval_counts_and_what_changed() -> None:
    letter = letter_of([told(GOOD)], WEEK, "pt-BR", LINKS)
    assert letter.subject == "NPS da semana de 09/03/2026 a 15/03/2026"
    for text in (letter.text, letter.html):
        for line in (
            "Loja",
            "NPS 60, entre 45,3 e 71,2",
            "Respostas: 100. Detratores: 10.",
            "Subiu em relação à semana anterior (+70 pontos).",
            "https://nps.example/console",
            "https://nps.example/resumo/u.s",
        ):
            assert line in text, line


def test_a_letter_says_nothing_that_few_answers_do_not_bear() -> None:
    few = letter_of([told(Histogram(s9=3, s0=1))], WEEK, "pt-BR", LINKS).text
    assert "NPS 50, com poucas respostas para uma conclusão" in few
    assert "Ainda não há respostas suficientes para comparar" in few
    assert "entre" not in few
    none = letter_of([told(Histogram())], WEEK, "pt-BR", LINKS).text
    assert "Nenhuma resposta nesta semana" in none
    assert "Respostas:" not in none


def test_chance_is_called_chance_and_a_fall_a_fall() -> None:
    same = letter_of([told(BAD, BAD)], WEEK, "en", LINKS).text
    assert "No clear change from the week before (0 points, which may be chance)." in same
    fell = letter_of([told(BAD, GOOD)], WEEK, "en", LINKS).text
    assert "NPS \N{MINUS SIGN}10, between" in fell
    assert "Down from the week before (\N{MINUS SIGN}70 points)." in fell
    assert "2026-03-09" in fell


@pytest.mark.parametrize("locale", get_args(Locale))
def test_every_language_says_all_of_it(locale: Locale) -> None:
    weeks = [told(GOOD), told(BAD, GOOD), told(BAD, BAD), told(Histogram(s9=3)), told(Histogram(), name="<Loja> & Cia")]
    letter = letter_of(weeks, WEEK, locale, LINKS)
    assert f'<html lang="{locale}">' in letter.html
    assert "&lt;Loja&gt; &amp; Cia" in letter.html
    assert "<Loja> & Cia" in letter.text
    assert not re.search(r"[{}]", letter.text)
    for ended in (False, True):
        html, style = page_of(locale, ended=ended)
        assert f'<html lang="{locale}">' in html
        assert f"<style>{style}</style>" in html
        assert ('<form method="post">' in html) is not ended


def test_mail_programs_may_end_it_by_themselves_with_a_post() -> None:
    letter = letter_of([told(GOOD)], WEEK, "pt-BR", LINKS)
    assert letter.headers == {
        "List-Unsubscribe": "<https://nps.example/resumo/u.s>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@pytest.mark.parametrize("headers", [{}, {"List-Unsubscribe": "<https://nps.example/x>"}])
def test_ses_is_given_the_headers_of_a_letter_that_has_some(headers: dict[str, str]) -> None:
    ses = boto3.client("sesv2", region_name="sa-east-1")
    simple = {
        "Subject": {"Data": "a", "Charset": "UTF-8"},
        "Body": {"Text": {"Data": "b", "Charset": "UTF-8"}, "Html": {"Data": "c", "Charset": "UTF-8"}},
    }
    listed = {"Headers": [{"Name": name, "Value": value} for name, value in headers.items()]} if headers else {}
    with Stubber(ses) as stub:
        stub.add_response(
            "send_email",
            {},
            {
                "FromEmailAddress": "nps@loja.example",
                "Destination": {"ToAddresses": ["ana@loja.example"]},
                "Content": {"Simple": simple | listed},
            },
        )
        SesMail(ses, "nps@loja.example").send("ana@loja.example", Letter(subject="a", text="b", html="c", headers=headers))
        stub.assert_no_pending_responses()


SAO_PAULO, AUCKLAND = "America/Sao_Paulo", "Pacific/Auckland"


@pytest.mark.parametrize(
    ("now", "zones"),
    [
        ("2026-03-16T10:59:00", set()),  # 07:59 in São Paulo; already Monday night in Auckland
        ("2026-03-15T18:59:00", set()),  # Sunday, and 07:59 on Monday
        ("2026-03-15T19:00:00", {AUCKLAND}),
        ("2026-03-16T10:30:00", {AUCKLAND}),  # 23:30 there
        ("2026-03-16T11:00:00", {SAO_PAULO}),
        ("2026-03-17T02:59:00", {SAO_PAULO}),
        ("2026-03-17T03:00:00", set()),
    ],
)
def test_it_is_due_on_monday_from_eight_on_wherever_the_survey_is(now: str, zones: set[str]) -> None:
    surveys = [survey_of("a"), survey_of("b")]
    settings = [replaced(surveys[0].settings, time_zone=SAO_PAULO), replaced(surveys[1].settings, time_zone=AUCKLAND)]
    opened = [replaced(survey, settings=own, status=SurveyStatus.OPEN) for survey, own in zip(surveys, settings, strict=True)]
    expected = {AUCKLAND} if now == "2026-03-16T10:59:00" else zones
    assert set(due(opened, datetime.fromisoformat(now).replace(tzinfo=UTC))) == expected


def test_of_a_survey_that_is_not_open_nothing_is_told() -> None:
    closed = replaced(survey_of("a"), status=SurveyStatus.CLOSED)
    assert due([closed], datetime(2026, 3, 16, 15, tzinfo=UTC)) == {}


def test_the_week_is_the_newest_that_is_over_there() -> None:
    assert week_of(datetime(2026, 3, 16, 11, tzinfo=UTC), SAO_PAULO) == WEEK
    assert week_of(datetime(2026, 3, 16, 2, 59, tzinfo=UTC), SAO_PAULO) == Period(date(2026, 3, 2), date(2026, 3, 8))
    assert week_of(datetime(2026, 3, 15, 19, tzinfo=UTC), AUCKLAND) == WEEK


def test_only_a_subscriptions_own_token_ends_it() -> None:
    mine = Subscription("19cefdd0", "0" * 32)
    assert mine.is_ended_by(mine.token)
    assert user_of(mine.token) == "19cefdd0"
    for wrong in ("", ".", "19cefdd0.", f"19cefdd0.{'1' * 32}", f"x.{'0' * 32}", "é" * 40, mine.token + "0"):
        assert not mine.is_ended_by(wrong)
    assert user_of("19cefdd0.short") is None
    assert replace(mine, secret="1" * 32).token != mine.token
