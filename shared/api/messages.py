"""What goes over the wire with answers: what a page asks with, sends and gets. Requests refuse unknown fields.

Messages of other kinds lie in modules of their own, so that `collect` starts with these alone.
"""

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from shared.api.body import FieldRuleError
from shared.scoring import NpsClass
from shared.survey import Display, Encarregado, Locale, SurveyStatus, Theme

LONGEST_COMMENT: Final = 5000
Score = Annotated[int, Meta(ge=0, le=10)]
Comment = Annotated[str, Meta(max_length=LONGEST_COMMENT)]
Given = Annotated[str, Meta(min_length=1, max_length=200)]
"""A dimension's name or value as a page gives it; what the survey does not declare counts as `other`."""


RespondentToken = Annotated[str, Meta(min_length=1, max_length=8192)]
InvitationId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}$(?!\n)", max_length=22)]
"""128 random bits, base64url: opaque, it names nobody by itself."""
ConsentVersion = Annotated[str, Meta(min_length=1, max_length=120)]
"""The version of the consent text whose box the person has ticked."""


class RequestBody(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A request's body."""


class ResponseBody(Struct, frozen=True, kw_only=True):
    """A response's body. Only what is UNSET is left out: null says that there is nothing."""


class NewAnswer(RequestBody, frozen=True, kw_only=True):
    """An answer. With `answer_id` (UUIDv7) comes the SHA-256 of the edit key that the client keeps; such a POST may be repeated."""

    score: Score
    answer_id: Annotated[str, Meta(min_length=36, max_length=36)] | None = None
    edit_key_hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", max_length=64)] | None = None
    comment: Comment | None = None
    finished: bool = False
    touchpoint: Given | None = None
    channel: Given | None = None
    locale: Given | None = None
    variant: Given | None = None
    segments: Annotated[dict[Given, Given], Meta(max_length=20)] = field(default_factory=dict)
    respondent_token: RespondentToken | None = None
    invitation: InvitationId | None = None
    consent_version: ConsentVersion | None = None
    took_ms: Annotated[int, Meta(ge=0)] | None = None
    """Milliseconds from the question being shown to the answer, by the page's own clock."""
    website: Annotated[str, Meta(max_length=500)] = ""
    """A field that no person sees; whoever fills it in is not one."""

    def __post_init__(self) -> None:
        """An id without a hash could never be edited, nor told from somebody else's; a hash without an id would be lost."""
        if self.answer_id is None and self.edit_key_hash is not None:
            raise FieldRuleError("/answer_id", "answer_id and edit_key_hash come together")
        if self.answer_id is not None and self.edit_key_hash is None:
            raise FieldRuleError("/edit_key_hash", "answer_id and edit_key_hash come together")


class FollowUp(ResponseBody, frozen=True, kw_only=True):
    """What to ask next."""

    question: str


class AnswerReceived(ResponseBody, frozen=True, kw_only=True):
    """The answer is stored. `edit_token` comes once, with 201, where the client brought no edit key of its own."""

    answer_id: str
    nps_class: NpsClass = field(name="class")
    follow_up: FollowUp
    edit_token: str | UnsetType = UNSET


class AnswerChange(RequestBody, frozen=True, kw_only=True):
    """A change of an answer; what is left out stays. `finished` only ever becomes true."""

    score: Score | UnsetType = UNSET
    comment: Comment | UnsetType = UNSET
    finished: bool | UnsetType = UNSET
    consent_version: ConsentVersion | UnsetType = UNSET
    respondent_token: RespondentToken | UnsetType = UNSET
    """Whose answer it is, where that is said only after it was given: the person consented then."""
    invitation: InvitationId | UnsetType = UNSET
    """Likewise, by a personal link."""

    def __post_init__(self) -> None:
        """Refuse what would change nothing or go back."""
        if self.finished is False:
            raise FieldRuleError("/finished", "only true is expected here")
        if self.score is UNSET and self.comment is UNSET and self.finished is UNSET and self.consent_version is UNSET:
            raise FieldRuleError("", "at least one of score, comment, finished, consent_version is expected")


class Scale(ResponseBody, frozen=True, kw_only=True):
    """What stands at the ends of the scale."""

    low: str
    high: str


class FormLegalBasis(ResponseBody, frozen=True, kw_only=True):
    """Under which legal basis the answer is processed; consent comes with its text and that text's version."""

    kind: Literal["consent", "legitimate_interest", "contract"]
    consent_text: str | None
    consent_version: str | None


class Form(ResponseBody, frozen=True, kw_only=True):
    """All that a page needs to ask a survey's question."""

    survey_id: str
    status: SurveyStatus
    company: str
    locale: Locale
    locales: tuple[Locale, ...]
    question: str
    scale: Scale
    follow_up: dict[NpsClass, str]
    thanks: str
    ui: dict[str, str]
    """What stands on buttons and beside them, by name; `{n}` stands for a score."""
    theme: Theme
    legal_basis: FormLegalBasis | None
    notice_url: str | None
    encarregado: Encarregado | None
    display: Display
    recontact_days: int
