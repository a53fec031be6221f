"""Personal links and the e-mail with the question, for holders of the scope `surveys`."""

from typing import Any, Final

from functions.invite import email
from functions.invite.composition import compose, logger
from shared.api import protected
from shared.api.asking_messages import LinksMade, LinkView, NewLinks, Outcome
from shared.api.body import decode
from shared.api.http import Request, Response, empty_response, json_response
from shared.api.link_lists import LARGEST, People, csv_of, lines_of, people_in
from shared.api.problem import NoSuchSurvey, SurveyNotOpen, invalid, invalid_parameter
from shared.intake.inviting import Result, Terms, ends_after, invite
from shared.phrase import Phrase
from shared.survey import Survey, SurveyStatus

_CSV: Final = "text/csv"
_LONGEST: Final = 180
_USUAL: Final = 60


def make_links(request: Request) -> Response:
    """A link for each of the people, in the form that is wanted: JSON, or CSV where that came or is accepted."""
    inviters, survey = compose(), _there(request)
    if survey.status is not SurveyStatus.OPEN:
        raise SurveyNotOpen
    sent_csv = request.headers.get("content-type", "").lower().startswith(_CSV)
    people, days, touchpoint = _from_csv(request, survey) if sent_csv else _from_json(request)
    if touchpoint is not None and touchpoint not in {each.key for each in survey.settings.touchpoints}:
        raise invalid_parameter("touchpoint", "a touchpoint that the survey declares is expected")
    now = inviters.now()
    results = invite(survey, people.lines, Terms(ends_after(days, now), touchpoint), now, inviters.desk)
    views = _views(results, f"{compose().public_url}/s/{survey.survey_id}")
    made = sum(view.status is Outcome.MADE for view in views)
    logger.info("links made", survey_id=survey.survey_id, key_id=request.key_id, lines=len(views), made=made)
    if _wants_csv(request, sent_csv=sent_csv):
        return empty_response(200, headers=_download(survey)) | {"body": csv_of(people.lines, views, people.delimiter)}
    return json_response(200, LinksMade(made=made, links=views))


def make_email(request: Request) -> Response:
    """The fragment in a locale, for a tool."""
    survey = _there(request)
    return json_response(200, email.fragment(survey, request.query, compose().public_url))


def _there(request: Request) -> Survey:
    survey = compose().surveys.read(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey


def _from_json(request: Request) -> tuple[People, int, str | None]:
    new = decode(request.body, NewLinks, LARGEST)
    return People(lines_of(new.people), ";"), new.expires_days, new.touchpoint


def _from_csv(request: Request, survey: Survey) -> tuple[People, int, str | None]:
    text = request.query.get("expires_days", str(_USUAL))
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LONGEST)) and 1 <= int(text) <= _LONGEST):
        raise invalid_parameter("expires_days", Phrase("a number of days from 1 to {most} is expected", most=_LONGEST))
    people = people_in(request.body, survey)
    if not people.lines:
        raise invalid("", "one row a person is expected below the columns' names")
    return people, int(text), request.query.get("touchpoint")


def _views(results: list[Result], page: str) -> tuple[LinkView, ...]:
    return tuple(
        LinkView(
            line=line,
            status=result.outcome,
            link=f"{page}?t={result.link_id}" if result.link_id else None,
            link_id=result.link_id,
            reason=result.reason,
        )
        for line, result in enumerate(results, start=1)
    )


def _wants_csv(request: Request, *, sent_csv: bool) -> bool:
    accept = request.headers.get("accept", "")
    return _CSV in accept or (sent_csv and "json" not in accept)


def _download(survey: Survey) -> dict[str, str]:
    return {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": f'attachment; filename="links-{survey.survey_id}.csv"',
    }


ROUTES: Final = {"POST /v1/surveys/{survey_id}/links": make_links, "GET /v1/surveys/{survey_id}/email": make_email}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request."""
    return protected.answer(event, ROUTES, logger)
