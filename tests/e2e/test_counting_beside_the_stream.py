"""The deployed stream settles answers while others invoke `classify` with the same records, in other batches, and answers keep changing."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import randbits, token_hex
from threading import Event
from typing import Any

import pytest

from infra.local.stack import Stack
from shared import answer_id as ids
from shared.answer import REOPENED, Answer, AnswerKey, Change, Standing, target_of
from shared.counting.recount import compare, unsealed_days
from shared.store.answers import Answers
from shared.store.registry import SurveyStore
from shared.store.rollups import Rollups
from shared.survey import Survey
from tests.e2e.survey import OpenSurvey, scores, wait_until
from tests.events import stream_batch

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("deployed_tables")]
ANSWERS = 1_200
WRITERS, INVOKERS = 6, 3
MOST_BATCHES = 40
"""Of each invoker: three times all answers between them. The slower the machine, the more they would bring while others still answer."""


class Listener:
    """A queue that hears everything about one survey."""

    def __init__(self, stack: Stack, survey_id: str) -> None:
        self.sqs = stack.aws.sqs
        self.queue = self.sqs.create_queue(QueueName=f"heard-{token_hex(4)}")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.events, self.bus, self.rule = stack.aws.events, stack.outputs["EventBus"], f"heard-{survey_id}"
        pattern = {"source": ["recomenda"], "detail": {"data": {"survey_id": [survey_id]}}}
        self.events.put_rule(Name=self.rule, EventBusName=self.bus, EventPattern=json.dumps(pattern))
        self.events.put_targets(Rule=self.rule, EventBusName=self.bus, Targets=[{"Id": "heard", "Arn": arn}])
        self.heard: dict[str, dict[str, Any]] = {}

    def listen(self) -> None:
        """Hear what came since the last time; the same event is the same however often it comes."""
        while messages := self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                detail = json.loads(message["Body"])["detail"]
                assert self.heard.setdefault(detail["metadata"]["id"], detail["data"]) == detail["data"]
            taken: Any = [{"Id": str(number), "ReceiptHandle": each["ReceiptHandle"]} for number, each in enumerate(messages)]
            self.sqs.delete_message_batch(QueueUrl=self.queue, Entries=taken)

    def forget(self) -> None:
        """Leave the bus as it was."""
        self.events.remove_targets(Rule=self.rule, EventBusName=self.bus, Ids=["heard"])
        self.events.delete_rule(Name=self.rule, EventBusName=self.bus)
        self.sqs.delete_queue(QueueUrl=self.queue)


@contextmanager
def delivering_again(stack: Stack, keys: list[AnswerKey]) -> Iterator[None]:
    """Until the end, or enough, several invoke `classify` with records of any of `keys`, new and old, some of them twice."""
    over = Event()

    def invoke(seed: int) -> None:
        chance = random.Random(seed)
        while not keys and not over.wait(0.05):
            pass
        for _ in range(MOST_BATCHES):
            if over.is_set():
                break
            known = list(keys)
            batch = chance.choices(known[-150:] if chance.random() < 0.7 else known, k=chance.randint(1, 60))
            stack.invoke("ClassifyFunction", stream_batch(batch, chance.choice(("stream_insert", "stream_modify"))))

    with ThreadPoolExecutor(INVOKERS) as invokers:
        running = [invokers.submit(invoke, seed) for seed in range(INVOKERS)]
        try:
            yield
        finally:
            over.set()
        for each in running:
            each.result()


def respond(survey: Survey, keys: list[AnswerKey], seed: int) -> None:
    """Somebody who answers, answers again, and changes what was answered."""
    chance, answers = random.Random(seed), Answers()
    for score in scores(chance, ANSWERS // WRITERS):
        now = datetime.now(UTC)
        key = AnswerKey.of(survey, ids.parse(ids.mint(now, randbits(74))))
        dimensions = {"touchpoint": chance.choice(("checkout", "support", "other")), "segment.plan": chance.choice(("free", "pro"))}
        answer = Answer(key=key, score=score, person_id="p", edit_key_hash="0" * 64, changed_at=now, dimensions=dimensions)
        assert answers.add(answer)
        assert not answers.add(answer)
        keys.append(key)
        if chance.random() < 0.4:
            change = chance.choice(
                [
                    Change(score=chance.randint(0, 10)),
                    Change(score=chance.randint(0, 10), finished=True),
                    Change(dimensions={"touchpoint": "support"}),
                    Change(standing=Standing.WITHDRAWN),
                    Change(standing=Standing.SUPERSEDED),
                    REOPENED,
                ]
            )
            answers.change(chance.choice(keys[-100:]), change, now)


def test_counters_marks_and_events_agree_however_often_records_are_delivered(stack: Stack) -> None:
    opened = OpenSurvey(stack)
    survey = SurveyStore().read(opened.survey_id)
    assert survey
    listener = Listener(stack, survey.survey_id)
    keys: list[AnswerKey] = []
    with delivering_again(stack, keys), ThreadPoolExecutor(WRITERS) as writers:
        for done in [writers.submit(respond, survey, keys, seed) for seed in range(WRITERS)]:
            done.result()
    wait_until(opened.is_settled, 120)

    stored = Answers().read(keys).answers
    assert len(stored) == len(keys) == ANSWERS
    for answer in stored.values():
        assert answer.mark
        assert (answer.mark.rev, answer.mark.contribution) == (answer.rev, target_of(answer, survey))
    truth = Counter(answer.score for answer in stored.values() if answer.standing is Standing.VALID)
    assert opened.score()["distribution"] == [truth[score] for score in range(11)]
    checks = compare(survey, unsealed_days(survey, Rollups(), datetime.now(UTC)), Answers(), Rollups(), datetime.now(UTC))
    assert [(check.agrees, check.drifted) for check in checks] == [(True, ())] * len(checks)

    def all_was_heard() -> bool:
        listener.listen()
        return all(f"{answer.key.answer_id}#{answer.rev}" in listener.heard for answer in stored.values())

    wait_until(all_was_heard, 60)
    for answer in stored.values():
        assert listener.heard[f"{answer.key.answer_id}#{answer.rev}"]["class"] == answer.nps_class
    listener.forget()
