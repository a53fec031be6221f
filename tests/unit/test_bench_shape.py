import json
from pathlib import Path

import pytest

from tests.bench.figures import Figure, write
from tests.bench.meter import item_size
from tests.bench.money import Line, Prices


def test_figures_are_written_as_the_contract_names_their_parts(tmp_path: Path) -> None:
    figures = [
        Figure.of("plain", 0.1234567, "s"),
        Figure.of("limited", 4, "units", at_most=3.5),
        Figure.beside("beside", 3, 2, "ms", at_most=1.5),
    ]
    write(figures, tmp_path / "new" / "bench.json")
    assert json.loads((tmp_path / "new" / "bench.json").read_bytes()) == [
        {"name": "plain", "value": 0.1235, "unit": "s"},
        {"name": "limited", "value": 4.0, "unit": "units", "goal": 3.5, "met": False},
        {"name": "beside", "value": 3.0, "unit": "ms", "reference": 2.0, "ratio": 1.5, "goal": 1.5, "met": True},
    ]


def test_an_item_is_charged_by_its_names_and_values() -> None:
    assert (
        item_size({"pk": {"S": "ação"}, "n": {"N": "1234"}, "m": {"M": {"a": {"S": "bc"}}}, "l": {"L": [{"N": "-7"}]}, "b": {"B": b"123"}})
        == 8 + 4 + 8 + 7 + 4
    )


@pytest.mark.parametrize("region", ["us-east-1", "sa-east-1"])
def test_every_region_has_a_price_for_what_is_used(region: str) -> None:
    prices = Prices.of(region)
    assert prices.dollars([Line("events", 1_000_000, "eventbridge_event"), Line("writes", 2_000_000, "dynamodb_write_unit")]) > 1
