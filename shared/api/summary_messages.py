"""The weekly summary, as a user asks for it."""

from shared.api.messages import ResponseBody


class WeeklySummary(ResponseBody, frozen=True, kw_only=True):
    """Whether the user gets the week's scores by letter, on Mondays."""

    wanted: bool
