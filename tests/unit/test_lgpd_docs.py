"""docs/lgpd.md names tests that exist, and says what the code says."""

import ast
import re
from functools import cache

import pytest

from infra.environments import ROOT
from shared.privacy import receipt, suppression
from shared.privacy.erasure import FIVE_YEARS
from shared.privacy.inventory import TABLES

PAGE = (ROOT / "docs" / "lgpd.md").read_text()
NAMED = sorted(set(re.findall(r"`([a-z0-9_]+/test_[a-z0-9_]+\.py)::([a-z0-9_]+)`", PAGE)))
ROWS = [line for line in PAGE.splitlines() if line.startswith("|") and not re.match(r"\|(-|\s*(artigo|inciso|o quê) )", line)]
ARTICLES = ("5º", "6º", "7º", "8º", "9º", "11", "12", "13 §4º", "15", "16", "33 a 36", "37", "41", "46", "48", "19")
RIGHTS = (
    *(f"18 {number}" for number in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII e IX")),
    *(f"18 §{number}º" for number in (2, 4, 5, 6)),
)


@cache
def defined_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_is_named_is_there(path: str, name: str) -> None:
    assert name in defined_in(path)


def test_no_reference_is_written_so_that_it_is_not_checked() -> None:
    assert len(NAMED) > 40
    assert len(re.findall(r"::", PAGE)) == len(re.findall(r"`[a-z0-9_]+/test_[a-z0-9_]+\.py::[a-z0-9_]+`", PAGE)) + 1  # the explanation's


@pytest.mark.parametrize("article", [*ARTICLES, *RIGHTS])
def test_every_article_is_there(article: str) -> None:
    assert any(re.match(rf"\| {re.escape(article)}[ (]", row) for row in ROWS)


def test_whatever_is_said_to_be_done_names_a_test_or_a_duty() -> None:
    for row in ROWS:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) in {3, 4}, row
        if len(cells) == 4:
            assert cells[2] or cells[3] or cells[1].startswith("veja"), row


def test_the_terms_are_those_of_the_code() -> None:
    assert f"versão {receipt.POLICY_VERSION} da política" in PAGE
    assert FIVE_YEARS.days // 365 == 5
    assert receipt.PEOPLE_RESTORABLE.days == TABLES["PeopleTable"].restorable_days == 35
    assert receipt.KEYS_RESTORABLE.days == TABLES["KeysTable"].restorable_days == 7
    assert suppression.ROTATE_AFTER.days == 365
