"""The places that the contract of counting's ports is tested in: memory, AWS in this process (moto), the emulator."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from infra.local.emulator import CREDENTIALS, Emulator, free_port
from shared.store.session import session
from shared.store.tables import forget_connection
from tests.contract.places import Place, in_memory, on_aws


@pytest.fixture(scope="session")
def emulator_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An emulator of this worker's own, with nothing deployed."""
    with Emulator(tmp_path_factory.mktemp("emulator"), free_port()) as emulator:
        yield emulator.url


@pytest.fixture(scope="module", params=["memory", "moto", "emulator"])
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each place in turn, for all tests of a module: a connection takes longer to make than most tests."""
    yield from _reached(request)


@pytest.fixture(scope="module", params=["moto", "emulator"])
def aws_kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each place that speaks DynamoDB."""
    yield from _reached(request)


@pytest.fixture
def place(kind: str) -> Place:
    """Empty stores."""
    return in_memory() if kind == "memory" else on_aws()


@pytest.fixture
def aws_place(aws_kind: str) -> Place:
    """Empty tables."""
    assert aws_kind
    return on_aws()


def _reached(request: pytest.FixtureRequest) -> Iterator[str]:
    _forget()
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "moto":
            with mock_aws():
                yield request.param
        else:
            if request.param == "emulator":
                for name, value in CREDENTIALS.items():
                    patch.setenv(name, value)
                patch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("emulator_url"))
            yield request.param
    _forget()


def _forget() -> None:
    boto3.DEFAULT_SESSION = None  # it keeps the credentials of whichever test was the first to need it
    session.cache_clear()
    forget_connection()
