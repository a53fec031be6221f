"""What the demo's customers write: the phrases of words.json, put together by chance."""

import json
from pathlib import Path
from random import Random
from typing import Any, Final

from shared.scoring import NpsClass

_WORDS: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("words.json").read_text())
_MOST_COMPLAIN_OF_WHAT_BROKE: Final = 0.8
_EVERY_OTHER: Final = 0.5


def comment(nps_class: NpsClass, touchpoint: str, chance: Random, *, is_broken: bool, is_rush: bool) -> str:
    """A comment in Portuguese of somebody of that class at that touchpoint."""
    is_unhappy = nps_class is NpsClass.DETRACTOR
    phrases: list[str] = _WORDS["said"][nps_class][touchpoint]
    if is_unhappy and is_broken and chance.random() < _MOST_COMPLAIN_OF_WHAT_BROKE:
        phrases = _WORDS["broken"]
    elif is_unhappy and is_rush and touchpoint == "delivery" and chance.random() < _EVERY_OTHER:
        phrases = _WORDS["season"]
    said = chance.choice(phrases)
    return f"{said} {chance.choice(_WORDS['afterthoughts'][nps_class])}" if chance.random() < _EVERY_OTHER else said
