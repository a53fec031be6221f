"""Show in colour what happens in a local deployment: an answer comes in, it is counted, the score now."""

import json
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from infra.local.stack import Stack

_TOLD_APART: Final = {"promoter": "green", "passive": "yellow", "detractor": "red"}
_LATE_MILLISECONDS: Final = 3_000
_LEVELS_SHOWN: Final = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}


class Tail:
    """Follows the functions' log groups from now on."""

    def __init__(self, stack: Stack, console: Console) -> None:
        """Start at the present moment: what was logged before is not shown."""
        self._stack = stack
        self._console = console
        self._groups = {name.removesuffix("Logs"): group for name, group in stack.outputs.items() if name.endswith("Logs")}
        self._since = dict.fromkeys(self._groups, int(time.time() * 1000))
        self._shown: dict[str, set[str]] = {function: set() for function in self._groups}

    def show_news(self) -> None:
        """Print what was logged since the last call."""
        counted: set[str] = set()
        for function in self._groups:
            for line in self._new_lines(function):
                self._show(function, line)
                if line.get("message") == "settled" and line.get("counted"):
                    counted.update(line.get("surveys", ()))
        for survey_id in sorted(counted):
            self._show_score(survey_id)

    def _new_lines(self, function: str) -> Iterator[dict[str, Any]]:
        since, shown = self._since[function], self._shown[function]
        events = self._stack.aws.logs.filter_log_events(logGroupName=self._groups[function], startTime=since)["events"]
        # What several workers log may come out of order, so some seconds are read again; what was shown of them is told by its text.
        news = [event for event in events if event["message"] not in shown]
        if news:
            self._since[function] = since = max(since, max(event["timestamp"] for event in news) - _LATE_MILLISECONDS)
            self._shown[function] = {event["message"] for event in events if event["timestamp"] >= since}
        for event in news:
            if event["message"].startswith("{"):
                yield json.loads(event["message"])

    def _show(self, function: str, line: dict[str, Any]) -> None:
        told = _describe(line) or _describe_alert(line)
        if told is not None:
            when = line.get("timestamp", "")[11:19]
            self._console.print(Text.assemble((f"{when} ", "dim"), (f"{function.lower():<13} ", "cyan"), told))

    def _show_score(self, survey_id: str) -> None:
        answer = self._stack.request("GET", f"/v1/surveys/{survey_id}/nps", key=self._stack.api_key)
        if answer.status == HTTPStatus.OK:
            self._console.print(Text.assemble((f"{'':9}score         ", "cyan"), _score(answer.json())))


def _describe_alert(line: dict[str, Any]) -> Text | None:
    match line:
        case {"message": "notified", "opened": opened, "waiting": waiting} if opened or waiting:
            return Text(f"to be told: {opened}" + (f", {waiting} after a wait" if waiting else ""))
        case {"message": "delivered", "message_id": message_id, "status": status}:
            return Text(f"{status}: {message_id}", "bold" if status == "delivered" else "yellow")
    return None


def _describe(line: dict[str, Any]) -> Text | None:
    match line:
        case {"message": "answer received", "survey_id": survey, "answer_id": answer, "nps_class": nps_class}:
            notes = [note for note in ("commented", "identified", "repeated") if line.get(note)]
            return Text.assemble(
                "answer in: ", (nps_class, _TOLD_APART.get(nps_class, "")), f"  {survey} {answer}", (f"  {' '.join(notes)}", "dim")
            )
        case {"message": "answer changed", "survey_id": survey, "answer_id": answer}:
            changes = [what for what in ("score_changed", "commented", "finished") if line.get(what)]
            return Text.assemble(f"answer changed: {survey} {answer}", (f"  {' '.join(changes)}", "dim"))
        case {"message": "settled", "counted": counted, "announced": announced, "rows": rows}:
            again = f", {line['again']} to try again" if line.get("again") else ""
            return Text(f"counted: {counted} in {rows} rows, {announced} announced{again}", "bold")
        case {"level": level} if level in _LEVELS_SHOWN:
            known = {"level", "location", "message", "timestamp", "service"}
            details = " ".join(f"{name}={value}" for name, value in line.items() if name not in known)
            return Text(f"{line.get('message')} {details}", _LEVELS_SHOWN[level])
        case _:
            return None


def _score(report: dict[str, Any]) -> Text:
    if report["nps"] is None:
        return Text("no answers yet")
    interval, band = report["interval"], report["band"]
    return Text.assemble(
        ("NPS ", "bold"),
        (str(report["nps"]), "bold magenta"),
        f"  {band['label']}" if band else "",
        f"  {report['answers']} answers: ",
        (f"{report['promoters']} promoters", "green"),
        ", ",
        (f"{report['passives']} passives", "yellow"),
        ", ",
        (f"{report['detractors']} detractors", "red"),
        (f"  interval {interval['low']} to {interval['high']}" if interval else "", "dim"),
    )
