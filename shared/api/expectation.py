"""What a Struct expects where msgspec found something else, in plain words.

msgspec's messages may repeat what came in (an unknown field's name, a wrong enum value, both chosen by the sender, who can even imitate the
rest of a message). So of a message only the path is read, walked through the type, and what is said comes from the type alone.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from msgspec import Struct, inspect

_PATH: Final = re.compile(r" - at (?P<key>`key` in )?`\$(?P<path>[^`]*)`$")
_STEP: Final = re.compile(r"\.(?P<name>[a-z0-9_]{1,40})|\[(?P<index>[0-9]{1,4}|\.\.\.)\]")
_MISSING: Final = re.compile(r"^Object missing required field `(?P<name>[a-z_]{1,40})`")
_UNKNOWN: Final = "Object contains unknown field"


class Place(NamedTuple):
    """A place in a body: what is expected there, and its pointer.

    The pointer ends at a dictionary, whose entries are named by the sender; `within` says that the place lies inside it.
    """

    node: inspect.Type
    pointer: str = ""
    within: bool = False


def expectation(message: str, kind: type[Struct]) -> tuple[str, str] | None:
    """Where (RFC 6901) and what `kind` expects, for a ValidationError's message; None where the body is not even an object."""
    found = _PATH.search(message)
    place = _walk(inspect.type_info(kind), found["path"] if found else "")
    if not place.pointer and message.startswith("Expected `object`"):
        return None
    pointer, detail = _said_of(place, message, is_name=bool(found and found["key"]))
    return pointer, f"in its entries, {detail}" if place.within else detail


def _said_of(place: Place, message: str, *, is_name: bool) -> tuple[str, str]:
    node, pointer = place.node, place.pointer
    if isinstance(node, inspect.StructType):
        names = [field.encode_name for field in node.fields]
        if message.startswith(_UNKNOWN):
            return pointer, f"only these fields are allowed: {', '.join(names)}"
        if (missing := _MISSING.match(message)) and missing["name"] in names:
            name = missing["name"]
            return (pointer, f"{name} is required") if place.within else (f"{pointer}/{name}", "this field is required")
    if isinstance(node, inspect.DictType) and is_name:
        return pointer, f"{_describe(node.key_type)} is expected as each name"
    return pointer, f"{_describe(node)} is expected"


def _walk(root: inspect.Type, path: str) -> Place:
    """Follow a path such as `.segments[0].values[...]` as far as the type knows it."""
    place = Place(root)
    for step in _STEP.finditer(path):
        inner = _inner(place, step["name"], step["index"])
        if inner is None:
            break
        place = inner
    return place


def _inner(place: Place, name: str | None, index: str | None) -> Place | None:
    position = int(index) if index and index.isdigit() else None
    inner, part = None, name
    match place.node:
        case inspect.StructType() as struct if name:
            inner = next((field.type for field in struct.fields if field.encode_name == name), None)
        case inspect.DictType() as entries if index == "...":
            return Place(_plain(entries.value_type), place.pointer, within=True)
        case inspect.VarTupleType() as items if position is not None:
            inner, part = items.item_type, str(position)
        case inspect.TupleType() as items if position is not None and position < len(items.item_types):
            inner, part = items.item_types[position], str(position)
    if inner is None:
        return None
    return Place(_plain(inner), place.pointer if place.within else f"{place.pointer}/{part}", place.within)


def _plain(node: inspect.Type) -> inspect.Type:
    """What an optional field holds where it holds something."""
    if isinstance(node, inspect.Metadata):
        return _plain(node.type)
    if isinstance(node, inspect.UnionType):
        return _plain(next(kind for kind in node.types if not isinstance(kind, inspect.NoneType)))
    return node


def _describe(node: inspect.Type) -> str:
    match _plain(node):
        case inspect.BoolType():
            words = "true or false"
        case inspect.IntType() as number:
            words = "a whole number" + _range(number.ge, number.le)
        case inspect.StrType() as text:
            shape = f" that matches {text.pattern}" if text.pattern else ""
            words = "a text" + _size(text.min_length, text.max_length, "characters") + shape
        case inspect.DateType():
            words = "a day of the calendar, YYYY-MM-DD,"
        case inspect.LiteralType() as literal:
            words = _one_of(literal.values)
        case inspect.EnumType() as enum:
            words = _one_of(member.value for member in enum.cls)
        case inspect.VarTupleType() as items:
            words = "a list" + _size(items.min_length, items.max_length, "entries")
        case inspect.TupleType() as items:
            words = f"a list of {len(items.item_types)} entries"
        case inspect.DictType() as entries:
            words = "an object" + _size(entries.min_length, entries.max_length, "entries")
        case _:
            words = "an object"
    return words


def _one_of(values: Iterable[object]) -> str:
    return f"one of {', '.join(map(str, values))}"


def _range(lowest: float | None, highest: float | None) -> str:
    least = "" if lowest is None else f" from {lowest}"
    return least if highest is None else f"{least} to {highest}"


def _size(least: int | None, most: int | None, of_what: str) -> str:
    if most is None:
        return f" of at least {least} {of_what}" if least else ""
    return f" of {least} to {most} {of_what}" if least else f" of at most {most} {of_what}"
