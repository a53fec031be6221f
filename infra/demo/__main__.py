"""`make demo-data`: a year of three surveys, sent to the running `make run` through the same doors as a company's own.

Makes each survey with its waves and annotations over the API, and imports its answers as a CSV file. Run again it adds what is missing:
surveys that are there stay, and answers that were imported are known by their ids.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from infra.demo.answers import PastAnswer, year_of
from infra.demo.story import told_from
from infra.demo.surveys import SURVEYS, DemoSurvey
from infra.environments import LOCAL
from infra.importing import ImportDoor, ImportRefusedError, View, import_file
from infra.local.stack import Response, Stack
from infra.outputs import NO_DEPLOYMENT
from shared.periods import local_day

_ZONE: Final = "America/Sao_Paulo"
_HEADS: Final = ("id", "score", "answered_at", "comment", "customer_id", "name", "email", "touchpoint", "channel", "locale")
_QUARTER: Final = 3
_MONTHS: Final = 12


class DemoDataError(Exception):
    """The API refused a part of the demo; the message has its answer."""


def main(arguments: list[str] | None = None) -> int:
    """Load the demo's year."""
    parser = argparse.ArgumentParser(prog="make demo-data", description=__doc__)
    parser.add_argument("--home", type=Path, default=LOCAL, help="where the local deployment keeps its state")
    console = Console(highlight=False, soft_wrap=True)
    try:
        stack = Stack.read(parser.parse_args(arguments).home)
    except FileNotFoundError:
        console.print(NO_DEPLOYMENT)
        return 2
    try:
        for survey in SURVEYS:
            load(stack, survey, local_day(datetime.now(UTC), _ZONE), console)
    except (DemoDataError, ImportRefusedError) as error:
        console.print(str(error), style="red", markup=False)
        return 1
    console.print("a release hurt the plan `pro` of survey `app`, and a hotfix mended it: look at")
    console.print(f"{stack.console_url}/overview?survey=app&period=52w")
    return 0


def load(stack: Stack, survey: DemoSurvey, today: date, console: Console) -> View:
    """Make the survey unless it is there, and import its year up to the day before `today`. Returns how the import ended."""
    if _make(stack, survey):
        if survey.has_waves:
            _make_waves(stack, survey, today)
        _annotate(stack, survey, today)
    door = ImportDoor(stack.api_url, stack.api_key, survey.survey_id)
    with tempfile.TemporaryDirectory() as folder, _bar(console) as bar:
        file = Path(folder) / f"{survey.survey_id}.csv"
        write_csv(year_of(survey, today), survey, file)
        task = bar.add_task(survey.survey_id, total=None)

        def tell(view: View) -> None:
            bar.update(task, completed=view["progress"]["done"], total=view["progress"]["total"])

        view = import_file(door, file, {}, only_check=False, tell=tell)
    counts = view["counts"]
    console.print(f"{survey.survey_id}: {counts['imported']} answers imported, {counts['already_there']} were there already")
    if view["status"] != "done" or counts["refused"]:
        said = view.get("failure") or dict(view["refused"])
        raise DemoDataError(f"the import of {survey.survey_id} ended otherwise than expected: {view['status']}, {said}")
    return view


def write_csv(answers: Iterable[PastAnswer], survey: DemoSurvey, file: Path) -> None:
    """Write answers as another system might have exported them."""
    segments = tuple(segment["key"] for segment in survey.settings["segments"])
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow((*_HEADS, *segments))
        writer.writerows(_cells(answer, segments) for answer in answers)


def _cells(answer: PastAnswer, segments: Iterable[str]) -> tuple[object, ...]:
    person = answer.person
    return (
        *(answer.id, answer.score, answer.answered_at.isoformat(), answer.comment or ""),
        *((person.customer_id, person.name, person.email) if person else ("", "", "")),
        *(answer.plain[name] for name in ("touchpoint", "channel", "locale")),
        *(answer.segments[name] for name in segments),
    )


def _make(stack: Stack, survey: DemoSurvey) -> bool:
    """Make and open the survey; of one that is there, change what the demo adds to it. Whether it is new to the demo."""
    path = f"/v1/surveys/{survey.survey_id}"
    found = stack.request("GET", path, key=stack.api_key)
    is_new = found.status == HTTPStatus.NOT_FOUND
    if is_new:
        _expect(HTTPStatus.CREATED, stack.request("POST", "/v1/surveys", survey.settings, key=stack.api_key))
        _expect(HTTPStatus.OK, stack.request("POST", f"{path}/open", key=stack.api_key))
    elif found.json()["goal"] is None:
        _expect(HTTPStatus.OK, stack.request("PATCH", path, {"goal": survey.settings["goal"]}, key=stack.api_key))
        is_new = True
    return is_new


def _make_waves(stack: Stack, survey: DemoSurvey, today: date) -> None:
    """A wave each quarter of the year; the present one is open."""
    for first in _quarters(today - timedelta(days=survey.days), today):
        last = _next_quarter(first) - timedelta(days=1)
        wave: dict[str, Any] = {"name": f"{(first.month - 1) // _QUARTER + 1}º trimestre de {first.year}", "first_day": first.isoformat()}
        if last < today:
            wave["last_day"] = last.isoformat()
        _expect(HTTPStatus.CREATED, stack.request("POST", f"/v1/surveys/{survey.survey_id}/waves", wave, key=stack.api_key))


def _quarters(begin: date, end: date) -> Iterable[date]:
    first = date(begin.year, begin.month - (begin.month - 1) % _QUARTER, 1)
    while first <= end:
        yield first
        first = _next_quarter(first)


def _next_quarter(first: date) -> date:
    return date(first.year + 1, 1, 1) if first.month > _MONTHS - _QUARTER else date(first.year, first.month + _QUARTER, 1)


def _annotate(stack: Stack, survey: DemoSurvey, today: date) -> None:
    for days_ago, kind, text in survey.annotations:
        note = {"day": (told_from(today) - timedelta(days=days_ago)).isoformat(), "kind": kind, "text": text}
        _expect(HTTPStatus.CREATED, stack.request("POST", f"/v1/surveys/{survey.survey_id}/annotations", note, key=stack.api_key))


def _expect(status: HTTPStatus, answer: Response) -> None:
    if answer.status != status:
        raise DemoDataError(f"refused: {answer.status} {answer.body.decode()}")


def _bar(console: Console) -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), console=console, transient=True)


if __name__ == "__main__":
    sys.exit(main())
