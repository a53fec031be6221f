"""What the registry keeps: the cache of surveys, conditional writes, sealed secrets, the sweep's ledger."""

from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from msgspec.structs import replace
from pynamodb.exceptions import PutError

from functions.manage import composition
from shared.access import EVERY_SCOPE, ApiKey, hash_secret, mint
from shared.store.keys import KeyStore
from shared.store.registry import CACHED_SECONDS, NoPepperError, SecretStore, SurveyStore, TouchedLedger
from shared.store.sealing import Sealing
from shared.store.tables import RegistryItem
from tests.fakes.samples import settings_of, survey_of

NOW = datetime(2026, 3, 10, 12, 30, 15, 123000, tzinfo=UTC)
PARTITION = "demo#2026-03-10#0"


@pytest.fixture(autouse=True)
def _bound(aws: None) -> None:  # noqa: ARG001 - the tables
    composition.compose()


@pytest.fixture
def sealing(monkeypatch: pytest.MonkeyPatch) -> Sealing:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    return Sealing(str(boto3.client("kms").list_keys()["Keys"][0]["KeyArn"]))


# ── Surveys ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_survey_comes_back_as_it_was_stored() -> None:
    survey = survey_of("demo", settings_of(company="Ação & Cia. 🙂"), opened_at=NOW)
    assert SurveyStore().create(survey)
    assert SurveyStore().find("demo") == survey
    assert SurveyStore().list() == (survey,)


def test_a_found_survey_is_kept_for_some_seconds_and_no_longer() -> None:
    seconds = [0.0]
    cached, other = SurveyStore(lambda: seconds[0]), SurveyStore()
    survey = survey_of("demo")
    other.create(survey)
    assert cached.find("demo") == survey
    after = replace(survey, revision=2)
    assert other.replace(after, seen=1)
    seconds[0] = CACHED_SECONDS - 0.1
    assert cached.find("demo") == survey
    assert cached.read("demo") == after
    seconds[0] = CACHED_SECONDS
    assert cached.find("demo") == after


def test_a_survey_that_is_not_there_is_looked_for_again() -> None:
    store = SurveyStore(lambda: 0.0)
    assert store.find("demo") is None
    store.create(survey_of("demo"))
    assert store.find("demo") is not None


def test_the_cache_stays_small_whatever_is_asked_for() -> None:
    store = SurveyStore(lambda: 0.0)
    for number in range(205):
        store.create(survey_of(f"s{number}"))
        assert store.find(f"s{number}") is not None
    assert len(store._found) <= 200  # noqa: SLF001 - what must stay bounded


def test_ids_that_no_survey_can_have_cost_no_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:  # noqa: ANN401 - as PynamoDB has it
        pytest.fail("it was read")

    monkeypatch.setattr(RegistryItem, "get", refuse)
    for survey_id in ("", "#first", "demo\n", "Demo", "a" * 41, "demo#x", "é"):
        assert SurveyStore().find(survey_id) is None
        assert KeyStore().find(survey_id) is None


def test_a_write_of_a_passed_revision_changes_nothing() -> None:
    store, survey = SurveyStore(), survey_of("demo")
    store.create(survey)
    assert not store.create(survey_of("demo", settings_of(name="Outra")))
    assert store.replace(replace(survey, revision=2), seen=1)
    assert not store.replace(replace(survey, revision=2, buckets=7), seen=1)
    assert store.read("demo") == replace(survey, revision=2)


@pytest.mark.parametrize("write", [lambda store, survey: store.create(survey), lambda store, survey: store.replace(survey, seen=1)])
def test_a_write_whose_first_answer_was_lost_has_succeeded_all_the_same(write: Callable[[SurveyStore, object], bool]) -> None:
    store, survey = SurveyStore(), survey_of("demo", revision=2)
    assert store.create(survey)
    assert write(store, survey)


def test_a_store_that_fails_is_not_taken_for_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    def throttled(*_: Any, **__: Any) -> None:  # noqa: ANN401 - as PynamoDB has it
        response = {"Error": {"Code": "ThrottlingException", "Message": ""}}
        raise PutError(cause=ClientError(response, "PutItem"))  # type: ignore[arg-type]

    monkeypatch.setattr(RegistryItem, "save", throttled)
    with pytest.raises(PutError):
        SurveyStore().create(survey_of("demo"))


# ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def key_of(number: int, **changes: Any) -> ApiKey:  # noqa: ANN401 - any field
    text = mint(bytes([number]) * 10, bytes(32))
    given: dict[str, Any] = {
        "name": "Console",
        "scopes": EVERY_SCOPE,
        "secret_hash": hash_secret(f"{text.secret}{number}"),
        "created_at": NOW,
    }
    return ApiKey(key_id=text.key_id, **given | changes)


def test_a_key_comes_back_as_it_was_stored() -> None:
    KeyStore().create(key_of(1))
    assert KeyStore().find(key_of(1).key_id) == key_of(1)


def test_creating_a_key_again_does_not_bring_it_back_to_life() -> None:
    store, key = KeyStore(), key_of(1)
    store.create(key)
    store.revoke(key.key_id, NOW)
    store.create(key)
    stored = store.find(key.key_id)
    assert stored is not None
    assert stored.revoked_at == NOW


def test_a_first_key_whose_first_answer_was_lost_was_made() -> None:
    store, key = KeyStore(), key_of(1)
    assert store.create_first(key)
    assert not store.create_first(key_of(2))
    assert store.list() == (key,)


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_secret_nothing_can_be_signed_and_nobody_identified(sealing: Sealing) -> None:
    store = SecretStore(sealing)
    assert store.signing_secrets("demo", NOW) == ()
    with pytest.raises(NoPepperError):
        store.identity_pepper()


def test_each_survey_has_a_secret_of_its_own(sealing: Sealing) -> None:
    store = SecretStore(sealing)
    store.replace_signing_secret("demo", "one", NOW)
    store.replace_signing_secret("other", "two", NOW)
    assert (store.signing_secrets("demo", NOW), store.signing_secrets("other", NOW)) == ((b"one",), (b"two",))


def test_the_secret_before_ends_to_the_millisecond(sealing: Sealing) -> None:
    store = SecretStore(sealing)
    store.replace_signing_secret("demo", "one", NOW)
    until = store.replace_signing_secret("demo", "two", NOW)
    assert until == NOW + timedelta(hours=24)
    assert store.signing_secrets("demo", until - timedelta(milliseconds=1)) == (b"two", b"one")
    assert store.signing_secrets("demo", until) == (b"two",)


def test_two_replacements_at_once_leave_both_secrets_valid(sealing: Sealing, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SecretStore(sealing)
    store.replace_signing_secret("demo", "old", NOW)
    save, pending = RegistryItem.save, ["mine"]

    def save_after_another(item: RegistryItem, condition: Any = None) -> Any:  # noqa: ANN401 - as PynamoDB has it
        if pending:
            pending.clear()
            SecretStore(sealing).replace_signing_secret("demo", "theirs", NOW)
        return save(item, condition)

    monkeypatch.setattr(RegistryItem, "save", save_after_another)
    store.replace_signing_secret("demo", "mine", NOW)
    assert store.signing_secrets("demo", NOW) == (b"mine", b"theirs")


def test_a_replacement_is_seen_at_once_by_a_container_that_knew_the_one_before(sealing: Sealing) -> None:
    warm = SecretStore(sealing)
    warm.replace_signing_secret("demo", "one", NOW)
    assert warm.signing_secrets("demo", NOW) == (b"one",)
    SecretStore(sealing).replace_signing_secret("demo", "two", NOW)
    assert warm.signing_secrets("demo", NOW) == (b"two", b"one")


def test_a_secret_is_unsealed_once_a_container(sealing: Sealing, monkeypatch: pytest.MonkeyPatch) -> None:
    SecretStore(sealing).replace_signing_secret("demo", "one", NOW)
    SecretStore(sealing).make_identity_pepper(b"p" * 32, NOW)
    unseal, calls = sealing.unseal, []

    def counted(sealed: str, **context: str) -> bytes:
        calls.append(context["purpose"])
        return unseal(sealed, **context)

    monkeypatch.setattr(sealing, "unseal", counted)
    store = SecretStore(sealing)
    for _ in range(3):
        assert store.signing_secrets("demo", NOW) == (b"one",)
        assert store.identity_pepper() == b"p" * 32
    assert sorted(calls) == ["identity-lookup", "respondent-token"]


def test_the_pepper_is_made_once_however_many_make_it(sealing: Sealing, monkeypatch: pytest.MonkeyPatch) -> None:
    save, pending = RegistryItem.save, ["theirs"]

    def save_after_another(item: RegistryItem, condition: Any = None) -> Any:  # noqa: ANN401 - as PynamoDB has it
        if pending:
            pending.clear()
            SecretStore(sealing).make_identity_pepper(b"theirs", NOW)
        return save(item, condition)

    monkeypatch.setattr(RegistryItem, "save", save_after_another)
    SecretStore(sealing).make_identity_pepper(b"mine", NOW)
    SecretStore(sealing).make_identity_pepper(b"later", NOW)
    assert SecretStore(sealing).identity_pepper() == b"theirs"


def test_what_is_sealed_for_one_purpose_or_owner_opens_for_no_other(sealing: Sealing) -> None:
    sealed = sealing.seal(b"secret", purpose="respondent-token", owner="demo")
    assert b"secret" not in b64decode(sealed)
    assert sealing.unseal(sealed, purpose="respondent-token", owner="demo") == b"secret"
    for purpose, owner in (("respondent-token", "other"), ("identity-lookup", "demo")):
        with pytest.raises(ClientError, match="InvalidCiphertextException"):
            sealing.unseal(sealed, purpose=purpose, owner=owner)


# ── The ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_touched_partition_is_remembered_until_it_is_forgotten() -> None:
    ledger = TouchedLedger()
    ledger.touch(PARTITION, NOW)
    ledger.touch(PARTITION, NOW + timedelta(seconds=1))
    assert ledger.touched() == {PARTITION: NOW + timedelta(seconds=1)}
    ledger.forget(PARTITION, NOW + timedelta(seconds=1))
    assert ledger.touched() == {}


def test_a_partition_that_was_touched_meanwhile_is_not_forgotten() -> None:
    ledger = TouchedLedger()
    ledger.touch(PARTITION, NOW)
    ledger.touch(PARTITION, NOW + timedelta(milliseconds=1))
    ledger.forget(PARTITION, NOW)
    assert PARTITION in ledger.touched()
    ledger.forget("never#2026-03-10#0", NOW)


def test_the_time_of_the_last_sweep_is_no_partition() -> None:
    ledger = TouchedLedger()
    assert ledger.swept_at() is None
    ledger.record_sweep(NOW)
    assert ledger.swept_at() == NOW
    assert ledger.touched() == {}


def test_an_instant_finer_than_a_millisecond_is_forgotten_as_it_is_told() -> None:
    ledger = TouchedLedger()
    ledger.touch(PARTITION, NOW.replace(microsecond=123_789))
    [touched_at] = ledger.touched().values()
    ledger.forget(PARTITION, touched_at)
    assert ledger.touched() == {}
