"""What goes over the wire with lists of answers."""

from datetime import datetime

from shared.api.answer_views import AnswerView
from shared.api.messages import ResponseBody


class LookedThrough(ResponseBody, frozen=True, kw_only=True):
    """How far a page has looked: up to this instant, from whichever end the order begins with."""

    until: datetime


class AnswerList(ResponseBody, frozen=True, kw_only=True):
    """A page of answers. It may be short, or empty, and yet have a next one: each looks at a bounded number of answers."""

    survey_id: str
    answers: tuple[AnswerView, ...]
    next_cursor: str | None
    looked_through: LookedThrough
