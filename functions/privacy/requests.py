"""Requests of data subjects: each function is one route. Nobody is told here whether an address is known."""

from typing import Final

from functions.privacy.composition import compose, logger
from functions.privacy.showing import download_of, received, view_of
from shared.api.body import decode
from shared.api.http import Request, Response, json_response
from shared.api.privacy_messages import ConfirmRequest, NewRequest
from shared.api.privacy_problem import NoDataAskedFor, NoSuchRequest, NotConfirmed
from shared.api.privacy_routes import REQUEST, REQUESTS
from shared.api.problem import CredentialMissing, NoSuchSurvey, invalid_parameter
from shared.phrase import Phrase
from shared.privacy.asking import NotConfirmedError, NotOpenError, ask, ask_as, confirm, opened_with
from shared.privacy.proving import by_answer, by_token
from shared.privacy.requests import PrivacyRequest, RequestType
from shared.survey import Survey

FORMATS: Final = ("json", "csv")


def create(request: Request) -> Response:
    """A request; with an e-mail the same calls and the same answer whoever it belongs to, with a proof the token at once."""
    new, doors = decode(request.body, NewRequest), compose()
    if new.email is not None:
        waiting = ask(new.type, new.email, new.locale, doors.asking)
        logger.info("privacy request received", type=new.type, proof="none")
        return json_response(202, received(waiting))
    survey = _survey(new.survey_id or "")
    if new.answer_id is not None:
        if request.bearer is None:
            raise CredentialMissing
        proven = by_answer(survey, new.answer_id, request.bearer, doors.answers)
    else:
        proven = by_token(survey, new.respondent_token or "", doors.now(), doors.secrets, doors.opening.people)
    confirmed = ask_as(proven, new.type, new.locale, doors.asking)
    logger.info("privacy request received", type=new.type, proof="answer" if new.answer_id is not None else "token")
    return json_response(202, received(confirmed.request, confirmed.token))


def enter_code(request: Request) -> Response:
    """The code that was typed back."""
    code, doors = decode(request.body, ConfirmRequest).code, compose()
    try:
        confirmed = confirm(request.path["request_id"], code, doors.asking)
    except NotConfirmedError:
        logger.info("privacy request not confirmed")
        raise NotConfirmed from None
    logger.info("privacy request confirmed", type=confirmed.request.type)
    return json_response(200, view_of(confirmed.request, doors, confirmed.token))


def read(request: Request) -> Response:
    """A confirmed request as it stands."""
    return json_response(200, view_of(_opened(request), compose()))


def download(request: Request) -> Response:
    """What is held, as a file."""
    if request.query.keys() - {"format"}:
        raise invalid_parameter("query", "only format is expected")
    wanted = request.query.get("format", "json")
    if wanted not in FORMATS:
        raise invalid_parameter("format", Phrase("one of {values} is expected", values=tuple(FORMATS)))
    opened = _opened(request)
    if opened.type is not RequestType.ACCESS:
        raise NoDataAskedFor
    return download_of(opened, wanted, compose())


def _survey(survey_id: str) -> Survey:
    survey = compose().surveys.find(survey_id)
    if survey is None:
        raise NoSuchSurvey
    return survey


def _opened(request: Request) -> PrivacyRequest:
    if request.bearer is None:
        raise CredentialMissing
    try:
        return opened_with(request.path["request_id"], request.bearer, compose().asking)
    except NotOpenError:
        raise NoSuchRequest from None


ROUTES: Final = {
    f"POST {REQUESTS}": create,
    f"POST {REQUEST}/confirm": enter_code,
    f"GET {REQUEST}": read,
    f"GET {REQUEST}/data": download,
}
