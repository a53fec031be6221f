"""What is deployed to AWS, opened: built here for Linux on arm64, without Docker and whatever this machine is."""

import importlib.util
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from infra.build import OPENS_PEOPLE, build, function_name
from tests.template import FUNCTIONS, resources

_AARCH64: Final = 183  # e_machine of the ELF specification
_UNCHECKED_HASH: Final = 0b01  # PEP 552: made from a hash, which is not checked when the file is loaded
_BROUGHT_BY_LAMBDA: Final = ("boto3", "botocore", "s3transfer", "urllib3")


@pytest.fixture(scope="module")
def artefact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("artefact")
    build("collect", folder, "cloud")
    return folder


def sources(artefact: Path) -> Iterator[Path]:
    yield from artefact.rglob("*.py")


def test_every_compiled_file_is_for_the_processor_and_python_of_the_lambda_function(artefact: Path) -> None:
    compiled = list(artefact.rglob("*.so"))
    assert compiled  # msgspec has one, so an empty list means that this test looks in the wrong place
    for path in compiled:
        header = path.read_bytes()[:20]
        assert header[:4] == b"\x7fELF", path
        assert struct.unpack_from("<H", header, 18) == (_AARCH64,), path
        assert ".cpython-313-aarch64-linux-gnu." in path.name or ".abi3." in path.name, path


def test_no_file_of_another_system_is_in_it(artefact: Path) -> None:
    assert not [path for path in artefact.rglob("*") if path.suffix in {".pyd", ".dll", ".dylib", ".exe"}]


def test_it_holds_its_own_function_and_shared_and_no_more_of_the_repository(artefact: Path) -> None:
    assert {path.name for path in (artefact / "functions").iterdir() if path.is_dir()} == {"collect", "__pycache__"}
    assert (artefact / "functions" / "collect" / "handler.py").exists()
    assert (artefact / "shared" / "store").is_dir()
    for absent in ("tests", "infra", "web", "docs", "template.yaml", "Makefile", "pyproject.toml", ".venv", ".local", "bin"):
        assert not (artefact / absent).exists(), absent


def test_what_the_lambda_runtime_brings_is_not_carried(artefact: Path) -> None:
    assert not [name for name in _BROUGHT_BY_LAMBDA if (artefact / name).exists()]


def test_a_function_carries_no_distribution_that_only_others_import(artefact: Path, tmp_path: Path) -> None:
    build("report", tmp_path, "cloud")
    for package in ("jwt", "cryptography"):
        assert (artefact / package).is_dir()
        assert not (tmp_path / package).exists()
    assert (tmp_path / "msgspec").is_dir()


def test_every_function_that_reads_keys_carries_what_opens_people() -> None:
    functions = resources("AWS::Serverless::Function")
    told_of_keys = {name for name, properties in functions.items() if "KEYS_TABLE" in properties["Environment"]["Variables"]}
    assert {function_name(name) for name in told_of_keys} == OPENS_PEOPLE


@pytest.mark.parametrize(("logical_id", "name"), [("CollectFunction", "collect"), ("NotifySnsFunction", "notify_sns")])
def test_the_folder_of_a_function_follows_from_its_logical_id(logical_id: str, name: str) -> None:
    assert function_name(logical_id) == name


def test_every_source_has_bytecode_that_lambda_takes_without_looking_at_file_times(artefact: Path) -> None:
    checked = 0
    for source in sources(artefact):
        bytecode = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        head = bytecode.read_bytes()[:16]
        assert head[:4] == importlib.util.MAGIC_NUMBER, source
        assert struct.unpack_from("<I", head, 4) == (_UNCHECKED_HASH,), source
        assert head[8:] == importlib.util.source_hash(source.read_bytes()), source
        checked += 1
    assert checked > 100


def test_bytecode_names_no_path_of_the_machine_that_built_it(artefact: Path) -> None:
    assert not [path for path in artefact.rglob("*.pyc") if str(artefact).encode() in path.read_bytes()]


def test_two_builds_of_the_same_are_the_same(artefact: Path, tmp_path: Path) -> None:
    build("collect", tmp_path, "cloud")
    first, second = (
        {path.relative_to(top): path.read_bytes() for path in top.rglob("*") if path.is_file()} for top in (artefact, tmp_path)
    )
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


@pytest.mark.parametrize("function", sorted(function_name(each) for each in FUNCTIONS))
def test_a_function_finds_everything_it_imports_in_its_artefact_or_in_the_runtime(function: str, tmp_path: Path) -> None:
    """Imports the handler from an artefact for this machine, with nothing else on the path but what the Lambda runtime brings."""
    build(function, tmp_path, "local")
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    for name in (*_BROUGHT_BY_LAMBDA, "jmespath", "dateutil", "six"):
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        origin = Path(found.origin)
        installed = origin.parent if origin.name == "__init__.py" else origin
        (runtime / installed.name).symlink_to(installed)
    program = (
        f"import sys; sys.path[:0] = {[str(tmp_path), str(runtime)]}; import functions.{function}.handler as h; assert callable(h.handle)"
    )
    if function in OPENS_PEOPLE:  # what is imported only then
        program += "; from shared.privacy.sealing import DataKey; DataKey('person', bytes(32)).seal('text', 'profile', 'name', bytes(12))"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
