"""The days that the console's address asks for, reckoned as the calendar has them."""

import json
import subprocess
from typing import Any

import pytest

from infra.environments import ROOT


def run(code: str) -> Any:  # noqa: ANN401 - whatever JSON it is
    module = (ROOT / "web" / "console" / "survey" / "days.js").as_uri()
    script = f'import * as days from "{module}"; console.log(JSON.stringify({code}));'
    ran = subprocess.run(["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True, timeout=30)
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        ("7d", "2026-03-02", "2026-02-24", "2026-03-02"),
        ("30d", "2026-03-02", "2026-02-01", "2026-03-02"),
        ("12m", "2024-03-01", "2023-03-03", "2024-03-01"),
        ("12w", "2026-11-30", "2026-09-07", "2026-11-29"),
        ("12w", "2026-11-29", "2026-08-31", "2026-11-22"),
        ("month", "2026-01-01", "2026-01-01", "2026-01-01"),
        ("last-month", "2026-01-31", "2025-12-01", "2025-12-31"),
        ("last-month", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("year", "2026-11-30", "2026-01-01", "2026-11-30"),
        ("2026-02-01..2026-02-28", "2026-11-30", "2026-02-01", "2026-02-28"),
    ],
)
def test_a_period_is_of_these_days(period: str, today: str, first: str, last: str) -> None:
    assert run(f"days.daysOf({json.dumps(period)}, '{today}')") == {"from": first, "to": last}


@pytest.mark.parametrize("period", ["", "nobody", "2026-02-30..2026-03-01", "2026-03-02..2026-03-01", "..", "2026-03-01..", "constructor"])
def test_what_is_no_period_is_the_usual_one(period: str) -> None:
    assert run(f"days.daysOf({json.dumps(period)}, '2026-03-02')") == {"from": "2026-02-01", "to": "2026-03-02"}


def test_today_is_where_the_survey_is() -> None:
    just_after_midnight_in_utc = "new Date('2026-03-02T01:00:00Z')"
    assert run(f"['America/Sao_Paulo', 'UTC', 'Asia/Tokyo'].map((zone) => days.todayIn(zone, {just_after_midnight_in_utc}))") == [
        "2026-03-01",
        "2026-03-02",
        "2026-03-02",
    ]


@pytest.mark.parametrize(("count", "interval"), [(1, "day"), (45, "day"), (46, "week"), (400, "week"), (401, "month"), (3660, "month")])
def test_points_are_neither_few_nor_too_many(count: int, interval: str) -> None:
    assert run(f"days.usualInterval({{from: '2016-01-01', to: days.plus('2016-01-01', {count - 1})}})") == interval
