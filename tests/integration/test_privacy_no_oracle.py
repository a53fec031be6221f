"""Asking tells nothing about an address: not by what is answered, not by what is done, not by how long it takes.

That the same calls are made in the same order, with parameters of the same shape, is the proof; the times are a check on it.
"""

import random
import re
from collections.abc import Callable, Sequence
from math import comb, erfc, sqrt
from time import perf_counter_ns
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from tests.integration.privacy_house import PrivacyHouse

KNOWN, UNKNOWN, SUPPRESSED, CAPPED = (f"{who}@cliente.example" for who in ("maria", "outra", "saiu1", "cheia"))
ALL: Final = (KNOWN, UNKNOWN, SUPPRESSED, CAPPED)
_ID: Final = re.compile(r"req_[a-z2-7]{26}")
ROUNDS: Final = 150
TRIES_OF_THE_TEST: Final = 3
ALPHA: Final = 1e-4
"""Of one comparison: three of them, three tries each; all nine wrong together with 1e-4 cubed a comparison."""


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """Every call to AWS from now on: which, and its parameters without their values."""
    made: list[tuple[str, object]] = []
    call: Callable[..., Any] = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - what all clients go through

    def noted(self: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - any answer
        made.append((operation, _shape(parameters)))
        return call(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    return made


@pytest.fixture
def town(house: PrivacyHouse) -> PrivacyHouse:
    """One address that is known, one that never was, one whose person was erased, and one that had all the letters of this hour."""
    house.people.add("p-known", email=KNOWN, customer_id="c-1")
    house.people.add("p-capped", email=CAPPED, customer_id="c-2")
    house.people.add("p-erased", email=SUPPRESSED)
    for _ in range(6):
        house.ask(CAPPED)
    house.work()
    del house.people.profiles["p-erased"], house.people.lookups["p-erased"]  # as an erasure leaves it
    return house


def test_what_is_answered_is_the_same(town: PrivacyHouse) -> None:
    replies = [town.ask(email, type_) for email in ALL for type_ in ("access", "access")]
    assert len({(reply.status, _ID.sub("", reply.text), tuple(sorted(reply.headers.items()))) for reply in replies}) == 1


def test_what_is_done_is_the_same(town: PrivacyHouse, calls: list[tuple[str, object]]) -> None:
    done = []
    for email in ALL:
        calls.clear()
        town.ask(email)
        done.append(list(calls))
    assert [operation for operation, _ in done[0]] == ["Encrypt", "PutItem", "SendMessage"]
    assert all(each == done[0] for each in done)


@pytest.mark.parametrize("looked_up", [False, True])
def test_what_is_done_with_a_wrong_code_is_the_same(town: PrivacyHouse, calls: list[tuple[str, object]], *, looked_up: bool) -> None:
    done, replies = [], []
    town.confirm("req_" + "w" * 26, "00000000")  # a container's first reads the key that codes are made with, once for all
    for email in ALL:
        request_id = town.ask(email).body["request_id"]
        if looked_up:
            town.work()
        calls.clear()
        replies.append(town.confirm(request_id, "00000000"))
        done.append(list(calls))
    calls.clear()
    replies.append(town.confirm("req_" + "q" * 26, "00000000"))
    done.append(list(calls))
    assert [operation for operation, _ in done[0]] == ["UpdateItem"]
    assert all(each == done[0] for each in done)
    assert len({(reply.status, reply.text) for reply in replies}) == 1


def test_the_page_answers_alike(town: PrivacyHouse) -> None:
    sent = [town.browse("POST /privacidade", {"type": "access", "email": email, "lang": "en"}) for email in ALL]
    assert len({(reply.status, _ID.sub("", str(sorted(reply.headers.items())) + reply.text)) for reply in sent}) == 1


def test_the_times_of_two_kinds_of_address_cannot_be_told_apart(town: PrivacyHouse) -> None:
    """Mann-Whitney on interleaved calls, 150 of each kind; the level and the power are stated at `power`."""
    for other in (UNKNOWN, SUPPRESSED, CAPPED):
        smallest = 0.0
        for seed in range(TRIES_OF_THE_TEST):  # what a busy machine does once it does not do thrice; an oracle does
            smallest = _p_of(*_timed(town, KNOWN, other, random.Random(seed)))
            if smallest > ALPHA:
                break
        assert smallest > ALPHA


def test_the_test_of_times_would_see_a_difference_of_three_quarters_of_a_standard_deviation() -> None:
    """Its power, stated: with 150 of each and level 1e-4, a shift by 0.75 of the spread is found in over 95 of 100 runs."""
    draw = random.Random(1)
    found = sum(_p_of([draw.gauss(0, 1) for _ in range(ROUNDS)], [draw.gauss(0.75, 1) for _ in range(ROUNDS)]) <= ALPHA for _ in range(300))
    assert power(ROUNDS, 0.75) > 0.95
    assert found / 300 > 0.9


def power(rounds: int, shift: float) -> float:
    """The power of the two-sided Mann-Whitney test at `ALPHA` for a normal shift of `shift` standard deviations.

    Noether (1987), Sample size determination for some common nonparametric tests, JASA 82: with p = P(X < Y), the statistic over its
    standard deviation is about normal around (p - ½)·√(6·n·m/(n+m))·√2.
    """
    p = 0.5 * erfc(-shift / 2)
    mean = (p - 0.5) * sqrt(6 * rounds)
    return 0.5 * erfc(-(mean - _quantile(1 - ALPHA / 2)) / sqrt(2))


def _timed(house: PrivacyHouse, one: str, other: str, draw: random.Random) -> tuple[list[int], list[int]]:
    """How long calls take, one of each in random order at a time: what the machine does meanwhile befalls both."""
    times: dict[str, list[int]] = {one: [], other: []}
    for _ in range(ROUNDS):
        for email in draw.sample((one, other), 2):
            begun = perf_counter_ns()
            reply = house.ask(email)
            times[email].append(perf_counter_ns() - begun)
            assert reply.status == 202
    return times[one], times[other]


def _p_of(one: Sequence[float], other: Sequence[float]) -> float:
    """The two-sided p of Mann-Whitney's U, by its normal approximation (good from 20 of each on)."""
    ranks = {value: rank for rank, value in enumerate(sorted([*one, *other]), start=1)}
    n, m = len(one), len(other)
    u = sum(ranks[value] for value in one) - comb(n + 1, 2)
    return erfc(abs(u - n * m / 2) / sqrt(n * m * (n + m + 1) / 12) / sqrt(2))


def _quantile(p: float) -> float:
    """Of the standard normal distribution, by bisection."""
    low, high = -10.0, 10.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if 0.5 * erfc(-middle / sqrt(2)) < p else (low, middle)
    return low


def _shape(value: object) -> object:
    """A value without what it says: its type, and how it is built."""
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shape(inner) for inner in value]
    return type(value).__name__
