"""What counting relies on from `Bus`: of the one in memory, which its tests use, and of EventBridge alike."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws

from shared.counting.ports import Bus
from shared.events import AnswerClassified, answer_classified
from shared.store.bus import EventBus
from tests.fakes.bus import MemoryBus
from tests.fakes.memory import Memory
from tests.fakes.samples import answer_of, survey_of
from tests.integration.interference import answering, refusing

EVENTS = [answer_classified(answer_of(survey_of(), number)) for number in range(25)]
IDS = [event.metadata.id for event in EVENTS]


@dataclass(frozen=True)
class Place:
    """A bus, and how it may fail."""

    bus: Bus
    down: Callable[[], AbstractContextManager[Any]]
    refusing_every_other: Callable[[], AbstractContextManager[Any]]


def in_memory() -> Place:
    bus = MemoryBus(Memory())

    @contextmanager
    def accepting(accepts: Callable[[], bool]) -> Iterator[None]:
        bus.accepts, before = accepts, bus.accepts
        yield
        bus.accepts = before

    turns = iter([True, False] * 100)
    return Place(bus, partial(accepting, lambda: False), partial(accepting, lambda: next(turns)))


def on_eventbridge() -> Place:
    client = boto3.client("events")
    client.create_event_bus(Name="recomenda")
    half = {"FailedEntryCount": 5, "Entries": [{"EventId": "1"}, {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}] * 5}
    return Place(EventBus(client, "recomenda"), partial(refusing, "PutEvents"), partial(answering, "PutEvents", half))


@pytest.fixture(params=["memory", "eventbridge"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "memory":
        yield in_memory()
        return
    with mock_aws():
        yield on_eventbridge()


def test_any_number_of_events_is_accepted(place: Place) -> None:
    assert place.bus.announce(EVENTS) == frozenset()
    assert place.bus.announce([]) == frozenset()


def test_the_same_event_may_be_published_again(place: Place) -> None:
    assert place.bus.announce(EVENTS[:1]) == place.bus.announce(EVENTS[:1]) == frozenset()


def test_events_that_were_not_accepted_are_named(place: Place) -> None:
    with place.refusing_every_other():
        assert place.bus.announce(EVENTS[:20]) == set(IDS[1:20:2])


def test_a_bus_that_is_down_accepts_none_and_raises_nothing(place: Place) -> None:
    with place.down():
        assert place.bus.announce(EVENTS) == set(IDS)
    assert place.bus.announce(EVENTS) == frozenset()


def test_a_bus_that_does_not_answer_is_waited_for_once_or_the_function_would_time_out_before_it_counts() -> None:
    asked: list[int] = []

    class Client:
        def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - as boto3 spells it
            asked.append(len(Entries))
            raise ReadTimeoutError(endpoint_url="https://events")

    refused = EventBus(Client(), "recomenda").announce(EVENTS)  # type: ignore[arg-type]  # the one call it makes
    assert refused == set(IDS)
    assert asked == [10]


def test_an_event_goes_out_as_the_template_expects_it() -> None:
    sent: list[dict[str, Any]] = []

    class Client:
        def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - as boto3 spells it
            sent.extend(Entries)
            return {"Entries": [{"EventId": "1"} for _ in Entries]}

    EventBus(Client(), "recomenda").announce(EVENTS[:1])  # type: ignore[arg-type]  # the one call it makes
    [entry] = sent
    assert (entry["EventBusName"], entry["Source"], entry["DetailType"]) == ("recomenda", "recomenda", "answer.classified")
    assert isinstance(EVENTS[0], AnswerClassified)
