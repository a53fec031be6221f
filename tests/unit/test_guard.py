"""What is called, and what is not: URLs as written, and where they lead."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.alerts.guard import (
    AddressRefusedError,
    Allowance,
    Guard,
    GuardError,
    UnresolvedError,
    Url,
    UrlFault,
    UrlRefusedError,
    is_public,
)
from tests.hostile import HOSTILE_NAMES, HOSTILE_URLS, PUBLIC, Names, Rebinding

SLACK = "https://hooks.slack.com/services/T00/B00/s3cr3t"
LIKE_A_URL = st.text(alphabet="htps:/\\@#?[]%.-_0127xaç\uff45。①:43 \n\t", max_size=40).map(lambda rest: f"https://{rest}")


def public() -> Guard:
    return Guard(Names({"hooks.example.com": [PUBLIC]}))


def local() -> Guard:
    return Guard(Names({"localhost": ["127.0.0.1", "::1"], **HOSTILE_NAMES}), allowance=Allowance.LOOPBACK)


@pytest.mark.parametrize(("fault", "url"), [(fault, url) for fault, urls in HOSTILE_URLS.items() for url in urls])
def test_a_hostile_url_is_refused_as_written(fault: UrlFault, url: str) -> None:
    names = Names()

    with pytest.raises(UrlRefusedError) as refused:
        Guard(names).check_url(url)

    assert refused.value.fault is fault
    assert not names.asked


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_is_refused_for_where_it_leads(name: str) -> None:
    guard = Guard(Names())

    with pytest.raises(AddressRefusedError):
        guard.resolve(guard.check_url(f"https://{name}/"))


def test_the_corpus_is_large() -> None:
    assert len({url for urls in HOSTILE_URLS.values() for url in urls} | set(HOSTILE_NAMES)) >= 60


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (SLACK, SLACK),
        ("HTTPS://Hooks.Slack.COM/services/T00", "https://hooks.slack.com/services/T00"),
        ("https://hooks.example.com", "https://hooks.example.com/"),
        ("https://hooks.example.com?a=b", "https://hooks.example.com/?a=b"),
        ("https://hooks.example.com:443/x", "https://hooks.example.com/x"),
        ("https://hooks.example.com//x/../y;z?q=1&r=%2Fa/b?c", "https://hooks.example.com//x/../y;z?q=1&r=%2Fa/b?c"),
        ("https://ação.example.com.br/", "https://xn--ao-siap.example.com.br/"),
        ("https://AÇÃO。example.com.br/", "https://xn--ao-siap.example.com.br/"),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("https://xn--fa-hia.de/", "https://xn--fa-hia.de/"),
        ("https://1.2.3.4.example.com/", "https://1.2.3.4.example.com/"),
        ("https://prod-12.brazilsouth.logic.azure.com:443/workflows/a1?api-version=1&sig=x_-", None),
        ("https://chat.googleapis.com/v1/spaces/AAA/messages?key=k&token=t%3D", None),
    ],
)
def test_a_url_of_the_public_internet_passes_in_one_spelling(written: str, normal: str | None) -> None:
    url = public().check_url(written)

    assert url.text == (normal or written.replace(":443", ""))
    assert public().check_url(url.text) == url


@given(text=st.text(max_size=60) | LIKE_A_URL)
@example(text="https://[::1%25]/")
def test_what_passes_is_a_name_at_443_and_nothing_else_is_raised_but_a_refusal(text: str) -> None:
    try:
        url = public().check_url(text)
    except UrlRefusedError:
        return
    assert (url.scheme, url.port) == ("https", 443)
    assert url.host.isascii()
    assert "." in url.host
    assert not url.host.rpartition(".")[2][:1].isdigit()
    assert public().check_url(url.text) == url
    with pytest.raises(ValueError, match="does not appear to be"):
        ip_address(url.host)


@given(address=st.ip_addresses())
def test_what_is_not_global_never_passes_even_beside_what_is(address: IPv4Address | IPv6Address) -> None:
    guard = Guard(Names({"hooks.example.com": [PUBLIC, str(address)]}))
    try:
        guard.resolve(guard.check_url("https://hooks.example.com/"))
    except AddressRefusedError:
        return
    assert address.is_global
    assert not address.is_multicast


@given(address=st.ip_addresses(v=4))
def test_no_ipv6_spelling_of_an_ipv4_address_passes(address: IPv4Address) -> None:
    number = int(address)
    spellings = (
        *(number, 0xFFFF << 32 | number, 0xFFFF << 48 | number),  # compatible, mapped, translated
        *(0x64FF9B << 96 | number, 0x64FF9B0001 << 80 | number),  # NAT64
        *(0x2002 << 112 | number << 80, 0x20010000 << 96 | number << 64, 0x20010000 << 96 | (number ^ 0xFFFFFFFF)),  # 6to4, Teredo
    )

    assert not any(is_public(IPv6Address(spelling)) for spelling in spellings)


@given(address=st.ip_addresses(v=6))
def test_an_ipv6_address_outside_of_global_unicast_never_passes(address: IPv6Address) -> None:
    assert not is_public(address) or 0x2000 <= int(address) >> 112 < 0x4000


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "18.228.0.1", "2600:1f1e::1", "2804::1", "2a00:1450::1"])
def test_a_host_of_the_public_internet_passes(address: str) -> None:
    assert is_public(ip_address(address))


def test_addresses_are_kept_once_each_with_ipv4_first() -> None:
    guard = Guard(Names({"hooks.example.com": ["2600::2", PUBLIC, "1.1.1.1", "2600::2", PUBLIC, "2600:0::1"]}))

    assert guard.resolve(guard.check_url("https://hooks.example.com/")).addresses == (PUBLIC, "1.1.1.1", "2600::2", "2600::1")


def test_each_call_asks_anew_so_that_a_changed_answer_is_checked() -> None:
    rebinding = Rebinding([PUBLIC], ["127.0.0.1"])
    guard = Guard(rebinding)
    url = guard.check_url("https://hooks.example.com/")

    assert guard.resolve(url).addresses == (PUBLIC,)
    with pytest.raises(AddressRefusedError):
        guard.resolve(url)


@pytest.mark.parametrize("names", [{"hooks.example.com": []}, {}])
def test_a_name_without_addresses_is_told_apart_from_a_refused_one(names: dict[str, list[str]]) -> None:
    guard = Guard(Names(names))

    with pytest.raises(UnresolvedError):
        guard.resolve(guard.check_url("https://hooks.example.com/"))


@pytest.mark.parametrize("url", [f"{SLACK}#", f"{SLACK}\n", "https://segredo@hooks.slack.com/s3cr3t", "https://s3cr3t.internal:8080/"])
def test_a_refusal_says_nothing_of_the_url(url: str) -> None:
    with pytest.raises(GuardError) as refused:
        public().check_url(url)

    assert "s3cr3t" not in f"{refused.value!r} {refused.value}"
    assert refused.value.__cause__ is None


def test_what_is_shown_of_a_url_and_a_target_hides_path_query_and_addresses() -> None:
    guard = Guard(Names({"hooks.slack.com": [PUBLIC]}))

    shown = f"{guard.resolve(guard.check_url(SLACK))!r}"

    assert "hooks.slack.com" in shown
    assert "s3cr3t" not in shown
    assert PUBLIC not in shown


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("http://127.0.0.1:9000/hook", ("127.0.0.1",)),
        ("http://[::1]:9000/hook", ("::1",)),
        ("http://localhost/", ("127.0.0.1", "::1")),
        ("https://localhost:8443/", ("127.0.0.1", "::1")),
        ("http://loopback.example:1/", ("127.0.0.1",)),
    ],
)
def test_the_allowance_of_local_development_lets_this_machine_through(url: str, addresses: tuple[str, ...]) -> None:
    assert local().resolve(local().check_url(url)).addresses == addresses


@pytest.mark.parametrize("name", [name for name in HOSTILE_NAMES if not name.startswith(("loopback", "mixed", "mapped."))])
def test_the_allowance_lets_no_other_network_through(name: str) -> None:
    with pytest.raises(AddressRefusedError):
        local().resolve(local().check_url(f"https://{name}/"))


@pytest.mark.parametrize("url", ["http://public.example/", "https://public.example:8443/"])
def test_the_allowance_is_for_this_machine_only(url: str) -> None:
    guard = Guard(Names({"public.example": [PUBLIC]}), allowance=Allowance.LOOPBACK)

    with pytest.raises(AddressRefusedError):
        guard.resolve(guard.check_url(url))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:65536/", "http://127.0.0.1:0/", "ftp://127.0.0.1/", "http://a@127.0.0.1/", "http://127.1/"]
)
def test_the_allowance_reads_urls_no_less_strictly(url: str) -> None:
    with pytest.raises(UrlRefusedError):
        local().check_url(url)


def test_nothing_is_allowed_unless_it_is_asked_for() -> None:
    with pytest.raises(UrlRefusedError):
        Guard(Names()).check_url("http://127.0.0.1/")


def test_a_url_is_its_parts() -> None:
    assert public().check_url(SLACK) == Url("https", "hooks.slack.com", 443, "/services/T00/B00/s3cr3t")
