"""What lies in the tables of a suppressed identity says nothing to whoever reads them, and goes by itself."""

import os

import boto3

from shared.identity import lookup_of
from shared.privacy.erasure import FIVE_YEARS
from shared.privacy.suppression import ROTATE_AFTER, Suppression
from shared.store.sealing import Sealing
from shared.store.suppressions import ENTRY, SuppressionEntries, SuppressionKeyStore
from shared.store.tables import LedgerItem, bind
from tests.contract.ledger_tables import made
from tests.fakes.samples import NOON

PEPPER = b"pepper"
ANA = lookup_of("email", "ana@exemplo.com.br", PEPPER)


def test_keys_lie_sealed_entries_hashed_and_both_end(aws_kind: str) -> None:
    assert aws_kind
    bind(LedgerItem, made("at-rest-ledger"))
    keys = SuppressionKeyStore(Sealing(boto3.client("kms").create_key()["KeyMetadata"]["Arn"]), os.urandom)
    Suppression(keys, SuppressionEntries(), lambda: PEPPER).add([ANA], NOON)
    [entry] = (item for item in LedgerItem.scan() if item.sk == ENTRY)
    [key] = LedgerItem.query("suppression-keys")
    assert "ana" not in repr(entry.attribute_values)
    assert ANA not in entry.pk
    assert entry.expires_at == (NOON + FIVE_YEARS).timestamp()
    assert keys.versions()[0].secret.hex() not in repr(key.attribute_values)
    assert key.expires_at >= (NOON + ROTATE_AFTER + FIVE_YEARS).timestamp()
