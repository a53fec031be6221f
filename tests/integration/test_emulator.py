"""The emulator process: it keeps its state, and never outlives whoever started it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.environments import ROOT
from infra.local.emulator import HOST, Emulator, PortTakenError, free_port
from infra.local.stack import Aws

_STARTS_ONE_AND_WAITS = """
import sys, time
from pathlib import Path
from infra.local.emulator import Emulator
emulator = Emulator(Path(sys.argv[1]), int(sys.argv[2]))
emulator.start()
print("started", flush=True)
time.sleep(600)
"""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def test_it_keeps_keys_and_queues_over_a_restart(tmp_path: Path) -> None:
    port = free_port()
    with Emulator(tmp_path, port) as emulator:
        aws = Aws(emulator.url)
        key = aws.kms.create_key()["KeyMetadata"]["KeyId"]
        sealed = aws.kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext={"survey": "a"})["CiphertextBlob"]
        aws.sqs.create_queue(QueueName="kept")
    assert not listens(port)
    with Emulator(tmp_path, port) as emulator:
        aws = Aws(emulator.url)
        assert aws.kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"survey": "a"})["Plaintext"] == b"secret"
        assert [url.rsplit("/", 1)[1] for url in aws.sqs.list_queues()["QueueUrls"]] == ["kept"]


def test_it_listens_on_the_loopback_address_only(tmp_path: Path) -> None:
    port = free_port()
    with Emulator(tmp_path, port):
        listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        addresses = {fields[1] for fields in listening if fields[3] == "0A" and fields[1].endswith(f":{port:04X}")}
    assert addresses == {f"0100007F:{port:04X}"}


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(PortTakenError, match="PORT="):
            Emulator(tmp_path, taken.getsockname()[1]).start()


def test_it_stops_and_saves_when_its_starter_is_killed(tmp_path: Path) -> None:
    port = free_port()
    starter = subprocess.Popen(
        [sys.executable, "-c", _STARTS_ONE_AND_WAITS, str(tmp_path), str(port)], cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    assert starter.stdout is not None
    with starter, starter.stdout:
        assert starter.stdout.readline() == b"started\n"
        Aws(f"http://{HOST}:{port}").sqs.create_queue(QueueName="kept")
        os.kill(starter.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while listens(port) or not (tmp_path / "state" / "sqs.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
