"""TLS towards pinned addresses: the name is what is asked for and verified."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from shared.alerts.call import CallError, Reply
from tests.calls import NAME, NOW, failure_of, poster
from tests.receivers import Behaviour, Receiver, blurting, dripping_unasked, flapping, hanging_up


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def secured(certificate: trustme.LeafCert, names: list[str | None] | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if names is not None:
        context.sni_callback = lambda _socket, name, _context: names.append(name)
    return context


def call_by_name(receiver: Receiver, authority: trustme.CA, name: str = NAME) -> Reply:
    trusting = poster(trust=authority.cert_pem.bytes().decode())
    return trusting.post(f"https://{name}:{receiver.port}/hook", b"{}", {}, now=NOW)


def test_sni_host_and_certificate_go_by_the_name_while_the_address_is_pinned(authority: trustme.CA) -> None:
    names: list[str | None] = []
    with Receiver(flapping(200), tls=secured(authority.issue_cert(NAME), names)) as receiver:
        assert call_by_name(receiver, authority).accepted

    assert names == [NAME]
    assert receiver.requests[0].headers["host"] == f"{NAME}:{receiver.port}"


def untrusted(_: trustme.CA) -> trustme.LeafCert:
    return trustme.CA().issue_cert(NAME)


def of_another_name(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("other.example.com")


def of_the_address(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("127.0.0.1")


def by_common_name_only(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert(common_name=NAME)


def expired(authority: trustme.CA) -> trustme.LeafCert:
    long_ago = datetime.now(UTC) - timedelta(days=30)
    return authority.issue_cert(NAME, not_before=long_ago, not_after=long_ago + timedelta(days=10))


@pytest.mark.parametrize("issue", [untrusted, of_another_name, of_the_address, by_common_name_only, expired])
def test_a_certificate_that_is_not_the_name_s_gets_no_message(
    issue: Callable[[trustme.CA], trustme.LeafCert], authority: trustme.CA
) -> None:
    with Receiver(flapping(200), tls=secured(issue(authority))) as receiver:
        assert failure_of(lambda: call_by_name(receiver, authority)) is CallError.TLS

    assert (receiver.accepted, receiver.requests) == (1, [])


def test_the_system_s_authorities_are_trusted_unless_others_are_given(authority: trustme.CA) -> None:
    with Receiver(flapping(200), tls=secured(authority.issue_cert(NAME))) as receiver:
        url = f"https://{NAME}:{receiver.port}/"

        assert failure_of(lambda: poster().post(url, b"", {}, now=NOW)) is CallError.TLS


@pytest.mark.parametrize(
    "behaviour", [blurting(b"HTTP/1.1 200 OK\r\n\r\n"), hanging_up(), dripping_unasked(b"not TLS")], ids=["plain", "nothing", "else"]
)
def test_what_is_no_tls_is_told_apart(behaviour: Behaviour, authority: trustme.CA) -> None:
    with Receiver(behaviour) as receiver:
        assert failure_of(lambda: call_by_name(receiver, authority)) is CallError.TLS


def test_tls_before_1_2_is_refused(authority: trustme.CA) -> None:
    context = secured(authority.issue_cert(NAME))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with Receiver(flapping(200), tls=context) as receiver:
        assert failure_of(lambda: call_by_name(receiver, authority)) is CallError.TLS
