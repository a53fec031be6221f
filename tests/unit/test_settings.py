"""A function's settings, from its environment."""

from dataclasses import dataclass, fields

import pytest

from functions.erase.composition import Settings as OfErase
from shared.store.settings import MissingVariableError, from_environment


@dataclass(frozen=True)
class Settings:
    """One that is needed, one that is not."""

    table: str
    mail_from: str = ""


def test_what_is_needed_is_missed_by_name_and_what_is_not_has_its_default() -> None:
    assert from_environment(Settings, {"TABLE": "a", "MAIL_FROM": "b"}) == Settings("a", "b")
    assert from_environment(Settings, {"TABLE": "a", "MAIL_FROM": ""}) == from_environment(Settings, {"TABLE": "a"}) == Settings("a")
    for without in ({}, {"TABLE": ""}, {"MAIL_FROM": "b"}):
        with pytest.raises(MissingVariableError, match="TABLE"):
            from_environment(Settings, without)


def test_a_deployment_without_an_address_to_send_codes_from_erases_all_the_same() -> None:
    environment = {field.name.upper(): "x" for field in fields(OfErase)} | {"MAIL_FROM": ""}  # as template.yaml has it by default
    assert from_environment(OfErase, environment).mail_from == ""
