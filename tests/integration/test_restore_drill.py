"""The restore drill: tables come back as they were before an erasure, the ledger is replayed over them, and nobody returns with them."""

import json
import os
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any, Final

import boto3
import pytest
from msgspec import structs

from functions.classify import handler as classify
from functions.erase import composition as eraser
from shared import answer_id as ids
from shared.alerts.content import AlertKind
from shared.alerts.message import Message, message_id_of
from shared.alerts.signature import new_secret
from shared.answer import NOBODY, AnswerKey
from shared.api.privacy_routes import ERASURES, REQUESTS
from shared.counting.recount import compare, unsealed_days
from shared.counting.settle import settle
from shared.privacy.replaying import replay
from shared.store.answers import Answers
from shared.store.channels import ChannelStore
from shared.store.deliveries import Deliveries
from shared.store.restored import RestoredTables
from shared.store.rollups import Rollups
from shared.store.sealing import Sealing
from tests.fakes.channels import channel_of
from tests.fakes.reception import KEY, token
from tests.integration.asking import POST, ask, items, keep, named, new_id, survey_of
from tests.integration.counted import FAR_AHEAD, LONG_AGO
from tests.integration.gateway import Gateway, invoke
from tests.integration.interference import Crash, at_step, crash
from tests.integration.test_privacy_whole import work

KEEPS: Final = "demo"
FORGETS: Final = "posto"
TABLES: Final = {
    "answers_table": ("pk", "sk"),
    "people_table": ("pk", "sk"),
    "keys_table": ("pk", "sk"),
    "deliveries_table": ("pk", "sk"),
    "rollups_table": ("pk", "sk"),
    "registry_table": ("pk", "sk"),
}
type Copy = Mapping[str, list[dict[str, Any]]]
CHANNEL: Final = channel_of("sala").channel_id


def message_of(key: AnswerKey) -> str:
    """The alert about an answer."""
    return message_id_of(CHANNEL, AlertKind.DETRACTOR, key.answer_id)


class Town:
    """People with answers to two surveys, one of which forgets scores; detractors' alerts wait to be delivered."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.surveys = {name: keep(survey_of(name)) for name in (KEEPS, FORGETS)}
        forgetful = structs.replace(self.surveys[FORGETS].settings, on_erasure="forget_score")
        self.surveys[FORGETS] = keep(structs.replace(self.surveys[FORGETS], settings=forgetful))
        self.api_key = gateway.key_with("privacy", maker=gateway.first_key())
        assert ChannelStore(Sealing(os.environ["SEALING_KEY"])).create(channel_of("sala"), "https://sala.example/", new_secret(token_bytes))
        self.numbers = iter(range(1, 1000))
        self.answered: dict[str, list[AnswerKey]] = {}
        for who in ("maria", "joana"):
            for survey_id in (KEEPS, FORGETS):
                self.answer(who, survey_id, self.words_of(who), respondent_token=self.token_of(who))
        for who in ("anonima", "anonimo"):
            self.answer(who, KEEPS, self.words_of(who))
            self.answer(who, FORGETS, None)
        self.settle()

    @staticmethod
    def words_of(who: str) -> str:
        return f"Sou {who}, demorou demais"

    @staticmethod
    def token_of(who: str) -> str:
        return token(sub=f"cliente-{who}", email="casal@cliente.example", name=who)

    def answer(self, who: str, survey_id: str, comment: str | None, **body: object) -> AnswerKey:
        answer_id = new_id(next(self.numbers))
        said = body | ({"comment": comment} if comment else {}) | {"score": 2}
        assert ask(POST, named(answer_id) | said, survey_id=survey_id).status == 201
        key = AnswerKey.of(self.surveys[survey_id], ids.parse(answer_id))
        self.answered.setdefault(who, []).append(key)
        message = Message(
            message_id=message_of(key), channel_id=CHANNEL, kind=AlertKind.DETRACTOR, created_at=datetime.now(UTC), answer=key
        )
        Deliveries().open(message)
        return key

    def settle(self) -> None:
        """What the stream or the sweep does."""
        counting, _ = classify.compose()
        settle({AnswerKey(each["pk"]["S"], each["sk"]["S"]) for each in items("answers_table") if "pending" in each}, counting)

    def open_erasures(self) -> None:
        """Maria by the controller, one of the anonymous by the key of each answer."""
        opened = self.gateway.call(f"POST {ERASURES}", key=self.api_key, body={"customer_id": "cliente-maria", "reason": "Protocolo 7"})
        assert opened.status == 202, opened.text
        for survey_id, key in zip((KEEPS, FORGETS), self.answered["anonima"], strict=True):
            body = {"type": "deletion", "survey_id": survey_id, "answer_id": key.answer_id}
            headers = {"authorization": f"Bearer {KEY}"}
            assert invoke(f"POST {REQUESTS}", None, headers=headers, body=json.dumps(body).encode()).status == 202

    def erase(self) -> None:
        self.open_erasures()
        work()
        self.settle()
        assert not [each for each in items("ledger_table") if each["pk"]["S"] == "due"]

    def replay(self) -> Counter[str]:
        """The operator's part, in a process of its own, before traffic; then the counters catch up."""
        eraser.compose.cache_clear()
        found = replay(RestoredTables(), eraser.compose().erasing)
        self.settle()
        return found

    def persons(self, who: str) -> set[str]:
        """Whom their answers name."""
        return {
            each["person_id"]["S"] for each in items("answers_table") if each["sk"]["S"] in {key.answer_id for key in self.answered[who]}
        }

    def counts(self) -> dict[str, int]:
        """How many answers each survey's rows have, which are the sum of the marks."""
        for survey in self.surveys.values():
            days = unsealed_days(survey, Rollups(), datetime.now(UTC))
            assert all(check.agrees for check in compare(survey, days, Answers(), Rollups(), datetime.now(UTC)))
        return {name: sum(self._all_of(name).values()) for name in self.surveys}

    def _all_of(self, name: str) -> Counter[int]:
        rows = Rollups().sums(self.surveys[name], ["all"], LONG_AGO, FAR_AHEAD, strong=True)
        return sum((Counter(bins) for bins in rows.values()), Counter())


@pytest.fixture
def town(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Town:
    for name, value in {"SECOND_LOOK_MINUTES": "0", "MAIL_FROM": "privacidade@loja.example"}.items():
        monkeypatch.setenv(name, value)
    eraser.compose.cache_clear()
    eraser.compose()
    return Town(gateway)


def copied() -> Copy:
    return {table: items(table) for table in TABLES}


def put_back(copy: Copy, tables: Collection[str] = tuple(TABLES), *, emptied: bool = True) -> None:
    """Have tables as they were; or, not emptied, what was copied laid over what is there."""
    dynamodb = boto3.client("dynamodb")
    for table in tables:
        for item in items(table) if emptied else []:
            dynamodb.delete_item(TableName=table, Key={name: item[name] for name in TABLES[table]})
        for item in copy[table]:
            dynamodb.put_item(TableName=table, Item=item)


def assert_gone(town: Town, person_ids: Collection[str], before: Copy) -> None:
    """Nothing leads to the erased, and the others are as they were."""
    for table in ("people_table", "keys_table", "answers_table", "deliveries_table"):
        left = {(each["pk"]["S"], each["sk"]["S"]): each for each in items(table)}
        about = {key.answer_id for who in ("maria", "anonima") for key in town.answered[who]}
        for item in left.values():
            is_mark = item["sk"]["S"] == "profile" and item.keys() == {"pk", "sk", "erased", "expires_at"}
            assert is_mark or not any(person_id in json.dumps(item, default=str) for person_id in person_ids), item
            assert table != "deliveries_table" or item["sk"]["S"] != "message" or item["answer_id"]["S"] not in about
        theirs = {message_id_of(CHANNEL, AlertKind.DETRACTOR, answer_id) for answer_id in about}
        for item in before[table]:
            text = json.dumps(item, default=str)
            if not any(each in text for each in (*person_ids, *about, *theirs)):
                assert left[item["pk"]["S"], item["sk"]["S"]] == item
    assert town.persons("maria") == town.persons("anonima") == {NOBODY}
    assert NOBODY not in town.persons("joana") | town.persons("anonimo")


@pytest.mark.parametrize(
    "tables",
    [
        tuple(TABLES),
        ("answers_table", "rollups_table"),
        ("people_table", "keys_table"),
        ("people_table",),
        ("keys_table",),
        ("deliveries_table",),
    ],
    ids="+".join,
)
def test_nobody_returns_with_a_copy_from_before_their_erasure(town: Town, tables: Collection[str]) -> None:
    before, erased = copied(), town.persons("maria") | town.persons("anonima")
    assert town.counts() == {KEEPS: 4, FORGETS: 4}
    town.erase()
    ledger = {each["pk"]["S"] for each in items("ledger_table")}
    assert town.counts() == {KEEPS: 4, FORGETS: 2}
    put_back(before, tables)
    assert town.replay()
    assert_gone(town, erased, before)
    assert town.counts() == {KEEPS: 4, FORGETS: 2}
    assert not town.replay()
    assert {each["pk"]["S"] for each in items("ledger_table")} == ledger


def test_the_replay_says_what_had_come_back(town: Town) -> None:
    before = copied()
    town.erase()
    assert not town.replay()
    put_back(before)
    assert town.replay() == {
        "answers.anonymised": 4,
        "answers.withdrawn": 2,
        "keys": 2,
        "outbox.messages": 4,
        "people.answer": 2,
        "people.asked": 1,
        "people.comment": 3,
        "people.lookup": 2,
        "people.profile": 1,
        "persons": 2,
    }


def test_who_came_again_of_their_own_will_stays_with_what_they_said_since(town: Town) -> None:
    """The copy is laid over what is there: both of her lie in the tables, the one who was erased and the one who came again."""
    before, erased = copied(), town.persons("maria") | town.persons("anonima")
    town.erase()
    back = town.answer("maria-again", KEEPS, "Voltei", respondent_token=town.token_of("maria"))
    town.settle()
    [again] = town.persons("maria-again")
    since = {(each["pk"]["S"], each["sk"]["S"]): each for each in items("people_table") if each["pk"]["S"] == again}
    assert again not in erased
    put_back(before, ("answers_table", "people_table", "keys_table"), emptied=False)
    town.replay()
    assert_gone(town, erased, before)
    assert {(each["pk"]["S"], each["sk"]["S"]): each for each in items("people_table") if each["pk"]["S"] == again} == since
    assert town.persons("maria-again") == {again}
    assert [each["sk"]["S"] for each in items("people_table") if each["pk"]["S"].startswith("lookup#") and each["person_id"]["S"] == again]
    assert Answers().find(back)


@pytest.mark.parametrize("step", range(1, 760, 69))
def test_an_erasure_that_was_under_way_goes_on_over_the_copy(town: Town, step: int) -> None:
    """The eraser stops at some call; then the tables are restored, and the ledger is not."""
    before, erased = copied(), town.persons("maria") | town.persons("anonima")
    town.open_erasures()
    with at_step(step, crash), suppress(Crash):
        work()
    put_back(before)
    assert town.replay()
    assert_gone(town, erased, before)
    work()
    town.settle()
    assert_gone(town, erased, before)
    assert town.counts() == {KEEPS: 4, FORGETS: 2}
    assert not town.replay()


@pytest.mark.parametrize("step", range(1, 138, 17))
def test_a_replay_that_breaks_off_is_begun_again(town: Town, step: int) -> None:
    before, erased = copied(), town.persons("maria") | town.persons("anonima")
    town.erase()
    put_back(before)
    with at_step(step, crash), suppress(Crash):
        town.replay()
    town.replay()
    assert_gone(town, erased, before)
    assert town.counts() == {KEEPS: 4, FORGETS: 2}
    assert not town.replay()
