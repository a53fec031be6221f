"""What the widget weighs, as it goes over the wire."""

import json

import pytest

from infra.assets import MANIFEST, build_assets


@pytest.fixture(scope="module")
def gzipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    folder = tmp_path_factory.mktemp("assets")
    build_assets(folder)
    manifest = json.loads((folder / MANIFEST).read_text())
    return {name: manifest["files"][file]["gzip"] for name, file in manifest["names"].items()}


def test_the_loader_is_at_most_3_kb(gzipped: dict[str, int]) -> None:
    assert gzipped["loader"] <= 3_000


def test_all_it_takes_to_ask_and_answer_is_at_most_8_kb(gzipped: dict[str, int]) -> None:
    assert gzipped["loader"] + gzipped["ask"] <= 8_000
