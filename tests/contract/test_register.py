"""What keeping channels counts on: of the register in memory, which its tests use, and of the registry's."""

from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws
from msgspec.structs import replace

from shared.alerts.challenge import challenge_of
from shared.alerts.register import Register
from shared.store.channels import ChannelStore
from shared.store.sealing import Sealing
from shared.store.tables import RegistryItem, bind, forget_connection
from tests.fakes.channels import channel_of
from tests.fakes.memory import Memory
from tests.fakes.registering import MemoryRegister
from tests.fakes.samples import NOON

ADDRESS, OTHER = "https://hooks.example/segredo", "https://hooks.example/outro"
SECRET = "whsec_c2VncmVkbw=="
CHANNEL = replace(channel_of(), channel_id="ch_" + "a" * 16)
ID = CHANNEL.channel_id
CHANGED = replace(CHANNEL, host="hooks.example", revision=2)
FIRST, SECOND = (challenge_of(code, ADDRESS, ID, NOON) for code in ("123456", "654321"))


@pytest.fixture(params=["memory", "registry"])
def register(request: pytest.FixtureRequest) -> Iterator[Register]:
    if request.param == "memory":
        yield MemoryRegister(Memory())
        return
    forget_connection()
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="registry",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        bind(RegistryItem, "registry")
        yield ChannelStore(Sealing(boto3.client("kms").create_key()["KeyMetadata"]["Arn"]))
    forget_connection()


def test_a_new_channel_comes_with_what_is_sealed_of_it(register: Register) -> None:
    assert register.create(CHANNEL, ADDRESS, SECRET)
    assert (register.find(ID), list(register.list())) == (CHANNEL, [CHANNEL])
    assert (register.address(ID), tuple(register.signing_secrets(ID, NOON))) == (ADDRESS, (SECRET,))


def test_an_id_that_is_taken_keeps_its_channel(register: Register) -> None:
    register.create(CHANNEL, ADDRESS, SECRET)
    assert not register.create(replace(CHANNEL, host="other.example"), OTHER, None)
    assert (register.find(ID), register.address(ID)) == (CHANNEL, ADDRESS)


@pytest.mark.parametrize(("address", "after"), [(None, ADDRESS), (OTHER, OTHER)])
def test_a_change_takes_its_address_along(register: Register, address: str | None, after: str) -> None:
    register.create(CHANNEL, ADDRESS, SECRET)
    assert register.replace(CHANGED, 1, address)
    assert (register.find(ID), register.address(ID)) == (CHANGED, after)
    assert tuple(register.signing_secrets(ID, NOON)) == (SECRET,)


@pytest.mark.parametrize("address", [None, OTHER])
def test_a_change_of_a_passed_revision_changes_nothing(register: Register, address: str | None) -> None:
    register.create(CHANNEL, ADDRESS, SECRET)
    register.replace(CHANGED, 1)
    assert not register.replace(replace(CHANNEL, host="late.example", revision=2), 1, address)
    assert (register.find(ID), register.address(ID)) == (CHANGED, ADDRESS)


@pytest.mark.parametrize("address", [None, OTHER])
def test_a_deleted_channel_cannot_be_changed(register: Register, address: str | None) -> None:
    register.create(CHANNEL, ADDRESS, SECRET)
    assert register.delete(ID)
    assert not register.delete(ID)
    assert not register.replace(CHANGED, 1, address)
    assert register.find(ID) is None


def test_a_rotated_secret_is_signed_with_beside_the_one_before(register: Register) -> None:
    register.create(CHANNEL, ADDRESS, SECRET)
    assert register.replace_secret(ID, "whsec_bm92bw==", NOON) == NOON + timedelta(hours=24)
    assert tuple(register.signing_secrets(ID, NOON)) == ("whsec_bm92bw==", SECRET)


def test_a_code_is_replaced_as_it_was_seen_and_never_otherwise(register: Register) -> None:
    assert register.challenge(ID) is None
    assert not register.set_challenge(ID, FIRST, SECOND)
    assert register.set_challenge(ID, None, FIRST)
    assert register.challenge(ID) == FIRST
    assert not register.set_challenge(ID, None, SECOND)
    assert not register.set_challenge(ID, SECOND, SECOND.tried())
    assert register.set_challenge(ID, FIRST, FIRST.tried())
    assert not register.set_challenge(ID, FIRST, FIRST.tried())
    assert register.challenge(ID) == FIRST.tried()
    assert not register.set_challenge(ID, FIRST, None)
    assert register.set_challenge(ID, FIRST.tried(), None)
    assert register.challenge(ID) is None


def test_a_code_goes_with_its_channel(register: Register) -> None:
    register.create(CHANNEL, ADDRESS, None)
    register.set_challenge(ID, None, FIRST)
    register.delete(ID)
    assert register.challenge(ID) is None
