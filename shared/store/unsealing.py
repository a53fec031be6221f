"""Opens what a person's own key has sealed, for whoever erases or shows it. Implements `privacy.ports.Unsealing`."""

from shared.privacy.sealing import BrokenSealError
from shared.store.person_keys import PersonKeys


class OwnKeys:
    """Asks for the person's key each time: once it is destroyed, nothing opens."""

    def __init__(self, keys: PersonKeys) -> None:
        """Take what has the keys."""
        self._keys = keys

    def unseal(self, person_id: str, sort_key: str, field: str, sealed: str) -> str | None:
        """What was sealed for that field of that item; None where the key is gone, or the seal is not that key's."""
        key = self._keys.find(person_id)
        try:
            return key.unseal(sealed, sort_key, field) if key else None
        except BrokenSealError:
            return None
