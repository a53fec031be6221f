"""Each known person counts once a span: over collect's handler, the stream, the queue, the sweep and the routes that manage and show."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from msgspec import structs

from functions.classify.handler import handle as classify
from functions.manage import composition as managing
from functions.sweep.handler import handle as sweep
from shared import answer_id as ids
from shared.answer import AnswerKey, Standing
from shared.counting.recount import compare
from shared.periods import local_day
from shared.store.tables import PersonItem, bind
from tests.events import queue_batch, recorded, stream_batch
from tests.fakes.reception import KEY, token
from tests.integration.asking import PATCH, POST, ask, keep, named, survey_of
from tests.integration.counted import CountingPlace
from tests.integration.gateway import Gateway
from tests.integration.interference import refusing

DAY = timedelta(days=1)


class Once(CountingPlace):
    """An open survey that counts each known person once in ten days."""

    def __init__(self) -> None:
        super().__init__()
        self.survey = keep(structs.replace(survey_of(), settings=structs.replace(survey_of().settings, count_once_per="days:10")))
        bind(PersonItem, "people_table")
        self.posted = 0

    def post(self, score: int, days_ago: float = 0, sub: str | None = "cliente-1", **more: object) -> AnswerKey:
        """An answer from a device, given so many days ago; of nobody who is known unless `sub` says who."""
        self.posted += 1
        answer_id = ids.mint(datetime.now(UTC) - days_ago * DAY, self.posted)
        signed = {"respondent_token": token(sub=sub)} if sub else {}
        reply = ask(POST, named(answer_id, score=score) | signed | more)
        assert reply.status == 201, reply.text
        return AnswerKey.of(self.survey, ids.parse(answer_id))

    def standings(self, *keys: AnswerKey) -> list[Standing]:
        return [self.answer(key).standing for key in keys]

    def agrees(self) -> bool:
        today = local_day(datetime.now(UTC), self.survey.settings.time_zone)
        days = [today - timedelta(days=after) for after in range(30)]
        checks = compare(self.survey, days, self.answers, self.rollups, datetime.now(UTC))
        return bool(checks) and all(check.agrees and not check.drifted and not check.pending for check in checks)


@pytest.fixture
def place(aws: None) -> Once:  # noqa: ARG001 - what it stands on
    return Once()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_three_answers_in_the_span_count_once_in_whatever_order_their_records_come(place: Once, order: Sequence[int]) -> None:
    keys = [place.post(2, 8), place.post(9, 4), place.post(7)]
    for number in order:
        assert classify(stream_batch([keys[number]]), None) == {}
    classify(stream_batch(keys), None)
    assert +place.row() == {7: 1}
    assert (+place.row("identity=identified"), +place.row("identity=anonymous")) == ({7: 1}, {})
    assert place.standings(*keys) == [Standing.SUPERSEDED, Standing.SUPERSEDED, Standing.VALID]
    assert not place.handed_on()
    assert place.agrees()


def test_anonymous_answers_other_people_and_other_spans_count_each_for_itself(place: Once) -> None:
    keys = [place.post(2, sub=None), place.post(3, sub=None), place.post(9), place.post(8, sub="cliente-2"), place.post(5, 12)]
    classify(stream_batch(keys), None)
    assert +place.row() == {2: 1, 3: 1, 9: 1, 8: 1, 5: 1}
    assert (+place.row("identity=anonymous")).total() == 2


def test_who_is_told_of_a_detractor_hears_that_a_newer_answer_counts(place: Once) -> None:
    first = place.post(2, 4)
    classify(stream_batch([first]), None)
    place.events()
    later = place.post(9)
    classify(stream_batch([later]), None)
    said = {event["data"]["answer_id"]: event["data"] for event in place.events()}
    assert (said[first.answer_id]["class"], said[first.answer_id]["previous_class"]) == (None, "detractor")
    assert (said[later.answer_id]["class"], said[later.answer_id]["previous_class"]) == ("promoter", None)


def test_a_superseded_answer_can_no_longer_be_changed_and_says_why(place: Once) -> None:
    first, later = place.post(2, 4, comment="Demorou"), place.post(9)
    classify(stream_batch([first, later]), None)
    for body in ({"score": 10}, {"comment": "Outra coisa"}, {"finished": True}):
        refused = ask(PATCH, body, bearer=KEY, answer_id=first.answer_id)
        assert (refused.status, refused.problem) == (409, "answer-final")
        assert "substituída" in refused.body["detail"]
    assert ask(PATCH, {"score": 10}, bearer=KEY, answer_id=later.answer_id).status == 200
    classify(stream_batch([first, later]), None)
    assert +place.row() == {10: 1}


def test_a_repeat_of_the_post_of_a_superseded_answer_changes_nothing(place: Once) -> None:
    first, later = place.post(2, 4), place.post(9)
    classify(stream_batch([first, later]), None)
    again = ask(POST, named(first.answer_id, score=2, respondent_token=token()))
    assert again.status == 200
    classify(stream_batch([first, later]), None)
    assert (place.standings(first, later), +place.row()) == ([Standing.SUPERSEDED, Standing.VALID], {9: 1})


def test_who_says_only_later_who_they_are_takes_their_place_then(place: Once) -> None:
    first, unknown = place.post(2, 4), place.post(9, sub=None)
    classify(stream_batch([first, unknown]), None)
    assert +place.row() == {2: 1, 9: 1}
    given = ask(PATCH, {"finished": True, "respondent_token": token()}, bearer=KEY, answer_id=unknown.answer_id)
    assert given.status == 200
    classify(stream_batch([unknown]), None)
    assert +place.row() == {9: 1}
    assert (+place.row("identity=identified"), +place.row("identity=anonymous")) == ({9: 1}, {})
    assert place.agrees()


def test_while_people_cannot_be_read_nothing_is_counted_and_later_all_is(place: Once) -> None:
    keys = [place.post(2, 4), place.post(9)]
    with refusing("Query"):
        classify(stream_batch(keys), None)
    assert not +place.row()
    handed_on = place.handed_on()
    assert len(handed_on) == 2
    assert classify(queue_batch(*handed_on), None) == {"batchItemFailures": []}
    assert +place.row() == {9: 1}


def test_the_sweep_supersedes_too(place: Once) -> None:
    keys = [place.post(2, 4), place.post(9)]
    for key in keys:
        item: Any = {":long_ago": {"N": str(int((datetime.now(UTC) - timedelta(minutes=11)).timestamp() * 1000))}}
        boto3.client("dynamodb").update_item(
            TableName="answers_table",
            Key={"pk": {"S": key.partition}, "sk": {"S": key.answer_id}},
            UpdateExpression="SET changed_at = :long_ago",
            ExpressionAttributeValues=item,
        )
    assert sweep(recorded("schedule"), None) == {"found": 2, "counted": 2, "unsettled": 0}
    assert (place.standings(*keys), +place.row()) == ([Standing.SUPERSEDED, Standing.VALID], {9: 1})


def test_only_keys_and_survey_ids_are_read_of_people(place: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [place.post(2, 4, comment="Demorou"), place.post(9, comment="Melhorou")]
    asked: list[dict[str, Any]] = []
    send = boto3.client("dynamodb").__class__.__mro__[1]._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001

    def watched(self: Any, operation: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - as botocore has it
        if parameters.get("TableName") == "people_table":
            asked.append({"operation": operation} | parameters)
        return send(self, operation, parameters)

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", watched)
    classify(stream_batch(keys), None)
    assert asked
    for each in asked:
        assert (each["operation"], each["Select"], each["ConsistentRead"]) == ("Query", "SPECIFIC_ATTRIBUTES", True)
        read = {each["ExpressionAttributeNames"][name] for name in each["ProjectionExpression"].split(", ")}
        assert read == set(each["ExpressionAttributeNames"].values()) == {"pk", "sk", "survey_id"}


def test_excluding_the_later_answer_brings_none_back_and_including_it_counts_it_again(place: Once) -> None:
    gateway = Gateway()
    managing.compose.cache_clear()
    key = gateway.key_with("answers:exclude", maker=gateway.first_key())
    first, later = place.post(2, 4), place.post(9)
    classify(stream_batch([first, later]), None)
    decide = "POST /v1/surveys/{survey_id}/answers/{answer_id}"
    assert gateway.call(f"{decide}/exclude", key=key, survey_id="demo", answer_id=later.answer_id).status == 200
    classify(stream_batch([later]), None)
    assert not +place.row()
    refused = gateway.call(f"{decide}/include", key=key, survey_id="demo", answer_id=first.answer_id)
    assert (refused.status, refused.problem) == (409, "answer-final")
    assert gateway.call(f"{decide}/include", key=key, survey_id="demo", answer_id=later.answer_id).status == 200
    classify(stream_batch([later]), None)
    assert +place.row() == {9: 1}


@pytest.mark.usefixtures("aws")
def test_what_a_survey_counts_once_per_is_a_setting_like_any_other() -> None:
    gateway = Gateway()
    managing.compose.cache_clear()
    key = gateway.key_with("surveys", maker=gateway.first_key())
    made = gateway.call("POST /v1/surveys", key=key, body={"survey_id": "loja", "name": "Compra", "company": "Loja"})
    assert made.body["count_once_per"] == "none"
    changed = gateway.call("PATCH /v1/surveys/{survey_id}", key=key, body={"count_once_per": "days:90"}, survey_id="loja")
    assert (changed.status, changed.body["count_once_per"]) == (200, "days:90")
    refused = gateway.call("PATCH /v1/surveys/{survey_id}", key=key, body={"count_once_per": "days:731"}, survey_id="loja")
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/count_once_per")
