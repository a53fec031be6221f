"""`…/exports`, for holders of the scope `answers:read`: each function is one route. Everybody sees their own."""

from typing import Any, Final

import msgspec
from msgspec import structs

from functions.exports.composition import compose, logger
from shared.api import protected
from shared.api.answer_query import query_of
from shared.api.body import decode
from shared.api.export_messages import LINK_LIVES, ExportList, ExportView, NewExport
from shared.api.export_problem import NoSuchExport, TooManyExports
from shared.api.export_routes import EXPORT, EXPORTS
from shared.api.http import Request, Response, empty_response, json_response
from shared.api.problem import NoSuchSurvey, TooBusy, invalid_parameter
from shared.jobs.job import Job, JobKind, JobStatus, cancel, new_id
from shared.reading.exporting import file_key
from shared.survey import Survey

_MOST_LISTED: Final = 50
_MOST_UNDER_WAY: Final = 5
_TRIES: Final = 4


def ask(request: Request) -> Response:
    """Make an export. Its job keeps the days that were meant now, and no words: they might name somebody."""
    asking, survey, wanted = compose(), _survey_of(request), decode(request.body, NewExport)
    if "words" in wanted.filters:
        raise invalid_parameter("words", "no words are expected in the background: they might name somebody, and an export is kept")
    query, asker = query_of(wanted.filters, survey, now := asking.now()), _asker(request)
    mine = asking.jobs.listed(JobKind.EXPORT, survey.survey_id, _MOST_LISTED, asker)
    if sum(not job.has_ended for job in mine) >= _MOST_UNDER_WAY:
        raise TooManyExports
    job = Job(
        job_id=new_id(JobKind.EXPORT, asking.random_bytes(16)),
        kind=JobKind.EXPORT,
        survey_id=survey.survey_id,
        asker=asker,
        created_at=now,
        changed_at=now,
        parameters={**msgspec.to_builtins(wanted), "query": msgspec.to_builtins(query)},
    )
    asking.jobs.add(job)
    asking.queue.wake(job.job_id)
    logger.info("export asked for", survey_id=survey.survey_id, export_id=job.job_id, key_id=asker)
    return json_response(202, ExportView.of(job))


def list_exports(request: Request) -> Response:
    """One's own, newest first."""
    survey = _survey_of(request)
    mine = compose().jobs.listed(JobKind.EXPORT, survey.survey_id, _MOST_LISTED, _asker(request))
    return json_response(200, ExportList(survey_id=survey.survey_id, exports=tuple(map(ExportView.of, mine))))


def show(request: Request) -> Response:
    """One, with a link to its file while it is there. Who got one is logged by ids."""
    asking, job = compose(), _mine(request)
    view, now = ExportView.of(job), asking.now()
    if job.status is not JobStatus.DONE or now >= job.files_until:
        return json_response(200, view)
    until = min(now + LINK_LIVES, job.files_until)
    query = job.parameters["query"]
    name = f"{job.survey_id}-{query['first']}-{query['last']}.{view.format}"
    url = asking.files.link(file_key(job), name, until - now)
    logger.info("export link given", survey_id=job.survey_id, export_id=job.job_id, key_id=request.key_id)
    return json_response(200, structs.replace(view, url=url, url_expires_at=until))


def remove(request: Request) -> Response:
    """Cancel it, or forget it if it has ended; what is there of its file goes at once."""
    asking = compose()
    for _ in range(_TRIES):
        job = _mine(request)
        cancelled = cancel(job, asking.now())
        if cancelled is not None and not asking.jobs.advance(job, cancelled):
            continue  # it got somewhere meanwhile
        asking.files.discard(job.prefix)
        if cancelled is None:
            asking.jobs.remove(job)
        logger.info("export removed", survey_id=job.survey_id, export_id=job.job_id, key_id=request.key_id)
        return empty_response(204)
    raise TooBusy


def _mine(request: Request) -> Job:
    survey = _survey_of(request)
    job = compose().jobs.find(request.path["export_id"])
    if job is None or job.kind is not JobKind.EXPORT or (job.survey_id, job.asker) != (survey.survey_id, _asker(request)):
        raise NoSuchExport
    return job


def _asker(request: Request) -> str:
    return request.key_id or ""


def _survey_of(request: Request) -> Survey:
    survey = compose().surveys.find(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey


ROUTES: Final = {
    f"POST {EXPORTS}": ask,
    f"GET {EXPORTS}": list_exports,
    f"GET {EXPORT}": show,
    f"DELETE {EXPORT}": remove,
}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request."""
    return protected.answer(event, ROUTES, logger)
