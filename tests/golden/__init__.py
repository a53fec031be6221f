"""Documents as others know them: what is made today is compared with them byte for byte."""

from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent
_VERSION: Final = "answer.classified.v1."
GOLDEN_EVENTS: Final = tuple(sorted(path.name.removeprefix(_VERSION).removesuffix(".json") for path in _FOLDER.glob(f"{_VERSION}*.json")))


def golden(case: str) -> bytes:
    """The detail of an `answer.classified` event, version 1, without the file's last newline."""
    return (_FOLDER / f"{_VERSION}{case}.json").read_bytes().removesuffix(b"\n")
