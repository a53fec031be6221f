"""Tables as a copy left them, read through from end to end. Implements `privacy.replaying.Restored`; for operators, no function does it."""

from collections.abc import Iterator
from itertools import batched
from typing import Final

from pynamodb.pagination import ResultIterator

from shared.answer import NOBODY, AnswerKey
from shared.privacy.replaying import Trace
from shared.store import delivery_items
from shared.store.answers import key_of, read_raw
from shared.store.erasing_people import delete_lookup
from shared.store.invitations import INVITATION
from shared.store.tables import AnswerItem, DeliveryItem, PersonItem, PersonKeyItem

_LOOKUP: Final = "lookup#"
_BATCH: Final = 100


class RestoredTables:
    """Answers, Deliveries, People and Keys."""

    def answers(self) -> Iterator[tuple[AnswerKey, str]]:
        """Every answer that names somebody, readable otherwise or not."""
        return ResultIterator(
            AnswerItem._get_connection().scan,  # noqa: SLF001 - Model.scan stops at the first item it cannot read
            (),
            {
                "attributes_to_get": ["pk", "sk", "person_id"],
                "filter_condition": AnswerItem.person_id.exists() & (AnswerItem.person_id != NOBODY),
                "consistent_read": True,
            },
            map_fn=lambda raw: (key_of(raw), raw["person_id"]["S"]),
        )

    def messages(self) -> Iterator[str]:
        """The ids of the messages about anonymised answers."""
        about_answers = (DeliveryItem.sk == delivery_items.MESSAGE) & DeliveryItem.answer_id.exists()
        there = DeliveryItem.scan(about_answers, attributes_to_get=["pk", "sk", "partition", "answer_id"], consistent_read=True)
        for some in batched(there, _BATCH, strict=False):
            keys = {AnswerKey(item.partition, item.answer_id) for item in some}
            nobodys = {key_of(raw) for raw in read_raw(list(keys)) if "anonymised_at" in raw}
            for item in some:
                if AnswerKey(item.partition, item.answer_id) in nobodys:
                    yield item.pk.removeprefix("message#")

    def traces(self) -> Iterator[Trace]:
        """Every place in People and Keys that names a person."""
        for item in PersonItem.scan(attributes_to_get=["pk", "sk", "person_id"], consistent_read=True):
            leads_to_somebody = item.pk.startswith((_LOOKUP, INVITATION))
            yield Trace(item.person_id, f"{item.pk}#{item.sk}") if leads_to_somebody else Trace(item.pk)
        for key in PersonKeyItem.scan(attributes_to_get=["pk", "sk"], consistent_read=True):
            yield Trace(key.pk)

    def unlink(self, trace: Trace) -> bool:
        """Delete a lookup or an invitation, if it still leads to that person; False where it does not."""
        lookup, _, sort_key = (trace.lookup or "").rpartition("#")
        return bool(lookup) and delete_lookup(lookup, sort_key, trace.person_id)
