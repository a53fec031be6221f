"""What calls to DynamoDB cost: write units as it returns them, read units by the documented rules.

The emulator returns write units by the rules (1 KB a unit, twice that in a transaction) but charges any read as if it found one small item.
So reads are worked out here: a unit for every 4 KB begun of what is read strongly, half of it otherwise; a query by the sum of the items
that it looks at, filtered out ones too, page by page.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from botocore.client import BaseClient

READ_BLOCK: Final = 4096
WRITE_BLOCK: Final = 1024
_WRITES: Final = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})
_READS: Final = frozenset({"GetItem", "BatchGetItem", "Query"})

type _Call = Callable[[str, dict[str, Any]], dict[str, Any]]


@dataclass(slots=True)
class Units:
    """Units used, and by how many calls."""

    write: float = 0
    read: float = 0
    calls: dict[str, int] = field(default_factory=dict)


class NotMeteredError(Exception):
    """A call that the meter does not know how to charge."""


@contextmanager
def metered(client: "BaseClient") -> Iterator[Units]:
    """Count what goes through a botocore client, PynamoDB's or boto3's."""
    units = Units()
    usual: _Call = client._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - the one door that both libraries go through

    def counting(operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        response = usual(operation, arguments | {"ReturnConsumedCapacity": "TOTAL"})
        units.calls[operation] = units.calls.get(operation, 0) + 1
        if operation in _WRITES:
            units.write += _returned(response)
        elif operation in _READS:
            units.read += _read_units(operation, arguments, response, usual)
        else:
            raise NotMeteredError(operation)
        return response

    client._make_api_call = counting  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        yield units
    finally:
        del client._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001


def item_size(item: dict[str, dict[str, Any]]) -> int:
    """The bytes of an item as they are charged.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: dict[str, Any]) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "S" | "B":
            return len(content.encode() if kind == "S" else content)
        case "N":  # about a byte for every two significant digits, and one more
            return ceil(len(content.lstrip("-0").replace(".", "").rstrip("0")) / 2) + 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_size(inner) for name, inner in content.items())
        case "L":
            return 3 + sum(1 + _value_size(inner) for inner in content)
        case "SS":
            return sum(len(each.encode()) for each in content)
        case "BOOL" | "NULL":
            return 1
        case _:
            raise NotMeteredError(kind)


def _returned(response: dict[str, Any]) -> float:
    consumed = response["ConsumedCapacity"]
    return sum(float(table["CapacityUnits"]) for table in (consumed if isinstance(consumed, list) else [consumed]))


def _read_units(operation: str, arguments: dict[str, Any], response: dict[str, Any], call: _Call) -> float:
    if operation == "GetItem":
        return _blocks([item_size(response.get("Item", {}))], strong=arguments.get("ConsistentRead", False))
    if operation == "BatchGetItem":
        return sum(_batch_units(table, asked, response) for table, asked in arguments["RequestItems"].items())
    looked_at = response["Items"]
    if response["ScannedCount"] != response["Count"] or "ProjectionExpression" in arguments:
        looked_at = call(operation, _without_filter(arguments))["Items"][: response["ScannedCount"]]
    return _blocks([sum(map(item_size, looked_at))], strong=arguments.get("ConsistentRead", False))


def _batch_units(table: str, asked: dict[str, Any], response: dict[str, Any]) -> float:
    """An item that is not there is charged as the smallest."""
    found = response["Responses"].get(table, [])
    unread = response.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
    sizes = [item_size(item) for item in found] + [0] * (len(asked["Keys"]) - len(found) - len(unread))
    return _blocks(sizes, strong=asked.get("ConsistentRead", False))


def _without_filter(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same query with nothing filtered out and whole items, as they are charged; what only that named goes too."""
    plain = {name: value for name, value in arguments.items() if name not in {"FilterExpression", "ProjectionExpression", "Select"}}
    for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        kept = {name: value for name, value in arguments.get(kind, {}).items() if name in arguments["KeyConditionExpression"]}
        plain = {**plain, kind: kept} if kept else {name: value for name, value in plain.items() if name != kind}
    return plain


def _blocks(sizes: list[int], *, strong: bool) -> float:
    return sum(max(1, ceil(size / READ_BLOCK)) for size in sizes) * (1.0 if strong else 0.5)
