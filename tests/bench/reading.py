"""What reading the score costs, and what the sweep costs: read units, however many answers there are."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched, product
from random import Random
from typing import Any, Final

from functions.report import handler as report
from shared import answer_id as ids
from shared import dimension as dim
from shared.answer import AnswerKey, Contribution
from shared.counting.sweep import sweep
from shared.periods import local_day
from shared.rollup import Difference, RowDay
from shared.store.answers import Answers
from shared.store.history import History
from shared.store.registry import TouchedLedger
from shared.store.rollups import Rollups
from shared.store.tables import connection
from shared.survey import Survey
from tests.bench.meter import Units, metered
from tests.bench.place import Place
from tests.bench.traffic import DIMENSIONS, SCORES, bodies
from tests.bench.units import AnswerRefusedError, counting, dimensions_of

DAYS: Final = 30
YEAR: Final = 365
_ROWS_A_TRANSACTION: Final = 90
_ITEMS_A_REQUEST: Final = 25


def units_of_a_score(survey: Survey, query: dict[str, str]) -> float:
    """Read units of GET nps over 30 days, the survey itself read already."""
    return _units_of("nps", survey, query)


def units_of_a_series(survey: Survey, query: dict[str, str]) -> float:
    """Read units of GET trend over a year by weeks, annotations included, the survey itself read already."""
    today = local_day(datetime.now(UTC), survey.settings.time_zone)
    return _units_of("trend", survey, {"interval": "week", "from": str(today - timedelta(days=YEAR - 1))} | query)


def units_of_a_sweep(survey: Survey) -> Units:
    """Units of one sweep of the survey, a quarter of an hour after the last."""
    now = datetime.now(UTC)
    ledger = TouchedLedger()
    ledger.record_sweep(now - timedelta(minutes=15))
    with metered(connection().client) as units:
        sweep([survey], ledger, counting())
    return units


def add_settled(place: Place, survey: Survey, like: AnswerKey, count: int) -> None:
    """Put `count` settled answers of the last hour, each like the one at `like`."""
    table = place.environment["ANSWERS_TABLE"]
    found: Any = place.dynamodb.get_item(TableName=table, Key={"pk": {"S": like.partition}, "sk": {"S": like.answer_id}})["Item"]
    chance, now = Random(3), datetime.now(UTC)
    instants = (now - timedelta(seconds=3600 * number / count) for number in range(count))
    keys = (AnswerKey.of(survey, ids.parse(ids.mint(instant, chance.getrandbits(74)))) for instant in instants)
    for batch in batched(keys, _ITEMS_A_REQUEST, strict=False):
        items: list[Any] = [{"PutRequest": {"Item": found | {"pk": {"S": key.partition}, "sk": {"S": key.answer_id}}}} for key in batch]
        place.dynamodb.batch_write_item(RequestItems={table: items})


def units_of_groups(survey: Survey, key: str) -> float:
    """Read units of GET segments over a year beside the year before, the survey itself read already."""
    today = local_day(datetime.now(UTC), survey.settings.time_zone)
    return _units_of("segments", survey, {"by": key, "from": str(today - timedelta(days=YEAR - 1)), "compare": "previous"})


def _units_of(report_name: str, survey: Survey, query: dict[str, str]) -> float:
    _get(report_name, survey, query)
    with metered(connection().client) as units:
        _get(report_name, survey, query)
    return units.read


def _get(report_name: str, survey: Survey, query: dict[str, str]) -> None:
    event = {
        "routeKey": f"GET /v1/surveys/{{survey_id}}/{report_name}",
        "pathParameters": {"survey_id": survey.survey_id},
        "queryStringParameters": query,
        "requestContext": {"authorizer": {"lambda": {"key_id": "bench", "scopes": "scores:read"}}},
    }
    response = report.handle(event, None)
    if response["statusCode"] != 200:
        raise AnswerRefusedError(response["body"])


def load(survey: Survey, answers: int) -> None:
    """Add the rows that so many answers come to, spread over the last 30 days."""
    total = Difference()
    today = local_day(datetime.now(UTC), survey.settings.time_zone)
    for number, body in enumerate(bodies(answers, seed=answers)):
        day = (today - timedelta(days=number % DAYS)).isoformat()
        total.add(survey.survey_id, Contribution(body["score"], day, survey.rows_of(dimensions_of(body))), 1)
    for part in _parts(total):
        Answers().commit([], {row: total.rows[row] for row in part}, {survey.survey_id: 0})


def fill(survey: Survey) -> None:
    """Give every bin of every row of the last 30 days a million answers: no reading can cost more."""
    today = local_day(datetime.now(UTC), survey.settings.time_zone)
    full = Difference()
    for day, row in product(range(DAYS), survey.all_rows()):
        full.rows[RowDay(survey.survey_id, row, (today - timedelta(days=day)).isoformat())] = Counter(dict.fromkeys(range(11), 1_000_000))
    for part in _parts(full):
        Answers().commit([], {row: full.rows[row] for row in part}, {survey.survey_id: 0})


def fill_year(survey: Survey, answers: int) -> None:
    """Give the last 365 days the rows of so many answers: values and scores in their usual shares, each day more or less than usual."""
    chance = Random(answers)
    today = local_day(datetime.now(UTC), survey.settings.time_zone)
    shares: dict[str, float] = {dim.ALL: 1.0} | {
        dim.row_of(name, value): share / sum(values.values()) for name, values in DIMENSIONS.items() for value, share in values.items()
    }
    total = Difference()
    for day, (row, share) in product(range(YEAR), shares.items()):
        usual = answers / YEAR * share * chance.uniform(0.6, 1.4)
        bins = {score: round(usual * weight / sum(SCORES.values())) for score, weight in SCORES.items()}
        total.rows[RowDay(survey.survey_id, row, (today - timedelta(days=day)).isoformat())] = Counter({s: n for s, n in bins.items() if n})
    for part in _parts(total):
        Answers().commit([], {row: total.rows[row] for row in part}, {survey.survey_id: 0})


def pack(survey: Survey) -> None:
    """Pack the weeks that are over, as every night does."""
    packing = History(Rollups())
    for week in packing.stale(survey, local_day(datetime.now(UTC), survey.settings.time_zone)):
        packing.pack(week)


def _parts(total: Difference) -> Iterator[tuple[RowDay, ...]]:
    return batched(total.touched(), _ROWS_A_TRANSACTION, strict=False)
