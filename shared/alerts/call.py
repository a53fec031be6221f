"""What comes of an outgoing call."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class CallError(StrEnum):
    """Why a call brought no HTTP status."""

    REFUSED_ADDRESS = "refused_address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"


class CallFailed(Exception):  # noqa: N818 - an expected outcome of calling somebody else's server
    """A call that brought no HTTP status. Neither it nor its causes hold the URL, an address or anything that was answered."""

    def __init__(self, error: CallError, duration_ms: int) -> None:
        """Keep what may be written down of it."""
        super().__init__(error)
        self.error = error
        self.duration_ms = duration_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an endpoint answered, be it a redirect. `body` is its beginning, for an ownership challenge only: not to be logged or kept."""

    status: int
    duration_ms: int
    retry_after_seconds: int | None = None
    body: bytes = field(default=b"", repr=False)

    @property
    def accepted(self) -> bool:
        """Whether the endpoint took the message: 2xx only, a redirect is a failure."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110 §15.3

    @property
    def gone(self) -> bool:
        """Whether the endpoint says that it will never take one again."""
        return self.status == 410  # noqa: PLR2004 - RFC 9110 §15.5.11

    @property
    def retry_after(self) -> timedelta | None:
        """For how long the endpoint asks to be left in peace."""
        return None if self.retry_after_seconds is None else timedelta(seconds=self.retry_after_seconds)
