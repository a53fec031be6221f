"""Receipts as they are kept: on DynamoDB and KMS, in this process and in the emulator."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Final

import boto3
import pytest

from shared.privacy.erasure import FIVE_YEARS
from shared.privacy.receipt import verify
from shared.store.ledger import Ledger
from shared.store.receipts import ReceiptKeys, Receipts
from shared.store.sealing import Sealing
from shared.store.tables import LedgerItem, RegistryItem, bind
from tests.contract.ledger_tables import made
from tests.fakes.samples import NOON
from tests.unit.test_receipt import CRM, DONE, ERASURE

_numbers: Final = count()


@pytest.fixture
def keys(aws_kind: str) -> Callable[[], ReceiptKeys]:
    """As many processes as are asked for, each with its own view of one empty registry and ledger."""
    assert aws_kind
    bind(RegistryItem, made(f"receipts-registry-{next(_numbers)}"))
    bind(LedgerItem, made(f"receipts-ledger-{next(_numbers)}"))
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    return lambda: ReceiptKeys(Sealing(key), os.urandom, lambda: NOON)


def test_a_receipt_is_found_by_its_id_and_verified_with_the_published_keys(keys: Callable[[], ReceiptKeys]) -> None:
    receipts = Receipts(keys())
    receipt_id = receipts.sign(ERASURE, [CRM])
    signed = receipts.find(receipt_id)
    assert signed is not None
    assert verify(signed, Receipts(keys()).public_keys())["receipt_id"] == receipt_id
    assert receipts.find("rec_unknown") is None


def test_asked_for_again_the_receipt_is_the_same(keys: Callable[[], ReceiptKeys]) -> None:
    receipt_id = Receipts(keys()).sign(ERASURE, [CRM])
    first = Receipts(keys()).find(receipt_id)
    assert Receipts(keys()).sign(replace(ERASURE, counts={}), []) == receipt_id
    assert Receipts(keys()).find(receipt_id) == first


def test_the_key_is_made_once_and_lies_sealed(keys: Callable[[], ReceiptKeys]) -> None:
    assert keys().public() == []
    seed = keys().key().seed
    assert keys().key().seed == seed
    [item] = RegistryItem.query("secret")
    kept = repr(item.attribute_values).encode()
    assert seed not in kept
    assert seed.hex().encode() not in kept


def test_a_receipt_goes_after_five_years(keys: Callable[[], ReceiptKeys]) -> None:
    receipt_id = Receipts(keys()).sign(ERASURE, [CRM])
    [item] = LedgerItem.query(f"receipt#{receipt_id}")
    assert item.expires_at == (DONE + FIVE_YEARS).timestamp()
    assert datetime(2027, 3, 1, tzinfo=UTC) + FIVE_YEARS == datetime(2032, 3, 1, tzinfo=UTC)  # two leap days


def test_the_record_and_the_receivers_of_an_erasure_last_as_long_as_its_receipt(keys: Callable[[], ReceiptKeys]) -> None:
    keys()
    ledger = Ledger(lambda: ERASURE.asked_at)
    ledger.open(ERASURE)
    ledger.note_recipients(ERASURE.erasure_id, [CRM])
    kept = [*LedgerItem.query(f"erasure#{ERASURE.erasure_id}"), *LedgerItem.query("erasures")]
    assert [item.expires_at for item in kept] == [(ERASURE.asked_at + FIVE_YEARS).timestamp()] * 3
