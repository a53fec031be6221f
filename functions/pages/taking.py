"""What the form sends where no script does: the same intake as the API's, one step at a time.

The answer's id and key are made with the page and come back in its form, so sending it twice is one answer. A step is read by what stands
in the form, and each may be sent again: the browser's way back leads to a page that still works.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import UNSET

from functions.pages.composition import compose
from functions.pages.visit import Visit
from shared import answer_id as ids
from shared.answer import Answer
from shared.api.messages import LONGEST_COMMENT, AnswerChange, NewAnswer
from shared.identity import edit_key_hash_of
from shared.intake.change import change
from shared.intake.receive import receive
from shared.survey import Survey

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_RANDOM_BITS: Final = 74
_KEY_BYTES: Final = 32
_LONGEST_TRAP: Final = 500


@dataclass(frozen=True, slots=True)
class Ticket:
    """What makes an answer one: its id, and the key that opens it."""

    answer_id: str
    edit_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a person sent beside the score, as they typed it."""

    comment: str = ""
    consent: str | None = None
    """The version of the text whose box is ticked."""
    website: str = ""
    """What no person sees, and so none fills in."""
    is_final: bool = False

    @property
    def comment_is_too_long(self) -> bool:
        """Whether nobody would read it."""
        return len(self.comment) > LONGEST_COMMENT


def new_ticket() -> Ticket:
    """A ticket of now."""
    return Ticket(ids.mint(datetime.now(UTC), secrets.randbits(_RANDOM_BITS)), secrets.token_urlsafe(_KEY_BYTES))


def ticket_of(form: Mapping[str, str]) -> Ticket:
    """The form's own ticket; a new one where it is none, or too old to be taken."""
    answer_id, key = form.get("answer_id", ""), form.get("edit_key", "")
    try:
        ids.parse_current(answer_id, datetime.now(UTC))
    except ValueError:
        return new_ticket()
    return Ticket(answer_id, key) if _KEY.fullmatch(key) else new_ticket()


def sent_of(form: Mapping[str, str]) -> Sent:
    """Read the form. Line breaks are one character here, as they were counted where they were typed."""
    return Sent(
        comment=form.get("comment", "").replace("\r\n", "\n"),
        consent=form.get("consent", "").partition(" ")[2] or None,
        website=form.get("website", "")[:_LONGEST_TRAP],
        is_final=form.get("step") == "finish",
    )


def invitation_in(form: Mapping[str, str]) -> str:
    """The invitation: where consent is asked for, it stands in the box itself, so that it is sent once that is ticked."""
    return form.get("t") or form.get("consent", "").partition(" ")[0]


def take(survey: Survey, visit: Visit, score: int, sent: Sent, ticket: Ticket, source_ip: str | None) -> None:  # noqa: PLR0913, PLR0917 - what, whose, from where
    """Keep the score, then whatever else came. Raises the refusals of `shared.api.problem`."""
    now, intake = datetime.now(UTC), compose().intake
    new = NewAnswer(
        score=score,
        answer_id=ticket.answer_id,
        edit_key_hash=edit_key_hash_of(ticket.edit_key),
        touchpoint=visit.touchpoint,
        channel=visit.channel,
        locale=visit.locale,
        variant=visit.variant,
        invitation=visit.invitation,
        consent_version=sent.consent,
        took_ms=None if visit.invitation else _milliseconds_since(ticket, now),
        website=sent.website,
    )
    stored = receive(survey, new, now, intake, source_ip).answer
    if sent.is_final or stored.score != score:
        change(survey, ticket.answer_id, ticket.edit_key, _change(stored, score, sent, visit), now, intake)


def _change(stored: Answer, score: int, sent: Sent, visit: Visit) -> AnswerChange:
    """What is left to be said of an answer that is there. An empty comment takes back one that was sent before.

    Consent that came after the score brings along whose it is.
    """
    speaks = sent.is_final and (bool(sent.comment.strip()) or stored.commented)
    return AnswerChange(
        score=UNSET if stored.score == score else score,
        comment=sent.comment if speaks else UNSET,
        consent_version=sent.consent or UNSET,
        invitation=(visit.invitation if sent.consent else None) or UNSET,
        finished=True if sent.is_final else UNSET,
    )


def _milliseconds_since(ticket: Ticket, now: datetime) -> int:
    return max(0, (now - ids.parse(ticket.answer_id).instant) // timedelta(milliseconds=1))
