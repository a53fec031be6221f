"""The page `/privacidade` and what follows it: each function is one route. No script, no cookie, nothing in an address that opens anything.

With no cookie there is nothing that another site's form could ride on: a code or a token has to be in the form itself.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any, Final

import msgspec

from functions.privacy import receipts
from functions.privacy.composition import compose, logger
from functions.privacy.refusing import BUSY
from functions.privacy.rendering import lang_of, page, see_other
from functions.privacy.requests import FORMATS
from functions.privacy.showing import download_of, view_of
from shared.api.forms import UnreadableError, form_of
from shared.api.http import Request, Response
from shared.api.privacy_messages import AnyEmail, RequestView
from shared.api.privacy_problem import NoSuchReceipt
from shared.api.privacy_routes import DATA_PAGE, PAGE, RECEIPT_PAGE, REQUEST_PAGE, STATUS_PAGE
from shared.faults import describe
from shared.privacy.asking import NotConfirmedError, NotOpenError, ask, confirm, is_request_id, opened_with
from shared.privacy.codes import DIGITS
from shared.privacy.erasure import Step
from shared.privacy.notice import sections_of
from shared.privacy.requests import RequestType
from shared.store.registry import SurveyStore
from shared.survey import Locale, Survey

_MINUTE: Final = 60
_STAGES: Final = {
    "mark": (Step.MARK,),
    "key": (Step.KEY,),
    "work": (Step.GATHER, Step.ANSWERS, Step.OUTBOX, Step.SUPPRESS, Step.PEOPLE),
    "tell": (Step.TELL,),
    "sweep": (Step.WAIT, Step.SWEEP),
    "receipt": (Step.RECEIPT,),
}


def _shown(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Say in a page, not in a problem for programs, what did not work."""

    @wraps(handler)
    def shown(request: Request) -> Response:
        try:
            return handler(request)
        except (NotOpenError, NoSuchReceipt) as error:
            return _problem(404, request, "gone" if isinstance(error, NotOpenError) else "no_receipt")
        except UnreadableError:
            return _problem(400, request, "unreadable")
        except BUSY:
            return _problem(503, request, "busy")
        except Exception as error:  # noqa: BLE001 - as `shared.api.http.answer`, whose problem nobody reads here
            logger.error("page failed", extra=describe(error))
            return _problem(500, request, "busy")

    return shown


@_shown
def read(request: Request) -> Response:
    """What is kept and why, and the form."""
    return _notice(200, request, lang_of(request))


@_shown
def send(request: Request) -> Response:
    """The form. Whatever the address is, the next page asks for the code."""
    form = form_of(request)
    lang, email = lang_of(request, form.get("lang")), form.get("email", "").strip()
    problems = {} if form.get("type") in set(RequestType) else {"type": "type"}
    if not _is_email(email):
        problems["email"] = "email"
    if problems:
        return _notice(422, request, lang, problems, {"type": form.get("type", ""), "email": email})
    waiting = ask(RequestType(form["type"]), email, lang, compose().asking)
    logger.info("privacy request received", type=waiting.type, proof="none")
    return see_other(f"privacidade/pedidos/{waiting.request_id}?lang={lang}")


@_shown
def ask_code(request: Request) -> Response:
    """Where the code is typed: the same page for whatever id looks like one."""
    return _code(200, request, lang_of(request), {})


@_shown
def enter_code(request: Request) -> Response:
    """The code. A text that cannot be one uses up no try."""
    form = form_of(request)
    lang, code = lang_of(request, form.get("lang")), "".join(form.get("code", "").replace("-", " ").split())
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return _code(422, request, lang, {"code": "code"})
    try:
        confirmed = confirm(request.path["request_id"], code, compose().asking)
    except NotConfirmedError:
        logger.info("privacy request not confirmed")
        return _code(422, request, lang, {"code": "not_confirmed"})
    logger.info("privacy request confirmed", type=confirmed.request.type)
    return _result(request, lang, view_of(confirmed.request, compose()), confirmed.token)


@_shown
def look_again(request: Request) -> Response:
    """A confirmed request as it stands now."""
    form, doors = form_of(request), compose()
    opened = opened_with(request.path["request_id"], form.get("token", ""), doors.asking)
    return _result(request, lang_of(request, form.get("lang")), view_of(opened, doors), form["token"])


@_shown
def download(request: Request) -> Response:
    """The file."""
    form, doors = form_of(request), compose()
    opened = opened_with(request.path["request_id"], form.get("token", ""), doors.asking)
    wanted = form.get("format", "")
    if opened.type is not RequestType.ACCESS:
        raise NotOpenError
    return download_of(opened, wanted if wanted in FORMATS else FORMATS[0], doors)


@_shown
def read_receipt(request: Request) -> Response:
    """A receipt."""
    return page(200, "receipt.html", request, lang_of(request), view=receipts.found(request.path["receipt_id"]), problems={})


def _notice(
    status: int, request: Request, lang: Locale, problems: dict[str, str] | None = None, given: dict[str, str] | None = None
) -> Response:
    doors = compose()
    now = doors.now()
    sections = sections_of(_surveys(doors.surveys, int(now.timestamp()) // _MINUTE), lang, now)
    return page(
        status, "notice.html", request, lang, sections=sections, problems=problems or {}, given=given or {"type": "access", "email": ""}
    )


def _code(status: int, request: Request, lang: Locale, problems: dict[str, str]) -> Response:
    request_id = request.path["request_id"]
    if not is_request_id(request_id):
        raise NotOpenError
    return page(status, "code.html", request, lang, request_id=request_id, problems=problems)


def _result(request: Request, lang: Locale, view: RequestView, token: str) -> Response:
    shown: dict[str, Any] = msgspec.to_builtins(view, builtin_types=())
    for erasure in shown.get("erasures", ()):
        erasure["states"] = _states(Step(erasure["step"]))
    shown["held"] = [_parts(document, lang) for document in shown.get("held", ())]
    return page(200, "result.html", request, lang, view=shown, token=token, problems={})


def _parts(document: Mapping[str, Any], lang: Locale) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """What is held in words: by part, then by which one."""
    parts: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for part, item, what, value in compose().copies.rows(document, lang):
        parts.setdefault(part, {}).setdefault(item, []).append((what, value))
    return parts


def _states(step: Step) -> list[tuple[str, str]]:
    """Each stage, and whether it is done, under way or to come."""
    order = list(Step)
    return [
        (name, "done" if order.index(step) > order.index(steps[-1]) else "now" if step in steps else "later")
        for name, steps in _STAGES.items()
    ]


def _problem(status: int, request: Request, kind: str) -> Response:
    return page(status, "problem.html", request, lang_of(request), kind=kind, problems={})


def _is_email(text: str) -> bool:
    try:
        msgspec.convert(text, AnyEmail)
    except msgspec.ValidationError:
        return False
    return True


@lru_cache(maxsize=1)
def _surveys(surveys: SurveyStore, _minute: int) -> Sequence[Survey]:
    """All surveys, as they were at most a minute ago: this page is open to everybody."""
    return surveys.list()


ROUTES: Final = {
    f"GET {PAGE}": read,
    f"POST {PAGE}": send,
    f"GET {REQUEST_PAGE}": ask_code,
    f"POST {REQUEST_PAGE}": enter_code,
    f"POST {STATUS_PAGE}": look_again,
    f"POST {DATA_PAGE}": download,
    f"GET {RECEIPT_PAGE}": read_receipt,
}
