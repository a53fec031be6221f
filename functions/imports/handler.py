"""Imports of past answers, for holders of the scope `import`: each function is one route."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

import msgspec

from functions.imports.composition import compose, logger
from functions.imports.views import view_of
from shared.api import protected
from shared.api.body import decode
from shared.api.http import Handler, Request, Response, empty_response, json_response
from shared.api.import_messages import ImportList, ImportMade, ImportStatus, UploadForm
from shared.api.problem import ImportHasNoFile, ImportUnderWay, NoSuchImport, NoSuchSurvey, SurveyIsDraft, invalid
from shared.importing.columns import OWN_LOCALES
from shared.importing.filing import FileNames, Mode
from shared.importing.options import ImportOptions
from shared.jobs.job import Job, JobKind, JobStatus, cancel, new_id, start
from shared.jobs.slices import clear
from shared.periods import UnknownTimeZoneError, zone
from shared.survey import Locale, Survey, SurveyStatus

MOST_BYTES: Final = 256 * 2**20
_UPLOAD_LIVES: Final = timedelta(hours=1)
_MOST_LISTED: Final = 50
_ID_BYTES: Final = 16


def begin(request: Request) -> Response:
    """A new import, which waits for its file."""
    door, survey = compose(), _opened(request)
    options = _options(request, survey)
    now, files = door.now, door.slicing.files
    job = Job(
        job_id=new_id(JobKind.IMPORT, door.random_bytes(_ID_BYTES)),
        kind=JobKind.IMPORT,
        survey_id=survey.survey_id,
        asker=request.key_id or "",
        created_at=now,
        changed_at=now,
        status=JobStatus.NEW,
    )
    door.slicing.jobs.add(job)
    files.put(FileNames(job).options, msgspec.json.encode(options), "application/json")
    form = files.upload(FileNames(job).upload, MOST_BYTES, _UPLOAD_LIVES)
    upload = UploadForm(url=form.url, fields=dict(form.fields), most_bytes=MOST_BYTES, expires_at=now + _UPLOAD_LIVES)
    logger.info("import begun", survey_id=survey.survey_id, import_id=job.job_id, key_id=request.key_id)
    return json_response(201, ImportMade(import_id=job.job_id, status=ImportStatus.NEW, upload=upload))


def list_all(request: Request) -> Response:
    """The newest imports of a survey."""
    door, survey = compose(), _survey(request)
    jobs = door.slicing.jobs.listed(JobKind.IMPORT, survey.survey_id, _MOST_LISTED)
    views = tuple(view_of(job, door.slicing.files, door.now, _locale(request, survey), whole=False) for job in jobs)
    return json_response(200, ImportList(survey_id=survey.survey_id, imports=views))


def show(request: Request) -> Response:
    """One import."""
    survey = _survey(request)
    return _shown(200, _job(request, survey), survey, request)


def work_off(mode: Mode, request: Request) -> Response:
    """Have its file checked, or imported. A body says anew how it is to be read."""
    door, survey = compose(), _opened(request)
    job = _job(request, survey)
    if job.status is not JobStatus.NEW:
        raise ImportUnderWay
    names, files = FileNames(job), door.slicing.files
    if files.size(names.upload) is None:
        raise ImportHasNoFile
    if request.body:
        files.put(names.options, msgspec.json.encode(_options(request, survey)), "application/json")
    run = int(job.parameters.get("run", 0)) + 1
    started = start(job, door.now, parameters={"mode": mode.value, "run": run}, counts={})
    if started is None or not door.slicing.jobs.advance(job, started):
        raise ImportUnderWay
    door.slicing.queue.wake(job.job_id)
    logger.info("import set going", survey_id=survey.survey_id, import_id=job.job_id, mode=mode.value, key_id=request.key_id)
    return _shown(202, started, survey, request)


def delete(request: Request) -> Response:
    """Cancel it, if it has not ended, and delete its files; what was imported stays."""
    door, job = compose(), _job(request, _survey(request))
    cancelled = cancel(job, door.now)
    while cancelled is not None and not door.slicing.jobs.advance(job, cancelled):
        job = _again(job)
        cancelled = cancel(job, door.now)
    clear(cancelled or job, door.slicing)
    logger.info("import cancelled" if cancelled else "import cleared", survey_id=job.survey_id, import_id=job.job_id, key_id=request.key_id)
    return empty_response(204)


def _again(job: Job) -> Job:
    there = compose().slicing.jobs.find(job.job_id)
    if there is None:
        raise NoSuchImport
    return there


def _shown(status: int, job: Job, survey: Survey, request: Request) -> Response:
    return json_response(status, view_of(job, compose().slicing.files, compose().now, _locale(request, survey)))


def _locale(request: Request, survey: Survey) -> Locale:
    """The language asked for, if we have it: of whoever manages the survey, not of those who answer it."""
    asked = request.query.get("locale")
    return next((each for each in OWN_LOCALES if each == asked), survey.settings.default_locale)


def _survey(request: Request) -> Survey:
    survey = compose().surveys.read(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey


def _opened(request: Request) -> Survey:
    survey = _survey(request)
    if survey.status is SurveyStatus.DRAFT:
        raise SurveyIsDraft
    return survey


def _job(request: Request, survey: Survey) -> Job:
    job = compose().slicing.jobs.find(request.path["import_id"])
    if job is None or (job.kind, job.survey_id) != (JobKind.IMPORT, survey.survey_id):
        raise NoSuchImport
    return job


def _options(request: Request, survey: Survey) -> ImportOptions:
    options = decode(request.body or b"{}", ImportOptions)
    if not {segment.key for segment in survey.settings.segments} >= options.mapping.segments.keys():
        raise invalid("/mapping/segments", "only segments that the survey declares are expected")
    try:
        zone(options.time_zone or survey.settings.time_zone)
    except UnknownTimeZoneError:
        raise invalid("/time_zone", "an IANA time zone is expected") from None
    return options


ROUTES: Final[Mapping[str, Handler]] = {
    "POST /v1/surveys/{survey_id}/imports": begin,
    "GET /v1/surveys/{survey_id}/imports": list_all,
    "GET /v1/surveys/{survey_id}/imports/{import_id}": show,
    "POST /v1/surveys/{survey_id}/imports/{import_id}/check": partial(work_off, Mode.CHECK),
    "POST /v1/surveys/{survey_id}/imports/{import_id}/start": partial(work_off, Mode.IMPORT),
    "DELETE /v1/surveys/{survey_id}/imports/{import_id}": delete,
}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request."""
    return protected.answer(event, ROUTES, logger)
