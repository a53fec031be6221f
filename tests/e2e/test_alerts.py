"""On the deployed stack: detractors reach everybody who asked to hear of them, once each, whatever happens to who listens."""

import secrets
import time
from collections import Counter

import pytest

from infra import sample
from infra.local.receiver import Receiver
from infra.local.stack import Stack
from shared.scoring import NpsClass, classify
from tests.e2e.listeners import Inbox, Room, TestedChannel, TopicQueue, wait_for
from tests.e2e.survey import Device, OpenSurvey, scan, wait_until
from tests.e2e.test_personal_data_stays_put import log_events
from tests.tool_limits import slack, teams

DETRACTORS = 6
DIES_AT = 4
QUIET_SECONDS = 2.0
WAIT = 3
LONG_WAIT = 60
CPF = "529.982.247-25"
CPF_DIGITS = "52998224725"
QUEUES = ("DeliverQueueUrl", "DeliverDeadLettersUrl", "NotifySnsDeadLettersUrl", "NotifyWebhookDeadLettersUrl")


@pytest.mark.timeout(240)
def test_the_samples_detractors_arrive_everywhere_though_a_receiver_was_away(stack: Stack) -> None:
    survey_id = sample.new_survey(stack)
    rules = {"surveys": [survey_id]}
    queue = TopicQueue(stack, "DetractorTopic", f"sample-{secrets.token_hex(4)}")
    inbox = Inbox(dies_at=DIES_AT)
    with Room(slack.check) as slack_room, Room(teams.check) as teams_room:
        with Receiver(inbox.take) as receiver:
            webhook = TestedChannel.webhook(stack, receiver, include=["comment"], wait_seconds=5, rules=rules)
            TestedChannel.room(stack, "slack", slack_room, include=["comment"], wait_seconds=3, rules=rules)
            TestedChannel.room(stack, "teams", teams_room, wait_seconds=3, rules=rules)
            sent = sample.post_sample(stack, survey_id)
            assert inbox.died.wait(40)
        # It is back before the second attempt, five seconds after the first; the third would be five minutes later.
        time.sleep(2)
        inbox.dies_at = None
        with Receiver(inbox.take, port=receiver.port, secret=receiver.secret) as receiver:
            detractors = {each.answer_id: each for each in sent if classify(each.body["score"]) is NpsClass.DETRACTOR}
            wait_for(lambda: len(inbox.alerts), DETRACTORS)
            wait_for(lambda: len([each for each in queue.messages() if each["data"]["survey_id"] == survey_id]), DETRACTORS, 60)
            for room in (slack_room, teams_room):
                wait_for(lambda room=room: sum(map(room.about, detractors)), DETRACTORS)  # type: ignore[misc]
            time.sleep(QUIET_SECONDS)  # nothing more comes

            assert Counter((alert.type, alert.data["answer_id"]) for alert in inbox.alerts) == dict.fromkeys(
                (("alert.detractor", each) for each in detractors), 1
            )
            assert len({alert.message_id for alert in inbox.alerts}) == DETRACTORS
            assert receiver.refused == 0
            comments = {alert.data["answer_id"]: alert.data.get("person", {}).get("comment") for alert in inbox.alerts}
            assert comments == {each: sent.body.get("comment") or None for each, sent in detractors.items()}
            assert any(comments.values())
            for room in (slack_room, teams_room):
                assert not room.faults
                assert {each: room.about(each) for each in detractors} == dict.fromkeys(detractors, 1)
                assert len(room.posts) == 1 + DETRACTORS  # the code, and the alerts
            said = [post.decode() for post in slack_room.posts]
            for each, comment in comments.items():
                assert comment is None or any(comment in post for post in said if each in post)
            assert not [comment for comment in comments.values() if comment and any(comment.encode() in post for post in teams_room.posts)]
            heard = [each for each in queue.messages() if each["data"]["survey_id"] == survey_id]
            assert Counter((each["type"], each["data"]["answer_id"]) for each in heard) == dict.fromkeys(
                (("alert.detractor", each) for each in detractors), 1
            )
            assert not [each for each in heard if "person" in each["data"]]

            outcomes = {alert.message_id: webhook.outcomes(alert.message_id) for alert in inbox.alerts}
            assert {tuple(each) for each in outcomes.values()} == {(True,), (False, True)}, outcomes

            again = inbox.alerts[0]
            webhook.replay(again.message_id)
            wait_for(lambda: len(inbox.alerts), DETRACTORS + 1)
            assert inbox.alerts[-1].message_id == again.message_id
            assert inbox.alerts[-1].data == again.data
            webhook.delete()


@pytest.mark.timeout(240)
def test_what_happens_to_an_answer_is_told_once_each_and_to_nobody_who_left(stack: Stack) -> None:
    survey, inbox, patient_inbox = OpenSurvey(stack), Inbox(), Inbox()
    rules = {"surveys": [survey.survey_id]}
    planted = f"planted-{secrets.token_hex(6)}@cliente.example"
    with Receiver(inbox.take) as receiver, Receiver(patient_inbox.take) as patient_receiver:
        include = ["comment", "first_name", "email"]
        prompt = TestedChannel.webhook(stack, receiver, include=include, wait_seconds=WAIT, rules=rules)
        TestedChannel.webhook(stack, patient_receiver, wait_seconds=LONG_WAIT, rules=rules)

        better, adds, done = Device.new(), Device.new(), Device.new()
        began = time.monotonic()
        token = survey.token(email=planted, name="Beatriz Planted")
        assert survey.post(better.body(score=3)).status == 201
        assert survey.post(adds.body(score=2, respondent_token=token)).status == 201
        assert survey.post(done.body(score=0)).status == 201
        wait_for(lambda: len(inbox.alerts), 3)
        assert time.monotonic() - began >= WAIT
        assert [*map(inbox.of, (better.answer_id, adds.answer_id, done.answer_id))] == [["alert.detractor"]] * 3
        assert not patient_inbox.alerts

        # An unfinished answer is waited for as long as the channel says; `finished` releases it at once.
        assert survey.patch(done, finished=True).status == 200
        wait_for(lambda: len(patient_inbox.alerts), 1)
        assert time.monotonic() - began < LONG_WAIT
        assert [alert.data["answer_id"] for alert in patient_inbox.alerts] == [done.answer_id]

        assert survey.patch(better, score=9).status == 200
        assert survey.patch(adds, comment=f"Meu CPF {CPF}, escrevam para {planted}").status == 200
        wait_until(lambda: (len(inbox.of(better.answer_id)), len(inbox.of(adds.answer_id))) == (2, 2), 60)
        assert survey.patch(better, score=1).status == 200
        assert survey.patch(better, score=10).status == 200
        assert survey.patch(adds, comment="Outro").status == 200
        assert survey.patch(adds, comment=f"CPF {CPF}, {planted}").status == 200

        prompt.delete()
        gone = Device.new()
        assert survey.post(gone.body(score=1, finished=True)).status == 201
        wait_for(lambda: len(patient_inbox.of(gone.answer_id)), 1)
        time.sleep(WAIT + QUIET_SECONDS)  # nothing more comes
        assert inbox.of(better.answer_id) == ["alert.detractor", "alert.withdrawn"]
        assert inbox.of(adds.answer_id) == ["alert.detractor", "alert.comment_added"]
        assert not inbox.of(gone.answer_id)
        assert len({alert.message_id for alert in inbox.alerts}) == len(inbox.alerts) == 5
        assert not [alert for alert in patient_inbox.alerts if "person" in alert.data]

        (told,) = (alert.data["person"] for alert in inbox.alerts if alert.type == "alert.comment_added")
        assert (told["first_name"], told["email"]) == ("Beatriz", planted)
        assert CPF not in told["comment"]  # the channel did not ask for it unmasked

    kept = [scan(stack, "DeliveriesTable"), *map(str, log_events(stack)), *(waiting(stack, queue) for queue in QUEUES)]
    found = [each for each in map(str, kept) if any(secret in each for secret in (CPF, CPF_DIGITS, planted, "Beatriz"))]
    assert not found, found
    assert any(adds.answer_id in str(each) for each in kept)


@pytest.mark.timeout(120)
def test_a_receiver_that_is_gone_is_called_no_more_and_the_owner_hears_of_it(stack: Stack) -> None:
    survey = OpenSurvey(stack)
    notices = TopicQueue(stack, "ChannelNoticesTopic", f"notices-{secrets.token_hex(4)}")
    with Room() as room:
        settings = {"name": "Sala fechada", "wait_seconds": 0, "rules": {"surveys": [survey.survey_id]}}
        channel = TestedChannel.room(stack, "slack", room, **settings)
        room.status = 410
        first, second = Device.new(), Device.new()
        assert survey.post(first.body(score=0, finished=True)).status == 201
        wait_until(lambda: channel.read()["status"] == "disabled", 60)
        assert survey.post(second.body(score=0, finished=True)).status == 201
        wait_until(lambda: [each["status"] for each in channel.deliveries()] == ["held", "held"], 60)
        assert channel.read()["status_reason"] == "gone"
        assert (room.about(first.answer_id), room.about(second.answer_id)) == (1, 0)
        wait_until(lambda: any(each["data"]["channel_id"] == channel.channel_id for each in notices.messages()), 60)
        told = [each for each in notices.messages() if each["data"]["channel_id"] == channel.channel_id]
        assert [(each["type"], each["data"]["reason"], each["data"]["channel_name"]) for each in told] == [
            ("channel.disabled", "gone", "Sala fechada")
        ]

        # Resumed once it takes a test again, what was held is sent by a replay of the span.
        room.status = 200
        assert stack.request("POST", f"{channel.path}/resume", key=stack.api_key).json()["status"] == "active"
        created = [each["created_at"] for each in channel.deliveries()]
        span = {"from": min(created), "to": max(created)}
        replaying = stack.request("POST", f"{channel.path}/replay", span, key=stack.api_key)
        assert (replaying.status, replaying.json()) == (202, {"messages": 2, "more": False})
        wait_until(lambda: (room.about(first.answer_id), room.about(second.answer_id)) == (2, 1), 60)
        channel.delete()


def waiting(stack: Stack, queue: str) -> list[str]:
    """What lies in a queue, left there."""
    found = stack.aws.sqs.receive_message(QueueUrl=stack.outputs[queue], MaxNumberOfMessages=10, VisibilityTimeout=0)
    return [message["Body"] for message in found.get("Messages", [])]
