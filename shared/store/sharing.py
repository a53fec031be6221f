"""What People tells an alert, and the record of what of a person was shared with whom. Implements `alerts.ports.People`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from shared.alerts.ports import PersonFacts
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.people import PROFILE
from shared.store.settings import pause_with_jitter
from shared.store.tables import PersonItem, connection

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

    from shared.alerts.channel import Channel

_TRIES: Final = 5


class SharingBusyError(Exception):
    """The person's items kept changing under us; nothing may be sent until the record is written."""


class Sharing:
    """The part of People that alerting uses."""

    def facts(self, person_id: str, answer_id: str) -> PersonFacts:
        """What is held now, strongly read."""
        keys = [(person_id, PROFILE), (person_id, f"comment#{answer_id}")]
        found: dict[str, dict[str, Any]] = {item.sk: item.attribute_values for item in PersonItem.batch_get(keys, consistent_read=True)}
        person, comment = found.get(PROFILE, {}), found.get(f"comment#{answer_id}", {})
        if "erased" in person:
            return PersonFacts()
        until = person.get("expires_at") or comment.get("expires_at")
        return PersonFacts(
            comment=comment.get("text"),
            name=person.get("name"),
            email=person.get("email"),
            customer_id=person.get("customer_id"),
            keep_until=datetime.fromtimestamp(until, UTC) if until else None,
        )

    def record_sharing(self, person_id: str, channel: "Channel", fields: Sequence[str], now: datetime, keep_until: datetime | None) -> bool:
        """Write that these fields are about to be sent to the channel; False, and nothing written, once the person was erased."""
        actions: list[Action] = [
            PersonItem.shared_fields.add(set(fields)),
            PersonItem.shared_times.add(1),
            PersonItem.shared_with.set(f"{channel.kind}: {channel.settings.name} ({channel.host})"),
            PersonItem.country.set(channel.settings.country),
            PersonItem.created_at.set(PersonItem.created_at | milliseconds(now)),
            PersonItem.changed_at.set(milliseconds(now)),
        ]
        if keep_until is not None:
            actions.append(PersonItem.expires_at.set(int(keep_until.timestamp())))
        for attempt in range(_TRIES):
            transaction = TransactWrite(connection=connection())
            transaction.condition_check(PersonItem, person_id, PROFILE, condition=PersonItem.erased.does_not_exist())
            transaction.update(PersonItem(person_id, f"shared#{channel.channel_id}"), actions=actions)
            try:
                transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
            except TransactWriteError as error:
                codes = transactions.reasons(error)
                if transactions.CONDITION in codes:
                    return False
                if not transactions.is_busy(codes):
                    raise
                pause_with_jitter(attempt)
            else:
                return True
        raise SharingBusyError
