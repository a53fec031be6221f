"""The hostile corpus against a caller: not one connection."""

import socket
from collections.abc import Iterator

import pytest

from shared.alerts.call import CallError
from shared.alerts.guard import Guard
from shared.alerts.post import Poster
from tests.calls import AMPLE, NAME, NOW, failure_of, failures_of
from tests.hostile import HOSTILE_NAMES, HOSTILE_URLS, PUBLIC, Names, Rebinding
from tests.receivers import Receiver, hanging_up

HOSTILE = [url for urls in HOSTILE_URLS.values() for url in urls] + [f"https://{name}/" for name in HOSTILE_NAMES]


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Receiver]]:
    """This machine's two addresses, listening on the port that is called, which stands for 443; as the internet would find it open."""
    with Receiver(hanging_up()) as ipv4, Receiver(hanging_up(), address="::1", port=ipv4.port) as ipv6:
        monkeypatch.setattr("shared.alerts.guard.HTTPS_PORT", ipv4.port)
        monkeypatch.setattr("shared.alerts.guard._USUAL_PORTS", {"https": ipv4.port, "http": ipv4.port})
        yield [ipv4, ipv6]


def accepted(doors: list[Receiver]) -> int:
    return sum(door.accepted for door in doors)


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Every address that a socket of this process is told to connect to; none is connected to."""
    seen: list[tuple[object, ...]] = []

    def connect(_: socket.socket, address: tuple[object, ...]) -> None:
        seen.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return seen


def test_no_hostile_url_makes_a_connection(doors: list[Receiver]) -> None:
    assert failures_of(Poster(Guard(Names()), seconds=AMPLE), HOSTILE) == {CallError.REFUSED_ADDRESS}
    assert accepted(doors) == 0


def test_no_hostile_url_has_a_socket_connect_to_anywhere(connects: list[tuple[object, ...]]) -> None:
    assert failures_of(Poster(Guard(Names()), seconds=AMPLE), HOSTILE) == {CallError.REFUSED_ADDRESS}
    assert connects == []


def test_the_doors_are_open_to_a_guard_that_does_not_look(doors: list[Receiver], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.alerts.guard.is_public", lambda _: True)
    names = ("loopback", "loopback6", "mapped", "mixed-other-way")

    assert failures_of(Poster(Guard(Names()), seconds=AMPLE), [f"https://{name}.example/" for name in names]) == {CallError.TLS}
    assert accepted(doors) == 4


def test_the_name_is_asked_once_a_call_and_the_checked_answer_is_where_it_goes(connects: list[tuple[object, ...]]) -> None:
    rebinding = Rebinding([PUBLIC], ["127.0.0.1"])

    failure = failure_of(lambda: Poster(Guard(rebinding), seconds=AMPLE).post(f"https://{NAME}/", b"{}", {}, now=NOW))

    assert failure is CallError.CONNECT
    assert connects == [(PUBLIC, 443)]
    assert rebinding.asked == 1


def test_a_name_that_is_bound_anew_between_check_and_call_reaches_nothing(doors: list[Receiver]) -> None:
    rebinding = Rebinding([PUBLIC], ["127.0.0.1"], ["::1"])
    guard = Guard(rebinding)
    guard.resolve(guard.check_url(f"https://{NAME}/"))  # when the channel was made

    assert failures_of(Poster(guard, seconds=AMPLE), [f"https://{NAME}/"] * 2) == {CallError.REFUSED_ADDRESS}
    assert accepted(doors) == 0
