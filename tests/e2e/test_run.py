"""`make run` as a person meets it: what it prints, how it stops, what it finds again when it starts."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
import urllib3

from infra.environments import ROOT
from infra.local.emulator import HOST, free_port
from infra.local.stack import STACK_FILE, Stack

ANSWERS: Final = "/v1/surveys/demo/answers"
_SECONDS_TO_START: Final = 180.0


class Run:
    """The program of `make run`, in a home of its own."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self._output = home / "output"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.run", "--home", str(home), "--port", str(port)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
            )

    @property
    def output(self) -> str:
        return self._output.read_text()

    @property
    def emulator(self) -> int:
        """The process id of the emulator, which is its only child once it is ready."""
        [child] = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(child)

    def wait_until(self, done: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def wait_until_ready(self, seconds: float) -> Stack:
        self.wait_until(lambda: (self.home / STACK_FILE).exists() or self.process.poll() is not None, seconds)
        assert self.process.poll() is None, self.output
        return Stack.read(self.home)

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(sent)
        return self.process.wait(60)


@contextmanager
def running(home: Path, port: int) -> Iterator[Run]:
    home.mkdir(exist_ok=True)
    run = Run(home, port)
    try:
        yield run
    finally:
        run.stop()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) != 0


def counted(stack: Stack) -> int:
    answers: int = stack.request("GET", f"/v1/surveys/{stack.survey_id}/nps", key=stack.api_key).json()["answers"]
    return answers


@pytest.mark.timeout(600)
def test_it_starts_counts_stops_and_finds_everything_again(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as run:
        stack = run.wait_until_ready(_SECONDS_TO_START)
        assert stack.request("POST", ANSWERS, {"score": 9}).status == 201
        run.wait_until(lambda: counted(stack) == 1, 20)
        run.wait_until(lambda: "NPS 100" in run.output, 20)
        assert re.search(r"collect +answer in: promoter +demo ", run.output)
        assert re.search(r"classify +counted: 1 in ", run.output)
        assert stack.api_url in run.output
        assert stack.privacy_url in run.output
        assert "<form" in urllib3.request("GET", stack.privacy_url, timeout=60.0, retries=False).data.decode()
        # Ctrl-C in a terminal is SIGINT; it is asked to stop while something is still on its way.
        assert stack.request("POST", ANSWERS, {"score": 0}).status == 201
        assert run.stop(signal.SIGINT) == 0
    assert is_free(port)
    assert not (tmp_path / STACK_FILE).exists()

    other_port = free_port()
    with running(tmp_path, other_port) as run:
        again = run.wait_until_ready(_SECONDS_TO_START)
        assert again.emulator_url == f"http://{HOST}:{other_port}"
        assert (again.survey_id, again.api_key, again.outputs["AnswersTable"]) == (
            stack.survey_id,
            stack.api_key,
            stack.outputs["AnswersTable"],
        )
        links = again.request("POST", "/v1/surveys/demo/links", {"people": [{"customer_id": "cliente-1"}]}, key=again.api_key)
        assert links.json()["links"][0]["link"].startswith(f"{again.survey_page_url}?t=")  # functions know where they are now
        assert again.request("POST", ANSWERS, {"score": 10}).status == 201
        assert again.request("POST", ANSWERS, {"score": 2, "finished": True}).status == 201
        run.wait_until(lambda: counted(again) == 4, 20)
        run.wait_until(lambda: "alert.detractor" in run.output, 30)  # queues and the receiver are found again, wherever it runs
        assert run.stop(signal.SIGTERM) == 0


def test_it_can_be_stopped_while_it_starts(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as run:
        run.wait_until(lambda: "the local AWS is up" in run.output, 60)
        assert run.stop(signal.SIGTERM) == 0
    assert is_free(port)
    assert not (tmp_path / STACK_FILE).exists()


def test_a_second_one_in_the_same_place_is_told_of_the_first(tmp_path: Path) -> None:
    with running(tmp_path, free_port()) as first:
        first.wait_until(lambda: "the local AWS is up" in first.output, 60)
        said = subprocess.run(
            [sys.executable, "-m", "infra.run", "--home", str(tmp_path), "--port", str(free_port())],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert said.returncode == 1
    assert f"it already runs here, as process {first.process.pid}" in said.stdout


def test_a_taken_port_is_told_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running(tmp_path, port) as run:
            assert run.process.wait(60) == 1
    assert run.output.strip() == f"port {port} is taken: stop what listens there, or pick another with PORT={port + 1}"
