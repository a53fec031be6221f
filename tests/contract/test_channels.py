"""What alerting counts on from Channels: of those in memory, which its tests use, and of the registry's; and what the registry adds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws
from msgspec.structs import replace

from shared.alerts.channel import Channel, ChannelKind, ChannelStatus
from shared.alerts.ports import Channels as Port
from shared.store.channels import ChannelStore, NoAddressError
from shared.store.registry import PREVIOUS_SECRET_LIVES
from shared.store.sealing import Sealing
from shared.store.tables import RegistryItem, bind, forget_connection
from tests.fakes.channels import MemoryChannels, channel_of, id_of, rules_of
from tests.fakes.memory import Memory
from tests.fakes.samples import NOON

ADDRESS = "https://hooks.example/segredo-endereco"
SECRET = "whsec_c2VncmVkbw=="
MINUTE = timedelta(minutes=1)


@dataclass
class Place:
    """A store, and how a channel comes into it."""

    store: Port
    put: Callable[[Channel], object]


@pytest.fixture
def registry() -> Iterator[ChannelStore]:
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


@pytest.fixture(params=["memory", "registry"])
def channels(request: pytest.FixtureRequest) -> Place:
    if request.param == "memory":
        memory = MemoryChannels(Memory())
        return Place(memory, lambda channel: memory.channels.update({channel.channel_id: channel}))
    store: ChannelStore = request.getfixturevalue("registry")
    return Place(store, store.create)


def test_a_channel_is_found_as_it_was_made(channels: Place) -> None:
    rules = rules_of(quiet=("22:00", "07:00"), words=("procon",), segments={"plan": ("pro",)}, digest="daily")
    channel = channel_of(rules=rules, include=("comment", "email"), kind=ChannelKind.SLACK)
    channels.put(channel)
    assert channels.store.find(channel.channel_id) == channel
    assert channels.store.find("ch_unknown") is None


def test_the_channels_that_were_ever_verified_and_that_we_call_may_have_to_be_told(channels: Place) -> None:
    told = [replace(channel_of(status), status=ChannelStatus(status)) for status in ("active", "paused", "disabled")]
    others = [
        replace(channel_of("novo"), status=ChannelStatus.UNVERIFIED, verified_at=None),
        channel_of("mail", ChannelKind.SNS_EMAIL),
        channel_of("sms", ChannelKind.SNS_SMS),
    ]
    for channel in (*told, *others):
        channels.put(channel)
    assert {channel.channel_id for channel in channels.store.verified()} == {channel.channel_id for channel in told}


def test_an_active_channel_is_disabled_once_and_says_why(channels: Place) -> None:
    channel = replace(channel_of(), owner_told_at=NOON)
    channels.put(channel)
    assert channels.store.disable(channel.channel_id, "failing", NOON + MINUTE)
    assert not channels.store.disable(channel.channel_id, "gone", NOON + 2 * MINUTE)
    assert not channels.store.disable("ch_unknown", "gone", NOON)
    found = channels.store.find(channel.channel_id)
    assert found is not None
    assert (found.status, found.status_reason, found.disabled_at) == (ChannelStatus.DISABLED, "failing", NOON + MINUTE)
    assert (found.owner_told_at, found.revision) == (None, channel.revision + 1)


@pytest.mark.parametrize("status", [ChannelStatus.PAUSED, ChannelStatus.UNVERIFIED, ChannelStatus.DISABLED])
def test_only_an_active_channel_is_disabled(channels: Place, status: ChannelStatus) -> None:
    channel = replace(channel_of(), status=status)
    channels.put(channel)
    assert not channels.store.disable(channel.channel_id, "gone", NOON)
    assert channels.store.find(channel.channel_id) == channel


def test_that_the_owner_was_told_is_written_down(channels: Place) -> None:
    channels.put(channel_of())
    channels.store.disable(channel_of().channel_id, "gone", NOON)
    channels.store.owner_told(channel_of().channel_id, NOON + MINUTE)
    found = channels.store.find(channel_of().channel_id)
    assert found is not None
    assert found.owner_told_at == NOON + MINUTE
    channels.store.owner_told("ch_unknown", NOON)


def raw() -> str:
    """All that lies in the registry."""
    return repr([item.attribute_values for item in RegistryItem.scan()])


def test_address_and_secret_are_kept_sealed_for_their_channel_alone(registry: ChannelStore) -> None:
    for name in ("sala", "outra"):
        assert registry.create(channel_of(name), ADDRESS, SECRET)
    assert registry.address(id_of("sala")) == ADDRESS
    assert registry.signing_secrets(id_of("sala"), NOON) == (SECRET,)
    assert ADDRESS not in raw()
    assert SECRET not in raw()
    assert "segredo" not in raw()
    stolen = RegistryItem.get("channel_address", id_of("sala"))
    RegistryItem("channel_address", id_of("outra"), sealed=stolen.sealed).save()
    with pytest.raises(Exception, match="InvalidCiphertext"):
        ChannelStore(registry._sealing).address(id_of("outra"))  # noqa: SLF001 - a container that has unsealed nothing yet


def test_a_channel_id_is_taken_once(registry: ChannelStore) -> None:
    assert registry.create(channel_of(), ADDRESS, SECRET)
    assert not registry.create(channel_of(), "https://other.example/", "whsec_other")
    assert registry.address(id_of("sala")) == ADDRESS


def test_a_change_replaces_the_revision_that_was_seen_and_no_other(registry: ChannelStore) -> None:
    registry.create(channel_of())
    renamed = replace(channel_of(), revision=2, settings=replace(channel_of().settings, name="Outra"))
    assert registry.replace(renamed, 1)
    assert registry.replace(renamed, 1)  # the same again, as a repeated request would
    assert not registry.replace(replace(renamed, host="other.example"), 1)
    assert registry.find(id_of("sala")) == renamed


def test_a_deleted_channel_leaves_nothing(registry: ChannelStore) -> None:
    registry.create(channel_of(), ADDRESS, SECRET)
    assert registry.delete(id_of("sala"))
    assert not registry.delete(id_of("sala"))
    assert list(RegistryItem.scan()) == []
    assert registry.find(id_of("sala")) is None
    assert registry.signing_secrets(id_of("sala"), NOON) == ()
    with pytest.raises(NoAddressError):
        registry.address(id_of("sala"))


def test_after_a_rotation_both_secrets_are_signed_with_for_a_day(registry: ChannelStore) -> None:
    registry.create(channel_of(), ADDRESS, SECRET)
    until = registry.replace_secret(id_of("sala"), "whsec_novo", NOON)
    assert until == NOON + PREVIOUS_SECRET_LIVES == NOON + timedelta(hours=24)
    assert registry.signing_secrets(id_of("sala"), NOON) == ("whsec_novo", SECRET)
    assert registry.signing_secrets(id_of("sala"), until - timedelta(milliseconds=1)) == ("whsec_novo", SECRET)
    assert registry.signing_secrets(id_of("sala"), until) == ("whsec_novo",)


def test_a_second_rotation_ends_the_first_secret(registry: ChannelStore) -> None:
    registry.create(channel_of(), ADDRESS, SECRET)
    registry.replace_secret(id_of("sala"), "whsec_novo", NOON)
    registry.replace_secret(id_of("sala"), "whsec_novissimo", NOON + MINUTE)
    assert registry.signing_secrets(id_of("sala"), NOON + 2 * MINUTE) == ("whsec_novissimo", "whsec_novo")


def test_a_channel_without_a_secret_has_none_to_replace(registry: ChannelStore) -> None:
    registry.create(channel_of("mail", ChannelKind.SNS_EMAIL))
    assert registry.replace_secret(id_of("mail"), "whsec_novo", NOON) is None
    assert registry.replace_secret("ch_unknown", "whsec_novo", NOON) is None


def test_a_channel_is_told_from_the_moment_it_is_there(registry: ChannelStore) -> None:
    assert registry.verified() == ()
    registry.create(channel_of())
    assert registry.verified() == (channel_of(),)


def test_channels_are_listed_by_id(registry: ChannelStore) -> None:
    made: list[Any] = [channel_of(name) for name in ("b", "a", "c")]
    for channel in made:
        registry.create(channel)
    assert [channel.channel_id for channel in registry.list()] == [id_of("a"), id_of("b"), id_of("c")]
