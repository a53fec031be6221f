"""`answer.classified` version 1, held to the documents in tests/golden byte for byte: a consumer of today must read tomorrow's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Contribution, Mark, Standing, SuspicionReason
from shared.events import AnswerClassified, answer_classified
from shared.scoring import classify
from tests.golden import GOLDEN_EVENTS, golden

GIVEN_AT: Final = datetime(2026, 3, 10, 15, 0, 0, 123_000, tzinfo=UTC)
CHANGED_AT: Final = GIVEN_AT + timedelta(minutes=5)
NEW: Final = Answer(
    key=AnswerKey("demo#2026-03-10#1", ids.mint(GIVEN_AT, 51)),
    score=3,
    person_id="0sR8kV3nQ2mXw1yZ4bC5dE",
    edit_key_hash="5" * 64,
    changed_at=GIVEN_AT,
    dimensions={"touchpoint": "checkout", "channel": "widget", "locale": "pt-BR", "segment.plan": "pro"},
)


def counted_as(score: int | None, rev: int) -> Mark:
    return Mark(rev, None if score is None else Contribution(score, "2026-03-10", ("all", "touchpoint=checkout")))


CHANGED: Final = replace(NEW, rev=2, changed_at=CHANGED_AT)
ANSWERS: Final = {
    "detractor_new": NEW,
    "passive_new": replace(NEW, score=8, dimensions={"channel": "email"}),
    "promoter_to_detractor": replace(CHANGED, score=6, mark=counted_as(10, 1)),
    "finished": replace(CHANGED, finished=True, mark=counted_as(3, 1)),
    "detractor_to_promoter": replace(CHANGED, score=9, mark=counted_as(3, 1)),
    "detractor_to_promoter_uncounted": replace(CHANGED, score=9),
    "withdrawn": replace(CHANGED, standing=Standing.WITHDRAWN, mark=counted_as(3, 1)),
    "quarantined_new": replace(NEW, standing=Standing.QUARANTINED, suspicions=(SuspicionReason.HONEYPOT,)),
    "quarantined_after": replace(CHANGED, standing=Standing.QUARANTINED, suspicions=(SuspicionReason.NETWORK,), mark=counted_as(3, 1)),
    "included": replace(CHANGED, suspicions=(SuspicionReason.HONEYPOT,), mark=counted_as(None, 1)),
}


def test_there_is_an_answer_for_every_golden_event() -> None:
    assert set(ANSWERS) == set(GOLDEN_EVENTS)


@pytest.mark.parametrize("case", sorted(ANSWERS))
def test_the_event_is_the_golden_one_byte_for_byte(case: str) -> None:
    assert msgspec.json.encode(answer_classified(ANSWERS[case])) == golden(case)


@pytest.mark.parametrize("case", sorted(ANSWERS))
def test_a_consumer_reads_the_golden_event(case: str) -> None:
    assert msgspec.json.decode(golden(case), type=AnswerClassified) == answer_classified(ANSWERS[case])


def test_a_superseded_answer_is_announced_as_one_that_no_longer_counts() -> None:
    data = answer_classified(replace(CHANGED, standing=Standing.SUPERSEDED, mark=counted_as(3, 1))).data
    assert (data.nps_class, data.score, data.previous_class) == (None, None, "detractor")


def test_a_withdrawn_answer_that_comes_to_be_announced_once_more_had_no_class_before() -> None:
    withdrawn = replace(CHANGED, rev=3, standing=Standing.WITHDRAWN, mark=counted_as(None, 2))
    assert answer_classified(withdrawn).data.previous_class is None


scores = st.integers(min_value=0, max_value=10)


@given(score=scores, before=st.none() | scores, rev=st.integers(min_value=1, max_value=1000))
def test_the_event_of_a_revision_is_the_same_before_and_after_it_was_counted(score: int, before: int | None, rev: int) -> None:
    mark = None if before is None else counted_as(before, rev - 1)
    answer = replace(NEW, score=score, rev=rev, mark=mark)
    counted = replace(counted_as(score, rev), previous_class=None if before is None else classify(before))
    assert answer_classified(replace(answer, mark=counted)) == answer_classified(answer)


@given(scores)
def test_the_event_names_the_answer_its_revision_and_when_it_changed(score: int) -> None:
    event = answer_classified(replace(CHANGED, score=score))
    assert (event.metadata.id, event.metadata.occurred_at) == (f"{NEW.key.answer_id}#2", CHANGED_AT)
    assert (event.data.survey_id, event.data.revision, event.data.nps_class) == ("demo", 2, classify(score))


def test_the_event_carries_nothing_that_could_lead_to_the_person() -> None:
    text = msgspec.json.encode(answer_classified(NEW)).decode()
    assert NEW.person_id not in text
    assert NEW.edit_key_hash not in text
    assert "segment" not in text
