"""Whether to ask, and counting that it was asked. Each function is one route; what they need is made when one is first asked for."""

import secrets
from datetime import UTC, datetime
from functools import cache

from aws_lambda_powertools import Logger

from functions.collect.settings import Settings
from shared import dimension as dim
from shared.api.asking_messages import AskView, AskWhom, Displays, Nothing
from shared.api.body import decode
from shared.api.http import Request, Response, json_response
from shared.api.problem import NoSuchSurvey
from shared.intake.asking import Asking, ask, remember
from shared.periods import local_day
from shared.privacy.suppression import Suppression
from shared.store.contacts import Contacts
from shared.store.displays import Displays as DisplayStore
from shared.store.people import People
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SecretStore
from shared.store.sealing import Sealing
from shared.store.settings import from_environment
from shared.store.suppressions import SuppressionEntries, SuppressionKeyStore
from shared.store.tables import LedgerItem, PersonItem, PersonKeyItem, RegistryItem, RollupItem, bind
from shared.survey import Survey, SurveyStatus

logger = Logger()


@cache
def compose() -> Asking:
    """What asking works with, made once a container."""
    settings = from_environment(Settings)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(LedgerItem, settings.ledger_table)
    sealing = Sealing(settings.sealing_key)
    sealed, keys = SecretStore(sealing), PersonKeys(MasterKeys(sealing), secrets.token_bytes)
    pepper = lambda: sealed.lookup_key(secrets.token_bytes)  # noqa: E731 - while nobody was ever identified, it leads to nobody
    people = People(sealed.identity_pepper, keys, secrets.token_bytes)
    suppressed = Suppression(SuppressionKeyStore(sealing, secrets.token_bytes), SuppressionEntries(), pepper)
    return Asking(Contacts(people, pepper), suppressed, sealed, pepper)


@cache
def compose_displays() -> DisplayStore:
    """Where displays are counted."""
    bind(RollupItem, from_environment(Settings).rollups_table)
    return DisplayStore()


def count_displays(request: Request, survey: Survey) -> Response:
    """Count what a page tells; with a token, remember it of that person too, whose refusal counts nothing."""
    if survey.status is SurveyStatus.DRAFT:
        raise NoSuchSurvey
    told, now = decode(request.body, Displays), datetime.now(UTC)
    counts = told.counts()
    remembered = bool(counts) and told.respondent_token is not None and remember(survey, told.respondent_token, counts, now, compose())
    channel = dim.resolve({dim.CHANNEL: told.channel or dim.OTHER}, survey.settings.declared())[dim.CHANNEL]
    compose_displays().add(survey.survey_id, local_day(now, survey.settings.time_zone), channel, counts)
    logger.info("displays counted", survey_id=survey.survey_id, channel=channel, remembered=remembered, counts=dict(counts))
    return json_response(202, Nothing())


def whether_to_ask(request: Request, survey: Survey) -> Response:
    """Whether whom the token names may be asked."""
    wanted = decode(request.body, AskWhom)
    may = ask(survey, wanted.respondent_token, datetime.now(UTC), compose())
    logger.info("asked whether to ask", survey_id=survey.survey_id, ask=may)
    return json_response(200, AskView(ask=may))
