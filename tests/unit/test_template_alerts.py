"""What alerting leans on in template.yaml."""

from datetime import timedelta
from typing import get_args

import pytest

from shared.alerts.compose.sms import LONGEST_DISPLAY_NAME
from shared.alerts.deliver import LEASE
from shared.alerts.guard import Allowance
from shared.alerts.message import RECEIPTS_KEPT
from shared.alerts.post import DEADLINE_SECONDS
from shared.answer import EDIT_WINDOW
from shared.store.delivery_items import MESSAGES_KEPT
from shared.survey import Locale
from tests.template import load, resources


def test_in_the_cloud_webhooks_lead_to_the_public_internet_only() -> None:
    assert load()["Parameters"]["CallsAllowed"]["Default"] == Allowance.NOTHING.value
    assert set(load()["Parameters"]["CallsAllowed"]["AllowedValues"]) == {allowance.value for allowance in Allowance}


def test_both_notifiers_hear_of_detractors_and_of_those_who_recovered() -> None:
    rules = resources("AWS::Events::Rule")
    for name in ("DetractorRule", "RecoveredRule"):
        arns = [target["Arn"] for target in rules[name]["Targets"]]
        assert arns == [{"Fn::GetAtt": ["NotifySnsQueue", "Arn"]}, {"Fn::GetAtt": ["NotifyWebhookQueue", "Arn"]}]


@pytest.mark.parametrize("queue", ["NotifySnsQueue", "NotifyWebhookQueue", "DeliverQueue"])
def test_a_queue_reports_single_failures_and_ends_in_dead_letters(queue: str) -> None:
    properties = resources("AWS::SQS::Queue")[queue]
    [mapping] = [
        each for each in resources("AWS::Lambda::EventSourceMapping").values() if each["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    ]
    function = resources("AWS::Serverless::Function")[mapping["FunctionName"]["Ref"]]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["VisibilityTimeout"] >= 6 * function["Timeout"]
    assert properties["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": [queue.removesuffix("Queue") + "DeadLetters", "Arn"]}


def test_a_call_ends_before_its_function_and_the_function_before_its_lease_does() -> None:
    functions = resources("AWS::Serverless::Function")
    assert functions["DeliverFunction"]["Timeout"] > 2 * DEADLINE_SECONDS  # reading and writing, too
    for name in ("DeliverFunction", "NotifySnsFunction"):
        assert timedelta(seconds=functions[name]["Timeout"]) <= LEASE


def test_receipts_outlive_every_queue_and_every_change_of_an_answer() -> None:
    kept = {name: timedelta(seconds=queue["MessageRetentionPeriod"]) for name, queue in resources("AWS::SQS::Queue").items()}
    to_notifiers = kept["NotifySnsQueue"] + kept["NotifySnsDeadLetters"]  # one that was moved back from the dead letters, too
    assert to_notifiers == kept["NotifyWebhookQueue"] + kept["NotifyWebhookDeadLetters"]
    assert EDIT_WINDOW + to_notifiers < RECEIPTS_KEPT
    assert kept["DeliverQueue"] + kept["DeliverDeadLetters"] < MESSAGES_KEPT
    assert RECEIPTS_KEPT > MESSAGES_KEPT


def test_topics_have_a_name_that_sms_can_begin_with() -> None:
    topics = resources("AWS::SNS::Topic")
    assert set(topics) == {"DetractorTopic", "ChannelNoticesTopic"}
    for properties in topics.values():
        name = properties["DisplayName"]
        assert name.isascii()
        assert 0 < len(name) <= 10  # of a longer one, a text message shows the first ten characters (SNS API, CreateTopic)
        assert len(name) <= LONGEST_DISPLAY_NAME


def test_the_topic_speaks_every_language_and_portuguese_unless_told() -> None:
    parameter = load()["Parameters"]["AlertLocale"]
    assert (parameter["Default"], set(parameter["AllowedValues"])) == ("pt-BR", set(get_args(Locale)))
