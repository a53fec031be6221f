"""A survey that people have answered, and somebody who may read their answers, in front of the real functions."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any, Final

import boto3

from functions.answers import composition
from functions.export_files import handler as export_files
from shared.answer import Answer
from shared.intake.ports import Claims, Comment, Occasion
from shared.store.answers import Answers
from shared.store.people import People
from shared.store.person_keys import PersonKeys
from shared.store.tables import PersonItem, connection
from tests.fakes.samples import answer_of
from tests.integration.asking import keep, master_keys, survey_of
from tests.integration.gateway import Gateway, Reply

LIST: Final = "GET /v1/surveys/{survey_id}/answers"
EXPORT_NOW: Final = "GET /v1/surveys/{survey_id}/export"
ASK: Final = "POST /v1/surveys/{survey_id}/exports"
MINE: Final = "GET /v1/surveys/{survey_id}/exports"
SHOW: Final = "GET /v1/surveys/{survey_id}/exports/{export_id}"
REMOVE: Final = "DELETE /v1/surveys/{survey_id}/exports/{export_id}"
HOSTILE_COMMENT: Final = "=1+1"


class ReadingDesk:
    """Answers are given straight into the stores, as `collect` would leave them."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.admin = gateway.first_key()
        self.key = gateway.key_with("answers:read", maker=self.admin)
        self.survey = keep(survey_of())
        composition.compose()
        self.now = datetime.now(UTC)
        self.until = self.now + timedelta(days=60)
        self.people = People(lambda: b"pepper", PersonKeys(master_keys(), token_bytes), token_bytes)

    def give(self, number: int, score: int = 3, comment: str | None = None, name: str | None = None, **changes: Any) -> Answer:  # noqa: ANN401
        """An answer of so many minutes ago, with a comment and by somebody, if they are given."""
        instant = self.now - timedelta(minutes=number)
        answer = answer_of(self.survey, number, score, instant=instant, commented=comment is not None, **changes)
        if name is not None:
            claims = Claims(customer_id=f"cliente-{name}", email=f"{name.lower()}@exemplo.com.br", name=name)
            person_id = self.people.identify(claims, Occasion("demo", answer.key.answer_id, self.until), self.now)
            answer = answer_of(self.survey, number, score, instant=instant, commented=comment is not None, person_id=person_id, **changes)
        if comment is not None:
            self.say(answer, comment)
        assert Answers().add(answer)
        return answer

    def say(self, answer: Answer, comment: str) -> None:
        self.people.replace_comment(
            Comment(
                person_id=answer.person_id,
                survey_id="demo",
                answer_id=answer.key.answer_id,
                edit_key_hash=answer.edit_key_hash,
                text=comment,
                written_at=self.now,
                expires_at=self.until,
            )
        )

    @staticmethod
    def erase(answer: Answer) -> None:
        PersonItem(answer.person_id, "profile").update(actions=[PersonItem.erased.set(1)])

    def call(self, route: str, key: str | None = None, body: object = None, query: Mapping[str, str] | None = None, **path: str) -> Reply:
        return self.gateway.call(route, key=key or self.key, body=body, query=query, **path)  # type: ignore[arg-type]  # names in the path

    def look(self, **query: str) -> Reply:
        return self.call(LIST, query={name.rstrip("_"): value for name, value in query.items()})

    def ids(self, **query: str) -> list[str]:
        return [answer["answer_id"] for answer in self.look(**query).body["answers"]]

    def ask(self, **body: object) -> str:
        made = self.call(ASK, body=body)
        assert made.status == 202, made.text
        return str(made.body["export_id"])

    def show(self, export_id: str, key: str | None = None) -> Reply:
        return self.call(SHOW, key=key, export_id=export_id)

    @staticmethod
    def work() -> None:
        """Take whatever waits in the queue, until nothing does."""
        sqs, queue = boto3.client("sqs"), boto3.client("sqs").get_queue_url(QueueName="export-files")["QueueUrl"]
        while messages := sqs.receive_message(QueueUrl=queue).get("Messages"):
            for message in messages:
                record = {"messageId": message["MessageId"], "body": message["Body"]}
                assert export_files.handle({"Records": [record]}, None) == {"batchItemFailures": []}
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    @staticmethod
    def take(export_id: str) -> dict[str, Any]:
        """A message about it, however often it comes."""
        body = json.dumps({"job_id": export_id})
        return export_files.handle({"Records": [{"messageId": "1", "body": body}]}, None)

    @staticmethod
    def tend() -> dict[str, Any]:
        return export_files.handle({}, None)

    @staticmethod
    def file(export_id: str) -> str:
        return boto3.client("s3").get_object(Bucket="files", Key=f"export/{export_id}/file")["Body"].read().decode()

    @staticmethod
    def files() -> list[str]:
        return [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="files").get("Contents", [])]


@contextmanager
def counted_calls() -> Iterator[list[str]]:
    """The calls to DynamoDB that are made meanwhile, by name."""
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:  # noqa: ANN401 - as botocore has it
        calls.append(model.name)

    events = connection().client.meta.events
    events.register("before-call.dynamodb", note)
    yield calls
    events.unregister("before-call.dynamodb", note)
