"""How far the sweep looks by itself, and so which writes must announce their partition first. `collect` starts with this alone."""

from datetime import datetime, timedelta
from typing import Final

from shared.answer_id import AnswerId

UNANNOUNCED_PAST: Final = timedelta(hours=1)
UNANNOUNCED_AHEAD: Final = timedelta(minutes=5)


def needs_announcing(answer_id: AnswerId, now: datetime) -> bool:
    """Whether a write to this answer must announce its partition first, because the sweep would not look there by itself."""
    return not now - UNANNOUNCED_PAST <= answer_id.instant <= now + UNANNOUNCED_AHEAD
