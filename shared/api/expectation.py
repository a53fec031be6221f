"""What a Struct expects where msgspec found something else, in plain words.

msgspec's messages may repeat what came in (an unknown field's name, a wrong enum value, both chosen by the sender, who can even imitate the
rest of a message). So of a message only the path is read, walked through the type, and what is said comes from the type alone.
"""

import re
from typing import Final, NamedTuple

from msgspec import Struct, inspect

from shared.api.described import describe, plain
from shared.phrase import Phrase

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
    return pointer, Phrase("in its entries, {detail}", detail=detail) if place.within else detail


def _said_of(place: Place, message: str, *, is_name: bool) -> tuple[str, Phrase]:
    node, pointer = place.node, place.pointer
    if isinstance(node, inspect.StructType):
        names = [field.encode_name for field in node.fields]
        if message.startswith(_UNKNOWN):
            return pointer, Phrase("only these fields are allowed: {names}", names=tuple(names))
        if (missing := _MISSING.match(message)) and missing["name"] in names:
            name = missing["name"]
            if place.within:
                return pointer, Phrase("{name} is required", name=name)
            return f"{pointer}/{name}", Phrase("this field is required")
    if isinstance(node, inspect.DictType) and is_name:
        return pointer, Phrase("{what} is expected as each name", what=describe(node.key_type))
    return pointer, Phrase("{what} is expected", what=describe(node))


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
            return Place(plain(entries.value_type), place.pointer, within=True)
        case inspect.VarTupleType() as items if position is not None:
            inner, part = items.item_type, str(position)
        case inspect.TupleType() as items if position is not None and position < len(items.item_types):
            inner, part = items.item_types[position], str(position)
    if inner is None:
        return None
    return Place(plain(inner), place.pointer if place.within else f"{place.pointer}/{part}", place.within)
