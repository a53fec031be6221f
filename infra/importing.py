"""`make import SURVEY=demo FILE=answers.csv`: past answers, sent through the same door as the console sends them.

Sends the file, has it imported (or, with CHECK=1, only checked) and follows until it has ended. Works on the local deployment that
`make run` keeps up or, with STAGE=, on a deployment in AWS, with the API key in RECOMENDA_API_KEY.
Ends with 0 where every line was taken, 1 where some were refused, 2 where nothing could be imported.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import urllib3
from rich.console import Console

from infra.environments import LOCAL
from infra.local.stack import Stack
from infra.outputs import NO_DEPLOYMENT, outputs_of

_NO_RETRY: Final = urllib3.Retry(0)
_AT_WORK: Final = frozenset({"checking", "importing"})
_SECONDS_BETWEEN_LOOKS: Final = 0.5
_KEY: Final = "RECOMENDA_API_KEY"

type View = Mapping[str, Any]
"""An import as the API shows it."""


class ImportRefusedError(Exception):
    """The API answered otherwise than expected; the message has its status and what it said."""


@dataclass(frozen=True, slots=True)
class ImportDoor:
    """The API's routes for imports."""

    api_url: str
    api_key: str
    survey_id: str

    def begin(self, file: Path, options: Mapping[str, Any]) -> str:
        """Begin an import and send its file; returns its id."""
        made = self._asked("POST", "", HTTPStatus.CREATED, options)
        send(made["upload"], file.read_bytes())
        return str(made["import_id"])

    def check(self, import_id: str) -> View:
        """Have it checked."""
        return self._asked("POST", f"/{import_id}/check", HTTPStatus.ACCEPTED)

    def start(self, import_id: str) -> View:
        """Have it imported."""
        return self._asked("POST", f"/{import_id}/start", HTTPStatus.ACCEPTED)

    def show(self, import_id: str) -> View:
        """How it stands."""
        return self._asked("GET", f"/{import_id}", HTTPStatus.OK)

    def follow(self, import_id: str) -> Iterator[View]:
        """How it stands, again and again, until nobody is at work on it; the last one says what came of it."""
        while (view := self.show(import_id))["status"] in _AT_WORK:
            yield view
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        yield view

    def _asked(self, method: str, path: str, expected: HTTPStatus, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        url = f"{self.api_url}/v1/surveys/{self.survey_id}/imports{path}"
        headers = {"authorization": f"Bearer {self.api_key}", "content-type": "application/json"}
        sent = json.dumps(body).encode() if body is not None else None
        answer = urllib3.request(method, url, body=sent, headers=headers, timeout=60.0, retries=_NO_RETRY, redirect=False)
        if answer.status != expected:
            raise ImportRefusedError(f"{method} {path or '/'} {answer.status}: {answer.data.decode(errors='replace')}")
        document: dict[str, Any] = answer.json()
        return document


def send(upload: Mapping[str, Any], data: bytes) -> None:
    """Send a file with the form of an import. Raises `ImportRefusedError`."""
    fields: list[tuple[str, str | tuple[str, bytes]]] = [*upload["fields"].items(), ("file", ("file", data))]
    answer = urllib3.request("POST", upload["url"], fields=fields, timeout=600.0, retries=_NO_RETRY, redirect=False)
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}:
        raise ImportRefusedError(f"the file was not taken: {answer.status}")


def import_file(door: ImportDoor, file: Path, options: Mapping[str, Any], *, only_check: bool, tell: Callable[[View], object]) -> View:
    """Send a file and have it worked off; how it stands at the end."""
    import_id = door.begin(file, options)
    (door.check if only_check else door.start)(import_id)
    view: View = {}
    for view in door.follow(import_id):
        tell(view)
    return view


def main(arguments: Sequence[str] | None = None) -> int:
    """Import one file."""
    parser = argparse.ArgumentParser(prog="make import", description="Import past answers.")
    parser.add_argument("--survey", required=True, help="its id")
    parser.add_argument("--file", required=True, type=Path, help="CSV, or JSON lines (.jsonl)")
    parser.add_argument("--preset", choices=["delighted", "recomenda"], help="whose names of columns are known")
    parser.add_argument("--options", type=json.loads, default={}, help="more of how it is to be read, as the API takes it: JSON")
    parser.add_argument("--check", action="store_true", help="only say what would become of each line")
    parser.add_argument("--stage", help="a deployment in AWS, instead of the local one")
    parser.add_argument("--home", type=Path, default=LOCAL, help="where the local deployment keeps its state")
    given = parser.parse_args(arguments)
    console = Console(highlight=False, soft_wrap=True)
    try:
        api_url, api_key = _reached(given.stage, given.home)
    except (FileNotFoundError, KeyError):
        console.print(f"{NO_DEPLOYMENT} With STAGE=, put an API key of the scope `import` into {_KEY}.")
        return 2
    options = {"format": "jsonl" if given.file.suffix == ".jsonl" else "csv", **given.options}
    if given.preset:
        options["preset"] = given.preset
    try:
        door = ImportDoor(api_url, api_key, given.survey)
        view = import_file(door, given.file, options, only_check=given.check, tell=lambda view: console.print(_progress(view), style="dim"))
    except (ImportRefusedError, OSError) as error:
        console.print(str(error), style="red", markup=False)
        return 2
    return _tell(view, console)


def _reached(stage: str | None, home: Path) -> tuple[str, str]:
    if stage is None:
        stack = Stack.read(home)
        return stack.api_url, stack.api_key
    return outputs_of(stage, home)["ApiUrl"], os.environ[_KEY]


def _progress(view: View) -> str:
    done, total = view["progress"]["done"], view["progress"]["total"]
    share = f"{100 * done // total} %" if total else "…"
    return f"{view['status']}  {share}  {view['counts']['lines']} lines"


def _tell(view: View, console: Console) -> int:
    for name, count in view["counts"].items():
        console.print(f"{name:>14} {count}")
    for reason, count in view["refused"].items():
        console.print(f"{reason:>24} {count}")
    for problem in view["problems"][:10]:
        console.print(f"row {problem['row']}: {problem['detail']}", markup=False)
    if view.get("failure"):
        console.print(view["failure"]["detail"], style="red", markup=False)
        return 2
    if view.get("report"):
        console.print(f"line by line, for five minutes: {view['report']['url']}", markup=False)
    return 1 if view["counts"]["refused"] else 0


if __name__ == "__main__":
    sys.exit(main())
