"""What People holds that an alert may carry, and the record of what left (LGPD arts. 9 V, 18 VII). Implements `alerts.ports.People`.

Under a person id lies, for each channel that got something of theirs, `shared#CHANNEL`: to whom, in which country, which fields ever, how
often, first and last. It is kept as long as what it tells of.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from shared.alerts.channel import Channel
from shared.alerts.ports import PersonFacts
from shared.answer import Answer
from shared.intake.ports import PeopleBusyError
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.facts import facts_in, own
from shared.store.people import PROFILE, comment_key
from shared.store.person_keys import PersonKeys
from shared.store.settings import pause_with_jitter
from shared.store.tables import PersonItem, connection

SHARED: Final = "shared#"
_TRIES: Final = 4


class PeopleSharing:
    """The part of People that alerts read and write."""

    def __init__(self, keys: PersonKeys) -> None:
        """Take what opens what is sealed."""
        self._keys = keys

    def facts(self, answer: Answer) -> PersonFacts:
        """What is held now, strongly read, and only what is the answer's own: no comment that another key left there.

        Nothing of a person who was erased, or whose key is gone.
        """
        profile, comment = _held(answer.person_id, PROFILE), own(_held(answer.person_id, comment_key(answer.key.answer_id)), answer)
        if "erased" in profile or not (profile or comment):
            return PersonFacts()
        return facts_in(answer, profile, comment, self._keys.find(answer.person_id))

    def record_sharing(self, person_id: str, channel: Channel, fields: Sequence[str], now: datetime, keep_until: datetime | None) -> bool:
        """Write that these fields are about to be sent to the channel; False, and nothing written, once the person was erased."""
        for attempt in range(_TRIES):
            transaction = TransactWrite(connection=connection())
            transaction.condition_check(PersonItem, person_id, PROFILE, condition=PersonItem.erased.does_not_exist())
            transaction.update(PersonItem(person_id, SHARED + channel.channel_id), actions=_recording(channel, fields, now, keep_until))
            try:
                transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
            except TransactWriteError as error:
                reasons = transactions.reasons(error)
                if transactions.CONDITION in reasons:
                    return False
                if not transactions.is_busy(reasons):
                    raise
                pause_with_jitter(attempt)
            else:
                return True
        raise PeopleBusyError


def _held(person_id: str, sk: str) -> dict[str, Any]:
    try:
        return PersonItem.get(person_id, sk, consistent_read=True).attribute_values
    except PersonItem.DoesNotExist:
        return {}


def _recording(channel: Channel, fields: Sequence[str], now: datetime, keep_until: datetime | None) -> list[Action]:
    receiver = {"name": channel.settings.name, "kind": channel.kind.value, "host": channel.host, "country": channel.settings.country}
    at = milliseconds(now)
    actions: list[Action] = [
        PersonItem.receiver.set(receiver),
        PersonItem.fields.add(set(fields)),
        PersonItem.times.add(1),
        PersonItem.first_at.set(PersonItem.first_at | at),
        PersonItem.last_at.set(at),
    ]
    if keep_until is not None:
        actions.append(PersonItem.expires_at.set(int(keep_until.timestamp())))
    return actions
