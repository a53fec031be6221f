"""What is installed is pinned with hashes, and the files that say so name no place to fetch it from."""

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

from infra.environments import REQUIREMENTS, ROOT
from infra.requirements import FROM_THE_LAMBDA_RUNTIME

FILES: Final = sorted(REQUIREMENTS.glob("*.txt"))
_PINNED: Final = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)(?:\[[^]]+\])?==(?P<version>[^\s;\\]+)(?P<rest>.*(?:\n[ \t]+.*)*)", re.MULTILINE)


def pins(path: Path) -> dict[str, str]:
    return {found["name"]: found["version"] for found in _PINNED.finditer(path.read_text())}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes_and_names_no_place(path: Path) -> None:
    text = path.read_text()
    found = list(_PINNED.finditer(text))
    assert found
    assert all("--hash=sha256:" in each["rest"] for each in found)
    beginnings = [line for line in text.splitlines() if line and not line.startswith((" ", "\t", "#"))]
    assert len(beginnings) == len(found)
    assert not re.search(r"://|--index|--extra|--find-links|\bfile:", text)


def test_what_functions_carry_is_what_their_tests_run() -> None:
    carried, tested = pins(REQUIREMENTS / "runtime.txt"), pins(REQUIREMENTS / "dev.txt")
    assert {name: tested.get(name) for name in carried} == carried


def test_what_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {"runtime": project["project"]["dependencies"], **project["dependency-groups"]}
    for name, wanted in asked.items():
        names = {re.split(r"[\[<>=~!; ]", requirement, maxsplit=1)[0].lower() for requirement in wanted}
        given = FROM_THE_LAMBDA_RUNTIME if name == "runtime" else ()
        assert names - set(given) <= set(pins(REQUIREMENTS / f"{name}.txt"))


def test_functions_carry_nothing_that_the_lambda_runtime_brings() -> None:
    assert not {"boto3", "botocore", "s3transfer", "urllib3"} & set(pins(REQUIREMENTS / "runtime.txt"))
