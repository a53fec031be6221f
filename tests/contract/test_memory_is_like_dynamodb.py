"""Whatever hypothesis asks of them in a row, the stores in memory answer as those on DynamoDB (moto) do."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from moto import mock_aws

from shared.answer import REOPENED, Answer, Change, Contribution, Mark, Standing, SuspicionReason, quarantined_for
from shared.counting.ports import CommitResult, Refusal, Settlement
from shared.rollup import Bins, RowDay
from shared.scoring import NpsClass
from shared.store.session import session
from shared.store.tables import forget_connection
from tests.contract.places import Place, in_memory, on_aws
from tests.fakes.samples import NOON, answer_of, key_of, survey_of

SURVEY = survey_of(buckets=1, row_shards=2)
PARTITION = "loja#2026-03-10#0"
DAYS = (date(2026, 3, 10), date(2026, 3, 11))
ROWS = ("all", "channel=email", "touchpoint=checkout&segment.plan=pro")
MOST = 4
NUMBERS = st.integers(0, MOST - 1)
SCORES = st.integers(0, 10)
BINS: st.SearchStrategy[Bins] = st.dictionaries(SCORES, st.integers(-2, 3).filter(bool), min_size=1, max_size=3).map(Counter)
ADDED: st.SearchStrategy[dict[RowDay, Bins]] = st.dictionaries(
    st.builds(lambda row, day: RowDay("loja", row, day.isoformat()), st.sampled_from(ROWS), st.sampled_from(DAYS)), BINS, max_size=4
)
MARKS = st.builds(
    Mark,
    st.integers(1, 3),
    st.none() | st.builds(Contribution, SCORES, st.just("2026-03-10"), st.sampled_from([("all",), ROWS])),
    st.none() | st.sampled_from(NpsClass),
)
CHANGES = st.sampled_from(
    [Change(score=0), Change(finished=True), Change(finished=False), Change(dimensions={"channel": "email"}), REOPENED]
    + [Change(standing=standing) for standing in (Standing.WITHDRAWN, Standing.SUPERSEDED, Standing.EXCLUDED, Standing.VALID)]
    + [quarantined_for(SuspicionReason.NETWORK), quarantined_for(SuspicionReason.TOO_FAST, SuspicionReason.NETWORK)]
)


class SameStores(RuleBasedStateMachine):
    """Does everything in two places and compares."""

    @initialize()
    def open(self) -> None:
        session.cache_clear()
        forget_connection()
        self.mocked = mock_aws()
        self.mocked.start()
        self.memory, self.dynamodb = in_memory(), on_aws()
        self.now = NOON

    @rule(number=NUMBERS, score=SCORES)
    def add(self, number: int, score: int) -> None:
        answer = answer_of(SURVEY, number, score)
        self.both(lambda place: place.answers.add(answer))

    @rule(number=NUMBERS, change=CHANGES)
    def change(self, number: int, change: Change) -> None:
        key, now = key_of(SURVEY, number), self.now
        self.both(lambda place: place.answers.change(key, change, now))

    @rule(numbers=st.lists(NUMBERS, unique=True, max_size=3), mark=MARKS, announced=st.booleans(), rows=ADDED, shard=st.integers(0, 1))
    def commit(self, numbers: list[int], mark: Mark, announced: bool, rows: dict[RowDay, Bins], shard: int) -> None:  # noqa: FBT001 - drawn
        if not numbers and not rows:
            return
        expires_at = self.now + timedelta(days=60) if announced else None

        def commit(place: Place) -> CommitResult:
            there = place.answers.read([key_of(SURVEY, number) for number in numbers]).answers
            settlements = [Settlement(there.get(key_of(SURVEY, number), answer_of(SURVEY, number)), mark, expires_at) for number in numbers]
            return place.answers.commit(settlements, rows, {"loja": shard})

        assert not isinstance(self.both(commit), Refusal)

    @rule(number=NUMBERS, mark=MARKS, rows=ADDED)
    def commit_what_was_read_long_ago(self, number: int, mark: Mark, rows: dict[RowDay, Bins]) -> None:
        settlement = Settlement(answer_of(SURVEY, number), mark, self.now + timedelta(days=60))
        self.both(lambda place: place.answers.commit([settlement], rows, {"loja": 0}))

    @rule(day=st.sampled_from(DAYS), stale=st.booleans(), rows=ADDED)
    def repair(self, day: date, stale: bool, rows: dict[RowDay, Bins]) -> None:  # noqa: FBT001 - drawn
        of_the_day = {row: bins for row, bins in rows.items() if row.day == day.isoformat()}

        def repair(place: Place) -> bool:
            found = place.rollups.revisions(SURVEY, day, day)
            [revisions] = found.values() or [()]
            return place.rollups.repair(SURVEY, day, () if stale else revisions, of_the_day, self.now)

        self.now += timedelta(seconds=1)
        self.both(repair)

    @rule(day=st.sampled_from(DAYS), stale=st.booleans())
    def seal(self, day: date, stale: bool) -> None:  # noqa: FBT001 - drawn
        def seal(place: Place) -> bool:
            [revisions] = place.rollups.revisions(SURVEY, day, day).values() or [()]
            return place.rollups.seal(SURVEY, day, () if stale else revisions, self.now)

        self.both(seal)

    @rule(days=st.sampled_from([1, 61]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(pending_only=st.booleans(), first=NUMBERS, last=NUMBERS)
    def look_at_answers(self, pending_only: bool, first: int, last: int) -> None:  # noqa: FBT001 - drawn
        ends = sorted(key_of(SURVEY, number).answer_id for number in (first, last))
        self.both(lambda place: place.answers.read([key_of(SURVEY, number) for number in range(MOST)]))
        self.both(
            lambda place: [
                found.key if isinstance(found, Answer) else found
                for found in place.answers.in_partition(PARTITION, first_id=ends[0], last_id=ends[1], pending_only=pending_only)
            ]
        )

    @rule()
    def look_at_rows(self) -> None:
        first, last = DAYS
        self.both(lambda place: place.rollups.sums(SURVEY, ROWS, first, last, strong=True))
        self.both(lambda place: place.rollups.revisions(SURVEY, first, last))
        self.both(lambda place: place.rollups.sealed(SURVEY, first, last))
        self.both(lambda place: place.rollups.days(SURVEY))
        self.both(lambda place: place.bins(RowDay("loja", "all", first.isoformat()), 1))

    def both[Result](self, do: Callable[[Place], Result]) -> Result:
        in_memory_, on_dynamodb = do(self.memory), do(self.dynamodb)
        assert in_memory_ == on_dynamodb
        return on_dynamodb

    def teardown(self) -> None:
        if not hasattr(self, "mocked"):
            return
        try:
            self.look_at_rows()
            self.look_at_answers(pending_only=False, first=0, last=MOST - 1)
        finally:
            self.mocked.stop()
            session.cache_clear()
            forget_connection()


TestSameStores = SameStores.TestCase
TestSameStores.settings = settings(max_examples=15, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow])
