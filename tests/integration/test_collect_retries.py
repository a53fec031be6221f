"""Wherever a request ends, or whoever gets in between, at every single call to AWS: the retry completes it, once."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from shared import answer_id as ids
from shared.identity import edit_key_hash_of
from tests.fakes.reception import KEY, OTHER_KEY, token
from tests.integration.asking import PATCH, POST, ask, items, keep, named, survey_of, unsealed
from tests.integration.gateway import Reply
from tests.integration.interference import Crash, at_step, crash

pytestmark = pytest.mark.usefixtures("survey")
MOST_PLACES: Final = 40
KINDS: Final = ("score", "comment", "identified", "identified, comment", "late, comment")
kinds = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def survey(aws: None) -> None:  # noqa: ARG001 - what it is kept in
    keep(survey_of())
    ask(POST, {"score": 9, "respondent_token": token(sub="somebody")})  # the container is warm: survey, secret, pepper and master are read


def body_of(kind: str, number: int, key: str = KEY) -> dict[str, Any]:
    """A body of a customer and with an id that no other number has."""
    age = timedelta(days=2) if "late" in kind else timedelta(0)
    body: dict[str, Any] = named(ids.mint(datetime.now(UTC) - age, number), key)
    if "comment" in kind:
        body["comment"] = f"comment {number}"
    if "identified" in kind:
        body["respondent_token"] = token(sub=f"customer {number}", email=f"{number}@exemplo.com.br")
    return body


def steps(
    body: Callable[[int], dict[str, Any]], happens: Callable[[dict[str, Any]], object]
) -> Iterator[tuple[dict[str, Any], Reply | None]]:
    """Posts a body of its own for each place where something may happen: each with the reply, None where the process ended."""
    for step in range(1, MOST_PLACES):
        sent, reply = body(step), None
        with at_step(step, lambda sent=sent: happens(sent)) as passed, suppress(Crash):  # type: ignore[misc]  # a lambda with a default
            reply = ask(POST, sent)
        if len(passed) < step:
            assert step > 2
            return
        yield sent, reply
    raise AssertionError("more places than expected")


def answers_of(answer_id: object) -> list[dict[str, Any]]:
    return [item for item in items("answers_table") if item["sk"]["S"] == answer_id]


def comments_of(answer_id: object) -> list[dict[str, Any]]:
    return [item for item in items("people_table") if item["sk"]["S"] == f"comment#{answer_id}" and "text" in item]


def assert_whole(body: dict[str, Any]) -> None:
    """One answer, its comment under its person, and a person with all that leads to them; nothing else."""
    [answer] = answers_of(body["answer_id"])
    person_id = answer["person_id"]["S"]
    assert (answer["score"]["N"], answer["edit_key_hash"]["S"], answer["rev"]["N"]) == ("9", body["edit_key_hash"], "1")
    assert [(item["pk"]["S"], unsealed(item)["text"]) for item in comments_of(body["answer_id"])] == (
        [(person_id, body["comment"])] if "comment" in body else []
    )
    if "respondent_token" in body:
        people = items("people_table")
        [profile] = [item for item in people if (item["pk"]["S"], item["sk"]["S"]) == (person_id, "profile")]
        leading_there = {item["pk"]["S"] for item in people if item.get("person_id", {}).get("S") == person_id}
        assert unsealed(profile).keys() == {"customer_id", "email"}
        assert [item["survey_id"]["S"] for item in people if item["sk"]["S"] == f"answer#{body['answer_id']}"] == ["demo"]
        assert leading_there == {f"lookup#{lookup}" for lookup in profile["lookups"]["SS"]}
        assert len(leading_there) == 2


@kinds
def test_wherever_the_first_attempt_ends_the_same_post_again_completes_it(kind: str) -> None:
    ended = 0
    for sent, reply in steps(lambda step: body_of(kind, step), lambda _: crash()):
        ended += reply is None
        assert ask(POST, sent).status in {200, 201}
        assert_whole(sent)
    assert ended >= 2


@kinds
def test_a_duplicate_that_gets_in_between_anywhere_changes_nothing(kind: str) -> None:
    for sent, reply in steps(lambda step: body_of(kind, step), lambda sent: ask(POST, sent)):
        assert reply is not None
        assert reply.status in {200, 201}
        assert_whole(sent)


@kinds
def test_whoever_gets_in_between_with_the_same_id_and_another_key_leaves_one_whole_answer(kind: str) -> None:
    replies: list[int] = []

    def attack(sent: dict[str, Any]) -> None:
        attacker = {"score": 9, "answer_id": sent["answer_id"], "edit_key_hash": edit_key_hash_of(OTHER_KEY), "comment": "planted"}
        replies.append(ask(POST, attacker).status)

    for sent, reply in steps(lambda step: body_of(kind, step), attack):
        assert reply is not None
        assert sorted((reply.status, replies.pop())) == [201, 409]
        [answer] = answers_of(sent["answer_id"])
        spoken = {unsealed(item)["text"] for item in comments_of(sent["answer_id"]) if item["edit_key_hash"] == answer["edit_key_hash"]}
        assert spoken == ({sent["comment"]} if reply.status == 201 and "comment" in sent else {"planted"} if reply.status == 409 else set())
        assert len(comments_of(sent["answer_id"])) == len(spoken)


def test_first_answers_of_one_customer_at_once_make_one_person() -> None:
    """At each call of one's first answer, another answer of the same customer goes through."""

    def another(sent: dict[str, Any]) -> None:
        other = body_of("score", 1000)
        assert ask(POST, other | {"respondent_token": sent["respondent_token"]}).status == 201

    before = 0
    for sent, reply in steps(lambda step: body_of("identified", step), another):
        assert reply is not None
        assert reply.status == 201
        assert_whole(sent)
        owners = [item for item in items("people_table") if item["sk"]["S"] == "owner"]
        persons = {item["person_id"]["S"] for item in items("answers_table")}
        assert {item["person_id"]["S"] for item in owners} == persons
        before = len(owners)
    assert before > 4


@pytest.mark.parametrize(
    "change", [{"score": 0}, {"comment": "Pensando bem"}, {"comment": ""}, {"score": 0, "comment": "Demorou", "finished": True}]
)
def test_wherever_a_change_ends_the_same_change_again_completes_it(change: dict[str, Any]) -> None:
    for step in range(1, MOST_PLACES):
        sent = body_of("comment", step)
        ask(POST, sent)
        with at_step(step, crash) as passed, suppress(Crash):
            ask(PATCH, change, bearer=KEY, answer_id=sent["answer_id"])
        if len(passed) < step:
            return
        assert ask(PATCH, change, bearer=KEY, answer_id=sent["answer_id"]).status == 200
        [answer] = answers_of(sent["answer_id"])
        assert answer["score"]["N"] == str(change.get("score", 9))
        assert answer["rev"]["N"] == ("2" if "score" in change or not change["comment"] else "1")  # another comment is not announced
        text = change.get("comment", sent["comment"])
        assert [unsealed(item)["text"] for item in comments_of(sent["answer_id"])] == ([text] if text else [])
    raise AssertionError("more places than expected")


def test_an_outage_anywhere_is_answered_and_the_retry_completes() -> None:
    def outage() -> None:
        raise OSError("the network is gone")

    for step in range(1, MOST_PLACES):
        sent = body_of("identified, comment", step)
        with at_step(step, outage) as passed:
            reply = ask(POST, sent)
        if len(passed) < step:
            return
        assert (reply.status, reply.problem) == (500, "fault")
        assert ask(POST, sent).status in {200, 201}
        assert_whole(sent)
    raise AssertionError("more places than expected")
