"""How many of those who were shown the question answered, in the report of the score: in all and by channel."""

from collections.abc import Mapping

from shared import dimension as dim
from shared.api.nps import NpsQuery
from shared.api.nps_messages import ChannelRate, NpsReport, ResponseRate
from shared.display_counts import DisplayCounts, Displayed, response_rate, total_of
from shared.withholding import SMALLEST_GROUP

_CHANNEL = dim.row_of(dim.CHANNEL, "")


def has_rate(query: NpsQuery, report: NpsReport) -> bool:
    """Whether there is a rate beside a report: displays are counted by channel alone, and a group whose figures are withheld has none."""
    return report.answers is not None and (query.row == dim.ALL or _channel_of(query) is not None)


def rate_of(query: NpsQuery, channels: Mapping[str, DisplayCounts], *, may_read_answers: bool) -> ResponseRate:
    """The rate of everybody or of one channel, from the displays of the period by channel."""
    channel = _channel_of(query)
    if channel is not None:
        return _view_of(channels.get(channel, {}), None)
    return _view_of(total_of(channels), _by_channel(channels) if may_read_answers or _may_show(query, channels) else None)


def _channel_of(query: NpsQuery) -> str | None:
    return query.row.removeprefix(_CHANNEL) if query.row.startswith(_CHANNEL) and "&" not in query.row else None


def _may_show(query: NpsQuery, channels: Mapping[str, DisplayCounts]) -> bool:
    """By the rules of `shared.withholding`, and all channels or none: what is shown of all but one gives that one away."""
    answered = [counts.get(Displayed.ANSWERED, 0) for counts in channels.values()]
    is_over = query.period.is_whole_weeks and query.period.last < query.today
    return is_over and all(min(each, sum(answered) - each) >= SMALLEST_GROUP for each in answered)


def _by_channel(channels: Mapping[str, DisplayCounts]) -> dict[str, ChannelRate]:
    return {
        name: ChannelRate(
            shown=counts.get(Displayed.SHOWN, 0),
            answered=counts.get(Displayed.ANSWERED, 0),
            dismissed=counts.get(Displayed.DISMISSED, 0),
            rate=response_rate(counts),
        )
        for name, counts in sorted(channels.items())
    }


def _view_of(counts: DisplayCounts, channels: dict[str, ChannelRate] | None) -> ResponseRate:
    return ResponseRate(
        shown=counts.get(Displayed.SHOWN, 0),
        answered=counts.get(Displayed.ANSWERED, 0),
        dismissed=counts.get(Displayed.DISMISSED, 0),
        opened=counts.get(Displayed.OPENED, 0),
        suspect=counts.get(Displayed.SUSPECT, 0),
        rate=response_rate(counts),
        channels=channels,
    )
