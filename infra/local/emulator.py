"""Start and stop the emulated AWS (MiniStack), on this machine's loopback address only."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Final, Self

import urllib3

from infra.environments import FOLDERS, LOCAL, ROOT

HOST: Final = "127.0.0.1"
REGION: Final = "sa-east-1"
# The emulator's own root user. Functions get sessions of their roles, whose policies the emulator enforces.
CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
_SECONDS_TO_START: Final = 30.0
_SECONDS_TO_STOP: Final = 30.0
_QUIET: Final = urllib3.Retry(0)


class EmulatorError(Exception):
    """The emulator is not as it should be; the message is for the person who started it."""


class PortTakenError(EmulatorError):
    """Something else listens on the port."""


class Emulator:
    """One emulator process: its state and log live in `home`, and stay there when it stops."""

    def __init__(self, home: Path, port: int) -> None:
        """Take note of where to run; nothing starts yet."""
        self.home = home
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.log = home / "emulator.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the process started here is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until it answers. Raises `PortTakenError` or `EmulatorError`."""
        _refuse_taken(self.port)
        scratch = self.home / "tmp"
        shutil.rmtree(scratch, ignore_errors=True)  # unpacked functions of the last run
        scratch.mkdir(parents=True)
        python = FOLDERS["ministack"] / "bin" / "python"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [python, "-m", "infra.local.emulator_main"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(scratch),
                start_new_session=True,  # Ctrl-C in the terminal is for the starter, which stops things in order
            )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop, saving the state; does nothing if it is not running."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin:
            process.stdin.close()

    def last_words(self, lines: int = 15) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def _environment(self, scratch: Path) -> dict[str, str]:
        # Functions inherit this, so it is built anew: nothing of the developer's shell reaches them.
        return CREDENTIALS | {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
            "LANG": "C.UTF-8",
            "AUTH": "true",
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.home / "state"),
            "S3_DATA_DIR": str(self.home / "s3"),
            "PACKAGES": str(LOCAL / "packages"),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
        }

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline:
            if not self.is_running:
                raise EmulatorError(f"the emulator ended while starting:\n{self.last_words()}")
            try:
                urllib3.request("GET", f"{self.url}/_ministack/health", timeout=2.0, retries=_QUIET)
            except urllib3.exceptions.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise EmulatorError(f"the emulator did not answer within {_SECONDS_TO_START:.0f} seconds:\n{self.last_words()}")


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTakenError(f"port {port} is taken: stop what listens there, or pick another with PORT={port + 1}") from error
