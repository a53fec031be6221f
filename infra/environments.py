"""Make the project-local Python environments that the Makefile's targets need.

Run as a file by whatever `python3` is at hand, so it uses the standard library only and no syntax newer than 3.9:

    python3 infra/environments.py dev sam ministack

Each environment is made once, then again whenever its requirements file changes. A lock makes parallel calls wait
for each other, and a stamp written last makes an interrupted installation start over. `web` is of npm's making: what builds
and measures pages; `browser` finds a Chromium for the tests, or installs the system's own where it may.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
REQUIREMENTS = ROOT / "requirements"
PYTHON_MINOR = "3.13"  # the Lambda runtime's: bytecode is tied to it
FOLDERS = {
    "dev": ROOT / ".venv",
    "ministack": LOCAL / "env" / "ministack",
    "sam": LOCAL / "env" / "sam",
}
WEB_FOLDER = LOCAL / "env" / "web"
WEB_SOURCES = ("package.json", "package-lock.json")
HEADLESS_SHELL = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UV_FOLDER = LOCAL / "env" / "uv"
UV = UV_FOLDER / "bin" / "uv"


class CannotPrepareError(Exception):
    """Something that cannot be had here without whoever owns the machine; the message says what."""


def main(names: list[str]) -> int:
    """Make the named environments; `uv` alone makes only the installer."""
    unknown = set(names) - set(FOLDERS) - {"uv", "web", "browser"}
    if unknown:
        print(f"unknown environment: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    try:
        with locked(LOCAL / "env.lock"):
            _ensure_uv()
            for name in names:
                if name == "web":
                    _ensure_web()
                elif name == "browser":
                    _ensure_browser()
                elif name != "uv":
                    _ensure(name)
    except (subprocess.CalledProcessError, CannotPrepareError) as failed:
        print(f"could not prepare the environments: {failed}", file=sys.stderr)
        return 1
    return 0


def find_python() -> str:
    """Return a Python of the Lambda runtime's minor version, installing one with uv only when none is found."""
    for candidate in _python_candidates():
        if _runs_as_wanted(candidate):
            return candidate
    found = _uv("python", "find", "--no-python-downloads", PYTHON_MINOR, check=False)
    if found and _runs_as_wanted(found):
        return found
    _say(f"Python {PYTHON_MINOR} not found here: asking uv for it")
    _uv("python", "install", PYTHON_MINOR)
    return _uv("python", "find", PYTHON_MINOR)


def _python_candidates() -> Iterable[str]:
    yield sys.executable
    on_path = shutil.which(f"python{PYTHON_MINOR}")
    if on_path:
        yield on_path  # may be a pyenv shim that refuses to run: hence the trial
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in sorted((pyenv / "versions").glob(f"{PYTHON_MINOR}.*"), reverse=True):
        yield str(version / "bin" / f"python{PYTHON_MINOR}")


def _runs_as_wanted(python: str) -> bool:
    asked = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() == PYTHON_MINOR


def _ensure_uv() -> None:
    wanted = REQUIREMENTS / "uv.txt"
    if _is_fresh(UV_FOLDER, wanted):
        return
    _say("installing uv")
    shutil.rmtree(UV_FOLDER, ignore_errors=True)
    _make_plain_environment(UV_FOLDER)
    pip = [str(UV_FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(wanted)], check=True)
    _stamp(UV_FOLDER, wanted)


def _make_plain_environment(folder: Path) -> None:
    refusals = []
    for python in _python_candidates():  # some systems' own Python comes without what `venv` needs
        made = subprocess.run([python, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True, check=False)
        if made.returncode == 0:
            return
        refusals.append(made.stdout + made.stderr)
    raise CannotPrepareError("\n".join(refusals))


def _ensure(name: str) -> None:
    folder, wanted = FOLDERS[name], REQUIREMENTS / f"{name}.txt"
    if _is_fresh(folder, wanted):
        return
    _say(f"installing {wanted.relative_to(ROOT)} into {folder.relative_to(ROOT)}")
    _uv("venv", "--quiet", "--clear", "--python", find_python(), str(folder))
    python = str(folder / "bin" / "python")
    _uv("pip", "sync", "--quiet", "--require-hashes", "--python", python, str(wanted))
    _stamp(folder, wanted)


def _ensure_web() -> None:
    """Install what web/package-lock.json names, each file with its hash; nothing of it may run a script of its own while it installs."""
    wanted = [ROOT / "web" / name for name in WEB_SOURCES]
    if _is_stamped(WEB_FOLDER, *wanted):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise CannotPrepareError("npm is needed to build the pages: install Node.js 20 or newer")
    _say(f"installing web/package.json into {WEB_FOLDER.relative_to(ROOT)}")
    WEB_FOLDER.mkdir(parents=True, exist_ok=True)
    for source in wanted:
        shutil.copy2(str(source), str(WEB_FOLDER))
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=WEB_FOLDER, check=True)
    _stamp(WEB_FOLDER, *wanted)


def find_browser(*, whole: bool = False) -> str | None:
    """Return the Chromium that the tests drive: CHROMIUM says which, else the system's, best the one that has nothing but pages.

    `whole` is for who measures: best the one that people have.
    """
    best_first = (*BROWSERS, HEADLESS_SHELL) if whole else (HEADLESS_SHELL, *BROWSERS)
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, best_first)), None)


def _ensure_browser() -> None:
    if find_browser():
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise CannotPrepareError("the browser tests need Chromium: install it, or name one in CHROMIUM")
    _say("installing the system's Chromium")
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run([*apt, "update"], check=True, env=quiet, stdout=subprocess.DEVNULL)
    subprocess.run([*apt, "install", "--yes", "--no-install-recommends", HEADLESS_SHELL], check=True, env=quiet, stdout=subprocess.DEVNULL)


def _uv(*arguments: str, check: bool = True) -> str:
    ran = subprocess.run([str(UV), *arguments], stdout=subprocess.PIPE, text=True, check=check, cwd=ROOT)
    return ran.stdout.strip() if ran.returncode == 0 else ""


def _stamp_text(*wanted: Path) -> str:
    return hashlib.sha256(b"".join(each.read_bytes() for each in wanted)).hexdigest()


def _is_fresh(folder: Path, wanted: Path) -> bool:
    # The interpreter must still be there too: a Python upgrade can take it away from under an environment.
    return _is_stamped(folder, wanted) and (folder / "bin" / "python").exists()


def _is_stamped(folder: Path, *wanted: Path) -> bool:
    stamp = folder / ".requirements.sha256"
    return stamp.exists() and stamp.read_text() == _stamp_text(*wanted)


def _stamp(folder: Path, *wanted: Path) -> None:
    (folder / ".requirements.sha256").write_text(_stamp_text(*wanted))


def _say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock at `path`; others that ask for it, in any process, wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
