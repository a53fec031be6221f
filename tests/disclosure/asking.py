"""Asks for every figure that a key without answers:read can get."""

from collections.abc import Iterator
from datetime import date, timedelta

from shared import dimension as dim
from shared.periods import Period
from shared.withholding.shield import Shield, days_behind, kind_of
from tests.disclosure.attack import Figure
from tests.disclosure.surveys import NOBODY, Small


def figures_of(small: Small) -> list[Figure]:
    """Everybody's figures of every day, and those of every group over every run of weeks, as of every day of asking."""
    days = sorted({answer.day for answer in small.answers})
    monday = days[0] - timedelta(days=days[0].weekday())
    weeks = [monday + timedelta(weeks=number) for number in range((days[-1] - monday).days // 7 + 5)]
    figures = []
    for asked, today in enumerate(small.asked_on):
        there = [answer for answer in small.answers if answer.asked <= asked]
        figures += [Figure((), Period(day, day), asked, sum(answer.day == day for answer in there)) for day in days]
        for at, first in enumerate(weeks):
            for week in weeks[at:]:
                figures += _shown(small, Period(first, week + timedelta(days=6)), asked, today)
    return figures


def _shown(small: Small, period: Period, asked: int, today: date) -> Iterator[Figure]:
    first, last = days_behind(period)
    sums = {row: bins for row, bins in small.sums(asked).items() if first.isoformat() <= row.day <= last.isoformat()}
    answers = dict.fromkeys({row.row for row in sums}, 0)
    for row, bins in sums.items():
        if period.first.isoformat() <= row.day <= period.last.isoformat():
            answers[row.row] += sum(bins.values())
    everybody = answers.get(dim.ALL, 0)
    kinds = {kind_of(row) for row in answers if row != dim.ALL}
    for kind in sorted(kinds):
        shield = Shield.of(small.survey, kind, sums, period, today)
        mine = {row: count for row, count in answers.items() if kind_of(row) == kind}
        if "&" not in kind:
            mine[dim.row_of(kind, NOBODY)] = everybody - sum(mine.values())
        for row, count in mine.items():
            if shield.withheld(row, period, count, everybody) is None:
                who = tuple((name, value) for name, _, value in (part.partition("=") for part in row.split("&")))
                yield Figure(who, period, asked, count)
