"""Where an alert may be sent: URLs a customer typed, checked so that no call of ours ends inside a network (SSRF).

Two steps, both before every call: what is written (`check_url`) and where it leads at that moment (`resolve`). The
connection is made from the parts and addresses found here, so no second parser and no second DNS answer has a say.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, Literal

type Resolver = Callable[[str], Iterable[str]]
"""Gives all addresses of a host name, as text; raises OSError when there are none."""

LONGEST_URL: Final = 2_048
HTTPS_PORT: Final[int] = 443
_LONGEST_HOST: Final = 253
_USUAL_PORTS: Final = {"https": HTTPS_PORT, "http": 80}
_LOCAL_ADDRESSES: Final = frozenset({"127.0.0.1", "[::1]"})
_LOCAL_HOSTS: Final = _LOCAL_ADDRESSES | {"localhost"}
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A name has a dot and ends in a label that begins with a letter; so no spelling of an IP address is one.
_NAME: Final = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
# RFC 3986: the characters of a path and a query.
_REQUEST_TARGET: Final = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_LAST_PORT: Final = 65_535

# What the standard library calls global though it is special: protocol assignments, and the relays of 6to4.
_SPECIAL_IPV4: Final = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
# Global unicast is allocated from 2000::/3 alone. That leaves out IPv4 inside IPv6 (mapped, compatible, translated,
# NAT64), site-local and multicast; Teredo (in 2001::/23), 6to4 and documentation are within it.
_UNICAST: Final = IPv6Network("2000::/3")
_SPECIAL_IPV6: Final = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


class GuardError(Exception):
    """A call that will not be made. The text is for people, and holds nothing of the URL, which is a secret."""


class UrlFault(StrEnum):
    """Why a URL is refused as written, in words for whoever typed it."""

    LENGTH = "is empty or longer than 2048 characters"
    CHARACTERS = "has characters that a URL does not have"
    SCHEME = "does not begin with https://"
    CREDENTIALS = "has a user name or password"
    FRAGMENT = "has a fragment (#)"
    PORT = "has a port other than 443"
    HOST = "does not name a host on the public internet"


class UrlRefusedError(GuardError):
    """The URL, as written, is not one we call."""

    def __init__(self, fault: UrlFault) -> None:
        """`fault` says why."""
        super().__init__(f"the URL {fault}")
        self.fault = fault


class UnresolvedError(GuardError):
    """The host's name leads to no address."""

    def __init__(self) -> None:
        """Which name it was stays out of the message."""
        super().__init__("the host was not found in the DNS")


class AddressRefusedError(GuardError):
    """The host's name leads, with one of its addresses at least, to where no alert is sent."""

    def __init__(self) -> None:
        """Which address it was stays out of the message: it would tell about our network."""
        super().__init__("the host leads to an address that is not on the public internet")


class Allowance(Enum):
    """What passes besides https to the public internet. Anything but NOTHING is for local development alone."""

    NOTHING = "nothing"
    LOOPBACK = "loopback"  # this machine's own addresses, by http or https and on any port


@dataclass(frozen=True, slots=True)
class Url:
    """A checked URL in its parts; `request_target` (path and query) is what tools hide their secret in."""

    scheme: Literal["http", "https"]
    host: str
    port: int
    request_target: str = field(repr=False)

    @property
    def text(self) -> str:
        """The URL in its one normal spelling."""
        port = "" if self.port == _USUAL_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.request_target}"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL with the addresses it led to when asked, every one of them checked; IPv4 first, as functions have no IPv6."""

    url: Url
    addresses: tuple[str, ...] = field(repr=False)


class Guard:
    """Says which URLs are called, and at which addresses."""

    def __init__(self, resolver: Resolver, *, allowance: Allowance = Allowance.NOTHING) -> None:
        """`resolver` is asked anew for each call."""
        self._resolver = resolver
        self._local = allowance is Allowance.LOOPBACK

    def check_url(self, text: str) -> Url:
        """Read a URL as written, without asking the DNS. Raises `UrlRefusedError`."""
        if not 0 < len(text) <= LONGEST_URL:
            raise UrlRefusedError(UrlFault.LENGTH)
        if not text.isprintable() or " " in text or "\\" in text:
            raise UrlRefusedError(UrlFault.CHARACTERS)
        written_scheme, _, rest = text.partition("://")
        scheme = self._scheme(written_scheme)
        authority, request_target = _divided(rest)
        if "@" in authority:
            raise UrlRefusedError(UrlFault.CREDENTIALS)
        host, port = _host_and_port(authority)
        return Url(scheme, self._host(host), self._port(scheme, port), _normal_request_target(request_target))

    def resolve(self, url: Url) -> Target:
        """Ask where a URL leads now. Raises `UnresolvedError`, or `AddressRefusedError` if any one address is refused."""
        addresses = [_address(text) for text in self._addresses_of(url.host)]
        if not addresses:
            raise UnresolvedError
        if not all(self._passes(address, url) for address in addresses):
            raise AddressRefusedError
        return Target(url, tuple(dict.fromkeys(str(address) for address in sorted(addresses, key=lambda each: each.version))))

    def _scheme(self, written: str) -> Literal["http", "https"]:
        match written.lower():
            case "https":
                return "https"
            case "http" if self._local:
                return "http"
        raise UrlRefusedError(UrlFault.SCHEME)

    def _host(self, written: str) -> str:
        host = written.lower() if written.isascii() else _in_ascii(written)
        if not (len(host) <= _LONGEST_HOST and _NAME.fullmatch(host)) and not (self._local and host in _LOCAL_HOSTS):
            raise UrlRefusedError(UrlFault.HOST)
        return host

    def _port(self, scheme: str, written: str | None) -> int:
        if written is None:
            return _USUAL_PORTS[scheme]
        if written == str(HTTPS_PORT) or (self._local and _PORT.fullmatch(written) and int(written) <= _LAST_PORT):
            return int(written)
        raise UrlRefusedError(UrlFault.PORT)

    def _addresses_of(self, host: str) -> Iterable[str]:
        if host in _LOCAL_ADDRESSES:
            return (host.strip("[]"),)
        try:
            return tuple(self._resolver(host))
        except OSError:
            raise UnresolvedError from None

    def _passes(self, address: IPv4Address | IPv6Address, url: Url) -> bool:
        if self._local and address.is_loopback:
            return True
        return url.scheme == "https" and url.port == HTTPS_PORT and is_public(address)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one host's on the public internet.

    `is_global` is necessary but says yes to multicast, site-local, NAT64 and other ways to write a private IPv4 address
    in IPv6; those are refused whole rather than unwrapped, as no receiver needs them.
    """
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_IPV4)
    return address in _UNICAST and address.scope_id is None and not any(address in network for network in _SPECIAL_IPV6)


def _address(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError:
        raise AddressRefusedError from None


def _divided(rest: str) -> tuple[str, str]:
    """What follows `https://`, divided where the authority ends."""
    if "#" in rest:
        raise UrlRefusedError(UrlFault.FRAGMENT)
    end = min((at for mark in "/?" if (at := rest.find(mark)) >= 0), default=len(rest))
    return rest[:end], rest[end:]


def _host_and_port(authority: str) -> tuple[str, str | None]:
    if authority.startswith("["):
        host, bracket, after = authority.partition("]")
        if after and not after.startswith(":"):
            raise UrlRefusedError(UrlFault.HOST)
        return host + bracket, after[1:] if after else None
    host, colon, port = authority.partition(":")
    return host, port if colon else None


def _in_ascii(host: str) -> str:
    """A host name with letters beyond ASCII in the form that the DNS knows (UTS 46, as browsers do it; not the 2003 rules)."""
    import idna  # noqa: PLC0415 - 20 ms of import that few URLs need

    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise UrlRefusedError(UrlFault.HOST) from None


def _normal_request_target(written: str) -> str:
    request_target = written if written.startswith("/") else f"/{written}"
    if not _REQUEST_TARGET.fullmatch(request_target):
        raise UrlRefusedError(UrlFault.CHARACTERS)
    return request_target
