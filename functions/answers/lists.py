"""`GET …/answers`, and `GET …/export` of a file that is small enough to be sent at once."""

from collections.abc import Mapping
from typing import Final

import msgspec

from functions.answers.composition import compose, logger, survey_of
from shared.api.answer_messages import AnswerList, LookedThrough
from shared.api.answer_query import Order, cursor_of, limit_of, order_of, position_of, query_of
from shared.api.answer_views import view_of
from shared.api.export_files import LOCALES, FileFormat, lines_of
from shared.api.export_problem import TooManyAnswers
from shared.api.http import Request, Response, json_response
from shared.api.problem import invalid_parameter
from shared.jobs.job import JobKind, new_id
from shared.phrase import Phrase
from shared.reading.audit import Exported
from shared.reading.page import Bounds, Page, page_of
from shared.reading.query import AnswerQuery
from shared.reading.walk import route_of
from shared.survey import Locale, Survey

_LOOKED_AT: Final = 5_000
_LOOKED_AT_FOR_WORDS: Final = 1_000
"""Comments have to be read and opened for it."""
_QUERIES: Final = 400
"""A day is as many as the survey has buckets, and each takes a few milliseconds."""
_MOST_EXPORTED: Final = 1_000
_MOST_BYTES: Final = 5 * 2**20
"""Of a response as Lambda sends it: text in JSON, 6 MB at most."""


def list_answers(request: Request) -> Response:
    """A page of answers with their comments and people. Who looked at what is logged by ids."""
    showing, survey = compose(), survey_of(request)
    now, parameters = showing.now(), request.query
    query = query_of(parameters, survey, now, "order", "limit", "cursor")
    order, limit = order_of(parameters), limit_of(parameters)
    route = route_of(survey, query.first, query.last, now, newest_first=order is Order.NEWEST)
    bounds = Bounds(limit, _LOOKED_AT_FOR_WORDS if query.words else _LOOKED_AT, _days(survey))
    page = page_of(query, route, position_of(parameters, survey, order), showing.reading, bounds, now)
    shown = [row.answer.key.answer_id for row in page.rows]
    logger.info("answers shown", survey_id=survey.survey_id, answer_ids=shown, key_id=request.key_id)
    return json_response(200, _list_of(survey, page, order))


def _list_of(survey: Survey, page: Page, order: Order) -> AnswerList:
    return AnswerList(
        survey_id=survey.survey_id,
        answers=tuple(view_of(survey, row.answer, row.facts) for row in page.rows),
        next_cursor=None if page.position is None else cursor_of(survey, order, page.position),
        looked_through=LookedThrough(until=page.until),
    )


def export_answers(request: Request) -> Response:
    """A file of all answers that are asked for, if they are few. That it was taken is in the audit trail before it is sent."""
    showing, survey = compose(), survey_of(request)
    now, parameters = showing.now(), request.query
    wanted, locale = _format_of(parameters), _locale_of(parameters)
    query = query_of(parameters, survey, now, "format", "file_locale")
    route = route_of(survey, query.first, query.last, now)
    bounds = Bounds(_MOST_EXPORTED + 1, 2 * _LOOKED_AT, 2 * _days(survey))
    page = page_of(query, route, None, showing.reading, bounds, now)
    if page.position is not None or len(page.rows) > _MOST_EXPORTED:
        raise TooManyAnswers
    lines = lines_of(survey, wanted, locale)
    body = (lines.head() + lines.of(page.rows)).decode()
    if len(msgspec.json.encode(body)) > _MOST_BYTES:
        raise TooManyAnswers
    exported = _exported(request, survey, query, len(page.rows))
    showing.audit.record(exported)
    logger.info("answers exported", survey_id=survey.survey_id, export_id=exported.export_id, answers=len(page.rows), key_id=request.key_id)
    headers = {"content-disposition": f'attachment; filename="{survey.survey_id}-{query.first}-{query.last}.{wanted}"'}
    return json_response(200, None, headers=headers, kind=lines.media_type) | {"body": body}


def _exported(request: Request, survey: Survey, query: AnswerQuery, answers: int) -> Exported:
    showing = compose()
    return Exported(
        export_id=new_id(JobKind.EXPORT, showing.random_bytes(16)),
        survey_id=survey.survey_id,
        key_id=request.key_id or "",
        at=showing.now(),
        first=query.first,
        last=query.last,
        answers=answers,
        filters={name: value for name, value in request.query.items() if name != "words"},
        by_words=bool(query.words),
    )


def _days(survey: Survey) -> int:
    return max(1, _QUERIES // survey.buckets)


def _format_of(parameters: Mapping[str, str]) -> FileFormat:
    try:
        return FileFormat(parameters.get("format", FileFormat.CSV))
    except ValueError:
        raise invalid_parameter("format", Phrase("one of {values} is expected", values=tuple(FileFormat))) from None


def _locale_of(parameters: Mapping[str, str]) -> Locale:
    wanted = parameters.get("file_locale", LOCALES[0])
    for locale in LOCALES:
        if locale == wanted:
            return locale
    raise invalid_parameter("file_locale", Phrase("one of {values} is expected", values=tuple(LOCALES)))


ROUTES: Final = {
    "GET /v1/surveys/{survey_id}/answers": list_answers,
    "GET /v1/surveys/{survey_id}/export": export_answers,
}
