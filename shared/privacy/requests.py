"""What a data subject asks for (LGPD art. 18): to be deleted, or to see all that is held. Pure; no address is in here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from shared.answer import AnswerKey
from shared.privacy.codes import LIFE, TRIES
from shared.survey import Locale

UNCONFIRMED_KEPT: Final = timedelta(hours=1)
ACCESS_LIVES: Final = timedelta(hours=1)
"""As long the token opens what is held, and the request knows of whom."""
DELETION_LIVES: Final = timedelta(days=30)
"""As long the token tells how a deletion is going; the second sweep comes after a day, the receipt stays public for longer."""


class RequestType(StrEnum):
    """What is asked for."""

    DELETION = "deletion"
    ACCESS = "access"

    @property
    def lives(self) -> timedelta:
        """How long the token of a confirmed request is good for."""
        return ACCESS_LIVES if self is RequestType.ACCESS else DELETION_LIVES


class RequestStatus(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    """For the code, which was mailed if the address is known; nobody is told whether it is."""
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequest:
    """A request as it is kept. Ids and times; `persons` are pseudonymous, and a deletion drops them when it is confirmed."""

    request_id: str
    type: RequestType
    locale: Locale
    asked_at: datetime
    status: RequestStatus = RequestStatus.WAITING
    persons: tuple[str, ...] = ()
    answers: tuple[AnswerKey, ...] = ()
    """Answers shown to be theirs by their keys: nothing else may lead to an anonymous one."""
    code_until: datetime
    """From then on no code is taken."""
    tries_left: int = TRIES
    token_hash: str | None = None
    until: datetime | None = None
    """When the token ends."""
    erasures: tuple[str, ...] = ()

    def is_open_to(self, token: str, now: datetime) -> bool:
        """Whether `token` is this request's own and still good; takes the same time for any wrong one."""
        right = compare_digest(self.token_hash or "", token_hash_of(token))
        return right and self.until is not None and now < self.until


def asked(request_id: str, type_: RequestType, locale: Locale, now: datetime) -> PrivacyRequest:
    """A new request, which nobody has confirmed."""
    return PrivacyRequest(request_id=request_id, type=type_, locale=locale, asked_at=now, code_until=now + LIFE)


def token_hash_of(token: str) -> str:
    """What is kept of a token (256 random bits, so a plain hash does)."""
    return sha256(token.encode(errors="surrogatepass")).hexdigest()
