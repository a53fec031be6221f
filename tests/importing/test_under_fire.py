"""A file with all that can be wrong with it, imported by workers that are ended anywhere, twice: counters exact, report exact."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random

import pytest

from shared import dimension as dim
from shared.identity import lookup_of
from shared.importing import stepping
from shared.importing.filing import FileNames, Mode
from shared.jobs.job import Job, JobStatus
from tests.fakes.samples import NOON
from tests.importing.house import PEPPER, ImportHouse, csv_file, line

LINES = 400
STATUS = {"imported": "importada", "counted_only": "só contada", "already_there": "já importada", "refused": "recusada"}


class Expected:
    """A made-up file, and what must become of each of its lines."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.rows: list[Mapping[str, str]] = []
        self.outcomes: list[tuple[str, str]] = []
        self.scores: Counter[int] = Counter()
        self.identified: Counter[int] = Counter()
        self.comments: list[str] = []
        for number in range(LINES):
            self._add(number)

    def _add(self, number: int) -> None:
        score = self.random.randint(0, 10)
        kind = self.random.random()
        if kind < 0.04:
            self._put(line(number, "dez"), "refused", "score")
        elif kind < 0.08:
            self._put(line(number, score) | {"data": "32/13/2024"}, "refused", "date")
        elif kind < 0.12 and number:
            self._put(line(number, score) | {"id": self.random.choice(self._good())}, "refused", "repeated_id")
        elif kind < 0.15:
            self._put(line(number, score) | {"e-mail": "nunca@mais.example"}, "refused", "suppressed")
        else:
            self._add_good(number, score)

    def _add_good(self, number: int, score: int) -> None:
        is_over = self.random.random() < 0.2
        at = NOON - timedelta(days=self.random.randint(70, 900) if is_over else self.random.randint(0, 58), minutes=number)
        changes: dict[str, str] = {"canal": self.random.choice(["widget", "page", "fax", ""])}
        if self.random.random() < 0.5:
            changes |= {"e-mail": f"p{self.random.randint(0, 60)}@x.example", "nome": "Ana"}
            self.identified[score] += 1
        if self.random.random() < 0.5:
            changes["comentário"] = f"Linha {number};\r\n{'x' * self.random.randint(0, 40)}"
            if not is_over:
                self.comments.append(changes["comentário"])
        self.scores[score] += 1
        self._put(line(number, score, at) | changes, "counted_only" if is_over else "imported", "")

    def _good(self) -> list[str]:
        taken = [row["id"] for row, (status, _) in zip(self.rows, self.outcomes, strict=True) if status != "refused"]
        return taken or ["r0"]

    def _put(self, row: Mapping[str, str], status: str, reason: str) -> None:
        if reason == "repeated_id" and row["id"] == "r0" and self.outcomes[0][0] == "refused":
            return
        self.rows.append(row)
        self.outcomes.append((status, reason))


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepping, "LINES_A_STEP", 23)
    monkeypatch.setattr(stepping, "LINES_A_CHECK", 31)


def house_of(seed: int) -> ImportHouse:
    house = ImportHouse(seed=seed)
    house.suppression.add([lookup_of("email", "nunca@mais.example", PEPPER)], house.now)
    return house


def told(house: ImportHouse, job: Job) -> Iterator[tuple[str, str]]:
    back = {text: status for status, text in STATUS.items()}
    for number, row in enumerate(house.report(job), start=2):
        assert int(row["linha"]) == number
        yield back[row["situação"]], row["código"]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_ends_workers_each_line_is_counted_once_and_told_of_right(seed: int) -> None:
    house, expected = house_of(seed), Expected(seed)
    data = csv_file(expected.rows)
    first = house.work_off_under_fire(house.begin(data), crash_rate=0.004)
    assert first.status is JobStatus.DONE
    assert house.scheduler.crashes
    assert list(told(house, first)) == expected.outcomes
    assert house.scores() == expected.scores
    assert house.row(f"{dim.IDENTITY}={dim.IDENTIFIED}") == expected.identified
    assert sorted(house.people.texts().values()) == sorted(comment.strip() for comment in expected.comments)
    kinds = Counter(status for status, _ in expected.outcomes)
    assert {name: first.counts.get(name, 0) for name in STATUS} == {name: kinds[name] for name in STATUS} | {"already_there": 0}
    assert FileNames(first).upload not in house.files.files

    again = house.work_off_under_fire(house.begin(data), crash_rate=0.004)
    assert house.scores() == expected.scores
    assert list(told(house, again)) == [
        ("already_there" if status != "refused" or reason == "repeated_id" else status, "" if reason == "repeated_id" else reason)
        for status, reason in expected.outcomes
    ]
    assert len(house.people.texts()) == len(expected.comments)


def test_a_check_says_what_an_import_does_and_changes_nothing() -> None:
    house, expected = house_of(1), Expected(1)
    job = house.begin(csv_file(expected.rows))
    checked = house.work_off(job, Mode.CHECK)
    assert checked.status is JobStatus.NEW
    assert list(told(house, checked)) == expected.outcomes
    assert not house.memory.items
    assert not house.memory.rows
    assert not house.people.persons
    assert not house.people.texts()
    before = dict(checked.counts)
    done = house.work_off(job)
    assert list(told(house, done)) == expected.outcomes
    assert dict(done.counts) == before
