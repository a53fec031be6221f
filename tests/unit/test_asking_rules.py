"""When a person may be asked again, and what a survey may say of it."""

from datetime import timedelta

import pytest

from shared.contact import History, may_ask, remembered_for
from shared.display_counts import Displayed, response_rate, total_of
from shared.survey import Display
from shared.survey_rules import SurveyRuleError, check
from tests.fakes.samples import NOON, settings_of, survey_of

SURVEY = survey_of(settings=settings_of(recontact_days=90, display=Display(dismissed_days=30, most_displays=3)))
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("history", "may"),
    [
        (History(), True),
        (History(answered_at=NOON - 89 * DAY), False),
        (History(answered_at=NOON - 90 * DAY), True),
        (History(dismissed_at=NOON - 29 * DAY), False),
        (History(dismissed_at=NOON - 30 * DAY), True),
        (History(answered_at=NOON - 90 * DAY, dismissed_at=NOON - DAY), False),
        (History(answered_at=NOON - DAY, dismissed_at=NOON - 300 * DAY), False),
        (History(shown=2), True),
        (History(shown=3), False),
    ],
)
def test_nobody_is_asked_again_too_soon_or_too_often(history: History, may: bool) -> None:  # noqa: FBT001 - one case
    assert may_ask(history, SURVEY, NOON) is may


def test_whoever_was_only_shown_it_is_remembered_until_they_may_be_asked_again() -> None:
    assert remembered_for(SURVEY) == 90 * DAY


@pytest.mark.parametrize("pattern", ["ftp://loja.example/*", "loja.example", "javascript:alert(1)", "/ minha conta", "", "/a\nb"])
def test_what_is_no_address_is_refused(pattern: str) -> None:
    with pytest.raises(SurveyRuleError) as refused:
        check(settings_of(display=Display(urls=(pattern,))))
    assert refused.value.pointer == "/display/urls"


def test_addresses_are_whole_from_their_path_on_or_any() -> None:
    check(settings_of(display=Display(urls=("https://loja.example/conta/*", "http://localhost:3000/", "/conta/*", "*/obrigado"))))
    with pytest.raises(SurveyRuleError):
        check(settings_of(display=Display(urls=("/conta", "/conta"))))


def test_a_rate_is_of_those_who_were_shown_it() -> None:
    widget, page = {Displayed.SHOWN: 3, Displayed.ANSWERED: 1}, {Displayed.SHOWN: 1, Displayed.ANSWERED: 2}
    assert response_rate({}) is None
    assert response_rate({Displayed.ANSWERED: 4}) is None
    assert response_rate(widget) == 0.3333
    assert response_rate(page) == 1.0
    assert response_rate(total_of({"widget": widget, "page": page})) == 0.75
