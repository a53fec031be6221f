"""Exports in the ledger's audit trail. Implements `reading.audit.ExportAudit`."""

from shared.reading.audit import Exported
from shared.store.answer_items import milliseconds
from shared.store.decisions import AUDIT, KEPT
from shared.store.ledger_items import expiry
from shared.store.tables import LedgerItem


class LedgerExports:
    """The part of the ledger that exports write."""

    def record(self, exported: Exported) -> None:
        """Keep it. The same again, at the same time, changes nothing."""
        LedgerItem(
            f"{AUDIT}{exported.survey_id}",
            f"{milliseconds(exported.at):013d}#{exported.export_id}",
            decision="export",
            asker=exported.key_id,
            asked_at=milliseconds(exported.at),
            exported={
                "from": exported.first.isoformat(),
                "to": exported.last.isoformat(),
                "answers": exported.answers,
                "filters": dict(exported.filters),
                "by_words": exported.by_words,
            },
            expires_at=expiry(exported.at, KEPT),
        ).save()
