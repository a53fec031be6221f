"""A master key that no registry holds."""

from typing import Final

from shared.store.person_keys import MasterKeys
from shared.store.sealing import Sealing

MASTER: Final = bytes(range(32))


class OneMasterKey(MasterKeys):
    """Has that one, and never asks anybody."""

    def __init__(self) -> None:
        super().__init__(Sealing("no key at all"))
        self._newest, self._unsealed = "000001", {"000001": MASTER}
