"""Files in memory to import from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bytes:
    """Implements `reading.Source`, a few bytes at a time."""

    data: bytes
    most: int = 1 << 18

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int, length: int) -> bytes:
        return self.data[start : start + min(length, self.most)]
