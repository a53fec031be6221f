"""Legal holds: data that may not be deleted for now (LGPD art. 16 I), by keyed lookup, so that a hold names nobody by itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Whoever that identifier leads to is not erased until then; their request is refused with this reason (art. 18 §4)."""

    hold_id: str
    lookup: str
    """HMAC of a customer id or an e-mail (`shared.identity.lookup_of`)."""
    reason: str
    """What the person is told."""
    legal_reference: str
    placed_at: datetime
    until: datetime | None = None
    """None: until it is lifted."""

    def is_in_force(self, now: datetime) -> bool:
        """Whether it holds."""
        return self.until is None or now < self.until
