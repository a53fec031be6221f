"""The typical alert looks as it was looked at and found good."""

import json

import pytest

from shared.alerts.channel import ChannelKind
from shared.alerts.compose import compose_told
from tests.alert_contents import TYPICAL
from tests.golden_payloads import FOLDER, NAMES, current, golden


@pytest.mark.parametrize("name", NAMES)
def test_the_typical_alert_has_not_changed_by_accident(name: str) -> None:
    assert current(name) == golden(name), "if this is meant: python -m tests.golden_payloads, and look at the difference"


def test_no_golden_payload_is_left_over() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(NAMES)


@pytest.mark.parametrize("tool", [kind for kind in ChannelKind if not kind.is_subscription])
def test_a_typical_alert_is_small_and_says_everything(tool: ChannelKind) -> None:
    body = compose_told(tool, TYPICAL).body
    said = json.dumps(json.loads(body), ensure_ascii=False)
    assert len(body) < 6_000
    for part in ("3", "Pós-compra", "Entrega", "pro", "sul", "Ana", "ana", "C-1042", "ninguém avisou", TYPICAL.link or ""):
        assert part in said
