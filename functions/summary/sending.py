"""Letters of a Monday morning: one a user, time zone and week, however often the clock strikes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from functions.summary.composition import Summing, logger
from shared import dimension as dim
from shared.faults import describe
from shared.periods import Period
from shared.reporting.counts import Counts
from shared.scoring import NegativeCountError
from shared.signin.user import User
from shared.summary.letter import Links, letter_of
from shared.summary.subscription import Subscription
from shared.summary.week import SurveyWeek, days_to_read, due, figures, week_of
from shared.survey import Survey

_TRIES: Final = 3


class Round(NamedTuple):
    """What a time zone's letters tell."""

    time_zone: str
    week: Period
    weeks: Sequence[SurveyWeek]
    now: datetime


class LettersLeftError(Exception):
    """Some letters could not be sent; the next run tries again while it is Monday."""


def send_due(now: datetime, house: Summing) -> dict[str, int]:
    """Send what is due, if there is an address to send from. Raises `LettersLeftError` once the others are sent."""
    sent = left = 0
    for time_zone, surveys in due(house.surveys.list(), now).items() if house.mail else ():
        week = week_of(now, time_zone)
        weeks = [_read(survey, week, house) for survey in surveys]
        for subscription in house.subscriptions.list():
            try:
                sent += _send(subscription, Round(time_zone, week, weeks, now), house)
            except Exception as error:  # noqa: BLE001 - raised once the others have theirs
                logger.error("summary not sent", extra={"user_id": subscription.user_id} | describe(error))
                left += 1
    logger.info("summaries sent", sent=sent, left=left)
    if left:
        raise LettersLeftError
    return {"sent": sent}


def _send(subscription: Subscription, told: Round, house: Summing) -> bool:
    """To whoever is a user still, at the address that they have now; whoever is gone is forgotten."""
    user = house.office.find(subscription.user_id)
    if user is None:
        house.subscriptions.end(subscription.user_id)
        return False
    mine = (user.user_id, told.time_zone, told.week.first)
    if house.mail is None or not _may_read(user) or not house.subscriptions.claim(*mine, told.now):
        return False
    links = Links(f"{house.public_url}/console", f"{house.public_url}/resumo/{subscription.token}")
    try:
        house.mail.send(user.email, letter_of(told.weeks, told.week, user.locale, links))
    except Exception:
        house.subscriptions.give_back(*mine)
        raise
    return True


def _may_read(user: User) -> bool:
    """Every role reads scores."""
    return user.enabled and user.has_signed_in and user.role is not None


def _read(survey: Survey, week: Period, house: Summing) -> SurveyWeek:
    """Rows are read while they may change: what does not add up is read again."""
    for attempt in range(_TRIES):
        counts = Counts(house.rollups.sums(survey, {dim.ALL}, *days_to_read(week), strong=attempt > 0))
        try:
            return figures(survey, counts, week)
        except NegativeCountError:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError
