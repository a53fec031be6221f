from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import answer_id as ids

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
instants = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them naive
randomness = st.integers(min_value=0, max_value=2**74 - 1)


@given(instants, randomness)
def test_a_minted_id_is_a_uuid_of_version_7_that_says_its_instant(instant: datetime, bits: int) -> None:
    text = ids.mint(instant, bits)
    uuid = UUID(text)
    assert (uuid.version, uuid.variant) == (7, "specified in RFC 4122")
    assert timedelta(0) <= instant - ids.parse(text).instant < MILLISECOND


@given(instants, randomness, randomness)
def test_ids_of_one_instant_with_other_bits_differ(instant: datetime, one: int, other: int) -> None:
    assert (ids.mint(instant, one) == ids.mint(instant, other)) == (one == other)


@given(instants, instants, randomness, randomness)
def test_ids_sort_as_their_instants(one: datetime, other: datetime, one_bits: int, other_bits: int) -> None:
    if other - one >= MILLISECOND:
        assert ids.mint(one, one_bits) < ids.mint(other, other_bits)
        assert ids.mint(one, one_bits) < ids.first_id_at(other) <= ids.mint(other, other_bits)


GOOD = "019cd8a5-6c80-7abc-9def-0123456789ab"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 36,
        GOOD.upper(),
        GOOD.replace("-", ""),
        "{" + GOOD + "}",
        "urn:uuid:" + GOOD,
        " " + GOOD,
        GOOD + "\n",
        GOOD.replace("-7abc-", "-4abc-"),
        GOOD.replace("-9def-", "-cdef-"),
        GOOD.replace("-9def-", "-0def-"),
        GOOD[:-1] + "g",
        GOOD[:-1] + "٣",
        GOOD[:8] + "_" + GOOD[9:],
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "ffffffff-ffff-7fff-bfff-ffffffffffff",
        "e677d21f-dbff-7000-8000-000000000000",
    ],
)
def test_anything_but_the_one_spelling_of_a_uuid_of_version_7_is_invalid(text: str) -> None:
    assert ids.parse(GOOD).text == GOOD
    with pytest.raises(ids.InvalidAnswerIdError):
        ids.parse(text)


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_any_uuid_is_either_read_or_invalid(number: int) -> None:
    text = str(UUID(int=number & ~(0xF << 76) | 7 << 76))
    with suppress(ids.InvalidAnswerIdError):
        assert ids.parse(text).text == text


@given(st.text(max_size=50))
def test_any_text_is_either_read_or_invalid(text: str) -> None:
    with suppress(ids.InvalidAnswerIdError):
        assert ids.parse(text).text == text


@pytest.mark.parametrize("offset", [-ids.OLDEST, timedelta(0), ids.FURTHEST_AHEAD])
def test_an_id_from_30_days_ago_to_a_day_ahead_is_current(offset: timedelta) -> None:
    assert ids.parse_current(ids.mint(NOW + offset, 1), NOW).instant == NOW + offset


@pytest.mark.parametrize("offset", [-ids.OLDEST - MILLISECOND, ids.FURTHEST_AHEAD + MILLISECOND, -timedelta(days=20_000)])
def test_an_id_older_or_further_ahead_is_out_of_time(offset: timedelta) -> None:
    with pytest.raises(ids.AnswerIdOutOfTimeError):
        ids.parse_current(ids.mint(NOW + offset, 1), NOW)


@given(st.uuids().map(str), st.integers(min_value=1, max_value=64))
def test_an_id_lies_in_one_of_the_surveys_buckets_for_ever(text: str, buckets: int) -> None:
    assert ids.bucket_of(text, buckets) in range(buckets)
    assert ids.bucket_of(GOOD, 64) == 63


def test_buckets_share_a_days_answers_about_evenly() -> None:
    counts = [0] * 4
    for number in range(4000):
        counts[ids.bucket_of(ids.mint(NOW, number * 7919), 4)] += 1
    assert min(counts) > 900


def test_a_partition_names_survey_utc_date_and_bucket() -> None:
    assert ids.partition_of("demo", NOW.date(), 3) == "demo#2026-03-10#3"
