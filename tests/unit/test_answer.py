"""What an answer should count as, how it may change and when it may go."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import answer_id as ids
from shared.answer import REOPENED, AnswerKey, Change, Contribution, Mark, Standing, anonymised, changed, expiry_of, may_change, target_of
from shared.scoring import NpsClass
from tests.fakes.samples import NOON, answer_of, key_of, settings_of, survey_of

SURVEY = survey_of()
LONGEST_REQUEST = timedelta(minutes=15)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone


def test_an_answer_is_found_from_its_survey_and_id_alone() -> None:
    key = key_of(SURVEY, 5)
    assert AnswerKey.of(SURVEY, ids.parse(key.answer_id)) == key
    assert key.partition in {"loja#2026-03-10#0", "loja#2026-03-10#1"}
    assert key.survey_id == "loja"


def test_it_counts_its_score_on_its_local_day_in_every_row_it_belongs_to() -> None:
    late_in_the_evening = NOON.replace(hour=2, day=11)
    target = target_of(answer_of(SURVEY, 1, 3, instant=late_in_the_evening), SURVEY)
    rows = ("all", "segment.plan=pro", "touchpoint=checkout", "touchpoint=checkout&segment.plan=pro")
    assert target == Contribution(3, "2026-03-10", rows)


def test_an_erasure_moves_an_answer_between_no_rows() -> None:
    answer = answer_of(SURVEY, 1, dimensions={"touchpoint": "checkout", "identity": "identified"})
    after = anonymised(answer, NOON + timedelta(days=1), withdraw=False)
    assert (after.dimensions, target_of(after, SURVEY)) == (answer.dimensions, target_of(answer, SURVEY))


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.VALID}))
def test_an_answer_that_no_longer_stands_counts_as_nothing(standing: Standing) -> None:
    answer = answer_of(SURVEY, 1, standing=standing)
    assert target_of(answer, SURVEY) is None
    assert answer.nps_class is None


@pytest.mark.parametrize(
    "change",
    [
        Change(score=3),
        Change(dimensions={"channel": "email"}),
        Change(finished=True),
        Change(finished=False),
        Change(standing=Standing.WITHDRAWN),
        Change(standing=Standing.EXCLUDED),
        REOPENED,
    ],
)
def test_every_change_raises_the_revision_and_asks_to_be_settled_before_it_can_expire(change: Change) -> None:
    settled = answer_of(SURVEY, 1, 9, finished=True, rev=4, pending=False, expires_at=NOON, mark=Mark(4, None))
    later = NOON + timedelta(hours=1)
    after = changed(settled, change, later)
    assert (after.rev, after.pending, after.expires_at, after.changed_at) == (5, True, None, later)
    assert after.mark == settled.mark
    wanted = {name: getattr(change, name) for name in ("score", "dimensions", "finished", "standing")}
    for name, value in wanted.items():
        assert getattr(after, name) == (getattr(settled, name) if value is None else value)


@pytest.mark.parametrize(
    ("changes", "editable", "changeable"),
    [
        ({}, True, True),
        ({"standing": Standing.WITHDRAWN}, False, False),
        ({"standing": Standing.SUPERSEDED}, False, False),
        ({"standing": Standing.QUARANTINED}, True, True),
        ({"standing": Standing.EXCLUDED}, True, True),
        ({"expires_at": NOON}, False, False),
        ({"expires_at": NOON + timedelta(seconds=1)}, True, True),
        ({"instant": NOON - timedelta(days=30)}, True, True),
        ({"instant": NOON - timedelta(days=30, milliseconds=1)}, False, True),
    ],
)
def test_edits_end_after_thirty_days_and_no_change_touches_what_no_longer_stands(
    changes: dict[str, Any],
    editable: bool,  # noqa: FBT001 - a case of the table
    changeable: bool,  # noqa: FBT001 - likewise
) -> None:
    answer = answer_of(SURVEY, 1, **changes)
    assert answer.may_be_edited(NOON) is editable
    assert may_change(answer, NOON) is changeable


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=31)), st.timedeltas(timedelta(0), timedelta(days=80)))
def test_no_request_can_bring_a_withdrawn_answer_back_once_its_tombstone_is_gone(
    instant: datetime, ahead: timedelta, settled_after: timedelta
) -> None:
    settled_at = instant + settled_after
    tombstone = answer_of(SURVEY, 1, instant=instant, standing=Standing.WITHDRAWN)
    gone_at = expiry_of(tombstone, SURVEY, settled_at).replace(microsecond=0)
    checked_at = gone_at - LONGEST_REQUEST + ahead
    with pytest.raises(ids.AnswerIdOutOfTimeError):
        ids.parse_current(tombstone.key.answer_id, checked_at)


@given(INSTANTS, st.integers(60, 3650), st.timedeltas(timedelta(days=-1), timedelta(days=4000)))
def test_a_settled_answer_is_kept_for_its_retention_and_never_for_less_than_it_takes_to_seal_its_day(
    instant: datetime, retention: int, settled_after: timedelta
) -> None:
    survey = survey_of(settings=settings_of(retention_days=retention))
    answer = answer_of(survey, 1, instant=instant)
    settled_at = instant + settled_after
    expires_at = expiry_of(answer, survey, settled_at)
    assert expires_at >= answer.instant + timedelta(days=retention)
    assert expires_at >= settled_at + timedelta(days=8)


def test_a_survey_that_never_opened_keeps_the_longest() -> None:
    survey = survey_of(settings=settings_of(retention_days=None))
    assert expiry_of(answer_of(survey, 1), survey, NOON) == NOON + timedelta(days=3650)


def test_a_mark_knows_the_class_it_is_counted_in() -> None:
    assert Mark(1, Contribution(6, "2026-03-10", ("all",))).nps_class is NpsClass.DETRACTOR
    assert Mark(1, None).nps_class is None


@given(INSTANTS, st.integers(0, 2**74 - 1))
def test_an_id_carries_its_time_to_the_millisecond(instant: datetime, randomness: int) -> None:
    text = ids.mint(instant, randomness)
    parsed = ids.parse(text)
    assert abs(parsed.instant - instant) < timedelta(milliseconds=1)
    assert ids.first_id_at(parsed.instant) <= text < ids.first_id_at(parsed.instant + timedelta(milliseconds=1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "0195a1b2-c3d4-7e5f-8a9b-0c1d2e3f4A5b",
        "{0195a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b}",
        "urn:uuid:0195a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
        "0195a1b2c3d47e5f8a9b0c1d2e3f4a5b",
        "0195a1b2-c3d4-4e5f-8a9b-0c1d2e3f4a5b",
        "0195a1b2-c3d4-7e5f-ca9b-0c1d2e3f4a5b",
        "\u0660195a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
        "e677d21f-dc00-7000-8000-000000000000",
        "ffffffff-ffff-7fff-bfff-ffffffffffff",
    ],
)
def test_what_is_no_version_7_id_of_our_era_in_its_one_spelling_is_refused(text: str) -> None:
    with pytest.raises(ids.InvalidAnswerIdError):
        ids.parse(text)


@given(st.text(max_size=60) | st.uuids().map(str) | st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}"))
def test_whatever_is_sent_as_an_id_is_read_or_refused(text: str) -> None:
    with suppress(ids.InvalidAnswerIdError):
        assert ids.parse(text).text == text


@pytest.mark.parametrize(
    ("age", "accepted"),
    [
        (timedelta(days=30), True),
        (timedelta(days=30, milliseconds=1), False),
        (-timedelta(days=1), True),
        (-timedelta(days=1, milliseconds=1), False),
    ],
)
def test_an_id_is_accepted_from_thirty_days_back_to_a_day_ahead(age: timedelta, accepted: bool) -> None:  # noqa: FBT001 - a case of the table
    text = ids.mint(NOON - age, 1)
    if accepted:
        assert ids.parse_current(text, NOON).instant == NOON - age
    else:
        with pytest.raises(ids.AnswerIdOutOfTimeError):
            ids.parse_current(text, NOON)


@given(st.uuids().map(str), st.integers(1, 64))
def test_a_bucket_depends_on_the_id_alone(answer_id: str, buckets: int) -> None:
    assert ids.bucket_of(answer_id, buckets) == ids.bucket_of(answer_id, buckets)
    assert 0 <= ids.bucket_of(answer_id, buckets) < buckets
