"""Build what browsers load: `python -m infra.assets FOLDER` fills it with bundles, each plain, as Brotli and as gzip, and `manifest.json`.

The console is loaded in parts: what every page of it needs at once, each page and each language when it is wanted.
The loader keeps one name, `widget.js`, as it stands in customers' pages; all else is named by its content, so that it may be kept for ever.
The loader finds the widget by the name that stands for `ASK_FILE` in its source, relative to itself. The same sources give the same bytes.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import brotli

from infra.environments import LOCAL, ROOT, WEB_FOLDER, locked

LOADER: Final = "widget.js"
MANIFEST: Final = "manifest.json"
_ESBUILD: Final = WEB_FOLDER / "node_modules" / ".bin" / "esbuild"
_ENTRIES: Final = {"ask": Path("web/widget/ask.js"), "page": Path("web/page/page.js")}
_LOADER_ENTRY: Final = Path("web/widget/loader.js")
_CONSOLE: Final = {"console": Path("web/console/main.jsx"), "console_style": Path("web/console/style/console.css")}
_PAGE: Final = "web/console/pages/*/*.jsx"
_STYLES: Final = {"ask": Path("web/widget/ask.css")}
"""What stands for `STYLE` in a source: its style sheet, minified as code is."""
_SOURCES: Final = ("web/package-lock.json", "web/widget", "web/page", "web/console", "shared/texts", "infra/assets.py")
_HASH_DIGITS: Final = 10
_STORE: Final = LOCAL / "assets"
_KEPT: Final = 3
_SECONDS: Final = 60


def main(arguments: list[str]) -> int:
    """Fill the folder."""
    [folder] = arguments
    build_assets(Path(folder))
    return 0


def build_assets(folder: Path) -> None:
    """Fill `folder`; what was built from the same sources before is copied."""
    shutil.copytree(built(), folder, dirs_exist_ok=True)


def built() -> Path:
    """The folder of the bundles as the sources are now, made once for each state of them."""
    made = _STORE / _fingerprint()
    with locked(_STORE / "lock"):
        if not made.exists():
            unfinished = _STORE / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            _bundle_all(unfinished)
            unfinished.rename(made)
            for old in sorted((each for each in _STORE.iterdir() if each.is_dir()), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
                shutil.rmtree(old)
    return made


def _bundle_all(folder: Path) -> None:
    names: dict[str, str] = {}
    for name, entry in _ENTRIES.items():
        style = {"STYLE": json.dumps(_minified(_STYLES[name]))} if name in _STYLES else None
        code = _bundle(entry, "esm", style)
        names[name] = f"assets/{name}.{hashlib.sha256(code).hexdigest()[:_HASH_DIGITS]}.js"
        _write(folder / names[name], code)
    names["loader"] = LOADER
    _write(folder / LOADER, _bundle(_LOADER_ENTRY, "iife", {"ASK_FILE": json.dumps(names["ask"])}))
    console = _bundle_console(folder)
    files = [*names.values(), *console["files"]]
    manifest = {"names": names, "console": console, "files": {name: _facts(folder / name) for name in files}}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))


def _bundle_console(folder: Path) -> dict[str, Any]:
    """The console's files: its script, its style, what the script imports at once and what each page does, and all that is loaded later."""
    with tempfile.TemporaryDirectory() as made:
        facts = Path(made) / "facts.json"
        names = ("--entry-names=console.[hash]", "--chunk-names=console-[name].[hash]", f"--outdir={made}", f"--metafile={facts}")
        style = f"--define:STYLE={json.dumps(_minified(_STYLES['ask']))}"  # of the widget, which surveys are looked at with
        _esbuild(*_CONSOLE.values(), "--bundle", "--splitting", "--format=esm", *_PREACT, style, "--legal-comments=none", *names)
        outputs = json.loads(facts.read_text())["outputs"]
        found = {Path(path).name: how for path, how in outputs.items()}
        for name in found:
            _write(folder / "assets" / name, (Path(made) / name).read_bytes())
    entries = {how["entryPoint"]: name for name, how in found.items() if "entryPoint" in how}
    script, style = (entries[str(entry)] for entry in _CONSOLE.values())
    at_once = set(_imported(script, found))
    pages = {Path(entry).stem: {name, *_imported(name, found)} - at_once for entry, name in entries.items() if Path(entry).match(_PAGE)}
    return {
        "script": f"assets/{script}",
        "style": f"assets/{style}",
        "at_once": [f"assets/{name}" for name in sorted(at_once)],
        "pages": {page: [f"assets/{name}" for name in sorted(files - {script})] for page, files in pages.items()},
        "files": [f"assets/{name}" for name in sorted(found)],
    }


def _imported(name: str, outputs: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for each in outputs[name]["imports"]:
        if each["kind"] == "import-statement":
            yield Path(each["path"]).name


_PREACT: Final = ("--jsx=automatic", "--jsx-import-source=preact")


def _bundle(entry: Path, shape: str, defined: Mapping[str, str] | None = None) -> bytes:
    """One file with all that `entry` imports, minified."""
    definitions = [f"--define:{name}={value}" for name, value in (defined or {}).items()]
    return _esbuild(entry, "--bundle", f"--format={shape}", "--loader:.css=text", "--legal-comments=none", *definitions)


def _minified(style: Path) -> str:
    return _esbuild(style).decode().strip()


def _esbuild(*arguments: Path | str) -> bytes:
    """What esbuild makes of its entries; it says on stderr what is wrong. What they import by name lies beside esbuild."""
    command = [str(_ESBUILD), *map(str, arguments), "--minify", "--target=es2022", "--charset=utf8", "--log-level=warning"]
    found = os.environ | {"NODE_PATH": str(WEB_FOLDER / "node_modules")}
    return subprocess.run(command, cwd=ROOT, env=found, stdout=subprocess.PIPE, check=True, timeout=_SECONDS).stdout


def _write(path: Path, code: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(code)
    path.with_name(f"{path.name}.br").write_bytes(brotli.compress(code, mode=brotli.MODE_TEXT, quality=11))
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(code, 9, mtime=0))


def _facts(path: Path) -> dict[str, int | str]:
    """What is known of a file without opening it: its tag, and its bytes in each coding."""
    sizes = {name: path.with_name(path.name + suffix).stat().st_size for name, suffix in {"plain": "", "br": ".br", "gzip": ".gz"}.items()}
    return {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), **sizes}


def _fingerprint() -> str:
    digest = hashlib.sha256(brotli.__version__.encode())
    for name in _SOURCES:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
