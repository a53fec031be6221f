"""The six digits that are posted in a room and typed back: whoever can read them there may have alerts sent there."""

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

LIFE: Final = timedelta(minutes=15)
TRIES: Final = 5
NEXT_CODE_AFTER: Final = timedelta(seconds=30)
_CODES: Final = 10**6
_RANDOM_BYTES: Final = 16
"""So many that no code is likelier than another by more than one in 2^108."""


class Challenge(Struct, frozen=True, kw_only=True):
    """A code that was sent, as it is kept: hashed."""

    code_hash: str
    made_at: datetime
    tries_left: int = TRIES

    @property
    def expires_at(self) -> datetime:
        """From when on it is worth nothing."""
        return self.made_at + LIFE

    def is_open(self, now: datetime) -> bool:
        """Whether it may be tried."""
        return self.tries_left > 0 and self.made_at <= now < self.expires_at

    def is_fresh(self, now: datetime) -> bool:
        """Whether it is too new for another to be sent."""
        return now < self.made_at + NEXT_CODE_AFTER

    def tried(self) -> "Challenge":
        """With a try less: written before the code is looked at, so that guesses at the same moment use up one each."""
        return replace(self, tries_left=self.tries_left - 1)

    def admits(self, code: str, address: str, channel_id: str) -> bool:
        """Whether `code` is the one that was sent to that address; takes the same time for any wrong code."""
        return hmac.compare_digest(self.code_hash, _hash(code, address, channel_id))


def new_code(random_bytes: Callable[[int], bytes]) -> str:
    """Six digits of a cryptographic source."""
    return f"{int.from_bytes(random_bytes(_RANDOM_BYTES)) % _CODES:06}"


def challenge_of(code: str, address: str, channel_id: str, now: datetime) -> Challenge:
    """What is kept of a code that is about to be sent."""
    return Challenge(code_hash=_hash(code, address, channel_id), made_at=now)


def _hash(code: str, address: str, channel_id: str) -> str:
    """A million codes are soon hashed, so the key is the sealed address: who reads the table cannot search, and a new address ends it."""
    return hmac.new(address.encode(), f"{channel_id}|{code}".encode(), sha256).hexdigest()
