"""What the widget and the console weigh, as they go over the wire."""

import json
from typing import Any

import pytest

from infra.assets import MANIFEST, build_assets


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("assets")
    build_assets(folder)
    read: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    return read


@pytest.fixture(scope="module")
def console_files(manifest: dict[str, Any]) -> dict[str, int]:
    return {name: manifest["files"][name]["gzip"] for name in manifest["console"]["files"]}


@pytest.fixture(scope="module")
def gzipped(manifest: dict[str, Any]) -> dict[str, int]:
    return {name: manifest["files"][file]["gzip"] for name, file in manifest["names"].items()}


def test_the_loader_is_at_most_3_kb(gzipped: dict[str, int]) -> None:
    assert gzipped["loader"] <= 3_000


def test_all_it_takes_to_ask_and_answer_is_at_most_8_kb(gzipped: dict[str, int]) -> None:
    assert gzipped["loader"] + gzipped["ask"] <= 8_000


def test_the_console_with_every_page_and_language_is_at_most_150_kb(console_files: dict[str, int]) -> None:
    assert sum(console_files.values()) <= 150_000


def test_what_the_console_needs_before_anything_is_seen_is_at_most_45_kb(manifest: dict[str, Any], console_files: dict[str, int]) -> None:
    console = manifest["console"]
    at_once = {console["script"], console["style"], *console["at_once"]}
    language = next(size for name, size in console_files.items() if "pt-BR" in name)
    assert sum(console_files[name] for name in at_once) + language <= 45_000
