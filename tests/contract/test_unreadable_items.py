"""Whatever stands in the table where an answer should be, it is told apart and holds up nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.answer import Answer, AnswerKey, Contribution, Mark
from shared.counting.ports import Settlement
from shared.scoring import NpsClass
from tests.contract.places import Aws, Place, Raw
from tests.fakes.samples import NOON, answer_of, survey_of

SURVEY = survey_of(buckets=1)
PARTITION = "loja#2026-03-10#0"
SETTLED = Mark(1, Contribution(9, "2026-03-10", ("all", "channel=email")), NpsClass.PASSIVE)


def without(name: str) -> Callable[[Raw], None]:
    def change(item: Raw) -> None:
        del item[name]

    return change


def with_(name: str, value: dict[str, Any]) -> Callable[[Raw], None]:
    return lambda item: item.update({name: value})


def counted_with(name: str, value: dict[str, Any] | None) -> Callable[[Raw], None]:
    def change(item: Raw) -> None:
        counted = item["counted"]["M"]
        counted.pop(name)
        if value is not None:
            counted[name] = value

    return change


WRONG: dict[str, Callable[[Raw], None]] = {
    **{f"no {name}": without(name) for name in ("score", "changed_at", "rev")},
    "score a text": with_("score", {"S": "9"}),
    "score in between": with_("score", {"N": "9.5"}),
    "score true": with_("score", {"BOOL": True}),
    "score null": with_("score", {"NULL": True}),
    "score 11": with_("score", {"N": "11"}),
    "score -1": with_("score", {"N": "-1"}),
    "score enormous": with_("score", {"N": "1E+100"}),
    "revision in between": with_("rev", {"N": "1.5"}),
    "revision a text": with_("rev", {"S": "1"}),
    "dimensions a list": with_("dimensions", {"L": [{"S": "x"}]}),
    "dimensions a text": with_("dimensions", {"S": "x"}),
    "an unknown standing": with_("standing", {"S": "pardoned"}),
    "standing a number": with_("standing", {"N": "1"}),
    "changed in no year": with_("changed_at", {"N": "1E+30"}),
    "changed in the year 10000": with_("changed_at", {"N": "253402300800000"}),
    "changed a text": with_("changed_at", {"S": "yesterday"}),
    "expires in no year": with_("expires_at", {"N": "1E+30"}),
    "expires in the year 40000": with_("expires_at", {"N": "1200000000000"}),
    "expires a text": with_("expires_at", {"S": "tomorrow"}),
    "counted a text": with_("counted", {"S": "9"}),
    "counted by a revision that is none": with_("counted_rev", {"S": "x"}),
    "counted as 11": counted_with("score", {"N": "11"}),
    "counted as -1": counted_with("score", {"N": "-1"}),
    "counted as a text": counted_with("score", {"S": "9"}),
    "counted on no day": counted_with("day", {"S": "soon"}),
    "counted on a day without a date": counted_with("day", None),
    "counted on a day that is a number": counted_with("day", {"N": "20260310"}),
    "counted on a day written otherwise": counted_with("day", {"S": "20260310"}),
    "counted in no rows": counted_with("rows", None),
    "counted in a text": counted_with("rows", {"S": "all"}),
    "counted in a number": counted_with("rows", {"N": "1"}),
    "counted in rows that are numbers": counted_with("rows", {"L": [{"N": "1"}]}),
    "counted in a class that is none": counted_with("was", {"S": "critic"}),
    "counted, nobody knows as what": without("counted"),
}


def raw_of(place: Place) -> Aws:
    assert place.raw
    return place.raw


@pytest.mark.parametrize("wrong", WRONG)
def test_an_item_that_is_no_whole_answer_is_unreadable_and_no_other_is(aws_place: Place, wrong: str) -> None:
    aws = raw_of(aws_place)
    good, bad = answer_of(SURVEY, 1), answer_of(SURVEY, 2)
    for answer in (good, bad):
        assert aws_place.answers.add(answer)
        assert aws_place.answers.commit([Settlement(answer, SETTLED, NOON + timedelta(days=60))], {}, {}) == frozenset()
    item = aws.answer(bad.key)
    WRONG[wrong](item)
    aws.put_answer(item)
    reading = aws_place.answers.read([bad.key, good.key])
    assert (set(reading.answers), set(reading.unreadable)) == ({good.key}, {bad.key})
    found = [each.key if isinstance(each, Answer) else each for each in aws_place.answers.in_partition(PARTITION)]
    assert found == [good.key, bad.key]
    assert not all(isinstance(each, Answer) for each in aws_place.answers.in_partition(PARTITION))


@pytest.mark.parametrize("answer_id", ["x", "0", "ffffffff-ffff-7fff-bfff-ffffffffffff", "019cd843-1180-4000-8000-000000000001", "a" * 900])
def test_an_item_under_an_id_that_is_none_is_unreadable(aws_place: Place, answer_id: str) -> None:
    aws = raw_of(aws_place)
    answer = answer_of(SURVEY, 1)
    assert aws_place.answers.add(answer)
    stray = AnswerKey(PARTITION, answer_id)
    aws.put_answer(aws.answer(answer.key) | {"sk": {"S": answer_id}})
    assert set(aws_place.answers.read([stray]).unreadable) == {stray}
    assert stray in list(aws_place.answers.in_partition(PARTITION, last_id="z"))


@pytest.mark.parametrize("name", ["person_id", "edit_key_hash", "dimensions"])
def test_an_answer_that_lost_what_nobody_counts_by_still_counts(aws_place: Place, name: str) -> None:
    """An erasure takes away what leads to its person."""
    aws = raw_of(aws_place)
    answer = answer_of(SURVEY, 1)
    assert aws_place.answers.add(answer)
    item = aws.answer(answer.key)
    del item[name]
    aws.put_answer(item)
    assert aws_place.answers.read([answer.key]).answers[answer.key].score == answer.score


def test_what_a_later_version_adds_is_passed_over(aws_place: Place) -> None:
    aws = raw_of(aws_place)
    answer = answer_of(SURVEY, 1)
    assert aws_place.answers.add(answer)
    aws.put_answer(aws.answer(answer.key) | {"mood": {"M": {"face": {"S": "happy"}}}, "tags": {"SS": ["a"]}})
    assert aws_place.answers.read([answer.key]).answers == {answer.key: answer}


def test_many_pages_of_a_partition_are_read(aws_place: Place) -> None:
    """A page of a query ends after one megabyte."""
    aws = raw_of(aws_place)
    answers = [answer_of(SURVEY, number, instant=NOON + timedelta(seconds=number)) for number in range(40)]
    for answer in answers:
        assert aws_place.answers.add(answer)
        aws.put_answer(aws.answer(answer.key) | {"ballast": {"S": "x" * 100_000}})
    found = [each.key for each in aws_place.answers.in_partition(PARTITION) if isinstance(each, Answer)]
    assert found == [answer.key for answer in answers]
    assert set(aws_place.answers.read(found).answers) == set(found)
