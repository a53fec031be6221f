"""Figures of small groups stay here unless the caller may read the answers themselves."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.periods import Period
from shared.reporting.counts import Counts, Part
from shared.reporting.seeing import figures
from shared.rollup import Bins, RowDay
from shared.survey import Survey
from shared.withholding import GroupFigures, Shown, Withheld, WithheldReason
from shared.withholding.blocks import cut, is_few, is_over, is_settled, span_of, spans_around, total, weeks_of
from shared.withholding.shield import days_behind, independent_pairs
from shared.withholding.suppression import Cell, Table, shown_cells, shown_values
from tests.fakes.samples import survey_of

SPAN = Period(date(2026, 2, 16), date(2026, 3, 15))
WEEKS = weeks_of(SPAN)
LATER = date(2031, 1, 1)
PRO, FREE = "segment.plan=pro", "segment.plan=free"
SURVEY = survey_of()

counts = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 12))
tables = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 12), min_size=size[1] + 1, max_size=size[1] + 1), min_size=size[0] + 1, max_size=size[0] + 1
    )
)


def seen(
    answers: Mapping[int, Mapping[str, int]], period: Period, row: str = PRO, today: date = LATER, survey: Survey = SURVEY
) -> GroupFigures:
    """What a viewer sees of a row; `answers` are those of each week, the first being 0, by row; everybody's are as many as the plans'."""
    sums: dict[RowDay, Bins] = {}
    for week, rows in answers.items():
        day = (SPAN.first + timedelta(weeks=week)).isoformat()
        everybody = rows.get("all", sum(count for name, count in rows.items() if name.startswith("segment.plan") and "&" not in name))
        for name, count in {**rows, "all": everybody}.items():
            sums[RowDay(survey.survey_id, name, day)] = Counter({9: count})
    return figures([(Part(survey, row, today), Counts(sums))], period, may_read_answers=False)


def withheld(reason: WithheldReason, nearest: Period | None = None) -> Withheld:
    return Withheld(reason, nearest)


# ── Blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_spans_are_four_weeks_from_the_first_monday_of_1970() -> None:
    assert span_of(date(1970, 1, 5)) == span_of(date(1970, 2, 1)) == Period(date(1970, 1, 5), date(1970, 2, 1))
    assert span_of(date(2026, 3, 11)) == SPAN


@given(st.dates(date(1, 2, 1), date(9999, 11, 1)))
def test_every_day_lies_in_one_span_of_whole_weeks(day: date) -> None:
    span = span_of(day)
    assert span.first <= day <= span.last
    assert (span.days, span.is_whole_weeks) == (28, True)
    assert list(spans_around(day, day)) == [span]
    assert [week.first for week in weeks_of(span)] == [span.first + timedelta(weeks=number) for number in range(4)]


@pytest.mark.parametrize(
    ("weeks", "blocks"),
    [
        ([5, 5, 5, 5], [(0, 1), (1, 2), (2, 3), (3, 4)]),
        ([0, 0, 0, 0], [(0, 1), (1, 2), (2, 3), (3, 4)]),
        ([3, 5, 0, 5], [(0, 2), (2, 3), (3, 4)]),
        ([5, 0, 0, 3], [(0, 4)]),
        ([5, 2, 3, 9], [(0, 1), (1, 3), (3, 4)]),
        ([1, 1, 1, 1], [(0, 4)]),
        ([2, 2, 2, 6], [(0, 3), (3, 4)]),
    ],
)
def test_a_span_is_cut_as_finely_as_leaves_no_value_with_few_or_not_at_all(weeks: list[int], blocks: list[tuple[int, int]]) -> None:
    assert [(block.start, block.stop) for block in cut([{"pro": answers, "free": 20} for answers in weeks])] == blocks


@given(st.lists(counts, min_size=4, max_size=4))
def test_blocks_are_the_whole_span_and_several_leave_nothing_few(weeks: list[dict[str, int]]) -> None:
    blocks = cut(weeks)
    assert [week for block in blocks for week in block] == [0, 1, 2, 3]
    if len(blocks) > 1:
        assert not any(is_few(answers) for block in blocks for answers in total(weeks, block).values())


def test_a_span_is_over_after_its_last_day_and_settled_when_no_late_answer_is_taken() -> None:
    assert not is_over(SPAN, SPAN.last)
    assert is_over(SPAN, SPAN.last + timedelta(days=1))
    assert not is_settled(SPAN, SPAN.last + timedelta(days=31))
    assert is_settled(SPAN, SPAN.last + timedelta(days=32))


def test_a_period_at_the_end_of_the_calendar_is_judged_as_far_as_there_are_days() -> None:
    assert days_behind(Period(date.max, date.max)) == (date.max, date.max)
    assert days_behind(Period(SPAN.first, SPAN.first)) == (SPAN.first - timedelta(days=28), SPAN.last)


# ── What is hidden in a block ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"a": 5, "b": 5}, "ab"),
        ({"a": 20, "b": 0}, "ab"),
        ({"a": 20, "b": 5, "c": 4}, "a"),
        ({"a": 20, "b": 4}, ""),
        ({"a": 20, "b": 7, "c": 3, "d": 2}, "ab"),
        ({"a": 20, "b": 7, "c": 3, "d": 0}, "a"),
        ({"a": 9, "b": 1, "c": 3}, ""),
    ],
)
def test_few_are_hidden_and_the_smallest_that_would_tell_them(answers: dict[str, int], shown: str) -> None:
    assert shown_values(answers) == set(shown)


@given(counts)
def test_each_value_that_is_shown_and_all_that_are_hidden_together_have_none_or_five(answers: dict[str, int]) -> None:
    shown = shown_values(answers)
    assert not any(is_few(answers[value]) for value in shown)
    assert not shown or not is_few(sum(answers[value] for value in answers.keys() - shown))


def table_of(numbers: list[list[int]]) -> Table:
    """The last row and column are of values that the dimensions hide."""
    cells = {Cell(str(row), str(column)): number for row, line in enumerate(numbers) for column, number in enumerate(line)}
    rows = {str(row): sum(line) for row, line in enumerate(numbers[:-1])}
    columns = {str(column): sum(line[column] for line in numbers) for column in range(len(numbers[0]) - 1)}
    inside = {cell: number for cell, number in cells.items() if cell.row in rows and cell.column in columns}
    return Table(sum(map(sum, numbers)), rows, columns, inside)


def test_cells_of_few_take_their_rows_or_columns_with_them() -> None:
    full = [[20, 20, 20, 0], [20, 20, 20, 0], [20, 20, 20, 0], [0, 0, 0, 0]]
    assert len(shown_cells(table_of(full))) == 9
    path = [[5, 1, 20, 0], [20, 5, 20, 0], [20, 20, 20, 0], [0, 0, 0, 0]]
    assert shown_cells(table_of(path)) == {Cell(row, column) for row in "2" for column in "012"}


@given(tables)
def test_of_a_pair_no_cell_no_rest_of_a_line_and_no_rest_of_both_is_of_few(numbers: list[list[int]]) -> None:
    table = table_of(numbers)
    shown = shown_cells(table)
    rows, columns = {cell.row for cell in shown}, {cell.column for cell in shown}
    assert shown == {Cell(row, column) for row in rows for column in columns}
    assert not any(is_few(table.cells[cell]) for cell in shown)
    assert not any(is_few(table.rows[row] - sum(table.cells[Cell(row, column)] for column in columns)) for row in rows)
    assert not any(is_few(table.columns[column] - sum(table.cells[Cell(row, column)] for row in rows)) for column in columns)
    inside = sum(table.cells[cell] for cell in shown)
    outside = table.everybody - sum(table.rows[row] for row in rows) - sum(table.columns[column] for column in columns) + inside
    assert not shown or not is_few(outside)


def test_pairs_that_close_a_circle_are_never_shown() -> None:
    one, two, three = ("a", "b"), ("b", "c"), ("a", "c")
    assert independent_pairs([one, two, three]) == {one, two}
    assert independent_pairs([three, ("d", "e"), one, two]) == {three, one, ("d", "e")}


# ── What a viewer sees ───────────────────────────────────────────────────────────────────────────────────────────────

BUSY = {week: {PRO: 10, FREE: 10} for week in range(4)}


def test_five_in_the_group_and_five_outside_are_shown_by_the_week() -> None:
    for inside, outside in ((5, 5), (5, 900), (900, 5)):
        assert seen({1: {PRO: inside, FREE: outside}}, WEEKS[1]) == Shown(
            Counts({RowDay("", "x", "2026-02-16"): Counter({9: inside})}).of("x", SPAN)
        )


@pytest.mark.parametrize(("inside", "outside"), [(4, 900), (900, 4), (1, 1)])
def test_few_on_either_side_are_shown_by_no_period(inside: int, outside: int) -> None:
    answers = {1: {PRO: inside, FREE: outside}}
    assert seen(answers, SPAN) == withheld(WithheldReason.TOO_FEW_ANSWERS)
    assert seen(answers, WEEKS[1]) == withheld(WithheldReason.PARTIAL_BLOCKS, SPAN)


@pytest.mark.parametrize(("inside", "outside"), [(0, 900), (900, 0), (0, 0)])
def test_nobody_and_everybody_look_like_few(inside: int, outside: int) -> None:
    assert seen({1: {PRO: inside, FREE: outside}}, SPAN) == withheld(WithheldReason.TOO_FEW_ANSWERS)


def test_weeks_of_few_are_shown_together_with_others() -> None:
    answers = BUSY | {1: {PRO: 3, FREE: 10}}
    assert isinstance(seen(answers, Period(WEEKS[1].first, WEEKS[2].last)), Shown)
    assert seen(answers, WEEKS[1]) == withheld(WithheldReason.PARTIAL_BLOCKS, Period(WEEKS[1].first, WEEKS[2].last))
    assert isinstance(seen(answers, WEEKS[0]), Shown)


def test_a_week_in_which_nobody_of_a_group_answers_takes_no_period_away() -> None:
    assert isinstance(seen(BUSY | {2: {FREE: 10}}, SPAN), Shown)
    assert isinstance(seen({0: {PRO: 10, FREE: 10}}, Period(SPAN.first, SPAN.last + timedelta(weeks=8))), Shown)


@pytest.mark.parametrize(
    ("first", "last", "nearest"),
    [
        (SPAN.first, SPAN.last - timedelta(days=1), Period(SPAN.first, WEEKS[2].last)),
        (SPAN.first + timedelta(days=1), SPAN.last, Period(WEEKS[1].first, SPAN.last)),
        (SPAN.first, SPAN.first, WEEKS[0]),
        (SPAN.first - timedelta(days=3), SPAN.last + timedelta(days=3), SPAN),
    ],
)
def test_anything_but_whole_weeks_is_withheld_and_told_what_could_be_shown(first: date, last: date, nearest: Period) -> None:
    assert seen(BUSY, Period(first, last)) == withheld(WithheldReason.PARTIAL_WEEKS, nearest)


def test_what_is_not_over_is_withheld_and_so_is_the_rest_of_its_span() -> None:
    before = Period(SPAN.first - timedelta(weeks=4), SPAN.first - timedelta(days=1))
    assert seen(BUSY, WEEKS[1], today=WEEKS[1].last) == withheld(WithheldReason.PARTIAL_WEEKS, before)
    assert seen(BUSY, WEEKS[1], today=SPAN.last) == withheld(WithheldReason.PARTIAL_BLOCKS, before)


def test_a_span_that_is_over_is_shown_whole_and_by_the_week_once_no_answer_can_come_late() -> None:
    for days, by_the_week in ((1, False), (31, False), (32, True)):
        today = SPAN.last + timedelta(days=days)
        assert isinstance(seen(BUSY, SPAN, today=today), Shown)
        assert isinstance(seen(BUSY, WEEKS[1], today=today), Shown) is by_the_week


def test_answers_without_a_value_are_a_group_too() -> None:
    few = {0: {PRO: 10, FREE: 10, "all": 23}}
    assert seen(few, SPAN, FREE) == withheld(WithheldReason.TOO_FEW_ANSWERS)
    assert isinstance(seen(few, SPAN), Shown)
    assert isinstance(seen({0: {PRO: 10, FREE: 10, "all": 25}}, WEEKS[0]), Shown)


def test_a_pair_is_shown_by_blocks_of_both_its_dimensions_once_none_can_change() -> None:
    pair = "touchpoint=checkout&segment.plan=pro"
    rows = {PRO: 20, FREE: 20, "touchpoint=checkout": 20, "touchpoint=support": 20}
    cells = {f"touchpoint={one}&segment.plan={other}": 10 for one in ("checkout", "support") for other in ("pro", "free")}
    answers = {0: rows | cells}
    assert isinstance(seen(answers, WEEKS[0], pair), Shown)
    before = Period(SPAN.first - timedelta(weeks=1), SPAN.first - timedelta(days=1))
    assert seen(answers, WEEKS[0], pair, SPAN.last + timedelta(days=31)) == withheld(WithheldReason.PARTIAL_BLOCKS, before)
    uneven = {0: {**answers[0], "touchpoint=checkout": 18, "touchpoint=onboarding": 2}}
    assert seen(uneven, WEEKS[0], pair) == withheld(WithheldReason.PARTIAL_BLOCKS, before)


def test_a_pool_shows_a_group_only_if_each_of_its_surveys_does() -> None:
    busy = Counts({RowDay("loja", row, "2026-02-16"): Counter({9: answers}) for row, answers in {"all": 40, PRO: 20, FREE: 20}.items()})
    few = Counts({RowDay("outra", row, "2026-02-16"): Counter({9: answers}) for row, answers in {"all": 40, PRO: 3, FREE: 37}.items()})
    parts = [(Part(SURVEY, PRO, LATER), busy), (Part(survey_of("outra"), PRO, LATER), few)]
    assert isinstance(figures(parts[:1], SPAN, may_read_answers=False), Shown)
    assert figures(parts, SPAN, may_read_answers=False) == withheld(WithheldReason.TOO_FEW_ANSWERS)
    assert isinstance(figures(parts, SPAN, may_read_answers=True), Shown)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([PRO, FREE]), st.integers(1, 9)), max_size=12), st.sampled_from([PRO, FREE]))
def test_nothing_shown_leaves_fewer_than_five_on_either_side(given_: Iterable[tuple[int, str, int]], row: str) -> None:
    answers: dict[int, Counter[str]] = {}
    for week, each, number in given_:
        answers.setdefault(week, Counter())[each] += number
    for period in (*WEEKS, SPAN, Period(WEEKS[0].first, WEEKS[2].last)):
        figure = seen(answers, period, row)
        if isinstance(figure, Shown):
            everybody = sum(sum(rows.values()) for week, rows in answers.items() if period.first <= WEEKS[week].first <= period.last)
            assert figure.histogram.answers >= 5
            assert everybody - figure.histogram.answers >= 5
