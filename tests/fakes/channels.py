"""Channels, and who is told of their end, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from shared.alerts.channel import Channel, ChannelKind, ChannelSettings, ChannelStatus, QuietHours, Rules, StatusReason
from tests.fakes.memory import Memory
from tests.fakes.samples import NOON


class MemoryChannels:
    """Implements `Channels`. Addresses and secrets follow from the channel's id."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.channels: dict[str, Channel] = {}
        self.stale: list[Channel] | None = None
        """What a warm function knows, where it knows less than there is."""

    def find(self, channel_id: str) -> Channel | None:
        with self.memory.call("find_channel"):
            return self.channels.get(channel_id)

    def verified(self) -> Sequence[Channel]:
        with self.memory.call("verified"):
            known = list(self.channels.values()) if self.stale is None else self.stale
            return [channel for channel in known if channel.verified_at is not None and not channel.kind.is_subscription]

    def address(self, channel_id: str) -> str:
        return f"https://{channel_id}.example/hook"

    def signing_secrets(self, channel_id: str, now: datetime) -> Sequence[str]:
        del now
        return (f"whsec_{channel_id}",)

    def disable(self, channel_id: str, reason: StatusReason, now: datetime) -> bool:
        with self.memory.call("disable"):
            there = self.channels.get(channel_id)
            if there is None or there.status is not ChannelStatus.ACTIVE:
                return False
            self.change(channel_id, status=ChannelStatus.DISABLED, status_reason=reason, disabled_at=now, owner_told_at=None)
            return True

    def owner_told(self, channel_id: str, now: datetime) -> None:
        with self.memory.call("owner_told"):
            if channel_id in self.channels:
                self.change(channel_id, owner_told_at=now)

    def change(self, channel_id: str, **changes: Any) -> None:  # noqa: ANN401 - any field
        """What a manager, or the system, changes of a channel."""
        there = self.channels[channel_id]
        self.channels[channel_id] = replace(there, revision=there.revision + 1, **changes)


@dataclass
class MemoryNotices:
    """Implements `Notices`."""

    memory: Memory
    given: list[tuple[str, StatusReason]] = field(default_factory=list)

    def disabled(self, channel: Channel, reason: StatusReason) -> None:
        with self.memory.call("notice"):
            self.given.append((channel.channel_id, reason))


def id_of(name: str) -> str:
    """The id of the channel with that name."""
    return f"ch_{name:2<16}"


def rules_of(**given: Any) -> Rules:  # noqa: ANN401 - any rule
    """Rules; quiet hours as (begins, ends) or with all that they are made of."""
    quiet = given.pop("quiet", None)
    return Rules(**given, quiet_hours=QuietHours(begins=quiet[0], ends=quiet[1]) if isinstance(quiet, tuple) else quiet)


def channel_of(name: str = "sala", kind: ChannelKind = ChannelKind.WEBHOOK, rules: Rules | None = None, **settings: Any) -> Channel:  # noqa: ANN401 - any setting
    """An active channel that takes all and waits for nobody, unless it is told otherwise."""
    given: dict[str, Any] = {"name": name, "rules": rules or Rules(), "wait_seconds": 0}
    return Channel(
        channel_id=id_of(name),
        kind=kind,
        settings=ChannelSettings(**given | settings),
        status=ChannelStatus.ACTIVE,
        host=f"{name}.example",
        created_at=NOON,
        verified_at=NOON,
    )
