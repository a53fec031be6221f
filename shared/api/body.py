"""Bodies of requests: size, JSON, shape, texts. What is refused is described from what is expected, never from what came in."""

from collections.abc import Iterator
from typing import Final

import msgspec

from shared.api.problem import FieldError, Invalid, Malformed, TooLarge
from shared.phrase import Phrase

LARGEST: Final = 16 * 1024
_ESCAPED_NUL: Final = b"\\u0000"


class FieldRuleError(ValueError):
    """A rule between fields, raised by a Struct's `__post_init__`: `pointer` relative to the Struct, `detail` in our words."""

    def __init__(self, pointer: str, detail: str) -> None:
        """Keep both for the answer."""
        super().__init__(detail)
        self.pointer = pointer
        self.detail = detail


def decode[Body: msgspec.Struct](body: bytes, kind: type[Body], largest: int = LARGEST) -> Body:
    """Read a body as `kind`.

    Raises `TooLarge` over `largest` bytes (16 KB), before parsing; `Malformed` unless it is one JSON object in UTF-8 (a lone surrogate is
    not); `Invalid` with where and how to put it right.
    """
    refuse_large(body, largest)
    try:
        decoded = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise _refusal(error, kind) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed from None
    if _ESCAPED_NUL in body:
        _refuse_nul(decoded)
    return decoded


def refuse_large(body: bytes, largest: int) -> None:
    """Refuse what is longer than that, before anything reads it. Raises `TooLarge`."""
    if len(body) > largest:
        raise TooLarge(None if largest == LARGEST else Phrase("Send at most {kilobytes} KB.", kilobytes=largest // 1024))


def _refusal(error: msgspec.ValidationError, kind: type[msgspec.Struct]) -> Malformed | Invalid:
    from shared.api.expectation import expectation  # noqa: PLC0415 - costs a cold start, and most bodies are right

    expected = expectation(str(error), kind)
    if expected is None:
        return Malformed()
    pointer, detail = expected
    if isinstance(rule := error.__cause__, FieldRuleError):
        pointer, detail = pointer + rule.pointer, rule.detail
    return Invalid(errors=[FieldError(pointer, detail)])


def _refuse_nul(decoded: msgspec.Struct) -> None:
    """No text may hold the character NUL: it ends texts early in whatever reads them next."""
    for name in decoded.__struct_fields__:
        if any("\0" in text for text in _texts(getattr(decoded, name))):
            raise Invalid(errors=[FieldError(f"/{name}", "a text without the character NUL (U+0000) is expected")])


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(name)
            yield from _texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
