"""The console's words: the same ones in each language, none missing and none left over."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from infra.environments import ROOT

CONSOLE: Final = ROOT / "web" / "console"
LOCALES: Final = ("pt-BR", "en", "es")
MESSAGES: Final[dict[str, dict[str, str]]] = {
    locale: json.loads((CONSOLE / "messages" / f"{locale}.json").read_text(encoding="utf-8")) for locale in LOCALES
}
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
SAID: Final = re.compile(r"\b(?P<how>tn?|rich|has)\(\s*(?P<quote>[\"`])(?P<key>[\w.${}()?:\"' -]+?)(?P=quote)")
LITERAL: Final = re.compile(r"[a-z][\w-]*(\.[\w-]+)*")


def sources() -> list[Path]:
    return [path for path in CONSOLE.rglob("*") if path.suffix in {".js", ".jsx"}]


def quoted() -> set[str]:
    """Every text in the sources that is written as a key is, whole or as the beginning of one that is put together."""
    return {found for path in sources() for found in re.findall(r"[\"`]([\w.-]+)(?=[\"`$])", path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_each_language_says_the_same_things(locale: str) -> None:
    assert MESSAGES[locale].keys() == MESSAGES["pt-BR"].keys()


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_each_language_fills_in_the_same(locale: str) -> None:
    filled = {key: set(PLACEHOLDER.findall(text)) - {"n"} for key, text in MESSAGES[locale].items()}
    assert filled == {key: set(PLACEHOLDER.findall(text)) - {"n"} for key, text in MESSAGES["pt-BR"].items()}


@pytest.mark.parametrize("locale", LOCALES)
def test_no_message_is_empty_and_all_are_in_order(locale: str) -> None:
    assert all(text.strip() for text in MESSAGES[locale].values())
    assert list(MESSAGES[locale]) == sorted(MESSAGES[locale])


def test_what_the_sources_say_is_there() -> None:
    missing = set()
    for path in sources():
        for found in SAID.finditer(path.read_text(encoding="utf-8")):
            key = found["key"]
            wanted = f"{key}.other" if found["how"] == "tn" else key
            if LITERAL.fullmatch(key) and wanted not in MESSAGES["pt-BR"]:
                missing.add(f"{path.relative_to(CONSOLE)}: {key}")
    assert missing == set()


def test_no_message_is_left_over() -> None:
    said = quoted()
    starts = tuple(each for each in said if each.endswith("."))
    left = {
        key
        for key in MESSAGES["pt-BR"]
        if key not in said and re.sub(r"\.(one|many|other)$", "", key) not in said and not key.startswith(starts)
    }
    assert left == set()
