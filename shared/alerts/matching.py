"""Which alerts a channel hears of, and when. Instants are in UTC."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from shared import dimension as dim
from shared.alerts.channel import Channel, ChannelStatus, Rules
from shared.answer import Answer
from shared.periods import zone
from shared.words import has_word, plain

_DIGEST_ZONE: Final = "America/Sao_Paulo"
_DAY: Final = timedelta(days=1)


def wants(channel: Channel, answer: Answer) -> bool:
    """Whether the channel's rules take the answer, its comment aside.

    A channel that was paused or disabled wants what it wanted before: its alerts are held, and can be replayed.
    """
    rules = channel.settings.rules
    return (
        channel.status is not ChannelStatus.UNVERIFIED
        and (not rules.surveys or answer.key.survey_id in rules.surveys)
        and answer.score <= rules.score_at_most
        and (not rules.touchpoints or answer.dimensions.get(dim.TOUCHPOINT) in rules.touchpoints)
        and all(not values or answer.dimensions.get(dim.SEGMENT + key) in values for key, values in rules.segments.items())
    )


def wants_words(rules: Rules, comment: str | None) -> bool:
    """Whether the comment has one of the words the channel waits for, or one that begins with it; without any, every comment does.

    However accented, cased or spaced, in whatever letters look like ours: "cancel" is found in "Vou CANCELÁ-LO", "tv" not in "ativo".
    """
    if not rules.words:
        return True
    said = plain(comment or "")
    return any(has_word(said, plain(word)) for word in rules.words)


def is_urgent(rules: Rules, score: int) -> bool:
    """Whether an alert about such a score waits for nothing: neither the end of quiet hours nor a digest."""
    return rules.quiet_hours is not None and score <= rules.quiet_hours.urgent_at_most


def quiet_until(rules: Rules, now: datetime) -> datetime | None:
    """When the quiet hours end that `now` lies in; None outside of them. They begin and end when the receivers' clocks first say so."""
    quiet = rules.quiet_hours
    if quiet is None:
        return None
    here = zone(quiet.time_zone)
    begins, ends = time.fromisoformat(quiet.begins), time.fromisoformat(quiet.ends)
    today = now.astimezone(here).date()
    for evening in (today - _DAY, today):
        morning = evening + _DAY if begins > ends else evening
        begin, end = (datetime.combine(day, at, here).astimezone(UTC) for day, at in ((evening, begins), (morning, ends)))
        if begin <= now < end:
            return end
    return None


def next_digest(rules: Rules, score: int, now: datetime) -> datetime | None:
    """When the digest that takes along an alert made now goes out, never in quiet hours; None where the alert goes by itself."""
    if rules.digest == "none" or is_urgent(rules, score):
        return None
    due = _next_hour(now) if rules.digest == "hourly" else _next_time(rules, now)
    return quiet_until(rules, due) or due


def _next_hour(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _next_time(rules: Rules, now: datetime) -> datetime:
    here = zone(rules.quiet_hours.time_zone if rules.quiet_hours else _DIGEST_ZONE)
    at, today = time.fromisoformat(rules.digest_at), now.astimezone(here).date()
    todays, tomorrows = (datetime.combine(day, at, here).astimezone(UTC) for day in (today, today + _DAY))
    return todays if todays > now else tomorrows
