"""Answering the deployed survey over HTTP, as pages and devices do: many at once, again and again, and in ways that are refused."""

import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.stack import Response, Stack
from shared import answer_id as ids
from tests.e2e.survey import SHOP, Device, OpenSurvey, scan, unsealed, wait_until

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def survey(stack: Stack) -> OpenSurvey:
    return OpenSurvey(stack)


@pytest.fixture
def own_survey(stack: Stack) -> OpenSurvey:
    return OpenSurvey(stack)


def stored(survey: OpenSurvey, device: Device) -> dict[str, Any]:
    [answer] = [item for item in survey.answers() if item["sk"]["S"] == device.answer_id]
    return answer


def comments(survey: OpenSurvey, device: Device) -> list[str]:
    items = [item for item in survey.people() if item["sk"]["S"] == f"comment#{device.answer_id}" and "text" in item]
    return [unsealed(survey.stack, item)["text"] for item in items]


def problem(response: Response) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["type"]).removeprefix("urn:recomenda:problem:")


def test_an_answer_with_all_that_may_come_is_taken_changed_and_counted(own_survey: OpenSurvey) -> None:
    device = Device.new()
    signed = own_survey.token(email="ana@exemplo.com.br", name="Ana Prado", segments={"tier": "gold"})
    body = device.body(score=3, comment="Demorou", touchpoint="support", segments={"plan": "pro"}, locale="en", respondent_token=signed)
    first = own_survey.post(body)
    assert (first.status, first.json()["class"]) == (201, "detractor")
    assert own_survey.post(body).status == 200
    assert own_survey.patch(device, score=10, comment="Resolveram!", finished=True).status == 200
    wait_until(lambda: own_survey.score("?segment=tier:gold").get("promoters") == 1)
    assert comments(own_survey, device) == ["Resolveram!"]
    assert own_survey.patch(device, comment="").status == 200
    assert comments(own_survey, device) == []
    assert own_survey.post(body).status == 200
    assert comments(own_survey, device) == []
    assert own_survey.score()["answers"] == 1


def test_an_answer_whose_id_we_made_opens_with_its_edit_token_only(survey: OpenSurvey) -> None:
    made = survey.post({"score": 9}).json()
    assert survey.patch(Device(made["answer_id"], made["edit_token"]), score=0).json()["class"] == "detractor"
    assert problem(survey.patch(Device(made["answer_id"], made["edit_token"] + "x"), score=5)) == "no-such-answer"


def test_a_post_sent_eight_times_at_once_is_one_answer(own_survey: OpenSurvey) -> None:
    device = Device.new()
    body = device.body(comment="Chegou", respondent_token=own_survey.token(email="ana@exemplo.com.br"))
    with ThreadPoolExecutor(8) as threads:
        statuses = sorted(response.status for response in threads.map(own_survey.post, [body] * 8))
    # One may have met itself, or been asked to come again, while the others were at it; but it is stored once.
    assert set(statuses) <= {200, 201, 503}
    assert statuses.count(201) <= 1
    assert own_survey.post(body).status == 200
    assert [item["rev"]["N"] for item in own_survey.answers()] == ["1"]
    assert comments(own_survey, device) == ["Chegou"]
    wait_until(lambda: own_survey.score().get("answers") == 1)


def test_first_answers_of_one_customer_at_once_make_one_person(own_survey: OpenSurvey) -> None:
    customer = f"de-uma-vez-{secrets.token_hex(4)}"
    bodies = [Device.new().body(respondent_token=own_survey.token(sub=customer, email="oito@exemplo.com.br")) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        statuses = [response.status for response in threads.map(own_survey.post, bodies)]
    assert {own_survey.post(body).status for body, status in zip(bodies, statuses, strict=True) if status != 201} <= {200, 201}
    [person_id] = {item["person_id"]["S"] for item in own_survey.answers()}
    found = [item for item in scan(own_survey.stack, "PeopleTable") if item.get("person_id", {}).get("S") == person_id]
    lookups = {(item["pk"]["S"], item["sk"]["S"]) for item in found}
    assert sorted(sk for _, sk in lookups) == sorted(["owner", person_id]), lookups
    theirs = {item["sk"]["S"].removeprefix("answer#") for item in own_survey.people() if item["pk"]["S"] == person_id}
    assert theirs == {body["answer_id"] for body in bodies}
    [profile] = [item for item in scan(own_survey.stack, "PeopleTable") if (item["pk"]["S"], item["sk"]["S"]) == (person_id, "profile")]
    assert unsealed(own_survey.stack, profile) == {"customer_id": customer, "email": "oito@exemplo.com.br"}


def test_two_who_use_one_id_at_once_get_one_answer_between_them(own_survey: OpenSurvey) -> None:
    device = Device.new()
    bodies = [device.body(comment="A minha"), Device(device.answer_id, "another key").body(comment="A outra")] * 4
    with ThreadPoolExecutor(8) as threads:
        responses = list(threads.map(own_survey.post, bodies))
    [answer] = own_survey.answers()
    winner = bodies[0] if answer["edit_key_hash"]["S"] == bodies[0]["edit_key_hash"] else bodies[1]
    for body, response in zip(bodies, responses, strict=True):
        assert response.status in ({200, 201, 503} if body is winner else {409, 503})
    assert set(comments(own_survey, device)) <= {winner["comment"]}


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({"score": 11}, 422, "invalid"),
        ({"score": True}, 422, "invalid"),
        ({"score": "9"}, 422, "invalid"),
        (b'{"score": 9.0}', 422, "invalid"),
        ({"score": 9, "surname": "Prado"}, 422, "invalid"),
        ({"score": 9, "comment": "x" * 5001}, 422, "invalid"),
        ({"score": 9, "segments": {"tier": "gold"}}, 422, "invalid"),
        ({"score": 9, "respondent_token": "x.y.z"}, 422, "token-refused"),
        (b'{"score": 9}' + b" " * 17_000, 413, "too-large"),
        (b'{"score": 9', 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"[" * 10_000, 400, "malformed"),
    ],
)
def test_what_is_wrong_is_refused_so_that_a_page_can_read_it(survey: OpenSurvey, body: object, status: int, slug: str) -> None:
    refused = survey.post(body, origin=SHOP)
    assert (refused.status, problem(refused)) == (status, slug)
    assert refused.headers["access-control-allow-origin"] == SHOP
    assert b"Prado" not in refused.body


def test_a_widget_whose_clock_is_wrong_reads_the_time_and_answers(survey: OpenSurvey) -> None:
    refused = survey.post(Device.new(timedelta(days=400)).body(), origin=SHOP)
    assert problem(refused) == "answer-id-out-of-time"
    server_time = datetime.fromisoformat(refused.json()["server_time"])
    again = Device(ids.mint(server_time, 1), "a new key")
    assert survey.post(again.body(), origin=SHOP).status == 201
    assert abs(server_time - datetime.now(UTC)) < timedelta(minutes=1)


def test_pages_of_other_sites_are_turned_away(survey: OpenSurvey) -> None:
    before = len(survey.answers())
    for method, path in (("GET", "/form"), ("POST", "/answers"), ("PATCH", f"/answers/{Device.new().answer_id}")):
        refused = survey.ask(method, path, {"score": 9}, headers={"origin": "https://evil.example"})  # type: ignore[arg-type]  # a verb
        assert (refused.status, problem(refused)) == (403, "origin-refused")
        assert "access-control-allow-origin" not in refused.headers
    assert len(survey.answers()) == before


def test_preflights_are_answered_by_each_surveys_own_list(survey: OpenSurvey) -> None:
    for path in ("form", "answers", f"answers/{Device.new().answer_id}"):
        for origin, status in ((SHOP, 204), ("https://evil.example", 403)):
            asks = {"origin": origin, "access-control-request-method": "PATCH", "access-control-request-headers": "authorization"}
            response = survey.ask("OPTIONS", f"/{path}", headers=asks)
            assert response.status == status
            assert (response.headers.get("access-control-allow-origin") == SHOP) == (status == 204)


def test_the_form_is_cacheable_in_the_language_asked_for(survey: OpenSurvey) -> None:
    form = survey.ask("GET", "/form?locale=en")
    assert (form.status, form.json()["locale"]) == (200, "en")
    assert survey.ask("GET", "/form?locale=en", headers={"if-none-match": form.headers["etag"]}).status == 304


@contextmanager
def listening(stack: Stack, rule_of: str) -> Iterator[str]:
    """A queue that for a while is a target of the deployed rule."""
    aws, bus = stack.aws, stack.outputs["EventBus"]
    [rule] = [rule["Name"] for rule in aws.events.list_rules(EventBusName=bus)["Rules"] if rule_of in rule["Name"]]
    queue = aws.sqs.create_queue(QueueName=f"listener-{Device.new().answer_id}")["QueueUrl"]
    arn = aws.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.events.put_targets(Rule=rule, EventBusName=bus, Targets=[{"Id": "listener", "Arn": arn}])
    try:
        yield queue
    finally:
        aws.events.remove_targets(Rule=rule, EventBusName=bus, Ids=["listener"])
        aws.sqs.delete_queue(QueueUrl=queue)


def test_only_detractors_reach_who_listens_to_the_deployed_rule(own_survey: OpenSurvey) -> None:
    with listening(own_survey.stack, "DetractorRule") as queue:
        devices = {score: Device.new() for score in (0, 6, 7, 9, 10)}
        for score, device in devices.items():
            assert own_survey.post(device.body(score=score, comment="Nada a dizer")).status == 201
        wait_until(lambda: own_survey.score().get("answers") == 5)
        assert own_survey.patch(devices[10], score=2).status == 200
        wait_until(lambda: own_survey.score().get("detractors") == 3)
        heard: dict[tuple[str, int], str | None] = {}

        def hear() -> bool:
            for message in own_survey.stack.aws.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
                data = json.loads(message["Body"])["detail"]["data"]
                if data["survey_id"] == own_survey.survey_id:
                    heard[data["answer_id"], data["revision"]] = data["previous_class"]
            return len(heard) >= 3

        wait_until(hear)
        assert not [hear() for _ in range(3)].count(False)
    assert heard == {(devices[0].answer_id, 1): None, (devices[6].answer_id, 1): None, (devices[10].answer_id, 2): "promoter"}


def test_nobody_reads_an_answer_or_a_comment_without_a_key(survey: OpenSurvey) -> None:
    for method, path in (("GET", "/answers"), ("GET", f"/answers/{Device.new().answer_id}"), ("GET", "/nps")):
        response = survey.ask(method, path)  # type: ignore[arg-type]  # a method
        assert response.status in {401, 403, 404}
