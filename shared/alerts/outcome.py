"""What comes of asking a receiver for a proof of who owns it."""

from dataclasses import dataclass
from enum import StrEnum

from shared.alerts.call import CallError


class Result(StrEnum):
    """What came of asking for a proof."""

    VERIFIED = "verified"
    CODE_SENT = "code_sent"
    UNCONFIRMED = "unconfirmed"
    NOT_ECHOED = "not_echoed"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; where a call was made, the status that was answered, or why none was."""

    result: Result
    status: int | None = None
    error: CallError | None = None
