"""Which alerts a channel hears of, and when."""

import unicodedata
from datetime import datetime, time, timedelta

from shared import dimension as dim
from shared.alerts.channel import Channel, ChannelStatus, QuietHours, Rules
from shared.answer import Answer
from shared.periods import zone


def wants(channel: Channel, answer: Answer) -> bool:
    """Whether the channel's rules take the answer, its comment aside."""
    rules = channel.settings.rules
    return (
        channel.status is ChannelStatus.ACTIVE
        and (not rules.surveys or answer.key.survey_id in rules.surveys)
        and answer.score <= rules.score_at_most
        and (not rules.touchpoints or answer.dimensions.get(dim.TOUCHPOINT) in rules.touchpoints)
        and all(answer.dimensions.get(dim.SEGMENT + key) in values for key, values in rules.segments.items())
    )


def wants_words(rules: Rules, comment: str | None) -> bool:
    """Whether the comment has one of the words the channel waits for, however accented or cased; without any, every comment does."""
    if not rules.words:
        return True
    said = _plain(comment or "")
    return any(_plain(word) in said for word in rules.words)


def not_before(rules: Rules, score: int, now: datetime) -> datetime | None:
    """When an alert may be sent at the earliest because of quiet hours; None: now."""
    quiet = rules.quiet_hours
    if quiet is None or score <= quiet.urgent_at_most:
        return None
    return _end_of_quiet(quiet, now)


def next_digest(rules: Rules, now: datetime) -> datetime | None:
    """When the digest that takes an alert made now goes out; None where the channel hears of each by itself."""
    if rules.digest == "none":
        return None
    zone_name = rules.quiet_hours.time_zone if rules.quiet_hours else "America/Sao_Paulo"
    local = now.astimezone(zone(zone_name))
    if rules.digest == "hourly":
        return (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    due = local.replace(hour=_time(rules.digest_at).hour, minute=_time(rules.digest_at).minute, second=0, microsecond=0)
    return (due if due > local else due + timedelta(days=1)).astimezone(now.tzinfo)


def _end_of_quiet(quiet: QuietHours, now: datetime) -> datetime | None:
    local = now.astimezone(zone(quiet.time_zone))
    begins, ends, at = _time(quiet.begins), _time(quiet.ends), local.time()
    over_midnight = begins > ends
    inside = (at >= begins or at < ends) if over_midnight else begins <= at < ends
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and at >= begins else local.date()
    return datetime.combine(day, ends, local.tzinfo).astimezone(now.tzinfo)


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
