"""Reading what reports are made of: the surveys that are asked for, and their counts."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from functions.report.composition import compose
from shared.api.http import Request
from shared.api.nps import no_such_surveys, survey_ids_of
from shared.api.problem import NoSuchSurvey, TooBusy
from shared.periods import Period
from shared.reporting.counts import Counts, Part
from shared.reporting.seeing import Counted, days_to_read, rows_to_read
from shared.scoring import NegativeCountError
from shared.survey import Survey

_TRIES: Final = 3


def survey_of(request: Request) -> Survey:
    """The path's survey. Raises `NoSuchSurvey`."""
    survey = compose().surveys.find(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey


def surveys_of(request: Request) -> tuple[Survey, ...]:
    """The path's survey, and those to pool with it. Raises `NoSuchSurvey`, and `Invalid` for those to pool."""
    survey = survey_of(request)
    _, *others = survey_ids_of(request.query, survey.survey_id)
    pooled = [compose().surveys.find(each) for each in others]
    found = [each for each in pooled if each is not None]
    if len(found) < len(pooled):
        raise no_such_surveys()
    return survey, *found


def counted(parts: Iterable[Part], period: Period, *more: str, may_read_answers: bool) -> tuple[Counted, ...]:
    """What each survey counts in a period, in the rows and days that its figures need, and those of `more` rows."""
    wanted = [(part, [part, *(part._replace(row=row) for row in more)]) for part in parts]
    return tuple((part, _counts(each, period, may_read_answers=may_read_answers)) for part, each in wanted)


def _counts(parts: Sequence[Part], period: Period, *, may_read_answers: bool) -> Counts:
    """The rows of one survey, each of `parts` with one."""
    rows = {row for part in parts for row in rows_to_read(part, may_read_answers=may_read_answers)}
    days = [days_to_read(part, period, may_read_answers=may_read_answers) for part in parts]
    first, last = min(each.first for each in days), max(each.last for each in days)
    return Counts(compose().history.sums(parts[0].survey, rows, first, last))


def consistent[Report](make: Callable[[], Report]) -> Report:
    """What `make` makes of rows that did not change while it read them. Raises `TooBusy`."""
    for _ in range(_TRIES):
        try:
            return make()
        except NegativeCountError:
            continue  # an answer moved from one row shard to another between the reads of the two
    raise TooBusy
