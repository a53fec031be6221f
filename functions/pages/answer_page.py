"""The page `/s/{survey_id}`: asks, and takes the answer of whoever has no script. Reading it changes nothing, whoever reads."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from aws_lambda_powertools.metrics import MetricUnit

from functions.pages.composition import compose, logger, metrics
from functions.pages.rendering import Shown, problem_page, show
from functions.pages.taking import invitation_in, new_ticket, sent_of, take, ticket_of
from functions.pages.visit import visit_of
from shared.api.forms import UnreadableError, form_of
from shared.api.http import Request, Response
from shared.api.problem import AnswerTaken, Invalid, NoSuchAnswer, Refused, TooBusy
from shared.faults import describe
from shared.survey import Survey, SurveyStatus

LARGEST: Final = 128 * 1024
"""Bytes of a form: an emoji is 4 bytes, and 12 once it is escaped."""
_MOST_FIELDS: Final = 20


def _to_people(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Say in a page, not in a problem for programs, what did not work."""

    @wraps(handler)
    def shown(request: Request) -> Response:
        try:
            return handler(request)
        except UnreadableError:
            return problem_page(400, request, "unreadable")
        except TooBusy:
            return problem_page(503, request, "busy")
        except Exception as error:  # noqa: BLE001 - as `shared.api.http.answer`, whose problem nobody reads here
            logger.error("page failed", extra=describe(error))
            return problem_page(500, request, "busy")

    return shown


@_to_people
def read(request: Request) -> Response:
    """The question. Nothing is kept of its being read, but how many links were."""
    _count_fetch(request)
    survey = _survey(request)
    if survey is None:
        return problem_page(404, request, "unknown")
    visit = visit_of(survey, request.query, request)
    if survey.status is SurveyStatus.CLOSED:
        return problem_page(410, request, "closed", survey, visit)
    return show(200, survey, Shown(visit=visit, ticket=new_ticket()))


def look(request: Request) -> Response:
    """The same without its body: asked by programs that look where a link leads."""
    return {**read(request), "body": ""}


@_to_people
def send(request: Request) -> Response:
    """One step of the form: the score, or all of it."""
    survey = _survey(request)
    if survey is None:
        return problem_page(404, request, "unknown")
    form = form_of(request, largest=LARGEST, most_fields=_MOST_FIELDS)
    visit = visit_of(survey, {**form, "t": invitation_in(form)}, request)
    return _taken(survey, request, Shown(visit=visit, ticket=ticket_of(form), sent=sent_of(form)))


def _taken(survey: Survey, request: Request, given: Shown) -> Response:
    visit, sent = given.visit, given.sent
    if visit.score is None:
        return show(422, survey, given.with_problem("no_score"))
    if sent.comment_is_too_long:
        return show(422, survey, given.asking_more().with_problem("too_long"))
    try:
        take(survey, visit, visit.score, sent, given.ticket, request.source_ip)
    except Refused as refused:
        return _refused(survey, request, given, refused)
    logger.info("answer received", survey_id=survey.survey_id, answer_id=given.ticket.answer_id, finished=sent.is_final)
    return show(200, survey, given.thanking() if sent.is_final else given.asking_more())


def _refused(survey: Survey, request: Request, given: Shown, refused: Refused) -> Response:
    """What was typed is shown again wherever sending it once more may help."""
    slug, status = refused.kind.slug, refused.kind.status
    if isinstance(refused, TooBusy):
        return show(status, survey, given.again().with_problem("busy"))
    if isinstance(refused, (AnswerTaken, NoSuchAnswer)):  # no form of ours had another's id
        return show(409, survey, given.anew().with_problem("again"))
    if isinstance(refused, Invalid):
        return show(status, survey, given.asking_more().with_problem("consent"))
    return problem_page(status, request, _ENDS.get(slug, "closed"), survey, given.visit)


_ENDS: Final = {"invitation-used": "used", "answer-final": "final"}
"""Why nothing more can be sent, by the problem's slug."""


def _survey(request: Request) -> Survey | None:
    survey = compose().surveys.find(request.path["survey_id"])
    return None if survey is None or survey.status is SurveyStatus.DRAFT else survey


def _count_fetch(request: Request) -> None:
    """Links that were fetched, and by what does not read: beside how many were opened with scripts, that says what a scanner did."""
    if "score" not in request.query:
        return
    purpose = f"{request.headers.get('purpose', '')} {request.headers.get('sec-purpose', '')}".lower()
    metrics.add_metric("ScoreLinksFetched", MetricUnit.Count, 1)
    if request.route_key.startswith("HEAD ") or "prefetch" in purpose:
        metrics.add_metric("ScoreLinksSuspect", MetricUnit.Count, 1)
    metrics.flush_metrics()
