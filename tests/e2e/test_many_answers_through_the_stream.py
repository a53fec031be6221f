"""Two thousand answers through the deployed stack's own stream, mapping, roles and functions, several writers at once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from secrets import randbits

import pytest

from infra.local.stack import Stack
from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Change, Standing
from shared.counting.recount import compare, unsealed_days
from shared.store.answers import Answers
from shared.store.registry import SurveyStore
from shared.store.rollups import Rollups
from tests.e2e.survey import OpenSurvey, scores, wait_until

ANSWERS = 2_000
WRITERS = 8


@pytest.mark.usefixtures("deployed_tables")
def test_two_thousand_answers_come_out_of_the_stream_exactly(stack: Stack) -> None:
    chance = random.Random(51)
    opened = OpenSurvey(stack)
    survey = SurveyStore().read(opened.survey_id)
    assert survey is not None
    answers, now = Answers(), datetime.now(UTC)

    def give(score: int) -> Answer:
        key = AnswerKey.of(survey, ids.parse(ids.mint(now - timedelta(minutes=1), randbits(74))))
        dimensions = {"touchpoint": random.choice(("checkout", "support")), "segment.plan": random.choice(("free", "pro"))}
        answer = Answer(key=key, score=score, person_id="p", edit_key_hash="0" * 64, changed_at=now, dimensions=dimensions)
        assert answers.add(answer)
        return answer

    def change_one(key: AnswerKey, change: Change) -> bool:
        return answers.change(key, change, datetime.now(UTC))

    with ThreadPoolExecutor(WRITERS) as writers:
        given = list(writers.map(give, scores(chance, ANSWERS)))
        changes = {answer.key: Change(standing=Standing.WITHDRAWN) for answer in given[::20]}
        changes |= {answer.key: Change(score=10 - answer.score) for answer in given[1::10]}
        assert all(writers.map(change_one, changes, changes.values()))
    truth = Counter(
        answer.score if (change := changes.get(answer.key)) is None else change.score
        for answer in given
        if answer.key not in changes or changes[answer.key].standing is None
    )
    expected = [truth[score] for score in range(11)]

    wait_until(lambda: opened.score()["distribution"] == expected, 120)
    wait_until(opened.is_settled, 60)

    checks = compare(survey, unsealed_days(survey, Rollups(), datetime.now(UTC)), answers, Rollups(), datetime.now(UTC))
    assert [check.agrees for check in checks] == [True] * len(checks)
    assert sum(check.answers for check in checks) == ANSWERS
