"""Reading many items of a table in few calls."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pynamodb.models import Model

from shared.store.settings import pause_with_jitter
from shared.store.tables import connection

MOST_KEYS: Final = 100
"""Of one call (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html)."""
_TRIES: Final = 6


class UnreadItemsError(Exception):
    """DynamoDB left keys of a batch unread time after time."""


def raw_items(model: type[Model], keys: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The items of at most `MOST_KEYS` keys, strongly read, in no order; asks again for what DynamoDB left out (UnprocessedKeys)."""
    table = model.Meta.table_name
    left: list[dict[str, str]] = [{"pk": pk, "sk": sk} for pk, sk in keys]
    for attempt in range(_TRIES):
        page = connection().batch_get_item(table, left, consistent_read=True)  # type: ignore[arg-type]  # annotated as plain strings
        yield from page["Responses"].get(table, [])
        unread = page["UnprocessedKeys"].get(table, {}).get("Keys", [])
        if not unread:
            return
        left = [{"pk": raw["pk"]["S"], "sk": raw["sk"]["S"]} for raw in unread]
        pause_with_jitter(attempt)
    raise UnreadItemsError
