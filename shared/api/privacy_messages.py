"""What data subjects ask for and are answered (LGPD arts. 18, 19). Only the answer to a confirmed access request holds personal data."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from shared.api.body import FieldRuleError
from shared.api.messages import RequestBody, ResponseBody
from shared.privacy.codes import DIGITS
from shared.privacy.erasure import Refusal, Step
from shared.privacy.requests import RequestStatus, RequestType
from shared.survey import Locale, SurveyId

# Signed tokens bring addresses of this shape; no control character may follow, as a line break would.
AnyEmail = Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$(?!\n)")]
Code = Annotated[str, Meta(min_length=DIGITS, max_length=DIGITS, pattern=rf"^[0-9]{{{DIGITS}}}$(?!\n)")]


class NewRequest(RequestBody, frozen=True, kw_only=True):
    """A request in the name of an `email`; or, without any e-mail, of the person of an answer or of a signed `respondent_token`.

    An answer is named by `survey_id` and `answer_id`, with its edit key or token as the bearer; a `respondent_token` needs its `survey_id`.
    """

    type: RequestType
    email: AnyEmail | None = None
    survey_id: SurveyId | None = None
    answer_id: Annotated[str, Meta(min_length=36, max_length=36)] | None = None
    respondent_token: Annotated[str, Meta(min_length=1, max_length=8192)] | None = None
    locale: Locale = "pt-BR"

    def __post_init__(self) -> None:
        """One way to say who asks."""
        ways = [name for name in ("email", "answer_id", "respondent_token") if getattr(self, name) is not None]
        if len(ways) != 1:
            raise FieldRuleError("", "one of email, answer_id and respondent_token is expected")
        if self.email is not None and self.survey_id is not None:
            raise FieldRuleError("/survey_id", "survey_id comes with answer_id or respondent_token, not with email")
        if self.email is None and self.survey_id is None:
            raise FieldRuleError("/survey_id", "this field is required with answer_id and respondent_token")


class RequestReceived(ResponseBody, frozen=True, kw_only=True):
    """The request is noted. `waiting`: if the address is on file, a code is on its way there, and good until about `until`.

    Nobody is told whether it is. `confirmed`, with the `token` that opens the request until `until`: it came with a proof.
    """

    request_id: str
    type: RequestType
    status: RequestStatus
    until: datetime
    token: str | UnsetType = UNSET


class ConfirmRequest(RequestBody, frozen=True, kw_only=True):
    """The eight digits that came by e-mail."""

    code: Code


class SubjectErasure(ResponseBody, frozen=True, kw_only=True):
    """How far a deletion is. The key goes first: from `key_destroyed_at` on no copy of what was written can be read.

    `refusal`, with the controller's `reason` and `legal_reference`, says why nothing is deleted (LGPD arts. 16, 18 §4).
    """

    erasure_id: str
    step: Step
    asked_at: datetime
    marked_at: datetime | None
    key_destroyed_at: datetime | None
    done_at: datetime | None
    counts: dict[str, int]
    receipt_id: str | None
    refusal: Refusal | None
    reason: str | None
    legal_reference: str | None


class RequestView(ResponseBody, frozen=True, kw_only=True):
    """A confirmed request: `erasures` of a deletion, `held` of an access, one for each record of the person. Empty: nothing is held."""

    request_id: str
    type: RequestType
    status: RequestStatus
    asked_at: datetime
    until: datetime
    erasures: tuple[SubjectErasure, ...] | UnsetType = UNSET
    held: tuple[dict[str, Any], ...] | UnsetType = UNSET
    token: str | UnsetType = UNSET


class ReceiptView(ResponseBody, frozen=True, kw_only=True):
    """A receipt: a compact JWS (RFC 7515), to be verified with the keys of GET /v1/privacy/receipt-keys; `claims` is what it says."""

    receipt_id: str
    receipt: str
    claims: dict[str, Any]


class ReceiptKeys(ResponseBody, frozen=True, kw_only=True):
    """The public keys of receipts, as a JWK Set (RFC 7517)."""

    keys: tuple[dict[str, str], ...]
