"""Legal holds: data that may not be deleted for now (LGPD art. 16 I), by keyed lookup, so that a hold names nobody by itself."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.privacy.erasure import Erasure, Refusal


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


def refused_by(hold: Hold, erasure: Erasure, now: datetime) -> Erasure:
    """The erasure as refused by a hold, whose reason and reference stand in place of the case's own: art. 18 §4 wants them told."""
    return replace(erasure, refusal=Refusal.LEGAL_HOLD, reason=hold.reason, legal_reference=hold.legal_reference, done_at=now)
