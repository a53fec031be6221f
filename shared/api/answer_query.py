"""Which answers a request asks for, from its query: for lists and for exports alike."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared import dimension as dim
from shared.answer import Standing
from shared.api.nps import SEGMENT, filters_of, period_of
from shared.api.problem import Invalid, invalid_parameter
from shared.periods import local_day
from shared.phrase import Phrase
from shared.reading.query import AnswerQuery
from shared.reading.walk import InvalidPositionError, instant_of
from shared.scoring import HIGHEST_SCORE, NpsClass
from shared.survey import Survey
from shared.words import plain

FILTERS: Final = ("from", "to", "class", "score", "standing", "commented", "words", *dim.PLAIN, SEGMENT)
MOST_SHOWN: Final = 100
USUALLY_SHOWN: Final = 50
_MOST_WORDS: Final = 10
_LONGEST_WORDS: Final = 200
_LONGEST_CURSOR: Final = 200
_YES_OR_NO: Final = {"true": True, "false": False}


class Order(StrEnum):
    """Which end a list begins with."""

    NEWEST = "newest"
    OLDEST = "oldest"


def query_of(parameters: Mapping[str, str], survey: Survey, now: datetime, *more: str) -> AnswerQuery:
    """Read the filters; `more` are the names that are read elsewhere. A repeated parameter comes joined by commas. Raises `Invalid`."""
    allowed = (*FILTERS, *more)
    for name in parameters:
        if name not in allowed:
            raise Invalid(Phrase("Only these parameters are allowed: {names}.", names=allowed))
    period = period_of(parameters, local_day(now, survey.settings.time_zone))
    return AnswerQuery(
        first=period.first,
        last=period.last,
        standings=_several(parameters, "standing", tuple(Standing)) or (Standing.VALID,),
        classes=_several(parameters, "class", tuple(NpsClass)),
        scores=_several(parameters, "score", tuple(range(HIGHEST_SCORE + 1))),
        commented=_yes_or_no(parameters, "commented"),
        dimensions=_dimensions(parameters, survey),
        words=_words(parameters),
    )


def order_of(parameters: Mapping[str, str]) -> Order:
    """The order that is asked for: the newest first, unless it is said otherwise. Raises `Invalid`."""
    try:
        return Order(parameters.get("order", Order.NEWEST))
    except ValueError:
        raise invalid_parameter("order", Phrase("one of {values} is expected", values=tuple(Order))) from None


def limit_of(parameters: Mapping[str, str]) -> int:
    """How many answers a page is to have. Raises `Invalid`."""
    text = parameters.get("limit", str(USUALLY_SHOWN))
    if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_SHOWN)) and 1 <= int(text) <= MOST_SHOWN:
        return int(text)
    raise invalid_parameter("limit", Phrase("a whole number from 1 to {most} is expected", most=MOST_SHOWN))


def cursor_of(survey: Survey, order: Order, position: str) -> str:
    """The cursor that goes on from a position."""
    return urlsafe_b64encode(f"{order} {survey.survey_id} {position}".encode()).decode()


def position_of(parameters: Mapping[str, str], survey: Survey, order: Order) -> str | None:
    """The position of the cursor, if there is one. Raises `Invalid` for one of another survey or order, or of nobody's making."""
    text = parameters.get("cursor")
    if text is None:
        return None
    try:
        if len(text) > _LONGEST_CURSOR:
            raise ValueError  # noqa: TRY301 - one place that refuses
        of_order, survey_id, position = urlsafe_b64decode(text.encode("ascii")).decode("ascii").split(" ")
        if (of_order, survey_id) != (order, survey.survey_id):
            raise ValueError  # noqa: TRY301 - likewise
        instant_of(position)
    except (ValueError, InvalidPositionError):
        raise invalid_parameter("cursor", "the next_cursor of the page before is expected, with the same survey and order") from None
    return position


def _several[Each](parameters: Mapping[str, str], name: str, allowed: tuple[Each, ...]) -> tuple[Each, ...]:
    """Values of a list, in the order of `allowed`, each once."""
    if name not in parameters:
        return ()
    spelled = {str(each): each for each in allowed}
    wanted = {spelled.get(text) for text in parameters[name].split(",")}
    if None in wanted:
        raise invalid_parameter(name, Phrase("one of these, or several joined by commas, is expected: {values}", values=tuple(spelled)))
    return tuple(each for each in allowed if each in wanted)


def _yes_or_no(parameters: Mapping[str, str], name: str) -> bool | None:
    if name not in parameters:
        return None
    if parameters[name] not in _YES_OR_NO:
        raise invalid_parameter(name, "true or false is expected")
    return _YES_OR_NO[parameters[name]]


def _dimensions(parameters: Mapping[str, str], survey: Survey) -> dict[str, str]:
    given = filters_of(parameters, survey)
    chosen = dict(given)
    if len(chosen) != len(given):
        raise invalid_parameter(SEGMENT, "each segment once is expected")
    return chosen


def _words(parameters: Mapping[str, str]) -> tuple[str, ...]:
    if "words" not in parameters:
        return ()
    text = parameters["words"]
    if len(text) > _LONGEST_WORDS:
        raise invalid_parameter("words", Phrase("at most {most} characters are expected", most=_LONGEST_WORDS))
    words = tuple(word for word in text.split() if plain(word))
    if not 0 < len(words) <= _MOST_WORDS:
        raise invalid_parameter("words", Phrase("1 to {most} words are expected", most=_MOST_WORDS))
    return words
