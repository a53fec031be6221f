"""Build one function's artefact: `python -m infra.build CollectFunction FOLDER`, as `sam build` asks the Makefile to.

The folder's root gets `functions/NAME/`, `shared/` and the unpacked wheels, so that the import path in Lambda is the one in the tests.
Wheels are fetched for the target, never built here: `cloud` is the Lambda runtime (Linux on arm64), `local` is this machine
(RECOMENDA_TARGET picks; cloud unless said). Bytecode is compiled as `unchecked-hash`: a deployment package loses file times, and
/var/task cannot be written to, so without it every cold start would compile everything again.
"""

import compileall
import hashlib
import os
import py_compile
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra.assets import build_assets
from infra.environments import LOCAL, PYTHON_MINOR, REQUIREMENTS, ROOT, UV, locked

RUNTIME: Final = REQUIREMENTS / "runtime.txt"
PLATFORMS: Final = {"cloud": ["--python-platform", "aarch64-manylinux2014"], "local": []}
OPENS_PEOPLE: Final = frozenset(
    {"collect", "answers", "notify_webhook", "deliver", "privacy", "erase", "pages", "invite", "export_files", "importer"}
)
# A distribution that only these functions import; the rest is carried by all of them.
CARRIED_ONLY_BY: Final = {
    "pyjwt": {"authorize", "collect", "privacy", "erase", "pages"},
    **dict.fromkeys(("jinja2", "markupsafe"), frozenset({"privacy", "erase", "pages", "invite", "summary"})),
    "segno": {"pages"},
    **dict.fromkeys(("cryptography", "cffi", "pycparser"), OPENS_PEOPLE | {"authorize"}),  # that one verifies signatures
}
PAGES: Final = {"privacy": ("web/privacidade",), "pages": ("web/page", "web/shop", "web/console/shell"), "invite": ("web/email",)}
"""The folders of a function's pages."""
BUNDLES: Final = {"pages": "web/built"}
"""Where a function finds what browsers load."""
NOT_CODE: Final = shutil.ignore_patterns("__pycache__", "*.pyc", "tests", ".*")
NOT_A_PAGE: Final = shutil.ignore_patterns("*.js", "*.jsx", ".*")  # scripts go as bundles


def main(arguments: list[str]) -> int:
    """Build the function with that logical id into that folder."""
    logical_id, folder = arguments
    build(function_name(logical_id), Path(folder), os.environ.get("RECOMENDA_TARGET", "cloud"))
    return 0


def function_name(logical_id: str) -> str:
    """Return the folder in functions/ of a logical id: NotifySnsFunction is notify_sns."""
    words = re.findall(r"[A-Z][a-z0-9]*", logical_id.removesuffix("Function"))
    return "_".join(words).lower()


def build(name: str, folder: Path, target: str) -> None:
    """Fill `folder` with everything that function `name` needs on `target`, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_unpacked_wheels(name, target), folder, dirs_exist_ok=True)
    for part in (Path("functions") / name, Path("shared")):
        shutil.copytree(ROOT / part, folder / part, ignore=NOT_CODE, dirs_exist_ok=True)
    for pages in PAGES.get(name, ()):
        shutil.copytree(ROOT / pages, folder / pages, ignore=NOT_A_PAGE, dirs_exist_ok=True)
    if bundles := BUNDLES.get(name):
        build_assets(folder / bundles)
    shutil.copy2(ROOT / "functions" / "__init__.py", folder / "functions" / "__init__.py")
    _compile(folder / "functions", root=folder)
    _compile(folder / "shared", root=folder)


def _unpacked_wheels(name: str, target: str) -> Path:
    """Return a folder with the function's wheels unpacked and compiled; made once for each set of them."""
    wanted = _requirements_of(name)
    key = hashlib.sha256("\n".join([target, sys.version, *PLATFORMS[target], wanted]).encode()).hexdigest()[:16]
    store = LOCAL / "wheels"
    folder = store / f"{target}-{key}"
    with locked(store / "lock"):
        if not folder.exists():
            unfinished = store / f"{folder.name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            _install(wanted, unfinished, target)
            _compile(unfinished, root=unfinished)
            unfinished.rename(folder)
    return folder


def _requirements_of(name: str) -> str:
    """Return the part of runtime.txt that a function carries: each requirement with its hashes."""
    requirement = re.compile(r"^(?P<package>[\w.-]+)==.*\n(?:[ \t]+.*\n?)*", flags=re.MULTILINE)
    found = requirement.finditer(RUNTIME.read_text())
    return "".join(each[0] for each in found if name in CARRIED_ONLY_BY.get(each["package"], {name}))


def _install(requirements: str, folder: Path, target: str) -> None:
    subprocess.run(
        [
            *(str(UV), "pip", "install", "--quiet", "--target", str(folder), *PLATFORMS[target]),
            *("--python", sys.executable, "--python-version", PYTHON_MINOR),
            *("--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy", "-r", "-"),
        ],
        input=requirements,
        text=True,
        check=True,
    )
    shutil.rmtree(folder / "bin", ignore_errors=True)  # console scripts name the interpreter of this machine
    (folder / ".lock").unlink(missing_ok=True)


def _compile(folder: Path, root: Path) -> None:
    compiled = compileall.compile_dir(
        folder,
        quiet=1,
        force=True,
        stripdir=str(root),  # no path of the building machine in the bytecode, so builds compare equal
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        message = f"some file in {folder} does not compile"
        raise SystemExit(message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
