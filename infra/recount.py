"""`make recount SURVEY=demo`: is every row of the rollups the sum of the answers' marks? With FIX=1, differences are repaired.

Works on the local deployment that `make run` keeps up or, with STAGE=, on a deployment in AWS with the caller's own credentials.
Ends with 0 where all agrees (or was repaired), 1 where something does not, 2 where it could not look.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from infra.environments import LOCAL
from infra.outputs import NO_DEPLOYMENT, outputs_of
from shared.counting.recount import DayCheck, compare, reopen, repair, unsealed_days
from shared.store.answers import Answers
from shared.store.registry import SurveyStore, TouchedLedger
from shared.store.rollups import Rollups
from shared.store.tables import AnswerItem, RegistryItem, RollupItem, bind
from shared.survey import Survey

_TABLES: Final = {"AnswersTable": AnswerItem, "RollupsTable": RollupItem, "RegistryTable": RegistryItem}
_SPAN: Final = 31
"""Days compared at a time: what is held in memory."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Recount one survey or all of them."""
    parser = argparse.ArgumentParser(prog="make recount", description="Compare marks with rollups.")
    parser.add_argument("--survey", help="its id; all surveys unless given")
    parser.add_argument("--stage", help="a deployment in AWS, instead of the local one")
    parser.add_argument("--home", type=Path, default=LOCAL, help="where the local deployment keeps its state")
    parser.add_argument("--fix", action="store_true", help="repair what was seen twice; repairs are printed and kept in audit rows")
    options = parser.parse_args(arguments)
    console = Console()
    try:
        outputs = outputs_of(options.stage, options.home)
    except FileNotFoundError:
        console.print(NO_DEPLOYMENT)
        return 2
    for output, model in _TABLES.items():
        bind(model, outputs[output])
    store = SurveyStore()
    surveys = [survey for survey in store.list() if options.survey in (None, survey.survey_id)]
    if options.survey and not surveys:
        console.print("There is no such survey.")
        return 2
    results = [_recount(survey, console, fix=options.fix) for survey in surveys]
    return 0 if all(results) else 1


def _recount(survey: Survey, console: Console, *, fix: bool) -> bool:
    """Recount one survey; whether all of it agrees in the end."""
    now = datetime.now(UTC)
    checks = list(_checks(survey, now))
    table = Table(title=f"{survey.survey_id}: marks against rollups", title_justify="left")
    for heading in ("day", "answers", "pending", "drifted", "rows that differ", "result"):
        table.add_column(heading, justify="left" if heading in {"day", "result"} else "right")
    agrees = True
    for check in checks:
        result = _mend(survey, check, now) if fix else _judge(check)
        agrees &= result in _GOOD
        table.add_row(check.day.isoformat(), str(check.answers), str(check.pending), str(len(check.drifted)), str(len(check.rows)), result)
        for row, bins in check.rows.items():
            changes = ", ".join(f"{count:+d} of score {score}" for score, count in sorted(bins.items()))
            table.add_row("", "", "", "", "", f"{row.row}: rollup should change by {changes}")
    console.print(table if checks else f"{survey.survey_id}: no answers in unsealed days")
    return agrees


_AGREES: Final = "agrees"
_REPAIRED: Final = "repaired"
_GOOD: Final = frozenset({_AGREES, _REPAIRED})


def _judge(check: DayCheck) -> str:
    if not check.quiet:
        return "not quiet: answers were counted meanwhile; look again"
    if check.rows:
        return "differs: FIX=1 repairs"
    return "marks to be settled again: FIX=1 does" if check.drifted else _AGREES


def _mend(survey: Survey, check: DayCheck, now: datetime) -> str:
    if check.drifted:
        return f"{reopen(check, Answers(), TouchedLedger(), now)} answers handed to settle"
    if not check.rows:
        return _judge(check)
    return _REPAIRED if repair(survey, check, Answers(), Rollups(), now) else "not repaired: not quiet, or not the same twice; look again"


def _checks(survey: Survey, now: datetime) -> Iterator[DayCheck]:
    days = unsealed_days(survey, Rollups(), now)
    for start in range(0, len(days), _SPAN):
        yield from compare(survey, days[start : start + _SPAN], Answers(), Rollups(), now)


if __name__ == "__main__":
    sys.exit(main())
