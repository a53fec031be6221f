"""The life of a survey."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.survey import Encarregado, LegalBasis, SurveySettings, SurveyStatus
from shared.survey_life import NeverOpenedError, closed, drafted, opened, resettled
from shared.survey_rules import SurveyRuleError
from tests.fakes.samples import settings_of

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
READY = {"legal_basis": LegalBasis(kind="contract"), "encarregado": Encarregado(name="Ana", email="a@x.example"), "retention_days": 90}


def ready(**changes: Any) -> SurveySettings:  # noqa: ANN401 - any setting
    return settings_of(**READY | changes)


def test_a_new_survey_is_a_draft_of_revision_1() -> None:
    survey = drafted("loja", ready(), 8, "salt", NOW)
    assert (survey.status, survey.revision, survey.buckets, survey.created_at) == (SurveyStatus.DRAFT, 1, 8, NOW)
    assert (survey.opened_at, survey.closed_at) == (None, None)


def test_a_survey_that_contradicts_itself_is_not_made() -> None:
    with pytest.raises(SurveyRuleError):
        drafted("loja", ready(default_locale="es"), 4, "salt", NOW)


def test_a_draft_may_lose_what_an_opened_survey_may_not() -> None:
    draft = drafted("loja", ready(), 4, "salt", NOW)
    fewer = ready(touchpoints=(), pairs=())
    assert resettled(draft, fewer).settings == fewer
    for survey in (opened(draft, NOW), closed(opened(draft, NOW), NOW)):
        with pytest.raises(SurveyRuleError):
            resettled(survey, fewer)


def test_a_declared_pair_keeps_its_place_in_the_list() -> None:
    one, other, third = ("touchpoint", "channel"), ("channel", "segment.plan"), ("touchpoint", "segment.plan")
    survey = opened(drafted("loja", ready(pairs=(one, other)), 4, "salt", NOW), NOW)
    assert resettled(survey, ready(pairs=(one, other, third))).settings.pairs == (one, other, third)
    for pairs in ((other, one), (third, one, other), (one, third, other), (one,)):
        with pytest.raises(SurveyRuleError):
            resettled(survey, ready(pairs=pairs))


class Life(RuleBasedStateMachine):
    """Any order of steps."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.survey = drafted("loja", ready(), 4, "salt", NOW)
        self.first_opened_at: datetime | None = None

    @rule()
    def open(self) -> None:
        self.now += timedelta(hours=1)
        was_open = self.survey.status is SurveyStatus.OPEN
        after = opened(self.survey, self.now)
        assert (after is self.survey) == was_open
        self.first_opened_at = self.first_opened_at or self.now
        self.survey = after

    @precondition(lambda self: self.survey.status is not SurveyStatus.DRAFT)
    @rule()
    def close(self) -> None:
        self.now += timedelta(hours=1)
        was_closed = self.survey.status is SurveyStatus.CLOSED
        after = closed(self.survey, self.now)
        assert (after is self.survey) == was_closed
        assert after.closed_at == (self.survey.closed_at if was_closed else self.now)
        self.survey = after

    @precondition(lambda self: self.survey.status is SurveyStatus.DRAFT)
    @rule()
    def close_too_soon(self) -> None:
        with pytest.raises(NeverOpenedError):
            closed(self.survey, self.now)

    @rule()
    def rename(self) -> None:
        after = resettled(self.survey, ready(name=f"Nome {self.survey.revision}"))
        assert after.revision == self.survey.revision + 1
        assert resettled(after, after.settings) is after
        self.survey = after

    @invariant()
    def times_fit_the_status(self) -> None:
        survey = self.survey
        assert survey.opened_at == self.first_opened_at
        assert (survey.closed_at is not None) == (survey.status is SurveyStatus.CLOSED)
        assert (survey.status is SurveyStatus.DRAFT) == (survey.opened_at is None)
        assert (survey.buckets, survey.person_salt, survey.created_at) == (4, "salt", NOW)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
