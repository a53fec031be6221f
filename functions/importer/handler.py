"""Works imports off: a message of its queue is one slice of one import; a clock's tick looks after those that nobody works on."""

import time
from dataclasses import replace
from typing import Any

import msgspec

from functions.importer.composition import Importer, compose, logger, metrics
from shared.importing.stepping import step
from shared.jobs.job import Care, Job, JobKind, JobStatus
from shared.jobs.slices import SLICE_SECONDS, Taken, take_slice, tend
from shared.store.jobs import JobMessage

_SURVEY_GONE = "survey_gone"


@metrics.log_metrics
def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One message, or one tick."""
    work = compose()
    records = event.get("Records")
    if records is None:
        return _tend(work)
    for record in records:
        _slice(msgspec.json.decode(record["body"], type=JobMessage).job_id, work)
    return {}


def _slice(job_id: str, work: Importer) -> Taken:
    until = time.monotonic() + SLICE_SECONDS
    taken = take_slice(job_id, lambda job: _step(job, work), work.slicing, lambda: time.monotonic() < until)
    logger.info("slice taken", import_id=job_id, taken=taken.value)
    return taken


def _step(job: Job, work: Importer) -> Job:
    survey = work.surveys.find(job.survey_id)
    if survey is None:
        return replace(job, status=JobStatus.FAILED, failure=_SURVEY_GONE)
    after = step(job, survey, work.stepping)
    if after.status is JobStatus.DONE:
        logger.info("import done", import_id=job.job_id, survey_id=job.survey_id, lines=after.counts.get("lines", 0))
    return after


def _tend(work: Importer) -> dict[str, int]:
    cared = tend(JobKind.IMPORT, work.slicing)
    logger.info("imports looked after", woken=cared[Care.WAKE], expired=cared[Care.EXPIRE], cleared=cared[Care.CLEAR])
    return {care.name.lower(): count for care, count in cared.items()}
