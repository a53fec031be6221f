"""Proving who one is without an e-mail: by the edit key of an answer of one's own, or by a token that the company signed."""

from datetime import datetime

from shared.api.problem import TokenRefused
from shared.intake.change import own_answer
from shared.intake.ports import Answers, Secrets
from shared.intake.token import InvalidTokenError, claims_of
from shared.privacy.asking import Proven
from shared.privacy.ports import PeopleToErase
from shared.survey import Survey


def by_answer(survey: Survey, answer_id: str, key: str, answers: Answers) -> Proven:
    """The person of an answer. Raises `NoSuchAnswer`, also for an answer that names nobody now."""
    answer = own_answer(survey, answer_id, key, answers)
    return Proven((answer.person_id,), (answer.key,))


def by_token(survey: Survey, token: str, now: datetime, secrets: Secrets, people: PeopleToErase) -> Proven:
    """Whom the signed customer id leads to; nobody where nothing is held. Raises `TokenRefused`."""
    try:
        claims = claims_of(token, secrets.signing_secrets(survey.survey_id, now))
    except InvalidTokenError:
        raise TokenRefused from None
    return Proven(tuple(people.persons_of("customer_id", claims.customer_id)) if claims.customer_id is not None else ())
