"""What counting relies on from `SurveyReader` and `SweepLedger`: of those in memory, which its tests use, and of DynamoDB's alike."""

from datetime import timedelta

from tests.contract.places import Place
from tests.fakes.samples import NOON, settings_of, survey_of

OLD, OLDER = "loja#2026-01-01#0", "loja#2025-12-01#3"
MINUTE = timedelta(minutes=1)


def test_a_survey_is_found_by_its_id(place: Place) -> None:
    survey = survey_of("posto", settings_of(time_zone="America/Manaus"), row_shards=4)
    place.put_survey(survey)
    assert place.surveys.find("posto") == survey


def test_there_is_no_survey_of_another_id_or_of_none_that_could_be(place: Place) -> None:
    place.put_survey(survey_of("posto"))
    for survey_id in ("fantasma", "", "#", "POSTO", "x" * 3000):
        assert place.surveys.find(survey_id) is None


def test_nothing_was_swept_or_touched_at_first(place: Place) -> None:
    assert place.ledger.swept_at() is None
    assert place.ledger.touched() == {}


def test_the_last_sweep_is_remembered_and_is_no_partition(place: Place) -> None:
    place.ledger.record_sweep(NOON)
    place.ledger.record_sweep(NOON + MINUTE)
    assert place.ledger.swept_at() == NOON + MINUTE
    assert place.ledger.touched() == {}


def test_touched_partitions_are_remembered_with_when_last(place: Place) -> None:
    place.ledger.touch(OLD, NOON)
    place.ledger.touch(OLDER, NOON)
    place.ledger.touch(OLD, NOON + MINUTE)
    assert place.ledger.touched() == {OLD: NOON + MINUTE, OLDER: NOON}
    assert place.ledger.swept_at() is None


def test_a_partition_is_forgotten_unless_it_was_touched_again(place: Place) -> None:
    place.ledger.touch(OLD, NOON)
    place.ledger.touch(OLDER, NOON)
    place.ledger.touch(OLDER, NOON + MINUTE)
    for partition in (OLD, OLDER, "loja#2025-11-11#1"):
        place.ledger.forget(partition, NOON)
    assert place.ledger.touched() == {OLDER: NOON + MINUTE}


def test_instants_keep_their_milliseconds(place: Place) -> None:
    instant = NOON + timedelta(milliseconds=7)
    place.ledger.touch(OLD, instant)
    place.ledger.forget(OLD, instant)
    assert place.ledger.touched() == {}


def test_many_partitions_are_all_there(place: Place) -> None:
    partitions = [f"loja#2026-01-{day:02}#{bucket}" for day in range(1, 29) for bucket in range(4)]
    for partition in partitions:
        place.ledger.touch(partition, NOON)
    assert place.ledger.touched() == dict.fromkeys(partitions, NOON)
