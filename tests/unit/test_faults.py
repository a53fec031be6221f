"""What is logged of an exception."""

from collections.abc import Callable

from botocore.exceptions import ClientError
from pynamodb.exceptions import PutError

from shared.faults import describe

SECRET = "maria@cliente.example"


def caught(failing: Callable[[], object]) -> Exception:
    try:
        failing()
    except Exception as error:  # noqa: BLE001 - whatever it is
        return error
    raise AssertionError("it did not fail")


def deep(levels: int) -> None:
    if levels:
        deep(levels - 1)
    raise ValueError(SECRET)


def wrapped() -> None:
    try:
        deep(2)
    except ValueError as error:
        raise LookupError(SECRET) from error


def test_types_and_places_are_told_and_messages_are_not() -> None:
    fields = describe(caught(wrapped))
    assert fields["error_types"] == ["builtins.LookupError", "builtins.ValueError"]
    assert SECRET not in repr(fields)
    assert "error_code" not in fields


def test_the_innermost_place_comes_first_and_few_are_told() -> None:
    frames = describe(caught(lambda: deep(100)))["error_frames"]
    assert isinstance(frames, list)
    assert len(frames) == 12
    assert frames[0].startswith("test_faults.py:")
    assert frames[0].endswith(" deep")


def test_the_stores_own_code_is_told() -> None:
    cause = ClientError({"Error": {"Code": "ThrottlingException", "Message": SECRET}}, "PutItem")
    fields = describe(PutError(SECRET, cause))
    assert fields["error_code"] == "ThrottlingException"
    assert SECRET not in repr(fields)


def test_a_chain_that_bites_its_tail_ends() -> None:
    first, second = ValueError(SECRET), ValueError(SECRET)
    first.__cause__, second.__cause__ = second, first
    assert describe(first)["error_types"] == ["builtins.ValueError", "builtins.ValueError"]
