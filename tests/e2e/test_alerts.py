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
from tests.tool_limits import slack, teams

DETRACTORS = 6
DIES_AT = 4
QUIET_SECONDS = 2.0


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
