"""What reading answers works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes

from aws_lambda_powertools import Logger

from shared.api.http import Request
from shared.api.problem import NoSuchSurvey
from shared.reading.audit import ExportAudit
from shared.reading.page import Reading
from shared.store.answers import Answers
from shared.store.export_audit import LedgerExports
from shared.store.facts import PeopleFacts
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SurveyStore
from shared.store.sealing import Sealing
from shared.store.settings import from_environment
from shared.store.sharing import PeopleSharing
from shared.store.tables import AnswerItem, LedgerItem, PersonItem, PersonKeyItem, RegistryItem, bind
from shared.survey import Survey

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    ledger_table: str
    sealing_key: str


@dataclass(frozen=True, slots=True)
class Showing:
    """What the function works with."""

    surveys: SurveyStore
    answers: Answers
    people: PeopleSharing
    reading: Reading
    audit: ExportAudit
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]


@cache
def compose() -> Showing:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(LedgerItem, settings.ledger_table)
    keys, answers = PersonKeys(MasterKeys(Sealing(settings.sealing_key)), token_bytes), Answers()
    return Showing(
        surveys=SurveyStore(),
        answers=answers,
        people=PeopleSharing(keys),
        reading=Reading(answers=answers, people=PeopleFacts(keys)),
        audit=LedgerExports(),
        now=lambda: datetime.now(UTC),
        random_bytes=token_bytes,
    )


def survey_of(request: Request) -> Survey:
    """The survey of the request's path. Raises `NoSuchSurvey`."""
    survey = compose().surveys.find(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey
