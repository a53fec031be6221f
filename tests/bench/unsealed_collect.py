"""`collect` that keeps what was typed in clear: what sealing is measured beside. Everything else of it is as it is deployed.

It lies outside the package when it is timed, so it says what it needs by itself.
"""

from dataclasses import dataclass
from typing import Any

from functions.collect import handler
from shared.privacy.sealing import DataKey
from shared.store import reception
from shared.store.person_keys import PersonKey, PersonKeys


@dataclass(frozen=True, slots=True)
class OpenKey(PersonKey):
    """Seals nothing."""

    def seal(self, text: str, sort_key: str, name: str) -> str:  # noqa: ARG002 - as the key it stands for
        """The text itself."""
        return text


class OpenKeys(PersonKeys):
    """Neither reads nor writes any key."""

    def find_or_new(self, person_id: str) -> PersonKey:
        """One that seals nothing."""
        return OpenKey(DataKey(person_id, b""), b"", "", 0, bytes)

    def keep(self, *_: Any) -> None:  # noqa: ANN401 - whatever is to be kept
        """Nothing to keep."""


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One request."""
    vars(reception)["PersonKeys"] = OpenKeys
    return handler.handle(event, context)
