"""How many of those who were shown the question answered, in the report of the score: in all and by channel."""

from collections import Counter
from collections.abc import Mapping, Sequence

from shared import dimension as dim
from shared.api.nps import NpsQuery
from shared.api.nps_messages import ChannelRate, NpsReport, ResponseRate
from shared.display_counts import DisplayCounts, Displayed, response_rate, total_of
from shared.withholding import SMALLEST_GROUP

_CHANNEL = dim.row_of(dim.CHANNEL, "")
type Channels = Mapping[str, DisplayCounts]


def has_rate(query: NpsQuery, report: NpsReport) -> bool:
    """Whether there is a rate beside a report: displays are counted by channel alone, and a group whose figures are withheld has none."""
    return report.answers is not None and (query.is_of_everybody or _channel_of(query) is not None)


def rate_of(query: NpsQuery, displays: Sequence[Channels], *, may_read_answers: bool, shows_channels: bool) -> ResponseRate:
    """The rate of everybody or of one channel, from the displays of the period by channel, of each survey of the query.

    Answers are counted by browsers, too, when they count displays: channels are told apart only where their figures are shown.
    """
    channel, channels = _channel_of(query), _added(displays)
    if channel is not None:
        return _view_of(channels.get(channel, {}), None)
    may_show = may_read_answers or (shows_channels and all(map(_none_are_few, displays)))
    return _view_of(total_of(channels), _by_channel(channels) if may_show else None)


def _channel_of(query: NpsQuery) -> str | None:
    row = query.parts[0].row
    return row.removeprefix(_CHANNEL) if row.startswith(_CHANNEL) and "&" not in row else None


def _added(displays: Sequence[Channels]) -> Channels:
    """Those of several surveys together."""
    total: dict[str, Counter[Displayed]] = {}
    for channels in displays:
        for channel, counts in channels.items():
            total.setdefault(channel, Counter()).update(counts)
    return total


def _none_are_few(channels: Channels) -> bool:
    """All channels or none: what is shown of all but one gives that one away."""
    answered = [counts.get(Displayed.ANSWERED, 0) for counts in channels.values()]
    return all(min(each, sum(answered) - each) >= SMALLEST_GROUP for each in answered)


def _by_channel(channels: Channels) -> dict[str, ChannelRate]:
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
