"""Master keys in the registry; and persons whose key is destroyed, kept longer or expired, through the functions themselves."""

import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError
from msgspec import structs

from functions.collect import handler as collect
from shared.privacy.sealing import BrokenSealError
from shared.store.person_keys import MASTER_SERVES, MasterKeys, NoMasterKeyError, PersonKeys, Rotation
from shared.store.sealing import Sealing
from shared.store.tables import RegistryItem
from tests.fakes.reception import KEY, token
from tests.integration.asking import PATCH, POST, ask, items, keep, master_keys, named, new_id, survey_of, unsealed
from tests.integration.gateway import Gateway

ANSWER: Final = "GET /v1/surveys/{survey_id}/answers/{answer_id}"


@pytest.fixture
def masters(aws: None) -> MasterKeys:  # noqa: ARG001 - where they are kept
    keep(survey_of())
    return master_keys()


@pytest.fixture
def show(masters: MasterKeys, gateway: Gateway) -> Callable[[str], dict[str, Any]]:  # noqa: ARG001 - what opens what is shown
    """Show an answer as the API does, by one and the same container."""
    key = gateway.first_key()
    return lambda answer_id: dict(gateway.call(ANSWER, key=key, survey_id="demo", answer_id=answer_id).body)


def signed_by_ana(**changes: Any) -> str:  # noqa: ANN401 - any claim
    return token(email="ana@exemplo.com.br", name="Ana Prado", **changes)


def registered() -> list[dict[str, Any]]:
    return [item for item in items("registry_table") if item["sk"]["S"].startswith("#person-master#")]


def person_of(answer_id: str) -> str:
    [person_id] = {item["person_id"]["S"] for item in items("answers_table") if item["sk"]["S"] == answer_id}
    return str(person_id)


def held(person_id: str, sort_key: str) -> dict[str, Any]:
    [item] = [item for item in items("people_table") if (item["pk"]["S"], item["sk"]["S"]) == (person_id, sort_key)]
    return item


def expiry_of_key(person_id: str) -> int:
    [found] = [int(item["expires_at"]["N"]) for item in items("keys_table") if item["pk"]["S"] == person_id]
    return found


# ── Master keys ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_master_key_is_followed_by_another_after_90_days_and_opens_what_it_sealed(masters: MasterKeys) -> None:
    first = masters.newest()
    made_at = datetime.now(UTC)
    masters.renew(token_bytes, made_at + MASTER_SERVES - timedelta(minutes=1))
    assert [item["sk"]["S"] for item in registered()] == ["#person-master#000001"]
    masters.renew(token_bytes, made_at + MASTER_SERVES)
    later = master_keys()
    assert (first, masters.newest(), later.newest()) == ("000001", "000001", "000002")  # a container keeps to what it found
    assert later.find("000001") == masters.find("000001") != later.find("000002")


def test_until_the_next_is_due_a_container_asks_nobody_twice(masters: MasterKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    query, seal, calls = RegistryItem.query, Sealing.seal, Counter[str]()

    def counted_query(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as PynamoDB has it
        calls["query"] += 1
        return query(*given, **named)

    def counted_seal(self: Sealing, secret: bytes, **context: str) -> str:
        calls["seal"] += 1
        return seal(self, secret, **context)

    monkeypatch.setattr(RegistryItem, "query", counted_query)
    monkeypatch.setattr(Sealing, "seal", counted_seal)
    now = datetime.now(UTC)
    rotation = Rotation(masters, token_bytes)
    for minutes in range(0, 60, 5):
        rotation.renew(now + timedelta(minutes=minutes))
    assert calls == {"query": 1}
    for minutes in range(0, 60, 5):
        rotation.renew(now + MASTER_SERVES + timedelta(minutes=minutes))
    assert calls == {"query": 2, "seal": 1}
    assert [item["sk"]["S"] for item in registered()] == ["#person-master#000001", "#person-master#000002"]


def test_of_several_who_make_one_at_once_one_does(masters: MasterKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    save, pending, due = RegistryItem.save, ["mine"], datetime.now(UTC) + MASTER_SERVES

    def save_after_another(item: RegistryItem, condition: Any = None) -> Any:  # noqa: ANN401 - as PynamoDB has it
        if pending:
            pending.clear()
            masters.renew(lambda size: b"t" * size, due)
        return save(item, condition)

    monkeypatch.setattr(RegistryItem, "save", save_after_another)
    masters.renew(lambda size: b"m" * size, due)
    assert master_keys().find("000002") == b"t" * 32
    assert len(registered()) == 2


def test_a_master_key_lies_sealed_and_only_under_its_own_version(masters: MasterKeys) -> None:
    version = masters.newest()
    [item] = registered()
    assert masters.find(version).hex() not in json.dumps(registered(), default=repr)
    boto3.client("dynamodb").put_item(TableName="registry_table", Item=item | {"sk": {"S": "#person-master#000002"}})
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        master_keys().newest()


def test_a_master_key_is_unsealed_once_a_container(masters: MasterKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    sealing = Sealing(os.environ["SEALING_KEY"])
    unseal, calls = sealing.unseal, []

    def counted(sealed: str, **context: str) -> bytes:
        calls.append(context)
        return unseal(sealed, **context)

    monkeypatch.setattr(sealing, "unseal", counted)
    warm = MasterKeys(sealing)
    assert [warm.find(warm.newest()) for _ in range(3)] == [masters.find("000001")] * 3
    assert calls == [{"purpose": "person-master", "owner": "#person-master#000001"}]


def test_where_none_was_ever_made_a_comment_is_refused_and_a_score_is_not(masters: MasterKeys) -> None:
    boto3.client("dynamodb").delete_item(TableName="registry_table", Key={name: registered()[0][name] for name in ("pk", "sk")})
    for lost in (masters.newest, lambda: masters.find("000001")):
        with pytest.raises(NoMasterKeyError):
            lost()
    assert ask(POST, {"score": 9}).status == 201
    assert (ask(POST, {"score": 9, "comment": "Chegou"}).status, items("people_table")) == (500, [])


def test_a_survey_brings_the_first_master_key_and_each_deployment_one_that_is_due(gateway: Gateway) -> None:
    key = gateway.first_key()
    assert len(registered()) == 1  # a deployment of today's version on older tables has surveys already
    boto3.client("dynamodb").delete_item(TableName="registry_table", Key={name: registered()[0][name] for name in ("pk", "sk")})
    body = {"survey_id": "demo", "name": "Loja", "company": "Loja Azul"}
    assert [gateway.call("POST /v1/surveys", key=key, body=body).status for _ in range(2)] == [201, 409]
    assert [item["sk"]["S"] for item in registered()] == ["#person-master#000001"]


# ── Persons' keys ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("identified", [True, False])
def test_once_a_key_is_destroyed_nothing_is_read_of_the_person_even_by_a_warm_container(
    show: Callable[[str], dict[str, Any]], masters: MasterKeys, *, identified: bool
) -> None:
    answer_id, other = new_id(1), new_id(2)
    signed = {"respondent_token": signed_by_ana()} if identified else {}
    ask(POST, named(answer_id, comment="Chegou rápido", **signed))
    ask(POST, named(other, comment="Outra pessoa"))
    shown, keys = show(answer_id), PersonKeys(masters, token_bytes)
    assert shown["comment"] == "Chegou rápido"
    assert ("Ana Prado" in str(shown)) is identified
    assert keys.destroy(person_of(answer_id))
    assert not keys.destroy(person_of(answer_id))
    after = show(answer_id)
    assert not [said for said in ("Chegou", "Ana", "exemplo", "cliente-1") if said in str(after)]
    assert show(other)["comment"] == "Outra pessoa"
    assert len(held(person_of(answer_id), f"comment#{answer_id}")["text"]["S"]) > len("Chegou rápido")  # it lies there still


@pytest.mark.usefixtures("masters")
def test_what_is_sealed_of_one_person_or_field_opens_nowhere_else() -> None:
    ids = [new_id(number) for number in (1, 2)]
    for number, answer_id in enumerate(ids):
        ask(POST, named(answer_id, comment=f"comment {number}", respondent_token=signed_by_ana(sub=f"cliente-{number}")))
    one, other = (held(person_of(answer_id), "profile") for answer_id in ids)
    assert unsealed(one) == {"customer_id": "cliente-0", "email": "ana@exemplo.com.br", "name": "Ana Prado"}
    comment = held(one["pk"]["S"], f"comment#{ids[0]}")
    for moved in (one["email"], other["name"], comment["text"]):
        with pytest.raises(BrokenSealError):
            unsealed(one | {"name": moved})


@pytest.mark.usefixtures("masters")
def test_a_key_is_kept_as_long_as_the_longest_kept_of_what_it_seals() -> None:
    short, long, shorter = (new_id(number) for number in (1, 2, 3))
    signed = signed_by_ana()
    ask(POST, named(short, respondent_token=signed))
    before = expiry_of_key(person_of(short))
    other = survey_of("outra")
    keep(structs.replace(other, settings=structs.replace(other.settings, retention_days=700)))
    ask(POST, named(long, comment="Fica", respondent_token=signed), survey_id="outra")
    ask(POST, named(shorter, comment="Fica menos", respondent_token=signed))
    person_id = person_of(long)
    kept = {int(item["expires_at"]["N"]) for item in items("people_table") if item["pk"]["S"] == person_id}
    assert expiry_of_key(person_id) == max(kept) > before


def test_after_a_key_has_expired_a_person_begins_anew(masters: MasterKeys) -> None:
    """The key may be gone some days before the profile: nothing is left in it then that nobody can read."""
    first, second = new_id(1), new_id(2)
    ask(POST, named(first, respondent_token=signed_by_ana()))
    PersonKeys(masters, token_bytes).destroy(person_of(first))
    ask(POST, named(second, respondent_token=token()))
    assert person_of(first) == person_of(second)
    assert unsealed(held(person_of(second), "profile")) == {"customer_id": "cliente-1"}


def test_a_comment_that_is_changed_stays_under_the_same_key(masters: MasterKeys) -> None:
    answer_id = new_id()
    ask(POST, named(answer_id, comment="Chegou"))
    [before] = items("keys_table")
    masters.renew(token_bytes, datetime.now(UTC) + MASTER_SERVES)
    collect.compose.cache_clear()  # another container
    assert ask(PATCH, {"comment": "Pensando bem"}, bearer=KEY, answer_id=answer_id).status == 200
    [after] = items("keys_table")
    assert (after["salt"], after["master"]) == (before["salt"], {"S": "000001"})
    assert unsealed(held(person_of(answer_id), f"comment#{answer_id}")) == {"text": "Pensando bem"}
