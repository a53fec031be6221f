"""Types of msgspec in plain words: what a body's field has to be."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from msgspec import inspect

from shared.phrase import Phrase


class _Sizes(NamedTuple):
    """How what has a length is described, by which of its bounds are known."""

    free: Phrase
    least: str
    most: str
    both: str


_TEXT: Final = _Sizes(
    Phrase("a text"),
    "a text of at least {least} characters",
    "a text of at most {most} characters",
    "a text of {least} to {most} characters",
)
_LIST: Final = _Sizes(
    Phrase("a list"), "a list of at least {least} entries", "a list of at most {most} entries", "a list of {least} to {most} entries"
)
_OBJECT: Final = _Sizes(
    Phrase("an object"),
    "an object of at least {least} entries",
    "an object of at most {most} entries",
    "an object of {least} to {most} entries",
)


def plain(node: inspect.Type) -> inspect.Type:
    """What an optional field holds where it holds something."""
    if isinstance(node, inspect.Metadata):
        return plain(node.type)
    if isinstance(node, inspect.UnionType):
        return plain(next(kind for kind in node.types if not isinstance(kind, inspect.NoneType)))
    return node


def describe(node: inspect.Type) -> Phrase:
    """What a value of that type has to be."""
    match plain(node):
        case inspect.BoolType():
            words = Phrase("true or false")
        case inspect.IntType() as number:
            words = _number(number.ge, number.le)
        case inspect.StrType() as text:
            words = _sized(_TEXT, text.min_length, text.max_length)
            if text.pattern:
                words = Phrase("{text} that matches {pattern}", text=words, pattern=Phrase(text.pattern))
        case inspect.DateType():
            words = Phrase("a day of the calendar, YYYY-MM-DD,")
        case inspect.LiteralType() as literal:
            words = _one_of(literal.values)
        case inspect.EnumType() as enum:
            words = _one_of(member.value for member in enum.cls)
        case other:
            words = _describe_other(other)
    return words


def _describe_other(node: inspect.Type) -> Phrase:
    match node:
        case inspect.VarTupleType() as items:
            return _sized(_LIST, items.min_length, items.max_length)
        case inspect.TupleType() as items:
            return Phrase("a list of {count} entries", count=len(items.item_types))
        case inspect.DateTimeType():
            return Phrase("an instant like 2026-03-14T15:00:00Z")
        case inspect.DictType() as entries:
            return _sized(_OBJECT, entries.min_length, entries.max_length)
    return _OBJECT.free


def _one_of(values: Iterable[object]) -> Phrase:
    return Phrase("one of {values}", values=tuple(map(str, values)))


def _number(lowest: float | None, highest: float | None) -> Phrase:
    if lowest is None:
        return Phrase("a whole number") if highest is None else Phrase("a whole number to {highest}", highest=str(highest))
    if highest is None:
        return Phrase("a whole number from {lowest}", lowest=str(lowest))
    return Phrase("a whole number from {lowest} to {highest}", lowest=str(lowest), highest=str(highest))


def _sized(sizes: _Sizes, least: int | None, most: int | None) -> Phrase:
    if most is None:
        return Phrase(sizes.least, least=least) if least else sizes.free
    return Phrase(sizes.both, least=least, most=most) if least else Phrase(sizes.most, most=most)
