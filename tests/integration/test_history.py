"""Packed weeks: a copy that is believed only while it is true."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from pynamodb.connection import TableConnection
from pynamodb.transactions import TransactWrite

from functions.report.composition import compose
from shared import dimension as dim
from shared.rollup import Bins, RowDay
from shared.store import history
from shared.store.history import History, StaleWeek
from shared.store.rollup_rows import add_to_rows
from shared.store.rollups import Rollups
from shared.store.tables import connection
from shared.survey import Survey
from tests.fakes.samples import survey_of

MONDAY = date(2026, 1, 5)
TODAY = date(2026, 3, 4)
"""A Wednesday, eight weeks and two days after."""
ROWS = ("touchpoint=checkout", "touchpoint=other", "segment.plan=pro", "touchpoint=checkout&segment.plan=pro")


class Counting:
    """Adds to days as commits do, and reads them in both ways."""

    def __init__(self, shards: int = 3) -> None:
        self.survey = survey_of("demo", row_shards=shards)
        self.rollups = Rollups()
        self.history = History(self.rollups)

    def add(self, day: date, rows: Mapping[str, Mapping[int, int]], shard: int = 0) -> None:
        """One commit: whatever it adds, the day's `all` row moves with it."""
        changes: dict[RowDay, Bins] = {RowDay("demo", dim.ALL, str(day)): Counter()}
        changes |= {RowDay("demo", row, str(day)): Counter(bins) for row, bins in rows.items()}
        with TransactWrite(connection=connection()) as transaction:
            add_to_rows(transaction, changes, {"demo": shard})

    def pack(self, today: date = TODAY) -> list[StaleWeek]:
        weeks = list(self.history.stale(self.survey, today))
        assert all(self.history.pack(week) for week in weeks)
        return weeks

    def same(self, first: date, last: date, survey: Survey | None = None) -> Mapping[RowDay, Bins]:
        """What the days say, which the packed weeks must say too."""
        survey = survey or self.survey
        for rows in ({dim.ALL}, {ROWS[0]}, {dim.ALL, *ROWS}):
            assert self.history.sums(survey, rows, first, last) == self.rollups.sums(survey, rows, first, last)
        return self.rollups.sums(survey, ROWS, first, last)


@pytest.fixture
def counting(aws: None) -> Counting:  # noqa: ARG001 - the tables
    compose()
    return Counting()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The partitions that are queried from now on."""
    partitions: list[str] = []
    query = TableConnection.query

    def counted(table: TableConnection, partition: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as PynamoDB has it
        partitions.append(partition)
        return query(table, partition, *arguments, **options)

    monkeypatch.setattr(TableConnection, "query", counted)
    return partitions


def days(number: int) -> date:
    return MONDAY + timedelta(days=number)


def fill(counting: Counting, seed: int = 1, commits: int = 30) -> None:
    chance = Random(seed)
    for _ in range(commits):
        rows = {row: {chance.randrange(11): chance.choice((1, 1, 2, -1))} for row in chance.sample((dim.ALL, *ROWS), 3)}
        counting.add(days(chance.randrange(59)), rows, chance.randrange(counting.survey.row_shards))


def test_packed_weeks_say_what_their_days_say_whatever_happens_afterwards(counting: Counting) -> None:
    fill(counting)
    spans = [(0, 58), (3, 20), (6, 7), (-10, 100)]
    for seed in (2, 3):
        counting.pack()
        for first, last in spans:
            counting.same(days(first), days(last))
        fill(counting, seed, commits=4)
        assert counting.same(days(-3), days(60))


def test_a_week_that_is_packed_is_read_from_one_small_item(counting: Counting, asked: list[str]) -> None:
    fill(counting, commits=40)
    counting.pack(days(59))
    asked.clear()
    counting.history.sums(counting.survey, {ROWS[0]}, days(0), days(55))
    assert asked == [*(f"demo#all#{shard}" for shard in range(3)), "demo#touchpoint#weeks"]


def test_a_week_is_packed_once_and_again_when_one_of_its_days_has_changed(counting: Counting, asked: list[str]) -> None:
    for week in range(3):
        counting.add(days(7 * week), {dim.ALL: {9: 5}, ROWS[0]: {9: 5}})
    assert {week.monday for week in counting.pack()} == {days(0), days(7), days(14)}
    assert counting.pack() == []
    counting.add(days(8), {}, shard=2)
    asked.clear()
    counting.same(days(0), days(20))
    assert "demo#touchpoint#0" in asked, "its days are read until it is packed again"
    assert {week.monday for week in counting.pack()} == {days(7)}


def test_a_week_that_is_not_over_is_not_packed(counting: Counting) -> None:
    counting.add(days(0), {ROWS[0]: {9: 1}})
    assert counting.pack(days(6)) == []
    assert {week.monday for week in counting.pack(days(7))} == {days(0)}


def test_a_week_that_changes_while_it_is_read_is_not_packed(counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    counting.add(days(0), {ROWS[0]: {9: 1}})
    [week] = [week for week in counting.history.stale(counting.survey, TODAY) if week.family == "touchpoint"]
    sums = Rollups.sums

    def interrupted(self: Rollups, *arguments: Any, **options: Any) -> Mapping[RowDay, Bins]:  # noqa: ANN401 - as the store has it
        found = sums(self, *arguments, **options)
        counting.add(days(1), {ROWS[0]: {0: 1}})
        return found

    monkeypatch.setattr(Rollups, "sums", interrupted)
    assert not counting.history.pack(week)
    monkeypatch.undo()
    counting.same(days(0), days(6))


def test_a_survey_that_gains_shards_and_values_keeps_what_was_packed(counting: Counting, asked: list[str]) -> None:
    one = Counting(shards=1)
    one.add(days(0), {ROWS[0]: {9: 1}})
    one.pack()
    grown = replace(one.survey, row_shards=4)
    asked.clear()
    assert one.history.sums(grown, {ROWS[0]}, days(0), days(6)) == {RowDay("demo", ROWS[0], "2026-01-05"): {9: 1}}
    assert "demo#touchpoint#0" not in asked
    one.add(days(0), {ROWS[0]: {9: 1}}, shard=3)
    one.same(days(0), days(6), grown)
    assert counting.survey.row_shards == 3


def test_where_most_weeks_changed_days_are_read_in_one(counting: Counting, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_MOST_GAPS", 2)
    for week in range(8):
        counting.add(days(7 * week), {ROWS[0]: {9: 1}})
    counting.pack()
    for week in range(0, 8, 2):
        counting.add(days(7 * week), {ROWS[0]: {9: 1}})
    asked.clear()
    found = counting.history.sums(counting.survey, {ROWS[0]}, days(0), days(55))
    assert sorted(found.values(), key=str) == [{9: 1}] * 4 + [{9: 2}] * 4
    assert asked.count("demo#touchpoint#0") == 1


def test_a_survey_without_answers_has_nothing_to_pack(counting: Counting) -> None:
    assert counting.pack() == []
    assert counting.same(date(1, 1, 1), days(0)) == {}
    assert counting.same(days(0), date.max) == {}
