"""The ids that a check has seen, and on which rows: twelve bytes each, so that a million of them fit in a function's memory."""

from base64 import urlsafe_b64decode
from struct import Struct
from typing import Final

_ENTRY: Final = Struct(">8sI")


class Seen:
    """Ids by the beginning of their name: two of a million different ones share 64 bits once in 37 million files."""

    def __init__(self, data: bytes) -> None:
        """Take what was seen so far."""
        self._rows: dict[bytes, int] = dict(_ENTRY.iter_unpack(data))

    def add(self, name: str, row: int) -> int | None:
        """Remember it, and return None; of one that was seen before, its row."""
        start = urlsafe_b64decode(name + "==")[:8]
        earlier = self._rows.setdefault(start, row)
        return None if earlier == row else earlier

    @property
    def data(self) -> bytes:
        """All of it, for the next step."""
        return b"".join(_ENTRY.pack(start, row) for start, row in self._rows.items())
