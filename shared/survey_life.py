"""The life of a survey: drafted, changed, opened, closed, opened again. Each step gives the survey as it is then."""

from datetime import datetime

from msgspec.structs import replace

from shared.survey import Survey, SurveySettings, SurveyStatus
from shared.survey_rules import check, check_change, check_ready_to_open


class NeverOpenedError(Exception):
    """A draft cannot be closed."""


def drafted(survey_id: str, settings: SurveySettings, buckets: int, person_salt: str, now: datetime) -> Survey:
    """A new survey, which takes no answers yet. Raises `SurveyRuleError`."""
    check(settings)
    return Survey(survey_id=survey_id, settings=settings, created_at=now, person_salt=person_salt, buckets=buckets)


def resettled(survey: Survey, settings: SurveySettings) -> Survey:
    """The survey with other settings; itself where nothing changes. Raises `SurveyRuleError`."""
    check_change(survey, settings)
    return survey if settings == survey.settings else replace(survey, settings=settings, revision=survey.revision + 1)


def opened(survey: Survey, now: datetime) -> Survey:
    """The survey taking answers; itself where it does already. Raises `SurveyRuleError`."""
    if survey.status is SurveyStatus.OPEN:
        return survey
    check_ready_to_open(survey.settings)
    first_opened_at = survey.opened_at or now
    return replace(survey, status=SurveyStatus.OPEN, opened_at=first_opened_at, closed_at=None, revision=survey.revision + 1)


def closed(survey: Survey, now: datetime) -> Survey:
    """The survey taking no more answers; itself where it takes none already. Raises `NeverOpenedError`."""
    if survey.status is SurveyStatus.DRAFT:
        raise NeverOpenedError
    if survey.status is SurveyStatus.CLOSED:
        return survey
    return replace(survey, status=SurveyStatus.CLOSED, closed_at=now, revision=survey.revision + 1)
