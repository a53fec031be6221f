"""What every test stands on: nothing reaches beyond this machine, and one local deployment for those that need it."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import hypothesis
import pytest

from infra.local.emulator import free_port
from infra.local.home import announced, running_stack
from infra.local.stack import Stack
from tests.local_home import begin_deployed
from tests.local_stack import made_once, shared_stack
from tests.quick_aws import keep_clients, make_aws_quick, make_tables_atomic, make_transactions_cheap

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="sa-east-1",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    POWERTOOLS_METRICS_NAMESPACE="Recomenda",  # as template.yaml has it; Powertools reads it when a function is imported
)
for _name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
    os.environ.pop(_name, None)


# How long an example takes says how busy this machine is, not whether the code is right.
hypothesis.settings.register_profile("any-machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("any-machine")


_WAITING_FIRST: Final = ("e2e", "browser")
"""Folders whose tests mostly wait, for functions and for pages: one worker is at them while the others compute."""
_OVER_EVERYTHING: Final = ("test_numbers.py", "test_roles.py")
"""Files that have the night's work done, over every survey of the run: the first of their folder, as long as there are few."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {folder: place for place, folder in enumerate(_WAITING_FIRST)}
    items.sort(key=lambda item: (places.get(item.path.parent.name, len(places)), item.path.name not in _OVER_EVERYTHING))


@pytest.fixture(autouse=True, scope="session")
def _only_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: tuple[str, int] | str) -> None:
        if isinstance(address, tuple) and not _is_loopback(address[0]):  # anything but a socket in the file system
            raise ConnectionRefusedError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(autouse=True, scope="session")
def _quick_aws() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        make_aws_quick(patch)
        make_tables_atomic(patch)
        make_transactions_cheap(patch)
        keep_clients(patch)
        yield


@pytest.fixture(scope="session")
def stack_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where the deployment of the whole run keeps its state."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "stack"


@pytest.fixture(scope="session")
def stack(stack_home: Path) -> Iterator[Stack]:
    """The real template deployed on the emulator, `demo` open: one for the whole run, so a test makes a survey of its own."""
    with shared_stack(stack_home) as shared:
        yield shared


@pytest.fixture(scope="session")
def once(stack: Stack, stack_home: Path) -> Callable[[str, Callable[[], Any]], Any]:  # noqa: ARG001 - it is made there
    """Makes what tests only read, by its name: once in the whole run, whichever worker needs it first. It is kept as JSON."""
    return partial(made_once, stack_home)


@pytest.fixture
def start_stack() -> Callable[[Path], AbstractContextManager[Stack]]:
    """Starts a deployment of the test's own, which may stop and start again; used in a `with`, with the folder of its state."""

    @contextmanager
    def start(home: Path) -> Iterator[Stack]:
        begin_deployed(home)
        with running_stack(home, free_port(), print) as (started, _), announced(started, home):
            yield started

    return start


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
