"""Persons' decisions about answers: the change and its entry in the ledger's audit trail, both or neither."""

from datetime import timedelta
from typing import Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from shared.answer import Change
from shared.quarantine import Decided
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.answers import actions_of, changeable
from shared.store.ledger_items import expiry
from shared.store.tables import AnswerItem, LedgerItem, connection

KEPT: Final = timedelta(days=5 * 365)
"""As long as the ledger keeps whatever was done to somebody's data."""
AUDIT: Final = "audit#"


def decide(decided: Decided) -> bool:
    """Do as was decided; False, and nothing written, where the answer may not be changed so, or is being changed just now."""
    change = Change(standing=decided.decision.standing)
    transaction = TransactWrite(connection=connection())
    transaction.update(AnswerItem(*decided.answer), actions=actions_of(change, decided.at), condition=changeable(change, decided.at))
    transaction.save(_entry(decided))
    try:
        transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
    except TransactWriteError as error:
        codes = transactions.reasons(error)
        if transactions.CONDITION in codes or transactions.is_busy(codes):
            return False
        raise
    return True


def _entry(decided: Decided) -> LedgerItem:
    """Ids, enums and a time."""
    return LedgerItem(
        f"{AUDIT}{decided.answer.survey_id}",
        f"{milliseconds(decided.at):013d}#{decided.answer.answer_id}",
        decision=decided.decision.value,
        asker=decided.key_id,
        reason=decided.reason.value if decided.reason else None,
        asked_at=milliseconds(decided.at),
        expires_at=expiry(decided.at, KEPT),
    )
