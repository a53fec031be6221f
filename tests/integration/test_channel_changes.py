"""Changing, pausing, resuming and deleting channels; subscriptions."""

import json
from typing import Any

import boto3
import pytest

from functions.channels import composition
from tests.integration.console import CHANNEL, CHANNELS, DELIVERIES, Console, url_of
from tests.receivers import message, says


def test_a_change_replaces_what_is_given_and_leaves_the_rest(console: Console) -> None:
    made = console.make(console.receiver(), include=["comment", "email"])
    changed = console.change(made, name="Outra sala", rules={"words": ["procon"]}, revision=made["revision"]).body
    read = console.read(made)
    assert changed == read
    assert (read["name"], read["include"], read["rules"]["words"], read["status"]) == (
        "Outra sala",
        ["comment", "email"],
        ["procon"],
        "active",
    )
    assert read["revision"] == made["revision"] + 1
    assert console.change(made).body == read
    assert console.change(made, revision=made["revision"], name="Tarde").problem == "revision-passed"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"rules": None}, "/rules"),
        ({"url": None}, "/url"),
        ({"url": "http://10.0.0.1/"}, "/url"),
        ({"url": "ftp://127.0.0.1/"}, "/url"),
        ({"kind": "slack"}, ""),
        ({"status": "active"}, ""),
        ({"revision": 0}, "/revision"),
        ({"rules": {"quiet_hours": {"begins": "20:00", "ends": "08:00", "time_zone": "Lua"}}}, "/rules/quiet_hours/time_zone"),
    ],
)
def test_a_change_that_is_not_right_is_refused_and_changes_nothing(console: Console, body: dict[str, object], pointer: str) -> None:
    made = console.make(console.receiver())
    refused = console.change(made, **body)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
    assert console.read(made)["revision"] == made["revision"]


def test_another_url_hears_of_nothing_until_it_is_verified(console: Console) -> None:
    made = console.make(console.receiver())
    other = console.receiver(says(message(200, body=b"ok")))
    moved = console.change(made, url=url_of(other)).body
    assert (moved["status"], moved["verified_at"], moved["verification"]["result"]) == ("unverified", None, "not_echoed")
    verified = composition.compose().registering.register.verified()
    assert [channel.channel_id for channel in verified] == []


def test_changes_at_the_same_moment_are_both_kept(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    made = console.make(console.receiver())
    register = composition.compose().registering.register
    find, pending = register.find, [None]

    def read_then_lose_time(channel_id: str) -> Any:  # noqa: ANN401 - a channel
        found = find(channel_id)
        if pending:
            pending.pop()
            console.change(made, country="PT")
        return found

    monkeypatch.setattr(register, "find", read_then_lose_time)
    assert console.change(made, name="Outra").status == 200
    read = console.read(made)
    assert (read["country"], read["name"], read["revision"]) == ("PT", "Outra", made["revision"] + 2)


def test_a_channel_pauses_resumes_and_goes(console: Console) -> None:
    made = console.make(console.receiver())
    assert console.step(made, "pause").body["status"] == "paused"
    assert console.step(made, "pause").body == console.read(made)
    assert console.step(made, "resume").body["status"] == "active"
    gone = console.call(f"DELETE {CHANNEL}", channel_id=made["channel_id"])
    assert (gone.status, gone.text) == (204, "")
    assert console.call(f"GET {CHANNEL}", channel_id=made["channel_id"]).problem == "no-such-channel"
    assert console.call(f"DELETE {CHANNEL}", channel_id=made["channel_id"]).problem == "no-such-channel"
    assert made["channel_id"] not in repr(boto3.client("dynamodb").scan(TableName="registry_table")["Items"])


def test_a_disabled_channel_resumes_once_it_is_well(console: Console) -> None:
    ill = console.receiver(says(message(404)))
    made = console.make(console.receiver())
    register = composition.compose().registering.register
    assert console.change(made, url=url_of(console.receiver())).body["status"] == "active"
    assert register.disable(made["channel_id"], "gone", console.now)
    assert (console.read(made)["status"], console.read(made)["status_reason"]) == ("disabled", "gone")
    for step in ("verify", "pause"):
        assert console.step(made, step).problem == "channel-not-active"
    assert console.step(made, "resume").body["status"] == "active"
    assert register.replace(register.find(made["channel_id"]), console.read(made)["revision"], url_of(ill))  # type: ignore[arg-type]  # it is there
    assert register.disable(made["channel_id"], "failing", console.now)
    refused = console.step(made, "resume")
    assert (refused.status, refused.problem) == (409, "channel-unwell")
    assert "answered 404" in refused.body["detail"]


def attributes_of(endpoint: str) -> dict[str, str]:
    sns = boto3.client("sns")
    [found] = [each for each in sns.list_subscriptions()["Subscriptions"] if each["Endpoint"] == endpoint]
    return dict(sns.get_subscription_attributes(SubscriptionArn=found["SubscriptionArn"])["Attributes"])


def test_an_email_is_subscribed_with_a_filter_policy_of_its_rules(console: Console) -> None:
    rules = {"surveys": ["loja"], "score_at_most": 3, "segments": {"plan": ["pro", "max"]}}
    made = console.call(f"POST {CHANNELS}", {"kind": "sns_email", "name": "CS", "email": "cs@loja.example", "rules": rules}).body
    assert made["host"] == "email"
    attributes = attributes_of("cs@loja.example")
    assert json.loads(attributes["FilterPolicy"]) == {
        "survey": ["loja"],
        "score": [{"numeric": ["<=", 3]}],
        "segments": ["plan:pro", "plan:max"],
    }
    console.change(made, rules={})
    assert json.loads(attributes_of("cs@loja.example")["FilterPolicy"]) == {}
    console.call(f"DELETE {CHANNEL}", channel_id=made["channel_id"])
    assert boto3.client("sns").list_subscriptions()["Subscriptions"] == []


def test_a_subscription_has_neither_tests_nor_deliveries_nor_another_address(console: Console) -> None:
    made = console.call(f"POST {CHANNELS}", {"kind": "sns_sms", "name": "CS", "phone": "+5511999990000"}).body
    assert console.step(made, "test").problem == "not-for-this-kind"
    assert console.step(made, "rotate-secret").problem == "not-for-this-kind"
    assert console.call(f"GET {DELIVERIES}", channel_id=made["channel_id"]).problem == "not-for-this-kind"
    assert console.change(made, url="https://cs.example.com/").body["errors"][0]["pointer"] == "/url"


def test_an_address_is_subscribed_once(console: Console) -> None:
    body = {"kind": "sns_sms", "name": "CS", "phone": "+5511999990000"}
    assert console.call(f"POST {CHANNELS}", body).status == 201
    assert console.call(f"POST {CHANNELS}", body).problem == "address-subscribed"
    assert len(console.call(f"GET {CHANNELS}").body["channels"]) == 1
