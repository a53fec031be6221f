"""A data subject's request: asked for, confirmed, opened again with its token. Who asks learns nothing about an address by asking."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.answer import AnswerKey
from shared.privacy.codes import admits
from shared.privacy.door_ports import Requests
from shared.privacy.erasure import Asker
from shared.privacy.ids import ID_BYTES, REQUEST, id_from, is_id
from shared.privacy.opening import Case, Opening, open_erasure
from shared.privacy.requests import PrivacyRequest, RequestStatus, RequestType, asked, token_hash_of
from shared.survey import Locale

_TOKEN_BYTES: Final = 32


class NotConfirmedError(Exception):
    """The code is wrong, too old, used up, or of no request: who guesses learns not which."""


class NotOpenError(Exception):
    """There is no such request, or the token is not its own, or no longer good."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What asking works with. `key` gives the key of identity lookups; `random_bytes` is of a cryptographic source."""

    requests: Requests
    opening: Opening
    key: Callable[[], bytes]
    random_bytes: Callable[[int], bytes]

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""
        return self.opening.now


@dataclass(frozen=True, slots=True)
class Proven:
    """Who somebody has proved to be, and by which answers of theirs."""

    persons: tuple[str, ...]
    answers: tuple[AnswerKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A request whose person has proved who they are. The token is shown this once."""

    request: PrivacyRequest
    token: str


def ask(type_: RequestType, email: str, locale: Locale, work: Asking) -> PrivacyRequest:
    """Note that somebody asks in the name of an address. The same calls whatever the address is; the eraser looks it up."""
    request = asked(_new_id(work), type_, locale, work.now())
    work.requests.open(request, email)
    work.opening.queue.look_up(request.request_id)
    return request


def confirm(request_id: str, code: str, work: Asking) -> Confirmed:
    """Take the code that was typed back, once; a try is used up before the code is looked at. Raises `NotConfirmedError`."""
    request = work.requests.try_code(request_id, work.now()) if is_request_id(request_id) else None
    right = admits(code, request_id, work.key())
    if request is None or not right or not request.persons:
        raise NotConfirmedError
    confirmed = _confirmed(request, Proven(request.persons), work)
    if not work.requests.confirm(confirmed.request):
        raise NotConfirmedError
    return confirmed


def ask_as(proven: Proven, type_: RequestType, locale: Locale, work: Asking) -> Confirmed:
    """A request of somebody who has proved already who they are; of nobody where nothing is held of them."""
    request = asked(_new_id(work), type_, locale, work.now())
    confirmed = _confirmed(request, proven, work)
    work.requests.open(confirmed.request, None)
    return confirmed


def opened_with(request_id: str, token: str, work: Asking) -> PrivacyRequest:
    """The request that a token opens. Raises `NotOpenError`."""
    request = work.requests.find(request_id) if is_request_id(request_id) else None
    if request is None or not request.is_open_to(token, work.now()):
        raise NotOpenError
    return request


def is_request_id(text: str) -> bool:
    """Whether it is written as the ids of requests are."""
    return is_id(REQUEST, text)


def _confirmed(request: PrivacyRequest, proven: Proven, work: Asking) -> Confirmed:
    """Erasures are opened first, by ids that follow from the request: whatever breaks afterwards, what was asked for is done once."""
    token = urlsafe_b64encode(work.random_bytes(_TOKEN_BYTES)).decode().rstrip("=")
    done = replace(
        request,
        status=RequestStatus.CONFIRMED,
        token_hash=token_hash_of(token),
        until=work.now() + request.type.lives,
        tries_left=0,
    )
    if request.type is RequestType.ACCESS:
        return Confirmed(replace(done, persons=proven.persons, answers=proven.answers), token)
    case = Case(Asker.SUBJECT, request.request_id, request_id=request.request_id, answers=proven.answers)
    erasures = tuple(open_erasure(person_id, case, work.opening).erasure_id for person_id in proven.persons)
    return Confirmed(replace(done, persons=(), erasures=erasures), token)


def _new_id(work: Asking) -> str:
    return id_from(REQUEST, work.random_bytes(ID_BYTES))
