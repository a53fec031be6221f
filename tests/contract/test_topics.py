"""What SNS is told of a message, and what a subscription's filter policy makes of it: the same as a channel's rules would."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from moto.sns.utils import FilterPolicyMatcher
from msgspec import structs

from shared import dimension as dim
from shared.alerts.channel import Channel, ChannelKind, ChannelStatus, Rules
from shared.alerts.channel_rules import MOST_COMBINATIONS, check, filter_policy
from shared.alerts.compose.sns import SnsMessage, compose
from shared.alerts.content import AlertContent, AlertKind
from shared.alerts.matching import wants
from shared.alerts.message import Message
from shared.alerts.ports import PersonFacts
from shared.alerts.subject import Subject, content_of
from shared.answer import Answer, Standing
from shared.store.topics import Topic
from tests.fakes.channels import channel_of
from tests.fakes.samples import NOON, answer_of, survey_of
from tests.tool_limits import sns as limits

MOST_NAMES: Final = 5  # docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html, as is the 150 of MOST_COMBINATIONS
SURVEYS: Final = ("loja", "outra", "loja-2")
TOUCHPOINTS: Final = ("checkout", "support", "other")
SEGMENTS: Final = {f"k{number:02d}" + "x" * 37: "v" * 39 + str(number % 10) for number in range(20)}


def content_about(answer: Answer, kind: AlertKind = AlertKind.DETRACTOR) -> AlertContent:
    message = Message(message_id="msg_a", channel_id="sns", kind=kind, created_at=NOON, answer=answer.key)
    return content_of(Subject(message, answer, survey_of(answer.key.survey_id)), channel_of(), PersonFacts(), "")


def subscription(rules: Rules) -> Channel:
    """A channel that SNS delivers to; it waits as long as all others of the topic do."""
    return channel_of(kind=ChannelKind.SNS_EMAIL, rules=rules, wait_seconds=120)


def passes(policy: Mapping[str, Any], message: SnsMessage) -> bool:
    types = {"String": str, "Number": float, "String.Array": str}
    attributes = {
        name: {"Type": each["DataType"], "Value": types[each["DataType"]](each["StringValue"])} for name, each in message.attributes.items()
    }
    return FilterPolicyMatcher(json.loads(json.dumps(policy)), "MessageAttributes").matches(attributes, message.message)


some_rules = st.builds(
    Rules,
    surveys=st.lists(st.sampled_from(SURVEYS), max_size=2, unique=True).map(tuple),
    score_at_most=st.integers(0, 6),
    touchpoints=st.lists(st.sampled_from(TOUCHPOINTS), max_size=2, unique=True).map(tuple),
    segments=st.dictionaries(
        st.sampled_from(["plan", "tier"]),
        st.lists(st.sampled_from(["pro", "free", "pro.1"]), max_size=2, unique=True).map(tuple),
        max_size=1,
    ),
)


@st.composite
def answers(draw: st.DrawFn, scores: st.SearchStrategy[int]) -> Answer:
    named = {
        dim.TOUCHPOINT: st.sampled_from(TOUCHPOINTS),
        **{dim.SEGMENT + key: st.sampled_from(["pro", "free", "pro.1"]) for key in ("plan", "tier")},
    }
    dimensions = {name: value for name, values in named.items() if (value := draw(st.none() | values)) is not None}
    return answer_of(survey_of(draw(st.sampled_from(SURVEYS))), 1, draw(scores), dimensions)


@given(rules=some_rules, answer=answers(st.integers(0, 6)))
def test_a_subscription_hears_of_just_what_a_channel_with_its_rules_would(rules: Rules, answer: Answer) -> None:
    channel = subscription(rules)
    check(channel.kind, channel.settings)
    policy = filter_policy(channel)
    assert len(policy) <= MOST_NAMES
    assert passes(policy, compose(content_about(answer))) is wants(channel, answer)


@given(rules=some_rules, answer=answers(st.integers(7, 10)), standing=st.sampled_from(Standing))
def test_a_withdrawal_is_heard_by_who_hears_of_every_score(rules: Rules, answer: Answer, standing: Standing) -> None:
    channel = subscription(structs.replace(rules, score_at_most=6))
    withdrawn = compose(content_about(replace(answer, standing=standing), AlertKind.WITHDRAWN))
    detractor = compose(content_about(replace(answer, score=0)))
    assert passes(filter_policy(channel), withdrawn) is passes(filter_policy(channel), detractor)
    pickier = subscription(structs.replace(rules, score_at_most=5))
    assert not passes(filter_policy(pickier), withdrawn)


@given(answers(st.integers(0, 10)))
def test_a_paused_subscription_hears_of_nothing(answer: Answer) -> None:
    paused = structs.replace(subscription(Rules()), status=ChannelStatus.PAUSED)
    assert not any(
        passes(filter_policy(paused), compose(content_about(answer, kind))) for kind in (AlertKind.DETRACTOR, AlertKind.WITHDRAWN)
    )


@dataclass
class Subscribed:
    """A topic of SNS with queues that take its messages raw, each with a filter policy, if with any."""

    topic: Topic
    arn: str
    urls: dict[str, str] = field(default_factory=dict)

    def queue(self, name: str, policy: Mapping[str, Any]) -> None:
        sqs = boto3.client("sqs")
        self.urls[name] = sqs.create_queue(QueueName=name)["QueueUrl"]
        endpoint = sqs.get_queue_attributes(QueueUrl=self.urls[name], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        filtered = {"FilterPolicyScope": "MessageAttributes", "FilterPolicy": json.dumps(policy)} if policy else {}
        boto3.client("sns").subscribe(
            TopicArn=self.arn, Protocol="sqs", Endpoint=endpoint, Attributes={"RawMessageDelivery": "true", **filtered}
        )

    def heard(self, name: str) -> list[Any]:
        found = boto3.client("sqs").receive_message(QueueUrl=self.urls[name], MessageAttributeNames=["All"], MaxNumberOfMessages=10)
        return list(found.get("Messages", []))


@pytest.fixture
def subscribed() -> Iterator[Subscribed]:
    with mock_aws():
        sns = boto3.client("sns")
        arn = sns.create_topic(Name="detractors")["TopicArn"]
        yield Subscribed(Topic(sns, arn), arn)


def test_an_answer_with_twenty_long_segments_reaches_a_queue_that_takes_it_raw_and_filters_by_each(subscribed: Subscribed) -> None:
    [*_, (key, value)] = SEGMENTS.items()
    wanted = subscription(Rules(segments={key: (value,)}))
    other = subscription(Rules(segments={key: ("none",)}))
    for name, policy in (("all", {}), ("wanted", filter_policy(wanted)), ("other", filter_policy(other))):
        subscribed.queue(name, policy)
    answer = answer_of(survey_of(), 1, 3, {dim.TOUCHPOINT: "checkout"} | {dim.SEGMENT + each: SEGMENTS[each] for each in SEGMENTS})
    message = compose(content_about(answer))
    subscribed.topic.publish(message)
    limits.check(message.subject, message.message, message.attributes)
    assert (len(subscribed.heard("all")), len(subscribed.heard("other"))) == (1, 0)
    [heard] = subscribed.heard("wanted")
    assert json.loads(heard["Body"])["data"]["segments"] == SEGMENTS


def test_the_largest_policy_that_is_taken_has_no_more_combinations_than_sns_takes() -> None:
    surveys, touchpoints = tuple(f"s{number}" for number in range(15)), tuple(f"t{number}" for number in range(5))
    rules = Rules(surveys=surveys, touchpoints=touchpoints, segments={"plan": ("pro", "free")}, score_at_most=3)
    channel = subscription(rules)
    check(channel.kind, channel.settings)
    combinations = 1
    for values in filter_policy(channel).values():
        combinations *= len(values)
    assert combinations == MOST_COMBINATIONS
    assert len(filter_policy(channel)) <= MOST_NAMES
