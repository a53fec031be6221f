"""What the queue or the clock brings: an import to be gone on with, or all of them to be looked after."""

import time
from dataclasses import replace
from typing import Any, Final

import msgspec
from aws_lambda_powertools.metrics import MetricUnit

from functions.importer.composition import compose, logger, metrics
from shared.alerts.batch import each
from shared.importing.stepping import step
from shared.jobs.job import Care, Job, JobKind, JobStatus
from shared.jobs.slices import SLICE_SECONDS, JobMessage, Taken, take_slice, tend

_NO_SURVEY: Final = "no_survey"


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A message of the queue; or the clock."""
    if "Records" in event:
        return each(event["Records"], _take, logger)
    given = tend(JobKind.IMPORT, compose().slicing)
    if given[Care.EXPIRE]:
        _count_failed(given[Care.EXPIRE])
    return {care.name.lower(): jobs for care, jobs in given.items()}


def _take(text: str) -> None:
    job_id, until = msgspec.json.decode(text, type=JobMessage).job_id, time.monotonic() + SLICE_SECONDS
    slicing = compose().slicing
    taken = take_slice(job_id, _step, slicing, lambda: time.monotonic() < until)
    logger.info("import gone on with", import_id=job_id, result=taken)
    if taken is Taken.ENDED:
        _tell_of_failure(slicing.jobs.find(job_id))


def _step(job: Job) -> Job:
    survey = compose().surveys.find(job.survey_id)
    if survey is None:
        return replace(job, status=JobStatus.FAILED, failure=_NO_SURVEY)
    return step(job, survey, compose().stepping)


def _tell_of_failure(job: Job | None) -> None:
    if job is not None and job.status is JobStatus.FAILED:
        logger.warning("import failed", import_id=job.job_id, failure=job.failure)
        _count_failed(1)


def _count_failed(jobs: int) -> None:
    metrics.add_metric("JobsFailed", MetricUnit.Count, jobs)
    metrics.flush_metrics()
