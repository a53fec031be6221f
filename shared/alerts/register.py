"""What keeping channels needs of the stores and of SNS, beyond what alerting does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.alerts.challenge import Challenge
from shared.alerts.channel import Channel, ChannelKind
from shared.alerts.channel_rules import FilterPolicy
from shared.alerts.ports import Channels


class Register(Channels, Protocol):
    """All channels, with what is sealed of them. Each write happens wholly or not at all."""

    def list(self) -> Sequence[Channel]:
        """All channels as they are now, by id."""

    def create(self, channel: Channel, address: str, secret: str | None) -> bool:
        """Store a new channel, its address and signing secret sealed; False, and nothing written, where its id is taken."""

    def replace(self, channel: Channel, seen: int, address: str | None = None) -> bool:
        """Store a changed channel, perhaps with another address, in place of revision `seen`; False where that has passed."""

    def delete(self, channel_id: str) -> bool:
        """Delete it with all that is sealed of it; False where there is none."""

    def replace_secret(self, channel_id: str, secret: str, now: datetime) -> datetime | None:
        """Make `secret` the one to sign with; until what is returned, the one before signs too. None where there is none to replace."""

    def challenge(self, channel_id: str) -> Challenge | None:
        """The code that was sent last, strongly read."""

    def set_challenge(self, channel_id: str, seen: Challenge | None, new: Challenge | None) -> bool:
        """Replace it if it is still as seen; False, and nothing written, otherwise."""


class SubscriptionRefusedError(Exception):
    """SNS does not take the address. The text never holds it."""


class AlreadySubscribedError(SubscriptionRefusedError):
    """Another subscription of the topic has the address."""


class Subscriptions(Protocol):
    """The topic's e-mail and SMS subscriptions."""

    def subscribe(self, kind: ChannelKind, address: str, policy: FilterPolicy) -> str:
        """Subscribe an address; SNS asks whoever has it to confirm. Returns the subscription's ARN. Raises `SubscriptionRefusedError`."""

    def is_confirmed(self, subscription: str) -> bool | None:
        """Whether it was confirmed; None where there is none any more, as SNS drops what nobody confirms."""

    def set_policy(self, subscription: str, policy: FilterPolicy) -> None:
        """Change what it hears of; nothing happens where there is none any more."""

    def unsubscribe(self, subscription: str) -> None:
        """End it, confirmed or not; again, it stays ended."""
