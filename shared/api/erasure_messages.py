"""Erasures and legal holds, for the controller. Identifiers go in and never come out; what comes out is ids, enums, numbers and times."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from shared.api.body import FieldRuleError
from shared.api.delivery_messages import Instant
from shared.api.messages import RequestBody, ResponseBody
from shared.api.privacy_messages import AnyEmail
from shared.identity import IdentityKind
from shared.privacy.erasure import Asker, Erasure, Impossible, Recipient, Refusal, Step, TellingStatus
from shared.privacy.holds import Hold

CustomerId = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^@]*$(?!\n)")]
"""It is kept, and may be told: it describes the case, never the person, so an e-mail address cannot be in it."""
LegalReference = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^@]*$(?!\n)")]


class Identified(RequestBody, frozen=True, kw_only=True):
    """Somebody, by `email` or by `customer_id`."""

    email: AnyEmail | None = None
    customer_id: CustomerId | None = None

    def __post_init__(self) -> None:
        """One of them."""
        if (self.email is None) == (self.customer_id is None):
            raise FieldRuleError("", "one of email and customer_id is expected")

    @property
    def identifier(self) -> tuple[IdentityKind, str]:
        """Which of them, and its value. Personal."""
        return ("email", self.email) if self.email is not None else ("customer_id", self.customer_id or "")


class NewErasure(Identified, frozen=True, kw_only=True):
    """Everybody with that identifier is to be erased. `reason` is kept: it describes the case, and names nobody."""

    reason: Reason
    legal_reference: LegalReference | None = None


class RecipientView(ResponseBody, frozen=True, kw_only=True):
    """Somebody outside who was given data of the person, and how far they are with being told (LGPD art. 18 §6)."""

    channel_id: str
    name: str
    kind: str
    host: str
    country: str
    fields: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    times: int
    status: TellingStatus
    told_at: datetime | None
    acknowledged_at: datetime | None
    reason: Impossible | None


class ErasureView(ResponseBody, frozen=True, kw_only=True):
    """An erasure as a list shows it. `reason` is the controller's own, or of the legal hold where one refused it."""

    erasure_id: str
    asker: Asker
    step: Step
    asked_at: datetime
    marked_at: datetime | None
    key_destroyed_at: datetime | None
    done_at: datetime | None
    next_at: datetime | None
    counts: dict[str, int]
    reason: str | None
    legal_reference: str | None
    request_id: str | None
    refusal: Refusal | None
    receipt_id: str | None


class ErasureDetail(ErasureView, frozen=True, kw_only=True):
    """An erasure with those who were given data of the person."""

    recipients: tuple[RecipientView, ...]


class ErasuresOpened(ResponseBody, frozen=True, kw_only=True):
    """One erasure for each person with that identifier, under way."""

    erasures: tuple[ErasureView, ...]


class ErasureList(ResponseBody, frozen=True, kw_only=True):
    """A page of erasures, newest first. With a `next_cursor` there may be more."""

    erasures: tuple[ErasureView, ...]
    next_cursor: str | None


class NewHold(Identified, frozen=True, kw_only=True):
    """Nobody with that identifier is erased before `until`, or before the hold is lifted. Whoever asks is told reason and reference."""

    reason: Reason
    legal_reference: LegalReference
    until: Instant | None = None


class HoldView(ResponseBody, frozen=True, kw_only=True):
    """A legal hold. Whom it is on cannot be read back: note the case's own number in `reason`."""

    hold_id: str
    reason: str
    legal_reference: str
    placed_at: datetime
    until: datetime | None


class HoldList(ResponseBody, frozen=True, kw_only=True):
    """The holds in force, the oldest first."""

    holds: tuple[HoldView, ...]


def erasure_view[View: ErasureView](erasure: Erasure, kind: type[View], **more: object) -> View:
    """An erasure as a response shows it: without its person and its cursor."""
    given = {name: getattr(erasure, name) for name in ErasureView.__struct_fields__}
    return kind(**given | {"counts": dict(erasure.counts)} | more)


def recipient_view(recipient: Recipient) -> RecipientView:
    """A receiver as a response shows it."""
    names = [name for name in RecipientView.__struct_fields__ if name != "fields"]
    return RecipientView(fields=tuple(sorted(recipient.fields)), **{name: getattr(recipient, name) for name in names})


def hold_view(hold: Hold) -> HoldView:
    """A hold as a response shows it: without whom it is on."""
    return HoldView(**{name: getattr(hold, name) for name in HoldView.__struct_fields__})
