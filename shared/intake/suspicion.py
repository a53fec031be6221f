"""What makes an answer suspicious by itself, and which network it came from. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

from shared.answer import SuspicionReason
from shared.api.messages import NewAnswer

QUICKEST_MS: Final = 300
"""Nobody reads a question and answers it sooner: seeing alone takes about 200 ms, before anything is understood or pressed."""
SPAN: Final = timedelta(minutes=10)
"""What `most_per_network` is a number of answers in; spans begin at full ten minutes."""
_SUBNET: Final = 64
"""Bits of an IPv6 address that are a household's or a company's own (RFC 6177); of IPv4 the whole address is."""


def suspicions_of(new: NewAnswer) -> tuple[SuspicionReason, ...]:
    """What the answer tells against itself."""
    return tuple(_suspicions(new))


def _suspicions(new: NewAnswer) -> Iterator[SuspicionReason]:
    if new.website:
        yield SuspicionReason.HONEYPOT
    if new.took_ms is not None and new.took_ms < QUICKEST_MS:
        yield SuspicionReason.TOO_FAST


def network_of(source_ip: str | None) -> str | None:
    """The network of an address, IPv4 /32 or IPv6 /64, in one spelling; None where it is no address."""
    try:
        address = ip_address(source_ip or "")
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), _SUBNET), strict=False))


def span_begin(now: datetime) -> datetime:
    """When the span of `now` began."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return now - (now - epoch) % SPAN
