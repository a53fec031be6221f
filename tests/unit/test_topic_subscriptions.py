"""What SNS answers about subscriptions, and what we make of it. The errors are as SNS gives them; botocore's stubber stands in for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from shared.alerts.channel import ChannelKind
from shared.alerts.register import AlreadySubscribedError, SubscriptionRefusedError
from shared.store.subscriptions import TopicSubscriptions

TOPIC = "arn:aws:sns:sa-east-1:123456789012:detractors"
ARN = f"{TOPIC}:0f1e2d3c-aaaa-bbbb-cccc-0123456789ab"
ADDRESS = "plantado@loja.example"
EXISTS = "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"
PENDING = "Invalid parameter: SubscriptionArn Reason: This subscription is not confirmed"


@contextmanager
def answering() -> Iterator[tuple[TopicSubscriptions, Stubber]]:
    subscriptions = TopicSubscriptions(TOPIC)
    client = boto3.client("sns", region_name="sa-east-1")
    subscriptions.__dict__["_sns"] = client
    with Stubber(client) as stubber:
        yield subscriptions, stubber
        stubber.assert_no_pending_responses()


def refuse(stubber: Stubber, call: str, code: str, message: str = "", status: int = 400) -> None:
    stubber.add_client_error(call, service_error_code=code, service_message=message, http_status_code=status)


def policy_set(stubber: Stubber) -> None:
    stubber.add_response(
        "set_subscription_attributes",
        {},
        {"SubscriptionArn": ARN, "AttributeName": "FilterPolicy", "AttributeValue": json.dumps({"type": ["nothing"]})},
    )


def attributes(stubber: Stubber, **found: str) -> None:
    stubber.add_response("get_subscription_attributes", {"Attributes": found}, {"SubscriptionArn": ARN})


@pytest.mark.parametrize(
    ("policy", "given"),
    [({}, {}), ({"survey": ["loja"]}, {"FilterPolicyScope": "MessageAttributes", "FilterPolicy": '{"survey": ["loja"]}'})],
)
def test_an_address_is_subscribed_by_its_protocol_and_with_its_policy(policy: dict[str, list[str]], given: dict[str, str]) -> None:
    for kind, protocol in ((ChannelKind.SNS_EMAIL, "email"), (ChannelKind.SNS_SMS, "sms")):
        with answering() as (subscriptions, stubber):
            asked = {"TopicArn": TOPIC, "Protocol": protocol, "Endpoint": ADDRESS, "Attributes": given, "ReturnSubscriptionArn": True}
            stubber.add_response("subscribe", {"SubscriptionArn": ARN}, asked)
            assert subscriptions.subscribe(kind, ADDRESS, policy) == ARN


@pytest.mark.parametrize(
    ("message", "error"),
    [(EXISTS, AlreadySubscribedError), (f"Invalid parameter: Invalid email address {ADDRESS}", SubscriptionRefusedError)],
)
def test_an_address_that_sns_does_not_take_is_refused_without_repeating_it(message: str, error: type[Exception]) -> None:
    with answering() as (subscriptions, stubber):
        refuse(stubber, "subscribe", "InvalidParameter", message)
        with pytest.raises(SubscriptionRefusedError) as refused:
            subscriptions.subscribe(ChannelKind.SNS_EMAIL, ADDRESS, {})
    assert type(refused.value) is error
    assert ADDRESS not in repr(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(("pending", "confirmed"), [("true", False), ("false", True)])
def test_a_subscription_is_confirmed_when_sns_says_so(pending: str, confirmed: bool) -> None:  # noqa: FBT001 - a table's column
    with answering() as (subscriptions, stubber):
        attributes(stubber, PendingConfirmation=pending)
        assert subscriptions.is_confirmed(ARN) is confirmed


def test_one_that_sns_dropped_is_gone_and_needs_nothing_more() -> None:
    with answering() as (subscriptions, stubber):
        for call in ("get_subscription_attributes", "set_subscription_attributes", "set_subscription_attributes", "unsubscribe"):
            refuse(stubber, call, "NotFound", status=404)
        assert subscriptions.is_confirmed(ARN) is None
        subscriptions.set_policy(ARN, {})
        subscriptions.unsubscribe(ARN)


def test_one_that_was_never_confirmed_hears_of_nothing_until_it_ends_by_itself() -> None:
    with answering() as (subscriptions, stubber):
        policy_set(stubber)
        refuse(stubber, "unsubscribe", "InvalidParameter", PENDING)
        attributes(stubber, PendingConfirmation="true")
        subscriptions.unsubscribe(ARN)


@pytest.mark.parametrize("code", ["InternalError", "Throttling", "AuthorizationError"])
def test_what_is_no_answer_is_raised(code: str) -> None:
    with answering() as (subscriptions, stubber):
        refuse(stubber, "subscribe", code)
        with pytest.raises(ClientError):
            subscriptions.subscribe(ChannelKind.SNS_EMAIL, ADDRESS, {})
        refuse(stubber, "get_subscription_attributes", code)
        with pytest.raises(ClientError):
            subscriptions.is_confirmed(ARN)
        policy_set(stubber)
        refuse(stubber, "unsubscribe", code)
        attributes(stubber, PendingConfirmation="false")
        with pytest.raises(ClientError):
            subscriptions.unsubscribe(ARN)
