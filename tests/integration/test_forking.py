"""Processes of functions, forked from one that has imported the handler."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.forking import ForkedProcess, Source

MODULE = "functions.greet.handler"
HANDLER = "import os\nprint('imported')\nWHERE, BY = os.environ['PLACE'], os.getpid()\n"
SCRIPT = """
import os, sys
from functions.greet import handler
print(handler.WHERE, handler.BY, os.environ["AWS_LAMBDA_LOG_STREAM_NAME"], os.getcwd())
for line in sys.stdin:
    print(line.strip().upper(), flush=True)
"""


@pytest.fixture(autouse=True)
def _sources_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    known: dict[str, Source] = {}
    monkeypatch.setattr(Source, "known", known)
    yield
    for source in known.values():
        source.end()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "functions" / "greet"
    folder.mkdir(parents=True)
    (folder / "handler.py").write_text(HANDLER)
    (tmp_path / "script.py").write_text(SCRIPT)
    return tmp_path


def started(package: Path, stream: str, place: str = "here") -> ForkedProcess:
    environment = {"PLACE": place, "AWS_LAMBDA_LOG_STREAM_NAME": stream}
    return ForkedProcess.started(MODULE, str(package / "script.py"), package, environment)


def first_words(process: ForkedProcess) -> list[str]:
    process.stdin.write("olá\n")
    words = process.stdout.readline().split()
    assert process.stdout.readline() == "OLÁ\n"
    return words


def end(*processes: ForkedProcess) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
        process.wait(10)
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def test_each_has_streams_and_an_environment_of_its_own_and_one_import_between_them(package: Path) -> None:
    one, two = started(package, "1"), started(package, "2")
    (place, importer, *first), (_, same, *second) = first_words(one), first_words(two)
    assert (place, importer == same, first, second) == ("here", True, ["1", str(package)], ["2", str(package)])
    one.stdin.close()
    assert one.wait(10) == one.poll() == 0
    assert two.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        two.wait(0.01)
    two.kill()
    end(one, two)


def test_another_environment_is_imported_anew(package: Path) -> None:
    here, there = started(package, "1"), started(package, "1", "there")
    (where, importer, *_), (elsewhere, other, *_) = first_words(here), first_words(there)
    assert (where, elsewhere, importer == other) == ("here", "there", False)
    end(here, there)


def test_one_starts_though_what_it_would_be_forked_from_was_killed(package: Path) -> None:
    first = started(package, "1")
    importer = int(first_words(first)[1])
    os.kill(importer, signal.SIGKILL)
    second = started(package, "2")
    assert int(first_words(second)[1]) != importer
    end(first, second)


def test_a_handler_that_cannot_be_imported_is_the_process_s_to_report(package: Path) -> None:
    (package / "functions" / "greet" / "handler.py").write_text("raise ValueError('broken')")
    process = started(package, "1")
    assert "ValueError: broken" in process.stderr.read()
    end(process)
