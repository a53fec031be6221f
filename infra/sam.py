"""Build and deploy template.yaml with the SAM CLI, for AWS and for the emulator alike."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from infra.environments import FOLDERS, LOCAL, ROOT, locked

type Target = Literal["cloud", "local"]

BUILDS: Final = LOCAL / "build"
_SAM: Final = FOLDERS["sam"] / "bin" / "sam"
_INPUTS: Final = (
    *("template.yaml", "Makefile", "infra/alarms.yaml", "infra/build.py", "infra/assets.py"),
    *("requirements/runtime.txt", "functions", "shared", "web"),
)
_BUILDS_KEPT: Final = 3


@dataclass(frozen=True)
class Where:
    """Where a stack is deployed, and how: without `bucket` SAM uses one of its own; `shown` lets its progress through."""

    region: str
    bucket: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    shown: bool = False


class SamError(Exception):
    """The SAM CLI failed; the message ends with what it said."""


def fingerprint(target: Target) -> str:
    """Return a digest of everything that a build for `target` is made from."""
    digest = hashlib.sha256(f"{target} {sys.version}".encode())
    for name in _INPUTS:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def build(target: Target) -> Path:
    """Build every function unless these very inputs have been built; return the built template."""
    folder = BUILDS / f"{target}-{fingerprint(target)}"
    template = folder / "artefacts" / "template.yaml"
    with locked(BUILDS / "lock"):
        if not template.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _sam(
                {"RECOMENDA_TARGET": target},
                *("build", "--build-in-source", "--build-dir", str(template.parent), "--template", "template.yaml"),
                *("--region", "sa-east-1"),
            )
            _forget_old_builds(target)
    return template


def deploy(template: Path, stack: str, parameters: Mapping[str, str], where: Where) -> None:
    """Create or update the stack."""
    _sam(
        where.environment,
        *("deploy", "--template-file", str(template), "--stack-name", stack, "--region", where.region),
        *(("--s3-bucket", where.bucket) if where.bucket else ("--resolve-s3",)),
        *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"),
        *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
        *(("--tags", *(f"{key}={value}" for key, value in where.tags.items())) if where.tags else ()),
        *("--parameter-overrides", *(f"{key}={value}" for key, value in parameters.items())),
        shown=where.shown,
    )


def _sam(environment: Mapping[str, str], *arguments: str, shown: bool = False) -> None:
    with tempfile.TemporaryDirectory() as scratch:  # it leaves a folder there for each package that it zips
        merged = {**os.environ, "SAM_CLI_TELEMETRY": "0", "TMPDIR": scratch, **environment}
        ran = subprocess.run(
            [_SAM, *arguments],
            cwd=ROOT,
            env={name: value for name, value in merged.items() if value},  # SAM takes an empty AWS_PROFILE for a profile's name
            stdin=subprocess.DEVNULL,
            stdout=None if shown else subprocess.PIPE,
            stderr=None if shown else subprocess.STDOUT,
            text=True,
            check=False,
        )
    if ran.returncode:
        said = "\n".join((ran.stdout or "").splitlines()[-40:])
        raise SamError(f"sam {arguments[0]} failed\n{said}")


def _forget_old_builds(target: Target) -> None:
    newest_first = sorted(BUILDS.glob(f"{target}-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in newest_first[_BUILDS_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
