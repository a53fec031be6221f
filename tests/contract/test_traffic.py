"""What watching floods relies on from `TrafficStore`: of the one in memory, and of DynamoDB's alike."""

from datetime import date, timedelta
from secrets import token_bytes
from uuid import uuid4

import boto3
import pytest

from shared.intake.ports import Bucket, TrafficStore, TrafficUnavailableError
from shared.store.tables import TrafficItem, bind
from shared.store.traffic import Traffic
from tests.fakes.samples import NOON
from tests.fakes.traffic import MemoryTraffic

SPAN, LATER = NOON, NOON + timedelta(seconds=7)
IDS = [frozenset({str(uuid4())}) for _ in range(6)]


@pytest.fixture
def traffic(kind: str) -> TrafficStore:
    """Nothing has come yet."""
    if kind == "memory":
        return MemoryTraffic()
    name = f"traffic-{uuid4().hex}"
    boto3.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    bind(TrafficItem, name)
    return Traffic(token_bytes)


def test_a_bucket_fills_up_and_then_takes_no_more(traffic: TrafficStore) -> None:
    first, second, third, fourth, *_ = IDS
    assert traffic.add("a", first, 2, SPAN, NOON) == Bucket(first, is_added=True, is_settled=False, changed_at=NOON)
    assert traffic.add("a", first | second, 2, SPAN, LATER).answer_ids == first | second
    full = Bucket(first | second | third, is_added=True, is_settled=False, changed_at=LATER)
    assert traffic.add("a", third, 2, SPAN, LATER) == full
    assert traffic.add("a", fourth, 2, SPAN, LATER + SPAN.resolution) == full._replace(is_added=False)


def test_an_id_counts_once_however_often_it_is_put_in(traffic: TrafficStore) -> None:
    for _ in range(5):
        assert traffic.add("a", IDS[0], 2, SPAN, NOON).answer_ids == IDS[0]


def test_a_settled_bucket_says_so(traffic: TrafficStore) -> None:
    traffic.add("a", IDS[0] | IDS[1], 1, SPAN, NOON)
    traffic.settle("a", SPAN)
    assert traffic.add("a", IDS[2], 1, SPAN, LATER) == Bucket(IDS[0] | IDS[1], is_added=False, is_settled=True, changed_at=NOON)


def test_buckets_and_spans_are_each_by_themselves(traffic: TrafficStore) -> None:
    traffic.add("a", IDS[0], 1, SPAN, NOON)
    traffic.add("b", IDS[1], 1, SPAN, NOON)
    assert traffic.add("a", IDS[2], 1, SPAN + timedelta(minutes=10), NOON).answer_ids == IDS[2]


def test_a_day_has_one_key_and_every_day_another(traffic: TrafficStore) -> None:
    today, tomorrow = date(2026, 3, 10), date(2026, 3, 11)
    assert traffic.key_of(today) == traffic.key_of(today) != traffic.key_of(tomorrow)
    assert len(traffic.key_of(today)) == 32


def test_a_table_that_cannot_be_reached_says_so(aws_kind: str) -> None:
    assert aws_kind
    bind(TrafficItem, "no-such-table")
    with pytest.raises(TrafficUnavailableError):
        Traffic(token_bytes).add("a", IDS[0], 1, SPAN, NOON)
