"""Which alerts a channel hears of, and when."""

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shared.alerts.channel import ChannelStatus, QuietHours, Rules
from shared.alerts.matching import is_urgent, next_digest, quiet_until, wants, wants_words
from tests.fakes.channels import channel_of, rules_of
from tests.fakes.samples import NOON, answer_of, survey_of

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
BERLIN = ZoneInfo("Europe/Berlin")
SURVEY = survey_of()


def at(text: str, zone: ZoneInfo = SAO_PAULO, *, fold: Literal[0, 1] = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ({}, True),
        ({"surveys": ("loja",)}, True),
        ({"surveys": ("outra", "mais-uma")}, False),
        ({"score_at_most": 3}, True),
        ({"score_at_most": 2}, False),
        ({"touchpoints": ("support", "checkout")}, True),
        ({"touchpoints": ("support",)}, False),
        ({"segments": {"plan": ("pro", "enterprise")}}, True),
        ({"segments": {"plan": ("free",)}}, False),
        ({"segments": {"tier": ("gold",)}}, False),
        ({"segments": {"plan": ()}}, True),
        ({"surveys": ("loja",), "score_at_most": 3, "touchpoints": ("checkout",), "segments": {"plan": ("pro",)}}, True),
        ({"surveys": ("loja",), "score_at_most": 3, "touchpoints": ("checkout",), "segments": {"plan": ("free",)}}, False),
    ],
)
def test_a_channel_wants_what_all_of_its_rules_take_and_an_empty_rule_restricts_nothing(rules: dict[str, Any], *, wanted: bool) -> None:
    assert wants(channel_of(rules=Rules(**rules)), answer_of(SURVEY, 1, 3)) is wanted


def test_an_answer_without_a_touchpoint_is_nothing_for_a_channel_that_names_some() -> None:
    answer = answer_of(SURVEY, 1, 3, {})
    assert wants(channel_of(), answer)
    assert not wants(channel_of(rules=Rules(touchpoints=("checkout",))), answer)


@pytest.mark.parametrize("status", ChannelStatus)
def test_a_paused_or_disabled_channel_wants_what_it_wanted_and_an_unverified_one_nothing(status: ChannelStatus) -> None:
    assert wants(replace(channel_of(), status=status), answer_of(SURVEY, 1, 3)) is (status is not ChannelStatus.UNVERIFIED)


@pytest.mark.parametrize(
    "comment",
    [
        "Vou cancelar",
        "VOU CANCELAR!",
        "Cancelarei amanhã",
        "já cancelári",
        "can\u00adcelar",
        "can\u200bcelar",
        "".join(chr(ord(letter) + 0xFEE0) for letter in "cancelar"),
        "".join(chr(ord(letter) - ord("A") + 0x1D400) for letter in "CANCELAR"),
        "reclamei no (Procon)",
        "#procon",
        "_PROCON_",
        "vou ao\nRECLAME   AQUI hoje",
        unicodedata.normalize("NFD", "já fui ao PRÓCON"),
    ],
)
def test_words_are_found_however_they_are_written(comment: str) -> None:
    assert wants_words(Rules(words=("Cancelar", "procon", "reclame aqui")), comment)


@pytest.mark.parametrize("comment", [None, "", "Tudo bem", "Assinei a MTV", "Quero recancelar"])
def test_a_comment_without_the_words_or_with_them_in_the_middle_of_others_is_not_wanted(comment: str | None) -> None:
    assert not wants_words(Rules(words=("cancelar", "tv")), comment)


def test_without_words_every_comment_is_wanted_and_none_too() -> None:
    assert wants_words(Rules(), None)
    assert wants_words(Rules(), "Qualquer coisa")


@pytest.mark.parametrize("word", ["\u0301\u0301", "\u200b\u200b", "  "])
def test_a_word_of_which_nothing_can_be_seen_is_in_no_comment(word: str) -> None:
    assert not wants_words(Rules(words=(word,)), "Tudo bem")


@pytest.mark.parametrize("word", ["R$ 50", "c++", "24/7", "*"])
def test_a_word_of_signs_is_found_as_it_is(word: str) -> None:
    assert wants_words(Rules(words=(word,)), f"paguei {word} à toa")
    assert not wants_words(Rules(words=(word,)), "paguei à toa")


@given(word=st.text(min_size=1), before=st.text(), after=st.text())
def test_a_word_that_stands_by_itself_is_found_whatever_is_around_it(word: str, before: str, after: str) -> None:
    assert wants_words(Rules(words=("procon",)), f"{before} procon {after}")
    wants_words(Rules(words=(word,)), before + word + after)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-10 21:59:59", None),
        ("2026-03-10 22:00", "2026-03-11 07:00"),
        ("2026-03-10 23:59", "2026-03-11 07:00"),
        ("2026-03-11 00:00", "2026-03-11 07:00"),
        ("2026-03-11 06:59:59", "2026-03-11 07:00"),
        ("2026-03-11 07:00", None),
        ("2026-03-11 12:00", None),
    ],
)
def test_quiet_hours_last_over_midnight_with_their_beginning_and_without_their_end(now: str, until: str | None) -> None:
    assert quiet_until(rules_of(quiet=("22:00", "07:00")), at(now)) == (at(until) if until else None)


@pytest.mark.parametrize(("now", "until"), [("11:59", None), ("12:00", "14:00"), ("13:59", "14:00"), ("14:00", None), ("00:30", None)])
def test_quiet_hours_may_lie_within_a_day(now: str, until: str | None) -> None:
    found = quiet_until(rules_of(quiet=("12:00", "14:00")), at(f"2026-03-10 {now}"))
    assert found == (at(f"2026-03-10 {until}") if until else None)


def test_quiet_hours_that_end_as_they_begin_and_none_at_all_are_never() -> None:
    for hour in range(24):
        assert quiet_until(rules_of(quiet=("08:00", "08:00")), at(f"2026-03-10 {hour:02}:00")) is None
        assert quiet_until(Rules(), at(f"2026-03-10 {hour:02}:00")) is None


def berlin(begins: str, ends: str) -> Rules:
    return rules_of(quiet=QuietHours(begins=begins, ends=ends, time_zone="Europe/Berlin"))


def test_a_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    now = at("2026-03-28 22:00", BERLIN)
    until = quiet_until(berlin("22:00", "07:00"), now)
    assert until is not None
    assert until - now == timedelta(hours=8)


def test_quiet_hours_that_end_in_the_hour_that_never_was_end_with_it() -> None:
    assert quiet_until(berlin("22:00", "02:30"), at("2026-03-29 01:59", BERLIN)) == at("2026-03-29 03:30", BERLIN)


def test_quiet_hours_that_end_in_the_hour_that_comes_twice_end_the_first_time() -> None:
    rules = berlin("22:00", "02:30")
    assert quiet_until(rules, at("2026-10-25 02:29", BERLIN)) == at("2026-10-25 02:30", BERLIN)
    assert quiet_until(rules, at("2026-10-25 02:31", BERLIN)) is None
    assert quiet_until(rules, at("2026-10-25 02:10", BERLIN, fold=1)) is None


zones = st.sampled_from(["America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York"])
hours = st.times().map(lambda moment: f"{moment.hour:02}:{moment.minute:02}")
instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(begins=hours, ends=hours, zone=zones, now=instants)
def test_quiet_hours_end_in_the_future_within_a_day_and_are_over_then(begins: str, ends: str, zone: str, now: datetime) -> None:
    rules = rules_of(quiet=QuietHours(begins=begins, ends=ends, time_zone=zone))
    until = quiet_until(rules, now)
    if until is None:
        return
    assert now < until <= now + timedelta(hours=25)
    assert quiet_until(rules, until) is None


@pytest.mark.parametrize(("score", "urgent_at_most", "urgent"), [(0, 0, True), (1, 0, False), (3, 3, True), (0, -1, False)])
def test_what_is_urgent_is_said_with_the_quiet_hours(score: int, urgent_at_most: int, *, urgent: bool) -> None:
    assert is_urgent(rules_of(quiet=QuietHours(begins="22:00", ends="07:00", urgent_at_most=urgent_at_most)), score) is urgent
    assert not is_urgent(Rules(), score)


@pytest.mark.parametrize(("now", "due"), [("12:00", "13:00"), ("12:00:00.001", "13:00"), ("12:59:59.999", "13:00")])
def test_an_hourly_digest_goes_out_on_the_hour_and_not_at_once(now: str, due: str) -> None:
    assert next_digest(Rules(digest="hourly"), 3, at(f"2026-03-10 {now}")) == at(f"2026-03-10 {due}")


@pytest.mark.parametrize(
    ("now", "due"),
    [("2026-03-10 07:59", "2026-03-10 08:00"), ("2026-03-10 08:00", "2026-03-11 08:00"), ("2026-03-10 23:00", "2026-03-11 08:00")],
)
def test_a_daily_digest_goes_out_at_its_time_of_day(now: str, due: str) -> None:
    assert next_digest(Rules(digest="daily"), 3, at(now)) == at(due)


def test_a_digests_time_of_day_is_that_of_the_quiet_hours_zone() -> None:
    rules = Rules(digest="daily", digest_at="18:00", quiet_hours=QuietHours(begins="22:00", ends="07:00", time_zone="Europe/Berlin"))
    assert next_digest(rules, 3, at("2026-03-10 12:00", BERLIN)) == at("2026-03-10 18:00", BERLIN)


def test_no_digest_goes_out_in_quiet_hours() -> None:
    rules = rules_of(digest="hourly", quiet=("22:00", "07:00"))
    for now in ("21:00", "21:59", "23:30"):
        assert next_digest(rules, 3, at(f"2026-03-10 {now}")) == at("2026-03-11 07:00")
    assert next_digest(rules, 3, at("2026-03-10 20:59")) == at("2026-03-10 21:00")
    assert next_digest(rules_of(digest="daily", digest_at="06:00", quiet=("22:00", "07:00")), 3, at("2026-03-10 12:00")) == at(
        "2026-03-11 07:00"
    )


def test_an_urgent_alert_waits_for_no_digest() -> None:
    rules = rules_of(digest="daily", quiet=("22:00", "07:00"))
    assert next_digest(rules, 0, NOON) is None
    assert next_digest(rules, 1, NOON) is not None


def test_one_digest_a_day_though_its_time_comes_twice_or_never_that_day() -> None:
    rules = Rules(digest="daily", digest_at="02:30", quiet_hours=QuietHours(begins="12:00", ends="12:00", time_zone="Europe/Berlin"))
    twice = [at("2026-10-25 01:00", BERLIN), at("2026-10-25 02:10", BERLIN)]
    assert {next_digest(rules, 3, now) for now in twice} == {at("2026-10-25 02:30", BERLIN)}
    assert next_digest(rules, 3, at("2026-10-25 02:10", BERLIN, fold=1)) == at("2026-10-26 02:30", BERLIN)
    assert next_digest(rules, 3, at("2026-03-29 01:00", BERLIN)) == at("2026-03-29 03:30", BERLIN)


@given(now=instants, digest_at=hours, zone=zones, begins=hours, ends=hours)
def test_a_digest_goes_out_after_now_within_two_days_and_the_same_for_all_that_it_takes(
    now: datetime, digest_at: str, zone: str, begins: str, ends: str
) -> None:
    rules = Rules(digest="daily", digest_at=digest_at, quiet_hours=QuietHours(begins=begins, ends=ends, time_zone=zone, urgent_at_most=-1))
    due = next_digest(rules, 3, now)
    assert due is not None
    assert now < due <= now + timedelta(hours=50)
    assert quiet_until(rules, due) is None
