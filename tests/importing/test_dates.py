from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.importing.dates import EARLIEST, DateError, DateOrder, instant_in
from shared.importing.problems import Reason

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def read(cell: object, order: DateOrder | None = None, zone: ZoneInfo = SAO_PAULO) -> datetime:
    return instant_in(cell, zone, order, NOW)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2024-03-25T14:30:05Z", datetime(2024, 3, 25, 14, 30, 5, tzinfo=UTC)),
        ("2024-03-25 14:30:05 UTC", datetime(2024, 3, 25, 14, 30, 5, tzinfo=UTC)),
        ("2024-03-25T14:30:05.1239+02:00", datetime(2024, 3, 25, 12, 30, 5, 123000, tzinfo=UTC)),
        ("2024-03-25 14:30:05 -0300", datetime(2024, 3, 25, 17, 30, 5, tzinfo=UTC)),
        ("2024-03-25 14:30", datetime(2024, 3, 25, 17, 30, tzinfo=UTC)),
        ("2024-03-25", datetime(2024, 3, 25, 15, tzinfo=UTC)),
        ("25/03/2024 14:30", datetime(2024, 3, 25, 17, 30, tzinfo=UTC)),
        ("25/03/2024, 14:30:05", datetime(2024, 3, 25, 17, 30, 5, tzinfo=UTC)),
        ("25.03.2024", datetime(2024, 3, 25, 15, tzinfo=UTC)),
        ("3/25/2024 2:30 PM", datetime(2024, 3, 25, 17, 30, tzinfo=UTC)),
        ("3/25/2024 12:05 AM", datetime(2024, 3, 25, 3, 5, tzinfo=UTC)),
        ("07/07/2024", datetime(2024, 7, 7, 15, tzinfo=UTC)),
        (1713497396, datetime(2024, 4, 19, 3, 29, 56, tzinfo=UTC)),
        ("1713497396", datetime(2024, 4, 19, 3, 29, 56, tzinfo=UTC)),
        (1713497396.0, datetime(2024, 4, 19, 3, 29, 56, tzinfo=UTC)),
        ("1713497396123", datetime(2024, 4, 19, 3, 29, 56, 123000, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_others_write_them(cell: object, instant: datetime) -> None:
    assert read(cell) == instant


def test_a_date_that_can_be_read_in_two_ways_is_not_guessed() -> None:
    with pytest.raises(DateError) as refused:
        read("03/04/2024")
    assert refused.value.reason is Reason.AMBIGUOUS_DATE
    assert read("03/04/2024", "dmy").month == 4
    assert read("03/04/2024", "mdy").month == 3


@pytest.mark.parametrize("cell", ["25/03/2024", "03/25/2024"])
def test_a_declared_order_holds_even_where_another_could_be_read(cell: str) -> None:
    with pytest.raises(DateError) as refused:
        read(cell, "mdy" if cell.startswith("25") else "dmy")
    assert refused.value.reason is Reason.DATE


def test_a_time_that_clocks_were_put_forward_over_never_was() -> None:
    with pytest.raises(DateError) as refused:
        read("04/11/2018 00:30", "dmy")
    assert refused.value.reason is Reason.NO_SUCH_TIME
    assert read("04/11/2018", "dmy").astimezone(SAO_PAULO).date().isoformat() == "2018-11-04"


def test_of_a_time_that_came_twice_the_first_is_taken() -> None:
    assert read("17/02/2018 23:30") == datetime(2018, 2, 18, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31/02/2024", Reason.DATE),
        ("25/03/24", Reason.DATE),
        ("yesterday", Reason.DATE),
        ("45376", Reason.DATE),
        (True, Reason.DATE),
        ("25/03/2024 25:00", Reason.DATE),
        ("3/25/2024 13:30 PM", Reason.DATE),
        ("1999-12-31", Reason.TOO_OLD),
        ("2026-03-11", Reason.IN_THE_FUTURE),
        ("9999-12-31T23:59:59Z", Reason.IN_THE_FUTURE),
        ("0001-01-01", Reason.TOO_OLD),
    ],
)
def test_what_is_no_date_of_an_answer_is_refused(cell: object, reason: Reason) -> None:
    with pytest.raises(DateError) as refused:
        read(cell)
    assert refused.value.reason is reason


@given(st.text(max_size=30) | st.integers() | st.floats() | st.none() | st.from_regex(r"[0-9/ :.T+-]{6,24}", fullmatch=True))
def test_any_cell_is_an_instant_of_the_past_or_refused(cell: object) -> None:
    try:
        instant = read(cell)
    except DateError:
        return
    assert EARLIEST <= instant <= NOW + timedelta(minutes=5)
    assert instant.microsecond % 1000 == 0


@given(st.timedeltas(timedelta(0), timedelta(days=9000)))
def test_our_own_spelling_is_read_to_the_millisecond(since: timedelta) -> None:
    instant = EARLIEST + since
    assert abs(read(instant.isoformat()) - instant) < timedelta(milliseconds=1)
