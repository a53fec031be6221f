"""The inventory knows every table, every field and every other place where data rest, and what erases each."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pynamodb.models import Model

from infra.environments import ROOT
from shared.privacy import inventory
from shared.privacy.erasure import FIVE_YEARS, Step
from shared.privacy.inventory import HOLDS_NOTHING, MODELS, PLACES, TABLES, unreached
from shared.privacy.inventory_kinds import Kept, Nature, Otherwise, Whose
from shared.privacy.requests import ACCESS_LIVES, DELETION_LIVES, UNCONFIRMED_KEPT
from shared.store import tables
from tests.template import load, resources

OURS: dict[str, type[Model]] = {
    name: model for name, model in vars(tables).items() if isinstance(model, type) and issubclass(model, Model) and model is not Model
}
DECLARED: dict[str, dict[str, Any]] = resources("AWS::DynamoDB::Table")
PAGE = (ROOT / "docs" / "dados-pessoais.md").read_text()


def test_every_table_of_the_template_is_listed() -> None:
    assert DECLARED.keys() <= TABLES.keys()


def test_every_model_stands_for_a_listed_table() -> None:
    assert OURS.keys() == MODELS.keys()
    assert set(MODELS.values()) == TABLES.keys()


@pytest.mark.parametrize("name", OURS)
def test_every_field_of_a_model_is_listed(name: str) -> None:
    unlisted = OURS[name].get_attributes().keys() - TABLES[MODELS[name]].fields.keys()
    assert not unlisted, f"say in shared/privacy/inventory.py what {unlisted} of {MODELS[name]} hold, and what erases them"


def test_rows_of_rollups_hold_counts_beside_what_is_listed() -> None:
    assert TABLES["RollupsTable"].fields.keys() == tables.RollupItem.get_attributes().keys()
    assert all(kept.nature is Nature.NONE for kept in TABLES["RollupsTable"].fields.values())


def test_whatever_is_personal_is_erased_by_something() -> None:
    assert list(unreached()) == []


@pytest.mark.parametrize(
    "kept",
    [
        Kept("a name", Nature.PERSONAL, Whose.RESPONDENT),
        Kept("a name", Nature.PERSONAL, Whose.RESPONDENT, Otherwise.EXPIRY, "it ends some day"),
        Kept("an id", Nature.PSEUDONYMOUS, Whose.RESPONDENT),
        Kept("an id", Nature.PSEUDONYMOUS, Whose.RESPONDENT, Otherwise.EXPIRY),
    ],
)
def test_a_field_that_nothing_erases_is_found(kept: Kept) -> None:
    people = TABLES["PeopleTable"]
    with patch.object(inventory, "TABLES", {"PeopleTable": replace(people, fields={**people.fields, "new": kept})}):
        assert list(unreached()) == ["PeopleTable.new"]


def test_what_respondents_say_or_are_called_is_erased_by_a_step_or_with_its_request() -> None:
    found = {
        (table, name): kept.erased_by
        for table, listed in TABLES.items()
        for name, kept in listed.fields.items()
        if kept.nature is Nature.PERSONAL and kept.whose is Whose.RESPONDENT
    }
    assert {name for table, name in found if table == "PeopleTable"} == {"customer_id", "email", "name", "text"}
    assert {table for table, _ in found} == {"PeopleTable", "LedgerTable"}
    assert all(isinstance(by, Step) or by is Otherwise.FINISHED for by in found.values())


def test_the_streamed_table_holds_nothing_that_identifies_by_itself() -> None:
    for name, declared in DECLARED.items():
        assert TABLES[name].streamed is ("StreamSpecification" in declared)
        if TABLES[name].streamed:
            assert not any(kept.nature is Nature.PERSONAL for kept in TABLES[name].fields.values())


@pytest.mark.parametrize("name", DECLARED)
def test_lives_and_copies_are_those_of_the_template(name: str) -> None:
    recovery = DECLARED[name].get("PointInTimeRecoverySpecification")
    assert (recovery.get("RecoveryPeriodInDays", 35) if recovery else 0) == TABLES[name].restorable_days
    ttl = DECLARED[name].get("TimeToLiveSpecification")
    assert (ttl == {"AttributeName": "expires_at", "Enabled": True}) is TABLES[name].expires
    assert ("expires_at" in TABLES[name].fields) is TABLES[name].expires


def test_every_other_resource_is_known_to_hold_data_or_none() -> None:
    types = {each["Type"] for path in ("template.yaml", "infra/alarms.yaml") for each in load(path)["Resources"].values()}
    unknown = (
        types - PLACES.keys() - HOLDS_NOTHING - {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::Logs::MetricFilter"}
    )
    assert not unknown, f"say in shared/privacy/inventory.py what {unknown} hold, how long, and what erases it"


def test_no_table_has_an_index_that_would_be_one_more_copy() -> None:
    assert not any("GlobalSecondaryIndexes" in declared or "LocalSecondaryIndexes" in declared for declared in DECLARED.values())


def test_the_page_for_the_encarregado_tells_of_every_table() -> None:
    named = set(re.findall(r"^\| (\w+)", PAGE, re.MULTILINE))
    assert {name.removesuffix("Table") for name in TABLES} <= named


def test_how_long_the_ledger_is_said_to_keep_things_is_how_long_they_are_kept() -> None:
    lives, years = TABLES["LedgerTable"].lives, FIVE_YEARS.days // 365
    assert f"receipts, erasures and suppression {years} years, decisions about answers as long" in lives
    assert PAGE.count(f" {years} anos") == 5  # the page has a line for each of them
    assert timedelta(hours=1) == UNCONFIRMED_KEPT == ACCESS_LIVES
    assert f"requests an hour, of deletion {DELETION_LIVES.days} days once they are confirmed" in lives
    assert (
        f"não confirmado, 1 hora (o código vale 15 minutos); acesso confirmado, 1 hora; exclusão confirmada, {DELETION_LIVES.days} dias"
        in PAGE
    )
