"""Answers listed over HTTP, with what People holds of them."""

import base64
import json
from collections import Counter
from datetime import timedelta

import pytest

from shared import answer_id as ids
from shared.answer import Change, Standing
from shared.store.answers import Answers
from shared.store.tables import AnswerItem
from tests.integration.asking import keep, survey_of
from tests.integration.gateway import Gateway
from tests.integration.reading_desk import LIST, ReadingDesk, counted_calls


@pytest.fixture
def desk(gateway: Gateway) -> ReadingDesk:
    return ReadingDesk(gateway)


def test_answers_are_listed_newest_first_with_what_was_said_and_by_whom(desk: ReadingDesk) -> None:
    older, newer = desk.give(9, 3, "Demorou 🚚", "Ana"), desk.give(2, 10, finished=True)
    body = desk.look().body
    assert [answer["answer_id"] for answer in body["answers"]] == [newer.key.answer_id, older.key.answer_id]
    assert (body["answers"][0]["comment"], body["answers"][0]["person"], body["answers"][0]["class"]) == (None, None, "promoter")
    assert body["answers"][1]["comment"] == "Demorou 🚚"
    assert body["answers"][1]["person"] == {"customer_id": "cliente-Ana", "email": "ana@exemplo.com.br", "name": "Ana"}
    assert (body["next_cursor"], desk.ids(order="oldest")) == (None, [older.key.answer_id, newer.key.answer_id])


def test_pages_join_even_while_answers_arrive(desk: ReadingDesk) -> None:
    given = [desk.give(number) for number in range(1, 8)]
    first = desk.look(limit="3").body
    desk.give(0)
    second = desk.look(limit="3", cursor=first["next_cursor"]).body
    third = desk.look(limit="3", cursor=second["next_cursor"]).body
    shown = [answer["answer_id"] for page in (first, second, third) for answer in page["answers"]]
    assert shown == [answer.key.answer_id for answer in given]
    assert third["next_cursor"] is None


def test_filters_take_what_they_say(desk: ReadingDesk) -> None:
    promoter = desk.give(1, 9, dimensions={"touchpoint": "support"})
    detractor = desk.give(2, 0, "Vou CANCELÁ-LO", dimensions={"touchpoint": "checkout", "segment.plan": "pro"})
    aside = desk.give(3, 5, standing=Standing.EXCLUDED)
    assert desk.ids(class_="detractor") == desk.ids(score="0,1,2") == desk.ids(commented="true") == [detractor.key.answer_id]
    assert desk.ids(words="cancela lo") == desk.ids(segment="plan:pro", touchpoint="checkout") == [detractor.key.answer_id]
    assert desk.ids(words="cancela nunca") == desk.ids(touchpoint="other") == []
    assert desk.ids(standing="excluded") == [aside.key.answer_id]
    assert desk.ids(standing="valid,excluded", class_="promoter,detractor") == [each.key.answer_id for each in (promoter, detractor, aside)]
    day = ids.parse(promoter.key.answer_id).instant - timedelta(days=3)
    assert desk.ids(to=day.date().isoformat()) == []


def test_a_page_of_a_hundred_answers_is_few_calls(desk: ReadingDesk) -> None:
    for number in range(1, 101):
        desk.give(number, comment="Ótimo", name=f"P{number}" if number % 2 else None)
    desk.look(limit="1")  # the survey and the master key are known from now on
    with counted_calls() as calls:
        body = desk.look(limit="100").body
    assert len(body["answers"]) == 100
    assert all(answer["comment"] == "Ótimo" for answer in body["answers"])
    made = Counter(calls)
    assert made["BatchGetItem"] == 3  # profiles and comments, then keys
    assert made["Query"] <= 32 * desk.survey.buckets + desk.survey.buckets  # thirty days, and what is read ahead
    assert set(made) <= {"BatchGetItem", "Query", "GetItem", "UpdateItem"}  # the authorizer's too
    assert made["GetItem"] <= 2


def test_nothing_is_shown_of_who_was_erased_or_of_what_has_expired(desk: ReadingDesk) -> None:
    erased, expired, kept = desk.give(1, comment="Meu", name="Ana"), desk.give(2), desk.give(3, comment="Fico", name="Bia")
    desk.erase(erased)
    AnswerItem(*expired.key).update(actions=[AnswerItem.expires_at.set(int(desk.now.timestamp()) - 1)])
    body = desk.look().body
    assert [(answer["answer_id"], answer["comment"]) for answer in body["answers"]] == [
        (erased.key.answer_id, None),
        (kept.key.answer_id, "Fico"),
    ]
    assert body["answers"][0]["person"] is None
    assert desk.ids(words="meu") == []


def test_a_comment_that_another_key_left_is_not_the_answers(desk: ReadingDesk) -> None:
    answer = desk.give(1, comment="intruso", edit_key_hash="a" * 64)
    AnswerItem(*answer.key).update(actions=[AnswerItem.edit_key_hash.set("b" * 64)])
    assert desk.look().body["answers"][0]["comment"] is None
    assert desk.ids(words="intruso") == []


def test_a_withdrawn_answer_is_listed_where_it_is_asked_for(desk: ReadingDesk) -> None:
    answer = desk.give(1)
    assert Answers().change(answer.key, Change(standing=Standing.WITHDRAWN), desk.now)
    assert desk.ids() == []
    [shown] = desk.look(standing="withdrawn").body["answers"]
    assert (shown["class"], shown["standing"]) == (None, "withdrawn")


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-02-30"},
        {"from": "0000-00-00"},
        {"from": "-1-01-01"},
        {"from": "2026-03-01", "to": "2026-02-01"},
        {"from": "1900-01-01", "to": "2026-01-01"},
        {"from": "2026-03-01T00:00:00Z"},
        {"class": "promoter,"},
        {"class": "fan"},
        {"score": "11"},
        {"score": "-1"},
        {"score": "1.0"},
        {"score": "٣"},
        {"score": ",".join(["1"] * 5_000) + ",x"},
        {"standing": "all"},
        {"commented": "yes"},
        {"words": ""},
        {"words": " \u200b "},
        {"words": "x" * 10_240},
        {"words": " ".join("abcdefghijk")},
        {"order": "newest,oldest"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "1e1"},
        {"limit": "-1"},
        {"limit": "٣"},
        {"limit": "9" * 5_000},
        {"cursor": ""},
        {"cursor": "x"},
        {"cursor": "é"},
        {"cursor": "A" * 10_000},
        {"cursor": base64.urlsafe_b64encode(b"newest demo x").decode()},
        {"cursor": base64.urlsafe_b64encode(b"newest demo ffffffff-ffff-ffff-ffff-ffffffffffff").decode()},
        {"cursor": base64.urlsafe_b64encode(b"oldest demo 019cd843-1180-7000-8000-000000000001").decode()},
        {"cursor": base64.urlsafe_b64encode(b"newest outra 019cd843-1180-7000-8000-000000000001").decode()},
        {"cursor": base64.urlsafe_b64encode(b"\xff\xfe newest").decode()},
        {"segment": "plan"},
        {"segment": "plan:pro,plan:free"},
        {"segment": "none:pro"},
        {"touchpoint": "nowhere"},
        {"touchpoint": "checkout,support"},
        {"unknown": "x"},
        {"__class__": "x"},
        {"Limit": "3"},
    ],
    ids=lambda query: json.dumps(query)[:60],
)
def test_hostile_parameters_are_refused_without_being_repeated(desk: ReadingDesk, query: dict[str, str]) -> None:
    desk.give(1)
    refused = desk.call(LIST, query=query)
    assert (refused.status, refused.problem) == (422, "invalid")
    assert all(len(value) < 12 or value not in refused.text for value in query.values())


@pytest.mark.parametrize(
    "query",
    [
        {"from": "9990-01-01", "to": "9999-12-31"},
        {"from": "0001-01-01", "to": "0001-12-31"},
        {"from": "1965-01-01", "to": "1970-01-03"},
        {"from": "2990-01-01", "to": "2999-12-31"},
        {"cursor": base64.urlsafe_b64encode(b"newest demo 00000000-0000-7000-8000-000000000001").decode()},
    ],
    ids=str,
)
def test_days_without_answers_are_an_empty_page_in_little_time(desk: ReadingDesk, query: dict[str, str]) -> None:
    desk.give(1)
    with counted_calls() as calls:
        listed = desk.call(LIST, query=query)
    assert (listed.status, listed.body["answers"], listed.body["next_cursor"]) == (200, [], None)
    assert len(calls) < 20


def test_a_cursor_far_in_the_future_is_the_beginning(desk: ReadingDesk) -> None:
    answer = desk.give(1)
    ahead = ids.first_id_at(desk.now + timedelta(days=3_000))
    cursor = base64.urlsafe_b64encode(f"newest demo {ahead}".encode()).decode()
    assert desk.ids(cursor=cursor) == [answer.key.answer_id]


def test_ten_years_are_looked_through_page_by_page(desk: ReadingDesk) -> None:
    answer = desk.give(1)
    query = {"from": (desk.now - timedelta(days=3_650)).date().isoformat()}
    with counted_calls() as calls:
        first = desk.call(LIST, query=query).body
    assert [shown["answer_id"] for shown in first["answers"]] == [answer.key.answer_id]
    assert first["next_cursor"] is not None
    assert len(calls) < 450
    assert first["looked_through"]["until"] < (desk.now - timedelta(days=30)).isoformat()
    following = desk.call(LIST, query=query | {"cursor": first["next_cursor"]}).body
    assert following["looked_through"]["until"] < first["looked_through"]["until"]


def test_another_surveys_answers_are_not_listed_and_its_cursor_is_refused(desk: ReadingDesk) -> None:
    for number in (1, 2):
        desk.give(number)
    keep(survey_of("outra"))
    assert desk.call(LIST, survey_id="outra").body["answers"] == []
    cursor = desk.look(limit="1").body["next_cursor"]
    assert desk.call(LIST, query={"cursor": cursor}, survey_id="outra").problem == "invalid"
    assert desk.call(LIST, survey_id="nenhuma").problem == "no-such-survey"


def test_who_may_read_scores_alone_lists_nothing(desk: ReadingDesk) -> None:
    key = desk.gateway.key_with("scores:read", "surveys", "privacy", maker=desk.admin)
    assert desk.call(LIST, key=key).problem == "scope-missing"


def test_the_log_says_who_looked_at_what_by_ids_alone(desk: ReadingDesk, caplog: pytest.LogCaptureFixture) -> None:
    answer = desk.give(1, comment="Demorou", name="Ana")
    desk.look(words="demorou")
    [record] = [record for record in caplog.records if record.message == "answers shown"]
    assert vars(record)["answer_ids"] == [answer.key.answer_id]
    assert vars(record)["key_id"]
    assert not [secret for secret in ("emorou", "Ana", answer.person_id) if secret in str(vars(record))]
