"""What the queue or the clock brings: an export to be gone on with, or all of them to be looked after."""

import time
from dataclasses import replace
from typing import Any

import msgspec
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.export_files.composition import compose
from shared.alerts.batch import each
from shared.jobs.job import Care, Job, JobKind, JobStatus
from shared.jobs.slices import SLICE_SECONDS, JobMessage, Taken, take_slice, tend
from shared.reading.exporting import NO_SURVEY

logger = Logger()
metrics = Metrics()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A message of the queue; or the clock."""
    if "Records" in event:
        return each(event["Records"], _take, logger)
    given = tend(JobKind.EXPORT, compose().slicing)
    if given[Care.EXPIRE]:
        _count_failed(given[Care.EXPIRE])
    return {care.name.lower(): jobs for care, jobs in given.items()}


def _take(text: str) -> None:
    job_id, until = msgspec.json.decode(text, type=JobMessage).job_id, time.monotonic() + SLICE_SECONDS
    writing = compose()
    taken = take_slice(job_id, _step, writing.slicing, lambda: time.monotonic() < until)
    logger.info("export gone on with", export_id=job_id, result=taken)
    if taken is Taken.ENDED:
        _tell_of_failure(writing.slicing.jobs.find(job_id))


def _step(job: Job) -> Job:
    survey = compose().surveys.find(job.survey_id)
    if survey is None:
        return replace(job, status=JobStatus.FAILED, failure=NO_SURVEY)
    return compose().exporting(job, survey).step(job)


def _tell_of_failure(job: Job | None) -> None:
    if job is not None and job.status is JobStatus.FAILED:
        logger.warning("export failed", export_id=job.job_id, failure=job.failure)
        _count_failed(1)


def _count_failed(jobs: int) -> None:
    metrics.add_metric("JobsFailed", MetricUnit.Count, jobs)
    metrics.flush_metrics()
