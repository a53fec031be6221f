"""Requests of data subjects, in Ledger. Implements `privacy.door_ports.Requests`.

Under `request#ID` lies `request`: ids, enums and times; and the address that was given, sealed for that request alone, until a code was
sent. Under `mailed#HMAC` lies `codes`: when the last codes went to the address of that lookup.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition

from shared.answer import AnswerKey
from shared.privacy.codes import MAILS_WITHIN, MOST_MAILS
from shared.privacy.requests import UNCONFIRMED_KEPT, PrivacyRequest, RequestStatus, RequestType
from shared.store.answer_items import instant_of, milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.registry import written
from shared.store.sealing import Sealing
from shared.store.tables import LedgerItem
from shared.survey import Locale

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

PURPOSE: Final = "privacy-request"
_REQUEST: Final = "request"
_CODES: Final = "codes"
_LOCALES: Final[dict[str, Locale]] = {"pt-BR": "pt-BR", "en": "en", "es": "es"}


class PrivacyRequests:
    """The repository of requests."""

    def __init__(self, sealing: Sealing) -> None:
        """Take what seals addresses."""
        self._sealing = sealing

    def open(self, request: PrivacyRequest, email: str | None) -> None:
        """Write a new request: a call to seal and one to write, whatever the address is."""
        sealed = self._sealing.seal(email.encode(), purpose=PURPOSE, owner=request.request_id) if email is not None else None
        _item_of(request, sealed).save()  # its id has 128 random bits

    def find(self, request_id: str) -> PrivacyRequest | None:
        """One request, strongly read."""
        item = _find(request_id)
        return _request_of(item) if item else None

    def address(self, request_id: str) -> str | None:
        """The address that was given, unsealed; None once it is forgotten."""
        item = _find(request_id)
        if item is None or item.sealed is None:
            return None
        return self._sealing.unseal(item.sealed, purpose=PURPOSE, owner=request_id).decode()

    def expect_code(self, request_id: str, persons: Sequence[str], code_until: datetime) -> bool:
        """Write whose request it is and until when its code is taken; False where its address is forgotten."""
        actions: list[Action] = [LedgerItem.persons.set(list(persons)), LedgerItem.code_until.set(milliseconds(code_until))]
        return written(lambda: LedgerItem(*_key(request_id)).update(actions, LedgerItem.sealed.exists() & _waiting()))

    def forget_address(self, request_id: str) -> None:
        """Drop the address; nothing happens where there is none."""
        written(lambda: LedgerItem(*_key(request_id)).update([LedgerItem.sealed.remove()], LedgerItem.sealed.exists()))

    def try_code(self, request_id: str, now: datetime) -> PrivacyRequest | None:
        """Use up a try and return the request; None where none is left. One call, whichever."""
        item = LedgerItem(*_key(request_id))
        may = _waiting() & (LedgerItem.tries_left > 0) & (LedgerItem.code_until > milliseconds(now))
        try:
            item.update([LedgerItem.tries_left.set(LedgerItem.tries_left - 1)], may)
        except UpdateError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return None
            raise
        return _request_of(item)

    def confirm(self, request: PrivacyRequest) -> bool:
        """Write it as confirmed, its address dropped; False where another was faster."""
        new = _item_of(request, None)
        if written(lambda: new.save(_waiting())):
            return True
        # A call repeated after a time-out may meet its own first attempt: then the token is ours.
        there = _find(request.request_id)
        return there is not None and there.token_hash == request.token_hash

    def may_mail(self, lookup: str, now: datetime) -> bool:
        """Note that a code is about to go there, unless as many went there within the last hour as may."""
        key = f"mailed#{lookup}", _CODES
        there = _found(*key)
        before = [int(at) for at in there.mailed_at] if there is not None else []
        recent = [at for at in before if at > milliseconds(now - MAILS_WITHIN)]
        if len(recent) >= MOST_MAILS:
            return False
        kept = LedgerItem(*key, mailed_at=[*recent, milliseconds(now)], expires_at=_seconds(now + MAILS_WITHIN))
        unchanged = LedgerItem.pk.does_not_exist() if there is None else LedgerItem.mailed_at == before
        return written(lambda: kept.save(unchanged)) or self.may_mail(lookup, now)


def _waiting() -> Condition:
    return LedgerItem.request_status == RequestStatus.WAITING.value


def _key(request_id: str) -> tuple[str, str]:
    return f"request#{request_id}", _REQUEST


def _find(request_id: str) -> LedgerItem | None:
    return _found(*_key(request_id))


def _found(pk: str, sk: str) -> LedgerItem | None:
    try:
        return LedgerItem.get(pk, sk, consistent_read=True)
    except LedgerItem.DoesNotExist:
        return None


def _item_of(request: PrivacyRequest, sealed: str | None) -> LedgerItem:
    until = request.until or request.asked_at + UNCONFIRMED_KEPT
    return LedgerItem(
        *_key(request.request_id),
        request_type=request.type.value,
        request_status=request.status.value,
        request_locale=request.locale,
        requested_at=milliseconds(request.asked_at),
        sealed=sealed,
        code_until=milliseconds(request.code_until),
        tries_left=request.tries_left,
        persons=list(request.persons),
        proven=[list(key) for key in request.answers],
        token_hash=request.token_hash,
        token_until=milliseconds(request.until) if request.until else None,
        erasures=list(request.erasures),
        expires_at=_seconds(until + timedelta(seconds=1)),
    )


def _request_of(item: LedgerItem) -> PrivacyRequest:
    given: dict[str, Any] = item.attribute_values
    return PrivacyRequest(
        request_id=item.pk.removeprefix("request#"),
        type=RequestType(item.request_type),
        locale=_LOCALES[item.request_locale],
        asked_at=instant_of(item.requested_at),
        status=RequestStatus(item.request_status),
        persons=tuple(given.get("persons", ())),
        answers=tuple(AnswerKey(*key) for key in given.get("proven", ())),
        code_until=instant_of(item.code_until),
        tries_left=int(item.tries_left),
        token_hash=given.get("token_hash"),
        until=instant_of(item.token_until) if "token_until" in given else None,
        erasures=tuple(given.get("erasures", ())),
    )


def _seconds(instant: datetime) -> int:
    return int(instant.astimezone(UTC).timestamp())
