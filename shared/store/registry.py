"""The registry: surveys, sealed secrets, and which older partitions of Answers were written to. API keys are in `shared.store.keys`."""

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec
from pynamodb.exceptions import DeleteError, PutError, UpdateError
from pynamodb.expressions.condition import Condition

from shared.store.answer_items import instant_of, milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.sealing import Sealing
from shared.store.tables import RegistryItem
from shared.survey import Survey

CACHED_SECONDS: Final = 15
PREVIOUS_SECRET_LIVES: Final = timedelta(hours=24)
_MOST_CACHED: Final = 200
_KEY_BYTES: Final = 32
TRIES: Final = 4
SECRET: Final = "secret"  # noqa: S105 - names the partition
_SURVEY, _TOUCHED = "survey", "touched"
_SURVEY_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# No survey or partition is named like these.
_PEPPER: Final = "#identity-pepper"
_SWEPT: Final = "#swept"
_SIGNING_PURPOSE: Final = "respondent-token"
_PEPPER_PURPOSE: Final = "identity-lookup"


class BusyError(Exception):
    """The item kept changing under us; the same request may pass a moment later."""


class NoPepperError(Exception):
    """No signing secret was ever made, so nothing can have identified anybody."""


def find_item(pk: str, sk: str) -> RegistryItem | None:
    """One item, strongly read."""
    try:
        return RegistryItem.get(pk, sk, consistent_read=True)
    except RegistryItem.DoesNotExist:
        return None


def written(write: Callable[[], object]) -> bool:
    """Whether a conditional write took place."""
    try:
        write()
    except (PutError, UpdateError, DeleteError) as error:
        if error.cause_response_code == CONDITION_FAILED:
            return False
        raise
    return True


def _make_room(cache: dict[str, Any]) -> None:
    """Keep a container's cache bounded, whatever is asked for."""
    if len(cache) >= _MOST_CACHED:
        cache.clear()


def _survey_of(item: RegistryItem) -> Survey:
    return msgspec.json.decode(item.document, type=Survey)


class _Cached(NamedTuple):
    read_at: float
    survey: Survey


class SurveyStore:
    """The repository of surveys. Implements `counting.ports.SurveyReader`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds, for the cache of `find`."""
        self._clock = clock
        self._found: dict[str, _Cached] = {}

    def find(self, survey_id: str) -> Survey | None:
        """The survey as it was at most 15 seconds ago; None where there is none (which is asked anew every time)."""
        cached = self._found.get(survey_id)
        if cached and self._clock() - cached.read_at < CACHED_SECONDS:
            return cached.survey
        asked_at = self._clock()
        survey = self.read(survey_id)
        if survey is not None:
            _make_room(self._found)
            self._found[survey_id] = _Cached(asked_at, survey)
        return survey

    def read(self, survey_id: str) -> Survey | None:
        """The survey as it is now; None where there is none, or where no survey could have that id."""
        if not _SURVEY_ID.fullmatch(survey_id):
            return None
        item = find_item(_SURVEY, survey_id)
        return _survey_of(item) if item else None

    def list(self) -> tuple[Survey, ...]:
        """All surveys as they are now, by id."""
        return tuple(_survey_of(item) for item in RegistryItem.query(_SURVEY, consistent_read=True))

    def create(self, survey: Survey) -> bool:
        """Store a new survey; False, and nothing written, where its id is taken."""
        return self._put(survey, RegistryItem.pk.does_not_exist())

    def replace(self, survey: Survey, seen: int) -> bool:
        """Store a changed survey in place of revision `seen`; False, and nothing written, where that is no longer the present one."""
        return self._put(survey, RegistryItem.revision == seen)

    def _put(self, survey: Survey, condition: Condition) -> bool:
        document = msgspec.json.encode(survey).decode()
        item = RegistryItem(_SURVEY, survey.survey_id, document=document, revision=survey.revision)
        # A call repeated after a time-out may meet its own first attempt: then what is there is ours.
        return written(lambda: item.save(condition)) or self.read(survey.survey_id) == survey


class SecretStore:
    """Secrets that KMS seals: each survey's signing secret, and the key of identity lookups. Unsealed, they stay in the container."""

    def __init__(self, sealing: Sealing) -> None:
        """Take what seals."""
        self._sealing = sealing
        self._unsealed: dict[str, bytes] = {}

    def signing_secrets(self, survey_id: str, now: datetime) -> tuple[bytes, ...]:
        """The survey's signing secrets that are valid now, newest first; none where no secret was ever made."""
        item = find_item(SECRET, survey_id)
        if item is None:
            return ()
        sealed = [item.sealed]
        if item.previous_until and milliseconds(now) < item.previous_until:
            sealed.append(item.previous_sealed)
        return tuple(self._unseal(text, _SIGNING_PURPOSE, survey_id) for text in sealed)

    def replace_signing_secret(self, survey_id: str, secret: str, now: datetime) -> datetime | None:
        """Make `secret` the survey's; the one before stays valid until what is returned (None: there was none), those before it end."""
        sealed = self._sealing.seal(secret.encode(), purpose=_SIGNING_PURPOSE, owner=survey_id)
        until = now + PREVIOUS_SECRET_LIVES
        for _ in range(TRIES):
            before = find_item(SECRET, survey_id)
            if before is not None and before.sealed == sealed:  # our own first attempt, whose answer was lost on the way
                return until if before.previous_until else None
            item = RegistryItem(SECRET, survey_id, sealed=sealed, created_at=milliseconds(now))
            if before is not None:
                item.previous_sealed, item.previous_until = before.sealed, milliseconds(until)
            if written(partial(item.save, RegistryItem.pk.does_not_exist() if before is None else RegistryItem.sealed == before.sealed)):
                return until if before else None
        raise BusyError

    def identity_pepper(self) -> bytes:
        """The key of identity lookups, the same for ever. Raises `NoPepperError` where it was never needed."""
        item = find_item(SECRET, _PEPPER) if _PEPPER not in self._unsealed else None
        if item is not None:
            self._unsealed[_PEPPER] = self._sealing.unseal(item.sealed, purpose=_PEPPER_PURPOSE, owner=_PEPPER)
        if _PEPPER not in self._unsealed:
            raise NoPepperError
        return self._unsealed[_PEPPER]

    def lookup_key(self, random_bytes: Callable[[int], bytes]) -> bytes:
        """The key of identity lookups; while nobody was ever identified, another each time, which leads to nobody."""
        try:
            return self.identity_pepper()
        except NoPepperError:
            return random_bytes(_KEY_BYTES)

    def make_identity_pepper(self, candidate: bytes, now: datetime) -> None:
        """Make `candidate` the key of identity lookups, unless there is one; of several calls at once one does."""
        if find_item(SECRET, _PEPPER) is not None:
            return
        sealed = self._sealing.seal(candidate, purpose=_PEPPER_PURPOSE, owner=_PEPPER)
        item = RegistryItem(SECRET, _PEPPER, sealed=sealed, created_at=milliseconds(now))
        written(lambda: item.save(RegistryItem.pk.does_not_exist()))

    def _unseal(self, sealed: str, purpose: str, owner: str) -> bytes:
        if sealed not in self._unsealed:
            _make_room(self._unsealed)
            self._unsealed[sealed] = self._sealing.unseal(sealed, purpose=purpose, owner=owner)
        return self._unsealed[sealed]


class TouchedLedger:
    """Which older partitions were written to, and up to when all was swept. Implements `counting.ports.SweepLedger`."""

    def touch(self, partition: str, now: datetime) -> None:
        """Say that the partition is about to be written to."""
        RegistryItem(_TOUCHED, partition).update([RegistryItem.touched_at.set(milliseconds(now))])

    def touched(self) -> Mapping[str, datetime]:
        """The partitions that were announced as written to, and when last."""
        items = RegistryItem.query(_TOUCHED, consistent_read=True)
        return {item.sk: instant_of(item.touched_at) for item in items if item.sk != _SWEPT}

    def forget(self, partition: str, touched_at: datetime) -> None:
        """Drop a partition that nothing has touched since `touched_at`."""
        written(lambda: RegistryItem(_TOUCHED, partition).delete(RegistryItem.touched_at == milliseconds(touched_at)))

    def swept_at(self) -> datetime | None:
        """When the last complete sweep began."""
        item = find_item(_TOUCHED, _SWEPT)
        return instant_of(item.touched_at) if item else None

    def record_sweep(self, began_at: datetime) -> None:
        """A complete sweep began then."""
        self.touch(_SWEPT, began_at)
