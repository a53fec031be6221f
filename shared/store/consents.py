"""Records of consent: `consent#ANSWER` under a person's id. Implements `intake.ports.Consents`.

Not sealed: which text, in which language and when names nobody, and it has to be shown as long as the answer is kept (LGPD art. 8 §2).
"""

from typing import TYPE_CHECKING, Final

from pynamodb.exceptions import UpdateError
from pynamodb.transactions import TransactWrite

from shared.intake.ports import Consent, PeopleBusyError
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.people import PROFILE, TRIES, find, refused, seconds
from shared.store.settings import pause_with_jitter
from shared.store.tables import PersonItem, connection

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

CONSENT: Final = "consent#"


class Consents:
    """The repository of consent."""

    def keep(self, consent: Consent) -> None:
        """Keep it unless one is kept; the first stays, for its time is the one at which the box was ticked."""
        place = CONSENT + consent.answer_id
        unwritten = PersonItem.consent_version.does_not_exist() | (PersonItem.consent_version != consent.version)
        for attempt in range(TRIES):
            transaction = TransactWrite(connection=connection())
            transaction.condition_check(PersonItem, consent.person_id, PROFILE, condition=PersonItem.erased.does_not_exist())
            transaction.update(
                PersonItem(consent.person_id, place),
                actions=[
                    PersonItem.survey_id.set(consent.survey_id),
                    PersonItem.consent_version.set(consent.version),
                    PersonItem.locale.set(consent.locale),
                    PersonItem.created_at.set(milliseconds(consent.given_at)),
                    PersonItem.expires_at.set(seconds(consent.expires_at)),
                ],
                condition=unwritten,
            )
            reasons = refused(transaction)
            if not reasons or reasons[1:2] == [transactions.CONDITION]:
                return
            pause_with_jitter(attempt)
        raise PeopleBusyError

    def has(self, person_id: str, answer_id: str) -> bool:
        """Whether one is kept."""
        item = find(person_id, CONSENT + answer_id)
        return item is not None and item.attribute_values.get("consent_version") is not None

    def drop(self, person_id: str, answer_id: str) -> None:
        """Leave nothing of it but its place, until that expires."""
        gone: list[Action] = [PersonItem.consent_version.remove(), PersonItem.locale.remove(), PersonItem.survey_id.remove()]
        try:
            PersonItem(person_id, CONSENT + answer_id).update(actions=gone, condition=PersonItem.consent_version.exists())
        except UpdateError as error:
            if error.cause_response_code != CONDITION_FAILED:
                raise
