"""URLs and DNS answers that try to lead a call into a network, or into reading a URL in two ways."""

import socket
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from shared.alerts.guard import UrlFault

HOSTILE_URLS: Final[Mapping[UrlFault, Sequence[str]]] = {
    UrlFault.LENGTH: ["", "https://hooks.example.com/" + "a" * 2_048],
    UrlFault.CHARACTERS: [
        "https://hooks.example.com/ HTTP/1.1",
        " https://127.0.0.1/",
        "https://127.0.0.1/\r\nHost: hooks.example.com",
        "https://127.0.0.1\n.example.com/",
        "https://127.0.0.1\t/",
        "https://127.0.0.1\0.example.com/",
        "https://hooks.example.com\\@127.0.0.1/",
        "https:\\\\127.0.0.1/",
        "https://127.0.0.1\u2028.example.com/",
        "https://127.0.0.1\u200b/",
        "https://127.0.0.1\u00ad/",
        "https://hooks.example.com\u202e/",
        "https://hooks.example.com/\x7f",
        "https://hooks.example.com/caminho/ção",
        "https://hooks.example.com/%zz",
        "https://hooks.example.com/{id}",
    ],
    UrlFault.SCHEME: [
        "http://hooks.example.com/",
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "data://text/html,x",
        "dict://127.0.0.1:11211/stats",
        "unix:///var/run/docker.sock",
        "//127.0.0.1/",
        "127.0.0.1",
        "https:/127.0.0.1/",
        "https:127.0.0.1",
        "wss://127.0.0.1/",
        "ｈｔｔｐｓ://127.0.0.1/",  # noqa: RUF001 - full width
        "https+unix://%2Fvar%2Frun%2Fdocker.sock/",
    ],
    UrlFault.CREDENTIALS: [
        "https://hooks.example.com@127.0.0.1/",
        "https://hooks.example.com:443@127.0.0.1/",
        "https://user:password@hooks.example.com/",
        "https://@127.0.0.1/",
        "https://127.0.0.1%2f@hooks.example.com/",
    ],
    UrlFault.FRAGMENT: [
        "https://hooks.example.com/#",
        "https://127.0.0.1#.hooks.example.com/",
        "https://127.0.0.1#@hooks.example.com/",
    ],
    UrlFault.PORT: [
        "https://hooks.example.com:22/",
        "https://hooks.example.com:80/",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:0443/",
        "https://hooks.example.com:+443/",
        "https://hooks.example.com:٤٤٣/",
        "https://hooks.example.com:/",
        "https://hooks.example.com:443:22/",
        "https://hooks.example.com:65979/",
        "https://hooks.example.com:-1/",
    ],
    UrlFault.HOST: [
        "https://",
        "https:///127.0.0.1/",
        "https://?127.0.0.1",
        "https://localhost/",
        "https://metadata/",
        "https://localhost./",
        "https://hooks.example.com./",
        "https://127.0.0.1/",
        "https://127.0.0.1./",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.0.0.0x1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://10.0.0.1/",
        "https://8.8.8.8/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[fe80::1%25lo]/",
        "https://[fd00:ec2::254]/",
        "https://[::1",
        "https://[::1].example.com/",
        "https://[]/",
        "https://１２７.０.０.１/",  # noqa: RUF001 - full width
        "https://127。0。0。1/",
        "https://①②⑦.0.0.1/",
        "https://ⓛocalhost/",
        "https://loc\u2100lhost.example/",
        "https://%31%32%37.0.0.1/",
        "https://127.0.0.1%2eexample.com/",
        "https://127.0.0.1,hooks.example.com/",
        "https://hooks..example.com/",
        "https://.example.com/",
        "https://-hooks.example.com/",
        "https://hooks_example.com/",
        "https://" + "a" * 64 + ".example.com/",
        "https://" + "a." * 127 + "example/",
        "https://hooks.example.com*/",
        "https://$(hostname).example.com/",
        "https://'.example.com/",
    ],
}
"""What is refused as written, without any question to the DNS."""

PUBLIC: Final = "8.8.8.8"
HOSTILE_NAMES: Final[Mapping[str, Sequence[str]]] = {
    "loopback.example": ["127.0.0.1"],
    "loopback-elsewhere.example": ["127.8.8.8"],
    "loopback6.example": ["::1"],
    "mixed.example": [PUBLIC, "127.0.0.1"],
    "mixed-other-way.example": ["127.0.0.1", PUBLIC],
    "mixed-families.example": [PUBLIC, "::1"],
    "unspecified.example": ["0.0.0.0"],  # noqa: S104 - what is refused
    "unspecified6.example": ["::"],
    "private-10.example": ["10.0.0.1"],
    "private-172.example": ["172.16.0.1"],
    "private-192.example": ["192.168.0.1"],
    "carrier.example": ["100.64.0.1"],
    "metadata.example": ["169.254.169.254"],
    "credentials.example": ["169.254.170.2"],
    "metadata6.example": ["fd00:ec2::254"],
    "link-local6.example": ["fe80::1"],
    "zone.example": ["fe80::1%lo"],
    "public-zone.example": ["2600::1%lo"],
    "site-local.example": ["fec0::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "mapped-public.example": ["::ffff:8.8.8.8"],
    "compatible.example": ["::127.0.0.1"],
    "translated.example": ["::ffff:0:127.0.0.1"],
    "nat64.example": ["64:ff9b::127.0.0.1"],
    "nat64-metadata.example": ["64:ff9b::a9fe:a9fe"],
    "nat64-local.example": ["64:ff9b:1::7f00:1"],
    "sixtofour.example": ["2002:7f00:1::"],
    "sixtofour-relay.example": ["192.88.99.1"],
    "teredo.example": ["2001:0:7f00:1::1"],
    "multicast.example": ["224.0.0.1"],
    "multicast6.example": ["ff0e::1"],
    "broadcast.example": ["255.255.255.255"],
    "reserved.example": ["240.0.0.1"],
    "assignments.example": ["192.0.0.9"],
    "benchmarking.example": ["198.18.0.1"],
    "documentation.example": ["192.0.2.1"],
    "documentation6.example": ["2001:db8::1"],
    "documentation-newer6.example": ["3fff::1"],
    "discard.example": ["100::1"],
    "segments.example": ["5f00::1"],
    "unallocated.example": ["4000::1"],
    "no-address-at-all.example": ["not an address"],
    "decimal-answer.example": ["2130706433"],
}
"""What is refused for where it leads."""


class Names:
    """A resolver that knows the names above and others, reads numbers as the system's does, and counts the questions."""

    def __init__(self, names: Mapping[str, Sequence[str]] = HOSTILE_NAMES) -> None:
        self._names = names
        self.asked: Counter[str] = Counter()

    def __call__(self, host: str) -> Sequence[str]:
        self.asked[host] += 1
        if host in self._names:
            return self._names[host]
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)]


class Rebinding:
    """A resolver whose answer is another each time: at first what is hoped to pass the check, then the rest."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = answers
        self.asked = 0

    def __call__(self, _: str) -> Sequence[str]:
        self.asked += 1
        return self._answers[min(self.asked, len(self._answers)) - 1]
