"""Counting under fire on DynamoDB's own stores: workers take turns, and crash, at every call that leaves the process."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from botocore.client import BaseClient
from moto.dynamodb import models
from moto.dynamodb.models.table import Table

from shared.answer import Answer, AnswerKey, Change, Standing, target_of
from shared.counting import recount
from shared.counting.settle import Counting, settle
from shared.counting.sweep import sweep
from shared.rollup import RowDay
from shared.store.answers import Answers
from shared.store.person_answers import PersonAnswers
from shared.store.registry import TouchedLedger
from shared.store.rollups import Rollups
from shared.store.tables import AnswerItem, PersonItem, RegistryItem, RollupItem, bind
from shared.survey import Survey
from tests.counting.scheduler import Scheduler, Worker
from tests.fakes.bus import MemoryBus
from tests.fakes.memory import Memory
from tests.fakes.registry import MemorySurveys
from tests.fakes.samples import NOON, answer_of, settings_of, survey_of

SURVEY: Final = survey_of(row_shards=2, buckets=2)
ONCE: Final = survey_of(settings=settings_of(count_once_per="days:1"), row_shards=2, buckets=2)
PERSONS: Final = 6
ANSWERS: Final = {SURVEY.settings.count_once_per: 300, ONCE.settings.count_once_per: 60}
BATCH: Final = 25
CRASH_RATE: Final = 0.02


TABLES: Final = {AnswerItem: "answers_table", RollupItem: "rollups_table", RegistryItem: "registry_table", PersonItem: "people_table"}


@dataclass
class Place:
    """The stores on moto, and whoever works on them."""

    seed: int
    survey: Survey
    now: datetime = NOON
    answers: Answers = field(default_factory=Answers)
    rollups: Rollups = field(default_factory=Rollups)
    ledger: TouchedLedger = field(default_factory=TouchedLedger)

    def __post_init__(self) -> None:
        for model in (AnswerItem, RollupItem, RegistryItem, PersonItem):
            bind(model, TABLES[model])
        self.random = Random(self.seed)
        self.scheduler = Scheduler(self.random)
        memory = Memory()
        memory.faults.turn = self.scheduler.turn
        self.bus = MemoryBus(memory, lambda: self.random.random() > 0.1)
        self.keys: list[AnswerKey] = []

    def counting(self) -> Counting:
        return Counting(
            answers=self.answers,
            surveys=MemorySurveys(self.survey),
            bus=self.bus,
            now=lambda: self.now,
            pause=lambda _n: self.scheduler.turn("pause"),
            shard=self.random.randrange,
            persons=PersonAnswers(),
            touched=self.ledger,
        )

    def start(self, name: str, run: Callable[[], object]) -> None:
        self.scheduler.start(Worker(name, run, lambda _result: None, lambda: None, self.now))

    def settle(self, keys: Collection[AnswerKey]) -> None:
        counting = self.counting()
        self.start("settle", lambda: settle(keys, counting))

    def sweep(self) -> None:
        counting = self.counting()
        self.start("sweep", lambda: sweep([self.survey], self.ledger, counting))

    def post(self) -> None:
        number = len(self.keys)
        answer = answer_of(self.survey, number, self.random.randint(0, 10), self._dimensions(), self.now, changed_at=self.now)
        if self.survey is ONCE:
            answer = replace(answer, person_id=f"person-{self.random.randrange(PERSONS)}")
        self.keys.append(answer.key)
        self.start("post", lambda: self._post(answer))

    def _post(self, answer: Answer) -> None:
        if self.survey is ONCE:
            PersonItem(answer.person_id, f"answer#{answer.key.answer_id}", survey_id=self.survey.survey_id).save()
        self.answers.add(answer)

    def change(self) -> None:
        key = self.random.choice(self.keys[-60:])
        score, standing = self.random.randint(0, 10), Standing.WITHDRAWN
        if self.survey is SURVEY:
            standing = self.random.choice([Standing.WITHDRAWN, Standing.SUPERSEDED])
        change = self.random.choice(
            [Change(score=score)] * 4 + [Change(finished=True), Change(dimensions=self._dimensions()), Change(standing=standing)]
        )
        self.start("change", lambda: self.answers.change(key, change, self.now))

    def settle_some(self) -> None:
        """A batch of the newest, or of any, some of them twice."""
        source = self.keys[-90:] if self.random.random() < 0.7 else self.keys
        self.settle(self.random.choices(source, k=self.random.randint(1, BATCH)))

    def go_on(self, calls: int) -> None:
        for _ in range(calls):
            if self.scheduler.workers:
                self.scheduler.step()

    def _dimensions(self) -> dict[str, str]:
        return {
            name: self.random.choice([*values, "other"])
            for name, values in self.survey.settings.declared().items()
            if values and self.random.random() < 0.5
        }

    def stored(self) -> list[Answer]:
        found = [self.answers.in_partition(f"loja#{NOON.date()}#{bucket}") for bucket in range(self.survey.buckets)]
        return [answer for partition in found for answer in partition if isinstance(answer, Answer)]

    def rows(self) -> dict[RowDay, Counter[int]]:
        day = NOON.date()
        return dict(
            self.rollups.sums(self.survey, list(self.survey.all_rows()), day - timedelta(days=1), day + timedelta(days=1), strong=True)
        )

    def check_rows_are_the_sum_of_marks(self) -> None:
        marks: dict[RowDay, Counter[int]] = {}
        for answer in self.stored():
            if answer.mark and answer.mark.contribution:
                for row in answer.mark.contribution.rows:
                    marks.setdefault(RowDay("loja", row, answer.mark.contribution.day), Counter())[answer.mark.contribution.score] += 1
        assert self.rows() == marks


@contextmanager
def turns_at_every_call(scheduler: Scheduler) -> Iterator[None]:
    """Before and after each call to AWS, others may go on or the caller crash."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - the one door that every call goes through

    def call_in_turn(self: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        scheduler.turn(operation)
        result = call(self, operation, parameters)
        scheduler.turn(operation)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", call_in_turn)
        yield


class _CopyOnce:
    """moto copies a whole table for every action of a transaction on it, a hundred times for ours; once does."""

    def __init__(self) -> None:
        self.tables: dict[int, Table] = {}

    def deepcopy(self, original: object) -> object:
        if not isinstance(original, Table):
            return deepcopy(original)
        if id(original) not in self.tables:
            stream = original.stream_shard  # nobody reads it here, and it only grows
            self.tables[id(original)] = deepcopy(original, {id(stream): stream})
        return self.tables[id(original)]


@pytest.fixture
def _quick_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    transact = models.DynamoDBBackend.transact_write_items

    def transact_quickly(self: models.DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(models, "copy", _CopyOnce())
            transact(self, transact_items)

    monkeypatch.setattr(models.DynamoDBBackend, "transact_write_items", transact_quickly)


@pytest.mark.usefixtures("aws", "_quick_transactions")
@pytest.mark.parametrize(("seed", "survey"), [(0, SURVEY), (1, SURVEY), (2, SURVEY), (3, SURVEY), (4, ONCE), (5, ONCE)])
def test_counters_are_right_whatever_crashes_between_two_calls(seed: int, survey: Survey) -> None:
    place, wanted = Place(seed, survey), ANSWERS[survey.settings.count_once_per]
    with turns_at_every_call(place.scheduler):
        place.scheduler.crash_rate = CRASH_RATE
        happenings = [place.post] * 30 + [place.change] * 8 + [place.settle_some] * 3
        for checked in range(4):
            while len(place.keys) < wanted * (checked + 1) // 4:
                place.now += timedelta(milliseconds=100)
                place.random.choice(happenings if place.keys else [place.post])()
                place.go_on(place.random.randint(1, 10))
            place.check_rows_are_the_sum_of_marks()
        place.scheduler.crash_all()
        place.check_rows_are_the_sum_of_marks()

        place.scheduler.crash_rate, place.bus.accepts = 0.0, lambda: True
        place.now += timedelta(minutes=11)
        for _ in range(2):  # two sweeps at once
            place.sweep()
        place.go_on(100_000)
    place.check_rows_are_the_sum_of_marks()
    answers = place.stored()
    assert len(answers) > 0.7 * wanted
    for answer in answers:
        assert not answer.pending
        assert answer.mark
        assert answer.mark.contribution == target_of(answer, survey)
        said = place.bus.events[f"{answer.key.answer_id}#{answer.rev}"].data
        assert said.nps_class == answer.nps_class
    standing = Counter(answer.score for answer in answers if answer.standing is Standing.VALID)
    local = NOON.astimezone(ZoneInfo("America/Sao_Paulo")).date()
    assert place.rows()[RowDay("loja", "all", local.isoformat())] == standing
    [check] = recount.compare(survey, [local], place.answers, place.rollups, place.now)
    assert check.agrees
    assert (check.answers, check.pending, check.drifted) == (len(answers), 0, ())
    if survey is ONCE:
        check_each_person_counts_once(answers)


def check_each_person_counts_once(answers: Collection[Answer]) -> None:
    """All were given within a day, so the last of a person's that was not withdrawn counts, and it alone."""
    assert Counter(answer.standing for answer in answers)[Standing.SUPERSEDED] > len(answers) // 2
    for person_id in {answer.person_id for answer in answers}:
        theirs = sorted((answer for answer in answers if answer.person_id == person_id), key=lambda answer: answer.key.answer_id)
        kept = [answer.standing for answer in theirs if answer.standing is not Standing.WITHDRAWN]
        assert kept[:-1] == [Standing.SUPERSEDED] * len(kept[:-1])
