"""Rows as they lie in Rollups: a family of rows, one item a day and shard."""

import json
from collections import Counter
from datetime import date

import pytest

from shared import dimension as dim
from shared.counting.ports import Refusal
from shared.rollup import Bins, RowDay
from shared.store.answers import Answers
from shared.store.rollup_rows import bin_name
from shared.store.rollups import Rollups
from shared.store.tables import AnswerItem, RollupItem, bind
from shared.survey import Segment, Survey
from tests.fakes.samples import NOON, settings_of, survey_of
from tests.integration.asking import items

DAY = date(2026, 3, 10)
VALUES = tuple(f"valor.{number}" for number in range(50))


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - where it is stored
    bind(AnswerItem, "answers_table")
    bind(RollupItem, "rollups_table")
    return survey_of(
        settings=settings_of(segments=(Segment(key="uf", values=VALUES),), pairs=(("touchpoint", "segment.uf"),)), row_shards=2
    )


def added(survey: Survey, rows: dict[str, Bins], shard: int = 0) -> None:
    result = Answers().commit([], {RowDay(survey.survey_id, row, str(DAY)): bins for row, bins in rows.items()}, {survey.survey_id: shard})
    assert not isinstance(result, Refusal)


def sums(survey: Survey, *rows: str) -> dict[str, Bins]:
    return {row.row: bins for row, bins in Rollups().sums(survey, rows, DAY, DAY, strong=True).items()}


def test_rows_of_a_family_share_an_item_and_are_told_apart(survey: Survey) -> None:
    rows = {"all": Counter({9: 2}), "segment.uf=valor.1": Counter({9: 1}), "segment.uf=other": Counter({9: 1, 0: -1})}
    added(survey, rows)
    assert sums(survey, *rows) == rows
    assert sums(survey, "segment.uf=valor.1") == {"segment.uf=valor.1": Counter({9: 1})}
    assert sorted(item["pk"]["S"] for item in items("rollups_table")) == ["loja#all#0", "loja#segment.uf#0"]


def test_a_pair_has_an_item_for_each_value_of_its_first_dimension(survey: Survey) -> None:
    rows = {f"touchpoint={one}&segment.uf={other}": Counter({7: 1}) for one in ("checkout", "support") for other in VALUES[:3]}
    added(survey, rows)
    assert sums(survey, *rows) == rows
    assert {item["pk"]["S"] for item in items("rollups_table")} == {
        "loja#touchpoint=checkout&segment.uf#0",
        "loja#touchpoint=support&segment.uf#0",
    }


def test_shards_of_a_row_are_added_up(survey: Survey) -> None:
    added(survey, {"segment.uf=valor.1": Counter({9: 2})}, shard=0)
    added(survey, {"segment.uf=valor.1": Counter({9: -1, 10: 1})}, shard=1)
    assert sums(survey, "segment.uf=valor.1") == {"segment.uf=valor.1": Counter({9: 1, 10: 1})}


def test_a_repair_of_every_bin_of_every_row_fits_in_its_transactions(survey: Survey) -> None:
    full = Counter(dict.fromkeys(range(11), 1))
    rows = {RowDay(survey.survey_id, row, str(DAY)): full for row in survey.all_rows()}
    assert len(rows) > 250
    assert Rollups().repair(survey, DAY, (), rows, NOON)
    assert sums(survey, *survey.all_rows()) == {row.row: full for row in rows}
    audits = [json.loads(item["repaired"]["S"]) for item in items("rollups_table") if item["pk"]["S"] == "loja#audit"]
    assert sum(len(audit) for audit in audits) == len(rows)
    [revisions] = Rollups().revisions(survey, DAY, DAY).values()
    assert revisions == (len(audits), 0)


def test_an_item_with_every_bin_of_fifty_values_stays_far_below_what_an_item_may_be() -> None:
    longest = "v" * 40
    names = sum(len(bin_name(f"segment.uf={longest}", score)) + 8 for score in range(11) for _ in range(51))
    assert names < 400_000 / 10
    assert dim.family_of("segment.uf=" + longest) == ("segment.uf", longest)
