"""Homes of local deployments that begin with the template deployed: that is done once, and the others begin with a copy.

A deployment of its own takes a test a second or two, not the time and the computing of sixteen packages. What is copied is as empty as the
deployment leaves it: no key, no survey. Kept beside the builds, so that the next run of the tests has it too.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

from infra import sam
from infra.environments import LOCAL, REQUIREMENTS, ROOT, locked
from infra.local.deployment import deploy
from infra.local.emulator import Emulator, free_port

_DEPLOYED: Final = LOCAL / "deployed"
_KEPT: Final = 2
_STATE: Final = "state"
_MADE_BY: Final = (
    *("infra/sam.py", "infra/local/deployment.py", "infra/local/emulator.py", "infra/local/emulator_main.py"),
    *(f"{REQUIREMENTS.name}/ministack.txt", f"{REQUIREMENTS.name}/sam.txt"),
)


def begin_deployed(home: Path) -> None:
    """Give a home that has no state yet the state of a deployment in which nothing has happened."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / _STATE).exists():
        shutil.copytree(_deployed() / _STATE, home / _STATE, copy_function=_linked_or_copied)


def _deployed() -> Path:
    """The home that others begin as; made when it is first asked for."""
    found = _DEPLOYED / _fingerprint()
    with locked(_DEPLOYED / "lock"):
        if not found.exists():
            unfinished = _DEPLOYED / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            with Emulator(unfinished, free_port()) as emulator:
                deploy(emulator, print)
            _forget_old_ones()
            unfinished.rename(found)
    return found


def _fingerprint() -> str:
    digest = hashlib.sha256(sam.fingerprint("local").encode())
    for name in _MADE_BY:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()[:20]


def _forget_old_ones() -> None:
    newest_first = sorted((each for each in _DEPLOYED.iterdir() if each.is_dir()), key=lambda each: each.stat().st_mtime, reverse=True)
    for home in newest_first[_KEPT:]:
        shutil.rmtree(home, ignore_errors=True)


def _linked_or_copied(source: str, target: str) -> None:
    """The packages are never written to, and are nearly all there is; where the tests' folder is on another disk, they are copied."""
    if source.endswith(".zip"):
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return
    shutil.copy2(source, target)
