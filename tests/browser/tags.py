"""How a page shows a survey."""

from tests.e2e.survey import OpenSurvey


def script(survey: OpenSurvey, more: str = "") -> str:
    """The one tag."""
    return f'<script src="{survey.stack.api_url}/widget.js" data-survey="{survey.survey_id}" {more} async></script>'


def loader(survey: OpenSurvey) -> str:
    """The script alone, for elements."""
    return f'<script src="{survey.stack.api_url}/widget.js" async></script>'


def element(survey: OpenSurvey, more: str = "") -> str:
    """The survey in its place."""
    return f'<recomenda-nps survey="{survey.survey_id}" {more}></recomenda-nps>'
