"""Routes of answers one by one: the list with its filters, and small exports."""

from typing import Final

from shared import dimension as dim
from shared.access import Scope
from shared.api import problem as p
from shared.api.answer_messages import AnswerList
from shared.api.export_problem import TooManyAnswers
from shared.api.route import Parameter, Route

_SURVEY: Final = "/v1/surveys/{survey_id}"
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
CSV: Final = "text/csv; charset=utf-8"
JSON_LINES: Final = "application/x-ndjson"
FILTER_PARAMETERS: Final = (
    Parameter("from", "The first local day, YYYY-MM-DD; without it, the 30 days that end on the last", _DAY),
    Parameter("to", "The last local day, included; today unless given", _DAY),
    Parameter("class", "Only scores of these classes: promoter, passive, detractor, joined by commas"),
    Parameter("score", "Only these scores, 0 to 10, joined by commas"),
    Parameter("standing", "Whether they count: valid (unless given), quarantined, excluded, withdrawn, superseded, joined by commas"),
    Parameter("commented", "true: only with a comment; false: only without", r"^(true|false)$"),
    Parameter("words", "Only comments that have all of these words, or ones that begin so, however accented or cased. At most 10"),
    *(Parameter(name, f"Only answers with this {name}, or other") for name in dim.PLAIN),
    Parameter("segment", "Only answers of this segment, as key:value, such as plan:pro. Repeat it for several segments"),
)
FILE_LOCALE: Final = Parameter("file_locale", "The language of a CSV, and how dates look in it: pt-BR (unless given), en or es")

ANSWER_ROUTES: Final = (
    Route(
        method="GET",
        path=f"{_SURVEY}/answers",
        function="answers",
        scope=Scope.ANSWERS_READ,
        summary="Answers with what their people wrote, the newest first",
        query=(
            *FILTER_PARAMETERS,
            Parameter("order", "newest first (unless given) or oldest first", r"^(newest|oldest)$"),
            Parameter("limit", "How many at most, 1 to 100; 50 unless given"),
            Parameter("cursor", "The next_cursor of the page before"),
        ),
        responses={200: AnswerList},
        refusals=(p.Invalid, p.NoSuchSurvey),
    ),
    Route(
        method="GET",
        path=f"{_SURVEY}/export",
        function="answers",
        scope=Scope.ANSWERS_READ,
        summary="Up to 1,000 answers as a file, the oldest first. More are exported in the background: POST …/exports",
        query=(Parameter("format", "csv (unless given) or jsonl", r"^(csv|jsonl)$"), FILE_LOCALE, *FILTER_PARAMETERS),
        downloads=(CSV, JSON_LINES),
        refusals=(p.Invalid, p.NoSuchSurvey, TooManyAnswers),
    ),
)
