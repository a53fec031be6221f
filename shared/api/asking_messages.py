"""What goes over the wire when people are asked: displays that are counted, whether to ask, people to invite and their links."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta, field

from shared.api.body import FieldRuleError
from shared.api.messages import Given, RequestBody, RespondentToken, ResponseBody
from shared.display_counts import MOST_AT_ONCE, DisplayCounts, Displayed

MOST_PEOPLE: Final = 1000
Times = Annotated[int, Meta(ge=0, le=MOST_AT_ONCE)]
Plain = r"\A[^\x00-\x1f\x7f\ud800-\udfff]*\Z"
"""No control character, and no half of a surrogate pair."""


class Outcome(StrEnum):
    """What became of a line."""

    MADE = "made"
    SUPPRESSED = "suppressed"
    ASKED_RECENTLY = "asked_recently"
    INVALID = "invalid"
    TRY_AGAIN = "try_again"


class Displays(RequestBody, frozen=True, kw_only=True):
    """How often the question was shown, and what came of it, since the page told last. With a token it is remembered of that person."""

    channel: Given | None = None
    shown: Times = 0
    dismissed: Times = 0
    answered: Times = 0
    opened: Times = 0
    suspect: Times = 0
    respondent_token: RespondentToken | None = None

    def counts(self) -> DisplayCounts:
        """The numbers that are not nothing."""
        return {each: count for each in Displayed if (count := getattr(self, each.value))}


class Nothing(ResponseBody, frozen=True, kw_only=True):
    """An object without members."""


class AskWhom(RequestBody, frozen=True, kw_only=True):
    """Of whom it is asked whether they may be."""

    respondent_token: RespondentToken


class AskView(ResponseBody, frozen=True, kw_only=True):
    """Whether the question may be shown to that person now."""

    ask: bool


class Invitee(RequestBody, frozen=True, kw_only=True):
    """Somebody to invite, by customer id or e-mail at least. Checked one by one, so that one that is wrong spoils no other."""

    email: str | None = None
    name: str | None = None
    customer_id: str | None = None
    segments: dict[str, str] = field(default_factory=dict)


class NewLinks(RequestBody, frozen=True, kw_only=True):
    """People to invite."""

    people: Annotated[tuple[Invitee, ...], Meta(min_length=1, max_length=MOST_PEOPLE)]
    expires_days: Annotated[int, Meta(ge=1, le=180)] = 60
    touchpoint: Given | None = None

    def __post_init__(self) -> None:
        """Nobody is invited without being named."""
        for number, person in enumerate(self.people):
            if len(person.segments) > 20:  # noqa: PLR2004 - as many as a survey declares
                raise FieldRuleError(f"/people/{number}/segments", "at most 20 segments are expected")


class LinkView(ResponseBody, frozen=True, kw_only=True):
    """One line's outcome, in the order in which the people came. `link_id` is what merge tags put into a mail's links."""

    line: int
    status: Outcome
    link: str | None = None
    link_id: str | None = None
    reason: str | None = None


class LinksMade(ResponseBody, frozen=True, kw_only=True):
    """One outcome a line; `made` counts the links."""

    made: int
    links: tuple[LinkView, ...]


class EmailFragment(ResponseBody, frozen=True, kw_only=True):
    """A fragment for an e-mail tool: the question with its eleven links, and the same as plain text."""

    subject: str
    html: str
    text: str
