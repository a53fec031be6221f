"""Words in what people type, however accented, cased or spaced, in whatever letters look like ours."""

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Mn", "Me", "Cf"})


def plain(text: str) -> str:
    """Letters without their case and marks, nothing invisible between them, one space at most."""
    visible = (letter for letter in unicodedata.normalize("NFKD", text) if unicodedata.category(letter) not in _UNSEEN)
    return " ".join("".join(visible).casefold().split())


def has_word(said: str, word: str) -> bool:
    """Whether there is the word, or one that begins with it, both `plain`: "cancel" is in "vou cancela-lo", "tv" not in "ativo"."""
    at = said.find(word) if word else -1
    while at > 0 and said[at - 1].isalnum() and word[0].isalnum():
        at = said.find(word, at + 1)
    return at >= 0
