"""Suppression entries and their keys in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from shared.privacy.suppression import Entry, SuppressionKey


@dataclass
class MemorySuppressionKeys:
    """Implements `SuppressionKeys`; secrets follow from the version."""

    made: dict[int, SuppressionKey] = field(default_factory=dict)
    needed_until: dict[int, datetime] = field(default_factory=dict)

    def versions(self) -> Sequence[SuppressionKey]:
        return [self.made[version] for version in sorted(self.made, reverse=True)]

    def make(self, version: int, now: datetime, needed_until: datetime) -> None:
        if version not in self.made:
            self.made[version] = SuppressionKey(version, sha256(b"%d" % version).digest(), now)
            self.needed_until[version] = needed_until


@dataclass
class MemorySuppressions:
    """Implements `Suppressions`."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def put(self, entry: Entry) -> None:
        there = self.entries.get(entry.name)
        if there is None or there.until < entry.until:
            self.entries[entry.name] = entry

    def find(self, names: Sequence[str]) -> Mapping[str, Entry]:
        return {name: self.entries[name] for name in names if name in self.entries}

    def remove(self, name: str) -> None:
        self.entries.pop(name, None)
