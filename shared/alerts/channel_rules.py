"""What a channel's settings may be, and what SNS is told of them for a subscription (its filter policy)."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Final

from shared.alerts.channel import Channel, ChannelKind, ChannelSettings, ChannelStatus, Rules
from shared.periods import UnknownTimeZoneError, zone
from shared.phrase import Phrase

type FilterPolicy = Mapping[str, Sequence[str | Mapping[str, Sequence[str | int]]]]

MOST_COMBINATIONS: Final = 150
"""Of values in a filter policy (SNS developer guide, filter policy constraints)."""
_ANY_SCORE: Final = 6
NOTHING: Final[FilterPolicy] = {"type": ["nothing"]}
"""Lets no message through: there is none of that type."""


class ChannelRuleError(ValueError):
    """Settings may not be what was asked; `rule` names why and `pointer` (RFC 6901) where."""

    def __init__(self, rule: str, pointer: str) -> None:
        """Keep both for the answer; neither carries a value that came in."""
        super().__init__(f"{rule} at {pointer}")
        self.rule = rule
        self.pointer = pointer


def check(kind: ChannelKind, settings: ChannelSettings) -> None:
    """Refuse settings that contradict themselves, or that a channel of the kind cannot keep. Raises `ChannelRuleError`."""
    quiet = settings.rules.quiet_hours
    if quiet is not None:
        try:
            zone(quiet.time_zone)
        except UnknownTimeZoneError:
            raise ChannelRuleError("an IANA time zone is expected", "/rules/quiet_hours/time_zone") from None
        if quiet.begins == quiet.ends:
            raise ChannelRuleError("quiet hours end at another time than they begin", "/rules/quiet_hours/ends")
    for position, word in enumerate(settings.rules.words):
        if not any(letter.isalnum() for letter in word):
            raise ChannelRuleError("a word with a letter or a digit is expected", f"/rules/words/{position}")
    if kind.is_subscription:
        _check_subscription(settings)


def filter_policy(channel: Channel) -> FilterPolicy:
    """What SNS lets through to the subscription, by attributes of the messages (`compose.sns`); nothing while it is paused.

    A withdrawn alert has no detractor's score any more, so whoever hears of every score hears of it, and nobody else.
    """
    if channel.status is ChannelStatus.PAUSED:
        return NOTHING
    rules = channel.settings.rules
    policy: dict[str, Sequence[str | Mapping[str, Sequence[str | int]]]] = {}
    if rules.surveys:
        policy["survey"] = rules.surveys
    if rules.score_at_most < _ANY_SCORE:
        policy["score"] = [{"numeric": ["<=", rules.score_at_most]}]
    if rules.touchpoints:
        policy["touchpoint"] = rules.touchpoints
    for key, values in _segments(rules).items():
        policy["segments"] = [f"{key}:{value}" for value in values]
    return policy


def _check_subscription(settings: ChannelSettings) -> None:
    """SNS filters by what stands beside a message, delivers at once, and sends all subscribers the same."""
    rules, usual = settings.rules, ChannelSettings(name=settings.name)
    refused = {
        "/locale": (settings.locale != usual.locale, Phrase("all subscribers hear the same language; see AlertLocale")),
        "/wait_seconds": (
            settings.wait_seconds != usual.wait_seconds,
            Phrase("all subscribers hear at the same time; see AlertWaitSeconds"),
        ),
        "/include": (
            settings.include,
            Phrase("SNS sends every subscriber the same, so nothing personal; leave it empty, or use a webhook"),
        ),
        "/rules/words": (rules.words, Phrase("SNS does not see comments, so it cannot look for words; use a webhook or a chat tool")),
        "/rules/quiet_hours": (rules.quiet_hours, Phrase("SNS delivers at once, so it keeps no quiet hours; use a webhook or a chat tool")),
        "/rules/digest": (rules.digest != "none", Phrase("SNS delivers one by one, so it makes no digests; use a webhook or a chat tool")),
        "/rules/segments": (len(_segments(rules)) > 1, Phrase("SNS filters by one segment at most; leave one, or make a channel for each")),
    }
    for pointer, (given, rule) in refused.items():
        if given:
            raise ChannelRuleError(rule, pointer)
    lists = (rules.surveys, rules.touchpoints, *_segments(rules).values())
    if prod(max(len(values), 1) for values in lists) > MOST_COMBINATIONS:
        raise ChannelRuleError(
            Phrase("SNS takes at most {most} combinations of surveys, touchpoints and segments; name fewer", most=MOST_COMBINATIONS),
            "/rules",
        )


def _segments(rules: Rules) -> Mapping[str, Sequence[str]]:
    return {key: values for key, values in rules.segments.items() if values}
