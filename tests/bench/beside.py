"""`collect` beside another function, each in fresh processes of its own: from the start to the first answer, and CPU time once warm.

The other is the plain function; for answers with comments it is `collect` itself without sealing.

Both run the same interpreter on the same libraries and find the same tables. They take turns, so that whatever else the machine does meets
both; what counts is the ratio of the medians.
"""

import compileall
import json
import os
import py_compile
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from infra.build import build
from tests.bench.place import HOME, PLAIN_TABLE, Place
from tests.bench.traffic import bodies, commented, post_event

COLLECT: Final = "functions.collect.handler"
PLAIN: Final = "plain_function"
UNSEALED: Final = "unsealed_collect"
COLD_PAIRS: Final = 25
UNCOMPILED_PAIRS: Final = 3
WARM_PAIRS: Final = 7
WARM_ANSWERS: Final = 260
_HERE: Final = Path(__file__).parent
_OUTSIDE: Final = ("plain_function.py", "unsealed_collect.py", "first_answer.py", "many_answers.py")
_FROM_THE_RUNTIME: Final = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "urllib3")
_UNCOMPILED: Final = shutil.ignore_patterns("__pycache__", "*.pyc")


class WrongAnswerError(Exception):
    """A process that was measured did not answer 201; the message has what it said."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians of ours and of the other's."""

    ours: float
    other: float


@dataclass(frozen=True, slots=True)
class Cold:
    """From the start of a process to its first answer, in milliseconds: by the clock, and of CPU time."""

    wall: Pair
    cpu: Pair


@dataclass(frozen=True, slots=True)
class Beside:
    """Both functions, built alike and ready to be run."""

    place: Place
    artefact: Path
    uncompiled: Path
    events: Path
    other: str = PLAIN

    def cold(self) -> Cold:
        """From the start of a process to its first answer, all bytecode there."""
        return self._cold(COLD_PAIRS, self.artefact)

    def cold_uncompiled(self) -> Cold:
        """The same where the artefact brings no bytecode and none can be kept, as SAM's own builder leaves it."""
        return self._cold(UNCOMPILED_PAIRS, self.uncompiled)

    def warm(self) -> Pair:
        """Microseconds of the process's own CPU time an answer, once warm."""
        return self._pair(self._in_turn(WARM_PAIRS, self._microseconds_an_answer))

    def _cold(self, pairs: int, artefact: Path) -> Cold:
        found = self._in_turn(pairs, lambda module: self._milliseconds_to_answer(module, artefact))
        return Cold(*(self._pair({module: [both[which] for both in times] for module, times in found.items()}) for which in (0, 1)))

    def _in_turn[Measure](self, pairs: int, measure: Callable[[str], Measure]) -> dict[str, list[Measure]]:
        """Measure both in turn, now the one first and now the other; a first time that does not count warms the machine's caches."""
        found: dict[str, list[Measure]] = {COLLECT: [], self.other: []}
        for module in found:
            measure(module)
        for turn in range(pairs):
            for module in (COLLECT, self.other) if turn % 2 else (self.other, COLLECT):
                found[module].append(measure(module))
        return found

    def _pair(self, found: Mapping[str, list[float]]) -> Pair:
        return Pair(statistics.median(found[COLLECT]), statistics.median(found[self.other]))

    def _milliseconds_to_answer(self, module: str, artefact: Path) -> tuple[float, float]:
        began = time.perf_counter()
        with self._start("first_answer.py", module, artefact) as process:
            said = _result(process)
            took = time.perf_counter() - began
        return took * 1000, _expect_201(module, said)

    def _microseconds_an_answer(self, module: str) -> float:
        with self._start("many_answers.py", module, self.artefact) as process:
            said = _result(process)
        return _expect_201(module, said)

    def _start(self, program: str, module: str, artefact: Path) -> subprocess.Popen[str]:
        environment = self.place.environment | {
            "PATH": os.defpath,
            "PLAIN_TABLE": PLAIN_TABLE,
            "PYTHONPATH": str(artefact),
            "PYTHONDONTWRITEBYTECODE": "1",  # /var/task cannot be written to either
        }
        return subprocess.Popen(
            [sys.executable, artefact / program, module, self.events], stdout=subprocess.PIPE, env=environment, text=True
        )


def prepare(place: Place) -> Beside:
    """Build collect's artefact as a deployment does, and put the plain function into it: same libraries, same bytecode."""
    artefact, uncompiled, events = HOME / "artefact", HOME / "uncompiled", HOME / "events.json"
    for old in (artefact, uncompiled):
        shutil.rmtree(old, ignore_errors=True)
    build("collect", artefact, "local")
    for name in _OUTSIDE:
        shutil.copy2(_HERE / name, artefact / name)
        py_compile.compile(str(artefact / name), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    shutil.copytree(artefact, uncompiled, ignore=_UNCOMPILED)
    for package in _FROM_THE_RUNTIME:  # Lambda has its own; here it is the development environment's
        for folder in _folders_of(package):
            compileall.compile_dir(folder, quiet=1)
    survey = place.survey("beside")
    events.write_text(json.dumps([post_event(survey.survey_id, body) for body in bodies(WARM_ANSWERS, seed=2)]))
    return Beside(place, artefact, uncompiled, events)


def sealing(plain: Beside) -> Beside:
    """What was built, with comments in all answers: `collect` beside itself without sealing."""
    survey, events = plain.place.survey("sealing"), HOME / "commented.json"
    events.write_text(json.dumps([post_event(survey.survey_id, body) for body in commented(bodies(WARM_ANSWERS, seed=3))]))
    return replace(plain, events=events, other=UNSEALED)


def _folders_of(package: str) -> list[str]:
    spec = find_spec(package)
    return list(spec.submodule_search_locations or ()) if spec else []


def _result(process: subprocess.Popen[str]) -> str:
    """The line that is no log line."""
    return next((line for line in process.stdout or () if not line.startswith("{")), "")


def _expect_201(module: str, said: str) -> float:
    """What a process measured of itself."""
    status, _, measured = said.partition(" ")
    if status != "201":
        raise WrongAnswerError(f"{module} said {said!r}")
    return float(measured)
