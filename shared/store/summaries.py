"""Subscriptions of the weekly summary in the registry, and which letters are sent: one a user, time zone and week."""

from datetime import date, datetime, timedelta
from typing import Final

from shared.store.answer_items import milliseconds
from shared.store.registry import find_item, written
from shared.store.tables import RegistryItem
from shared.summary.subscription import Subscription

_WANTED: Final = "summary"
_SENT: Final = "summary_sent"
_REMEMBERED: Final = timedelta(days=14)


class Summaries:
    """The repository of subscriptions."""

    def find(self, user_id: str) -> Subscription | None:
        """A user's, if they want it."""
        item = find_item(_WANTED, user_id)
        return Subscription(item.sk, item.name) if item else None

    def list(self) -> tuple[Subscription, ...]:
        """All of them."""
        return tuple(Subscription(item.sk, item.name) for item in RegistryItem.query(_WANTED, consistent_read=True))

    def begin(self, subscription: Subscription, now: datetime) -> None:
        """Have it sent; who has it sent already keeps the link that they have."""
        item = RegistryItem(_WANTED, subscription.user_id, name=subscription.secret, created_at=milliseconds(now))
        written(lambda: item.save(RegistryItem.pk.does_not_exist()))

    def end(self, user_id: str) -> None:
        """Have it sent no more."""
        RegistryItem(_WANTED, user_id).delete()

    def claim(self, user_id: str, time_zone: str, monday: date, now: datetime) -> bool:
        """Whether the letter of that week is the caller's to send."""
        expires_at = int((now + _REMEMBERED).timestamp())
        item = RegistryItem(_SENT, _letter(user_id, time_zone, monday), expires_at=expires_at)
        return written(lambda: item.save(RegistryItem.pk.does_not_exist()))

    def give_back(self, user_id: str, time_zone: str, monday: date) -> None:
        """It could not be sent; the next run tries again."""
        RegistryItem(_SENT, _letter(user_id, time_zone, monday)).delete()


def _letter(user_id: str, time_zone: str, monday: date) -> str:
    return f"{user_id}#{time_zone}#{monday.isoformat()}"
