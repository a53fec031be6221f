"""Generic webhooks, as Standard Webhooks 1.0.0 asks for (github.com/standard-webhooks, spec/standard-webhooks.md)."""

import json
import re
from datetime import datetime
from typing import Any

TYPE = r"[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)*"  # "hierarchical, full-stop delimited", of [a-zA-Z0-9_]
LARGEST = 20_000  # "less than 20kb"; what people typed into one alert may come on top


def check(body: bytes) -> None:
    message = json.loads(body.decode())
    assert message.keys() == {"id", "type", "timestamp", "data"}
    assert re.fullmatch(TYPE, message["type"])
    assert datetime.fromisoformat(message["timestamp"]).utcoffset() is not None
    assert isinstance(message["data"], dict)
    one_alert = len(message["data"].get("alerts", "x")) == 1
    assert one_alert or len(body) <= LARGEST
    _check_names(message["data"])


def _check_names(value: Any) -> None:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        for part in value:
            _check_names(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            assert re.fullmatch(r"[a-z][a-z0-9_]*", name), name
            if name != "segments":
                _check_names(part)
