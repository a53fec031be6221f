"""Who is not to be asked again: the same in memory and on DynamoDB and KMS."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

import boto3
import pytest

from infra.environments import ROOT
from shared.identity import lookup_of
from shared.privacy.erasure import FIVE_YEARS
from shared.privacy.suppression import ROTATE_AFTER, Entry, Suppression, SuppressionKey, SuppressionKeys, Suppressions
from shared.store.sealing import Sealing
from shared.store.suppressions import SuppressionEntries, SuppressionKeyStore
from shared.store.tables import LedgerItem, bind
from tests.contract.ledger_tables import made
from tests.fakes.samples import NOON
from tests.fakes.suppressions import MemorySuppressionKeys, MemorySuppressions

PEPPER = b"pepper"
ANA, ANA_ID = lookup_of("email", "ana@exemplo.com.br", PEPPER), lookup_of("customer_id", "C-1", PEPPER)
YEAR = timedelta(days=366)
_numbers: Final = count()


@dataclass(frozen=True)
class Place:
    """Where keys and entries are."""

    keys: SuppressionKeys
    entries: Suppressions

    def suppression(self, kept: timedelta = FIVE_YEARS) -> Suppression:
        return Suppression(self.keys, self.entries, lambda: PEPPER, kept)

    def entry(self, lookup: str, version: int) -> Entry | None:
        [key] = [key for key in self.keys.versions() if key.version == version]
        return self.entries.find([key.entry(lookup)]).get(key.entry(lookup))


@pytest.fixture
def place(kind: str) -> Iterator[Place]:
    if kind == "memory":
        yield Place(MemorySuppressionKeys(), MemorySuppressions())
        return
    bind(LedgerItem, made(f"suppression-ledger-{next(_numbers)}"))
    yield Place(SuppressionKeyStore(Sealing(boto3.client("kms").create_key()["KeyMetadata"]["Arn"]), os.urandom), SuppressionEntries())


def is_ana(place: Place, now: datetime, kept: timedelta = FIVE_YEARS) -> bool:
    return place.suppression(kept).is_suppressed("email", " ANA@exemplo.com.br ", now)


def test_nobody_is_suppressed_at_first(place: Place) -> None:
    assert not is_ana(place, NOON)
    assert place.keys.versions() == []


def test_an_identity_is_suppressed_in_any_spelling_and_no_other_is(place: Place) -> None:
    place.suppression().add([ANA, ANA_ID, ANA], NOON)
    assert is_ana(place, NOON)
    assert place.suppression().is_suppressed("customer_id", "C-1", NOON)
    assert not place.suppression().is_suppressed("customer_id", "ana@exemplo.com.br", NOON)
    assert not place.suppression().is_suppressed("email", "bia@exemplo.com.br", NOON)


def test_nothing_to_suppress_makes_no_key(place: Place) -> None:
    place.suppression().add([], NOON)
    assert place.keys.versions() == []


def test_it_ends_by_itself(place: Place) -> None:
    kept = timedelta(days=10)
    place.suppression(kept).add([ANA], NOON)
    assert is_ana(place, NOON + kept - timedelta(milliseconds=1), kept)
    assert not is_ana(place, NOON + kept, kept)
    entry = place.entry(ANA, 1)
    assert entry is not None
    assert entry.until == NOON + kept


def test_asked_for_again_it_lasts_longer_and_never_shorter(place: Place) -> None:
    place.suppression(timedelta(days=10)).add([ANA], NOON)
    place.suppression(timedelta(days=30)).add([ANA], NOON)
    place.suppression(timedelta(days=5)).add([ANA], NOON)
    assert is_ana(place, NOON + timedelta(days=29))


def test_each_year_has_its_key_and_what_is_older_is_still_found(place: Place) -> None:
    place.suppression().add([ANA], NOON)
    place.suppression().add([ANA_ID], NOON + ROTATE_AFTER - timedelta(seconds=1))
    assert [key.version for key in place.keys.versions()] == [1]
    place.suppression().add([ANA_ID], NOON + ROTATE_AFTER)
    assert [key.version for key in place.keys.versions()] == [2, 1]
    assert len({key.secret for key in place.keys.versions()}) == 2
    assert is_ana(place, NOON + ROTATE_AFTER)


def test_what_is_touched_moves_to_the_newest_key_and_ends_when_it_would_have(place: Place) -> None:
    place.suppression().add([ANA], NOON)
    place.suppression().add([ANA_ID], NOON + YEAR)
    assert is_ana(place, NOON + YEAR)
    moved = place.entry(ANA, 2)
    assert place.entry(ANA, 1) is None
    assert moved is not None
    assert (moved.version, moved.until) == (2, NOON + FIVE_YEARS)
    assert is_ana(place, NOON + FIVE_YEARS - timedelta(seconds=1))
    assert not is_ana(place, NOON + FIVE_YEARS)


def test_a_move_that_broke_off_is_finished_the_next_time(place: Place) -> None:
    place.suppression().add([ANA], NOON)
    old = place.entry(ANA, 1)
    assert old is not None
    place.suppression().add([ANA], NOON + YEAR)
    assert is_ana(place, NOON + YEAR)
    assert place.entry(ANA, 1) is None
    new = place.entry(ANA, 2)
    assert new is not None
    assert new.until == NOON + YEAR + FIVE_YEARS


def test_who_was_erased_is_remembered_by_their_id_over_versions_of_the_key_and_nobody_else_is(place: Place) -> None:
    assert place.suppression().remembered(["p-ana"], NOON) == frozenset()
    place.suppression().remember("p-ana", NOON)
    place.suppression().remember("p-bia", NOON + YEAR)
    place.suppression().remember("p-bia", NOON + YEAR)
    asked = [*(f"p-{number}" for number in range(150)), "p-ana", "p-bia", ANA]
    assert place.suppression().remembered(asked, NOON + YEAR) == {"p-ana", "p-bia"}
    assert place.suppression().remembered([], NOON) == frozenset()
    assert place.suppression().remembered(asked, NOON + FIVE_YEARS) == {"p-bia"}
    assert not place.suppression().has("p-ana", NOON)


def test_a_version_is_made_once(place: Place) -> None:
    for _ in range(2):
        place.keys.make(1, NOON, NOON + YEAR)
    [first] = place.keys.versions()
    place.keys.make(1, NOON + YEAR, NOON + YEAR)
    assert place.keys.versions() == [first]
    assert first == SuppressionKey(1, first.secret, NOON)


def test_removing_what_is_not_there_does_no_harm(place: Place) -> None:
    place.entries.remove("unknown")
    assert place.entries.find(["unknown"]) == {}


def test_whoever_answers_of_their_own_will_is_not_stopped() -> None:
    """Intake does not know of suppression: no module that takes answers in imports it. Whether to ask somebody is another matter."""
    for path in [
        *(ROOT / "shared" / "intake").glob("*.py"),
        ROOT / "functions/collect/handler.py",
        ROOT / "shared/store/people.py",
    ]:
        imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom | ast.Import)]
        assert not any("suppression" in ast.unparse(node) for node in imports), path
