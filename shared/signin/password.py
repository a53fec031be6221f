"""Which passwords are taken. Length decides, not a show of signs; the user pool asks for the same length.

After NIST SP 800-63B-4 §3.1.1.2, which asks for a length and against composition rules, and names words of the context as bad passwords.
"""

import unicodedata
from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 128
_FEWEST_DIFFERENT: Final = 6
_SHORTEST_WORD: Final = 4
_OURS: Final = ("recomenda", "senha", "password", "contraseña")
_MOST_REPEATED: Final = 0.5
"""How much of a password may be a word that anybody would try."""


def is_weak(password: str, *words: str | None) -> bool:
    """Whether a password is refused; `words` are the user's own, such as their address and name."""
    text = unicodedata.normalize("NFKC", password).casefold()
    if not SHORTEST <= len(password) <= LONGEST or " " in password or not password.isprintable():  # Cognito takes no spaces
        return True
    if len(set(text)) < _FEWEST_DIFFERENT:
        return True
    known = sum(len(word) * text.count(word) for word in _parts(words))
    return known > _MOST_REPEATED * len(text)


def _parts(words: tuple[str | None, ...]) -> set[str]:
    """Words long enough to be looked for: an address's local part and domain, each part of a name, and ours."""
    found: set[str] = set()
    for word in words:
        text = unicodedata.normalize("NFKC", word or "").casefold()
        found |= {part for part in text.replace("@", " ").replace(".", " ").replace("_", " ").split() if len(part) >= _SHORTEST_WORD}
    return found | set(_OURS)
