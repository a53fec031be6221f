"""What alerting counts on from what brings ids back: of that in memory, which its tests use, and of SQS and EventBridge Scheduler alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import boto3
import msgspec
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from shared.alerts.channel import StatusReason
from shared.alerts.incoming import read
from shared.alerts.message import Due
from shared.alerts.ports import Checks as ChecksPort
from shared.alerts.ports import Notices as NoticesPort
from shared.alerts.ports import Outbox as OutboxPort
from shared.alerts.retrying import WELL
from shared.answer import AnswerKey
from shared.store.notices import Notices
from shared.store.outbox import Check, Checks, Outbox, Schedules
from tests.fakes.carriers import MemoryChecks, MemoryOutbox
from tests.fakes.channels import MemoryNotices, channel_of, id_of
from tests.fakes.deliveries import MemoryDeliveries
from tests.fakes.memory import Memory
from tests.fakes.registry import MemorySurveys
from tests.fakes.samples import NOON

KEY = AnswerKey("loja#2026-03-10#1", "019cd843-1180-7000-8000-000000000001")
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
GROUP = "RecomendaDeliveries"
QUEUE_ARN = "arn:aws:sqs:sa-east-1:123456789012:deliver"
ROLE_ARN = "arn:aws:iam::123456789012:role/schedules"
A, B = Due("msg_a", "ch_sala", 3), Due("msg_b")


@dataclass
class Place:
    """What carries, and what it was given to carry: each with when it arrives."""

    outbox: OutboxPort
    checks: ChecksPort
    messages: Callable[[], set[tuple[datetime, Due]]]
    checked: Callable[[], set[tuple[datetime, AnswerKey, str]]]


def in_memory() -> Place:
    outbox, checks = MemoryOutbox(Memory()), MemoryChecks(Memory(), lambda: NOON)
    return Place(outbox, checks, lambda: set(outbox.queue), lambda: set(checks.queue))


class Carried:
    """What went to the queues, with its delay, and what schedules there are."""

    def __init__(self) -> None:
        self.sqs, self.scheduler = boto3.client("sqs"), boto3.client("scheduler")
        self.urls = {name: self.sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("deliver", "notify")}
        self.scheduler.create_schedule_group(Name=GROUP)
        self.sent: list[dict[str, Any]] = []
        self.sqs.meta.events.register("provide-client-params.sqs.SendMessage", self._keep)
        self.sqs.meta.events.register("provide-client-params.sqs.SendMessageBatch", self._keep_each)

    def _keep(self, params: dict[str, Any], **_: Any) -> None:  # noqa: ANN401 - as botocore calls it
        self.sent.append(dict(params))

    def _keep_each(self, params: dict[str, Any], **_: Any) -> None:  # noqa: ANN401 - as botocore calls it
        self.sent += [{"QueueUrl": params["QueueUrl"], **entry} for entry in params["Entries"]]

    def messages(self) -> set[tuple[datetime, Due]]:
        queued = {(at, _due(body)) for at, body in self._queued("deliver")}
        return queued | {self._scheduled(each["Name"]) for each in self.scheduler.list_schedules(GroupName=GROUP)["Schedules"]}

    def checked(self) -> set[tuple[datetime, AnswerKey, str]]:
        found = [(at, msgspec.json.decode(body, type=Check).check) for at, body in self._queued("notify")]
        return {(at, check.key, check.channel_id) for at, check in found}

    def _queued(self, queue: str) -> list[tuple[datetime, str]]:
        mine = [each for each in self.sent if each["QueueUrl"] == self.urls[queue]]
        return [(NOON + each["DelaySeconds"] * SECOND, each["MessageBody"]) for each in mine]

    def _scheduled(self, name: str) -> tuple[datetime, Due]:
        made = self.scheduler.get_schedule(Name=name, GroupName=GROUP)
        assert (made["ActionAfterCompletion"], made["FlexibleTimeWindow"]) == ("DELETE", {"Mode": "OFF"})
        assert (made["Target"]["Arn"], made["Target"]["RoleArn"]) == (QUEUE_ARN, ROLE_ARN)
        at = datetime.fromisoformat(made["ScheduleExpression"].removeprefix("at(").removesuffix(")")).replace(tzinfo=UTC)
        return at, _due(made["Target"]["Input"])


def _due(body: str) -> Due:
    """As the deliverer reads it."""
    read_back = read(body, MemorySurveys())
    assert isinstance(read_back, Due)
    return read_back


def on_aws() -> Place:
    carried = Carried()
    schedules = Schedules(group=GROUP, queue_arn=QUEUE_ARN, role_arn=ROLE_ARN)
    outbox = Outbox(carried.sqs, carried.urls["deliver"], carried.scheduler, schedules)
    return Place(outbox, Checks(carried.sqs, carried.urls["notify"]), carried.messages, carried.checked)


@pytest.fixture(params=["memory", "aws"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "memory":
        yield in_memory()
        return
    with mock_aws():
        yield on_aws()


@pytest.mark.parametrize("ahead", [timedelta(0), SECOND, 5 * MINUTE, 15 * MINUTE, 15 * MINUTE + SECOND, 5 * 60 * MINUTE, 3 * DAY])
def test_an_id_is_brought_when_it_is_due_however_far_ahead(place: Place, ahead: timedelta) -> None:
    place.outbox.enqueue(A, NOON + ahead, NOON)
    assert place.messages() == {(NOON + ahead, A)}


def test_an_id_without_a_time_or_with_one_that_has_passed_is_brought_at_once(place: Place) -> None:
    place.outbox.enqueue(A, None, NOON)
    place.outbox.enqueue(B, NOON - DAY, NOON)
    assert place.messages() == {(NOON, A), (NOON, B)}


@pytest.mark.parametrize("ahead", [MINUTE, DAY])
def test_an_id_enqueued_twice_for_the_same_time_may_come_once_or_twice(place: Place, ahead: timedelta) -> None:
    for _ in range(2):
        place.outbox.enqueue(A, NOON + ahead, NOON)
    assert place.messages() == {(NOON + ahead, A)}


def test_an_id_enqueued_for_two_times_comes_at_both(place: Place) -> None:
    for ahead in (DAY, 2 * DAY):
        place.outbox.enqueue(A, NOON + ahead, NOON)
    assert place.messages() == {(NOON + DAY, A), (NOON + 2 * DAY, A)}


def test_ids_that_are_put_back_come_when_they_are_to_and_after_15_minutes_at_most(place: Place) -> None:
    many = [(Due(f"msg_{number:02}", "ch_sala", 1), NOON + 2 * MINUTE * number) for number in range(23)]
    assert list(place.outbox.put_back(many, NOON)) == [due for due, _ in many]
    assert place.messages() == {(min(at, NOON + 15 * MINUTE), due) for due, at in many}
    assert not place.outbox.put_back([], NOON)


def test_on_aws_what_the_queue_did_not_take_is_said() -> None:
    class Picky:
        def send_message_batch(self, *, Entries: list[dict[str, Any]], **_: object) -> dict[str, Any]:  # noqa: N803 - as botocore names it
            taken = [each["Id"] for each in Entries if "msg_b" not in each["MessageBody"]]
            return {"Successful": [{"Id": each} for each in taken], "Failed": [{"Id": "1", "Code": "InternalError"}]}

    outbox = Outbox(cast("Any", Picky()), "https://queue.example", None, Schedules(group=GROUP, queue_arn="", role_arn=""))
    assert outbox.put_back([(A, NOON), (B, NOON), (A, NOON)], NOON) == [A, A]


def test_on_aws_the_ids_of_one_channel_are_one_group_for_sqs_to_be_fair_to_the_others() -> None:
    with mock_aws():
        carried = Carried()
        outbox = Outbox(
            carried.sqs, carried.urls["deliver"], carried.scheduler, Schedules(group=GROUP, queue_arn=QUEUE_ARN, role_arn=ROLE_ARN)
        )
        outbox.enqueue(A, None, NOON)
        outbox.put_back([(A, NOON), (B, NOON)], NOON)
        assert [each["MessageGroupId"] for each in carried.sent] == ["ch_sala", "ch_sala", "msg_b"]


@pytest.mark.parametrize("seconds", [0, 1, 120, 900])
def test_an_answer_is_brought_back_after_a_channels_wait(place: Place, seconds: int) -> None:
    place.checks.check_later(KEY, "ch_a", seconds)
    assert place.checked() == {(NOON + seconds * SECOND, KEY, "ch_a")}


@pytest.mark.parametrize("ahead", [1.4 * SECOND, 15 * MINUTE + 0.001 * SECOND, DAY + 0.999999 * SECOND])
def test_on_aws_a_part_of_a_second_is_waited_for_whole_so_that_nothing_comes_early(ahead: timedelta) -> None:
    with mock_aws():
        place = on_aws()
        place.outbox.enqueue(A, NOON + ahead, NOON)
        [(due, _)] = place.messages()
        assert timedelta(0) <= due - (NOON + ahead) < SECOND


def test_on_aws_a_refusal_other_than_that_it_is_there_already_is_raised() -> None:
    class Throttled:
        def create_schedule(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "CreateSchedule")

    with mock_aws():
        outbox = Outbox(boto3.client("sqs"), "https://queue.example", Throttled(), Schedules(group=GROUP, queue_arn="", role_arn=""))
        with pytest.raises(ClientError, match="ThrottlingException"):
            outbox.enqueue(A, NOON + DAY, NOON)


@pytest.mark.parametrize("reason", ["gone", "failing"])
def test_the_notice_of_a_channels_end_names_it_and_no_address(reason: StatusReason) -> None:
    channel = channel_of("sala")
    memory = MemoryNotices(Memory())
    with mock_aws():
        sns, sqs = boto3.client("sns"), boto3.client("sqs")
        topic = sns.create_topic(Name="notices")["TopicArn"]
        queue = sqs.create_queue(QueueName="notices")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        deliveries = MemoryDeliveries(Memory())
        deliveries.set_breaker(channel.channel_id, WELL, WELL.after_failure(NOON - DAY))
        ports: list[NoticesPort] = [memory, Notices(sns, topic, deliveries, lambda: NOON)]
        for port in ports:
            port.disabled(channel, reason)
        [message] = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert memory.given == [(id_of("sala"), reason)]
    told = msgspec.json.decode(msgspec.json.decode(message["Body"])["Message"])
    assert told["type"] == "channel.disabled"
    assert told["data"]["channel_id"] == id_of("sala")
    assert (told["data"]["reason"], told["data"]["failing_since"]) == (reason, "2026-03-09T15:00:00.000Z")
    assert channel.host not in message["Body"]
