"""What is set aside, how it is looked through, and what deciding about it leaves behind."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.classify import handler as classify
from functions.collect import handler as collect
from shared import answer_id as ids
from shared.answer import AnswerKey, Change, Standing
from shared.periods import local_day
from shared.store.answers import Answers
from shared.store.registry import TouchedLedger
from tests.events import api_request, stream_batch
from tests.integration.asking import items, keep, named, survey_of
from tests.integration.gateway import Gateway, Reply

QUARANTINE = "GET /v1/surveys/{survey_id}/quarantine"
INCLUDE = "POST /v1/surveys/{survey_id}/answers/{answer_id}/include"
EXCLUDE = "POST /v1/surveys/{survey_id}/answers/{answer_id}/exclude"
POST = "POST /v1/surveys/{survey_id}/answers"


class Desk:
    """A survey that people answer, and a manager who looks through what was set aside."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        admin = gateway.first_key()
        self.key = gateway.key_with("answers:exclude", maker=admin)
        self.reader = gateway.key_with("scores:read", maker=admin)
        self.survey = keep(survey_of())
        self.numbers = iter(range(1, 10_000))

    def post(self, score: int = 9, age: timedelta = timedelta(0), source_ip: str = "203.0.113.7", **body: Any) -> AnswerKey:  # noqa: ANN401
        """An answer of `age` ago, through collect."""
        answer_id = ids.mint(datetime.now(UTC) - age, next(self.numbers))
        event = api_request(POST, json.dumps(named(answer_id, score=score, **body)))
        event["requestContext"]["http"]["sourceIp"] = source_ip
        response = collect.handle(event, None)
        assert response["statusCode"] == 201, response
        return AnswerKey.of(self.survey, ids.parse(answer_id))

    def settle(self, *keys: AnswerKey) -> None:
        """Have classify count them."""
        classify.handle(stream_batch(keys), None)

    def look(self, **query: str) -> Reply:
        """The list."""
        return self.gateway.call(QUARANTINE, key=self.key, query=query)

    def decide(self, route: str, key: AnswerKey, **body: object) -> Reply:
        """A decision, counted at once where it changed anything."""
        reply = self.gateway.call(route, key=self.key, body=body or None, answer_id=key.answer_id)
        self.settle(key)
        return reply

    def answers(self) -> int:
        """How many are counted."""
        days = {"from": "2020-01-01", "to": local_day(datetime.now(UTC) + timedelta(days=1), "America/Sao_Paulo").isoformat()}
        return int(self.gateway.call("GET /v1/surveys/{survey_id}/nps", key=self.reader, query=days).body["answers"])


@pytest.fixture
def desk(gateway: Gateway) -> Desk:
    return Desk(gateway)


def test_what_is_suspicious_is_listed_with_its_reasons_and_counted_once_let_in(desk: Desk) -> None:
    fine, odd = desk.post(9), desk.post(2, website="x", took_ms=12)
    desk.settle(fine, odd)
    assert desk.answers() == 1
    [listed] = desk.look().body["answers"]
    assert (listed["answer_id"], listed["score"], listed["class"], listed["standing"]) == (odd.answer_id, 2, "detractor", "quarantined")
    assert listed["suspicions"] == ["honeypot", "too_fast"]
    let_in = desk.decide(INCLUDE, odd)
    assert (let_in.status, let_in.body["standing"], let_in.body["suspicions"]) == (200, "valid", ["honeypot", "too_fast"])
    assert desk.answers() == 2
    assert desk.look().body["answers"] == []


def test_excluding_takes_out_exactly_that_answer_and_can_be_undone_time_after_time(desk: Desk) -> None:
    keys = [desk.post(score) for score in (9, 10, 0)]
    desk.settle(*keys)
    for _ in range(2):
        assert desk.decide(EXCLUDE, keys[2]).body["standing"] == "excluded"
        assert desk.answers() == 2
        assert [each["standing"] for each in desk.look().body["answers"]] == ["excluded"]
        assert desk.decide(INCLUDE, keys[2]).body["standing"] == "valid"
        assert desk.answers() == 3


def test_the_same_decision_again_changes_nothing_and_leaves_no_second_entry(desk: Desk) -> None:
    key = desk.post()
    for _ in range(3):
        assert desk.decide(EXCLUDE, key).status == 200
    stored = Answers().find(key)
    assert stored
    assert stored.rev == 2
    assert len(audit()) == 1


def test_who_decided_what_when_and_why_is_in_the_audit_trail_and_nothing_else(desk: Desk) -> None:
    key = desk.post(website="x")
    assert desk.decide(INCLUDE, key, reason="genuine").status == 200
    assert desk.decide(EXCLUDE, key).status == 200
    first, second = audit()
    assert first["pk"] == {"S": "audit#demo"}
    assert first["sk"]["S"].endswith(f"#{key.answer_id}")
    assert (first["decision"], first["reason"]) == ({"S": "include"}, {"S": "genuine"})
    assert first["asker"] == {"S": desk.key.split("_")[1]}
    assert second["decision"] == {"S": "exclude"}
    assert "reason" not in second
    assert set(first) == {"pk", "sk", "decision", "reason", "asker", "asked_at", "expires_at"}


@pytest.mark.parametrize("standing", [Standing.WITHDRAWN, Standing.SUPERSEDED])
@pytest.mark.parametrize("route", [INCLUDE, EXCLUDE])
def test_what_was_withdrawn_is_decided_for_good(desk: Desk, route: str, standing: Standing) -> None:
    key = desk.post()
    assert Answers().change(key, Change(standing=standing), datetime.now(UTC))
    refused = desk.decide(route, key)
    assert (refused.status, refused.problem) == (409, "answer-final")
    assert audit() == []


@pytest.mark.parametrize("answer_id", ["019cd843-1180-7000-8000-000000000001", "not-an-id"])
def test_an_answer_that_is_not_there_cannot_be_decided_about(desk: Desk, answer_id: str) -> None:
    reply = desk.gateway.call(INCLUDE, key=desk.key, answer_id=answer_id)
    assert (reply.status, reply.problem) == (404, "no-such-answer")
    elsewhere = desk.gateway.call(INCLUDE, key=desk.key, survey_id="outra")
    assert (elsewhere.status, elsewhere.problem) == (404, "no-such-survey")


@pytest.mark.parametrize("body", [{"reason": "Ana Souza reclamou"}, {"why": "spam"}, []])
def test_a_reason_is_one_of_ours(desk: Desk, body: object) -> None:
    key = desk.post()
    assert desk.gateway.call(EXCLUDE, key=desk.key, body=body, answer_id=key.answer_id).status in {400, 422}


@pytest.mark.parametrize("route", [QUARANTINE, INCLUDE, EXCLUDE])
def test_only_the_scope_for_it_decides_and_looks(desk: Desk, route: str) -> None:
    assert desk.gateway.call(route, key=desk.reader).problem == "scope-missing"


def test_an_old_answer_that_is_decided_about_is_announced_to_the_sweep(desk: Desk) -> None:
    key = desk.post(age=timedelta(days=3))
    before = forgotten(key.partition)
    desk.decide(EXCLUDE, key)
    assert touched() - before == {key.partition}


def test_the_list_goes_on_page_by_page_oldest_first_over_days_and_buckets(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.quarantine.MOST_LISTED", 3)
    monkeypatch.setattr("shared.quarantine.MOST_LOOKED_AT", 4)
    odd = [desk.post(website="x", age=timedelta(hours=7 * number)) for number in range(9)]
    for number in range(9):
        desk.post(age=timedelta(hours=7 * number, minutes=1))
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = desk.look(**({"cursor": cursor} if cursor else {})).body
        found += [each["answer_id"] for each in page["answers"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert found == sorted(key.answer_id for key in odd)
    assert pages > 3


def test_the_list_is_of_local_days_both_included(desk: Desk) -> None:
    today = local_day(datetime.now(UTC), "America/Sao_Paulo")
    desk.post(website="x")
    old = desk.post(website="x", age=timedelta(days=5))
    day = local_day(ids.parse(old.answer_id).instant, "America/Sao_Paulo").isoformat()
    [listed] = desk.look(**{"from": day, "to": day}).body["answers"]
    assert listed["answer_id"] == old.answer_id
    assert len(desk.look(to=today.isoformat()).body["answers"]) == 2


@pytest.mark.parametrize(
    "query", [{"from": "2026-01-01", "to": "2026-02-01"}, {"from": "ontem"}, {"cursor": "x"}, {"from": "2026-02-02", "to": "2026-02-01"}]
)
def test_what_cannot_be_listed_is_refused(desk: Desk, query: dict[str, str]) -> None:
    refused = desk.look(**query)
    assert (refused.status, refused.problem) == (422, "invalid")


def test_a_flood_from_one_network_is_set_aside_and_others_are_not(desk: Desk) -> None:
    most = desk.survey.settings.most_per_network
    assert most
    genuine = [desk.post(10, source_ip=f"198.51.100.{number}") for number in range(5)]
    flood = [desk.post(0) for _ in range(most + 5)]
    desk.settle(*genuine, *flood)
    assert desk.answers() == 5
    listed = desk.look().body
    assert {reason for each in listed["answers"] for reason in each["suspicions"]} == {"network"}
    traffic = json.dumps(items("traffic_table"), default=str)
    assert "203.0.113.7" not in traffic
    assert "demo" not in traffic


def test_the_one_who_answers_learns_nothing_of_it(desk: Desk) -> None:
    bodies = []
    for body in ({}, {"website": "x"}, {"took_ms": 1}):
        answer_id = ids.mint(datetime.now(UTC), next(desk.numbers))
        response = collect.handle(api_request(POST, json.dumps(named(answer_id, **body))), None)
        bodies.append((response["statusCode"], response["headers"], response["body"].replace(answer_id, "ID")))
    assert bodies[0] == bodies[1] == bodies[2]


def test_no_address_is_in_any_table_or_log(desk: Desk, logged: Callable[[], str]) -> None:
    for _ in range(3):
        desk.post(source_ip="203.0.113.99")
    for table in ("answers_table", "people_table", "traffic_table", "registry_table"):
        assert "203.0.113.99" not in json.dumps(items(table), default=str)
    assert "203.0.113.99" not in logged()


def test_a_traffic_table_that_is_gone_loses_no_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAFFIC_TABLE", "no-such-table")
    collect.compose.cache_clear()
    keys = [desk.post() for _ in range(4)]
    desk.settle(*keys)
    assert desk.answers() == 4


def audit() -> list[dict[str, Any]]:
    """The audit trail, oldest first."""
    return sorted((item for item in items("ledger_table") if item["pk"]["S"].startswith("audit#")), key=lambda item: item["sk"]["S"])


def forgotten(partition: str) -> set[str]:
    """What the sweep was told of, after it has swept that partition."""
    ledger = TouchedLedger()
    ledger.forget(partition, ledger.touched()[partition])
    return touched()


def touched() -> set[str]:
    """The partitions that the sweep was told of."""
    return {item["sk"]["S"] for item in items("registry_table") if item["pk"]["S"] == "touched"}
