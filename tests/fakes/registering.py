"""Keeping channels, in memory; and SNS, as far as its subscriptions go."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from shared.alerts import verification
from shared.alerts.call import CallError, CallFailed, Reply
from shared.alerts.challenge import Challenge
from shared.alerts.channel import Channel, ChannelKind, ChannelSettings
from shared.alerts.channel_rules import FilterPolicy
from shared.alerts.guard import Guard, Resolver
from shared.alerts.outcome import Outcome, Result
from shared.alerts.register import AlreadySubscribedError
from shared.alerts.registration import Made, Registering
from tests.fakes.channels import MemoryChannels
from tests.fakes.deliveries import MemoryDeliveries
from tests.fakes.memory import Memory
from tests.fakes.samples import NOON
from tests.hostile import PUBLIC, Names


class MemoryRegister(MemoryChannels):
    """Implements `Register`."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory)
        self.addresses: dict[str, str] = {}
        self.secrets: dict[str, list[tuple[str, datetime | None]]] = {}
        self.challenges: dict[str, Challenge] = {}

    def list(self) -> Sequence[Channel]:
        with self.memory.call("list"):
            return list(self.channels.values())

    def create(self, channel: Channel, address: str, secret: str | None) -> bool:
        with self.memory.call("create"):
            if channel.channel_id in self.channels:
                return False
            self.channels[channel.channel_id] = channel
            self.addresses[channel.channel_id] = address
            self.secrets[channel.channel_id] = [(secret, None)] if secret else []
            return True

    def replace(self, channel: Channel, seen: int, address: str | None = None) -> bool:
        with self.memory.call("replace"):
            there = self.channels.get(channel.channel_id)
            if there is None or there.revision != seen:
                return False
            self.channels[channel.channel_id] = channel
            if address is not None:
                self.addresses[channel.channel_id] = address
            return True

    def delete(self, channel_id: str) -> bool:
        with self.memory.call("delete"):
            there = channel_id in self.channels
            for kept in (self.channels, self.addresses, self.secrets, self.challenges):
                kept.pop(channel_id, None)
            return there

    def address(self, channel_id: str) -> str:
        return self.addresses[channel_id]

    def signing_secrets(self, channel_id: str, now: datetime) -> Sequence[str]:
        return tuple(secret for secret, until in self.secrets[channel_id] if until is None or now < until)

    def replace_secret(self, channel_id: str, secret: str, now: datetime) -> datetime | None:
        until = now + timedelta(hours=24)
        self.secrets[channel_id] = [(secret, None), (self.secrets[channel_id][0][0], until)]
        return until

    def challenge(self, channel_id: str) -> Challenge | None:
        with self.memory.call("challenge"):
            return self.challenges.get(channel_id)

    def set_challenge(self, channel_id: str, seen: Challenge | None, new: Challenge | None) -> bool:
        with self.memory.call("set_challenge"):
            if self.challenges.get(channel_id) != seen:
                return False
            if new is None:
                self.challenges.pop(channel_id, None)
            else:
                self.challenges[channel_id] = new
            return True


@dataclass
class Subscribed:
    """One subscription."""

    address: str
    policy: FilterPolicy
    confirmed: bool = False


@dataclass
class MemorySubscriptions:
    """Implements `Subscriptions`."""

    there: dict[str, Subscribed] = field(default_factory=dict)

    def subscribe(self, kind: ChannelKind, address: str, policy: FilterPolicy) -> str:
        for arn, subscribed in self.there.items():
            if subscribed.address == address:
                if subscribed.policy != policy:
                    raise AlreadySubscribedError
                return arn
        arn = f"arn:aws:sns:sa-east-1:1:topic:{len(self.there)}"
        self.there[arn] = Subscribed(address, policy, confirmed=kind is ChannelKind.SNS_SMS)
        return arn

    def is_confirmed(self, subscription: str) -> bool | None:
        found = self.there.get(subscription)
        return found.confirmed if found else None

    def set_policy(self, subscription: str, policy: FilterPolicy) -> None:
        if subscription in self.there:
            self.there[subscription].policy = policy

    def unsubscribe(self, subscription: str) -> None:
        self.there.pop(subscription, None)


type Answering = Callable[[bytes], tuple[int, bytes] | CallError]


@dataclass
class EchoingCaller:
    """Implements `Caller`: receivers that echo what they are sent, unless a test says how they answer."""

    register: MemoryRegister
    answering: Answering = lambda body: (200, body)
    calls: list[tuple[str, bytes]] = field(default_factory=list)

    def call(self, channel: Channel, message_id: str, body: bytes, content_type: str) -> Reply:
        assert message_id.startswith("msg_")
        assert content_type.startswith("application/json")
        self.calls.append((self.register.address(channel.channel_id), body))
        answered = self.answering(body)
        if isinstance(answered, CallError):
            raise CallFailed(answered, 15_000)
        return Reply(status=answered[0], duration_ms=20, body=answered[1])


class RegisteringHouse:
    """All that registering needs, with a clock that a test moves and randomness that counts."""

    def __init__(self, resolver: Resolver | None = None) -> None:
        self.now = NOON
        self.memory = Memory()
        self.register = MemoryRegister(self.memory)
        self.subscriptions = MemorySubscriptions()
        self.caller = EchoingCaller(self.register)
        self.deliveries = MemoryDeliveries(self.memory)
        self._drawn = 0
        names = resolver or Names({name: [PUBLIC] for name in ("cs.example.com", "hooks.slack.com", "discord.com", "chat.googleapis.com")})
        self.work = Registering(
            register=self.register,
            deliveries=self.deliveries,
            subscriptions=self.subscriptions,
            guard=Guard(names),
            caller=self.caller,
            now=lambda: self.now,
            random_bytes=self._random,
        )

    def _random(self, count: int) -> bytes:
        self._drawn += 1
        return self._drawn.to_bytes(count)


HOOK: Final = "https://cs.example.com/hook?key=s3cret"
SLACK: Final = "https://hooks.slack.com/services/T0/B0/s3cret"
PLAIN: Final = ChannelSettings(name="Sala do CS")


def register(
    house: RegisteringHouse,
    kind: ChannelKind = ChannelKind.WEBHOOK,
    address: str = HOOK,
    **settings: Any,  # noqa: ANN401 - any setting
) -> tuple[Made, Outcome]:
    return verification.register(kind, address, replace(PLAIN, **settings), house.work)


def in_room(house: RegisteringHouse) -> Channel:
    made, outcome = register(house, ChannelKind.SLACK, SLACK)
    assert outcome == Outcome(Result.CODE_SENT, 200)
    return made.channel


def code_in(house: RegisteringHouse) -> str:
    """The six digits that stand in the room's last message."""
    code: str
    [code] = set(re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", house.caller.calls[-1][1].decode()))
    return code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"
