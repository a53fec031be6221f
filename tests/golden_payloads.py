"""The typical alert in the shape of every tool, in every locale: `python -m tests.golden_payloads` writes what the tests compare with."""

import dataclasses
import json
from pathlib import Path
from typing import Any, Final

from shared.alerts.channel import ChannelKind
from shared.alerts.compose import compose, sns
from shared.alerts.content import AlertKind
from shared.survey import Locale
from tests.alert_contents import LOCALES, NOW, TYPICAL, WITHOUT_PERSON

FOLDER: Final = Path(__file__).parent / "golden" / "payloads"
POSTED: Final = tuple(kind for kind in ChannelKind if not kind.is_subscription)
NAMES: Final = tuple(f"{tool}.{locale}" for tool in (*POSTED, "sns") for locale in LOCALES)


def golden(name: str) -> Any:  # noqa: ANN401 - JSON
    """What is committed under that name."""
    return json.loads(path(name).read_bytes())


def current(name: str) -> Any:  # noqa: ANN401 - JSON
    """What the code makes now."""
    tool, _, locale = name.partition(".")
    return _sns(locale) if tool == "sns" else _posted(ChannelKind(tool), locale)  # type: ignore[arg-type]  # a locale, from NAMES


def path(name: str) -> Path:
    """Where it is committed."""
    return FOLDER / f"{name}.json"


def _posted(tool: ChannelKind, locale: Locale) -> Any:  # noqa: ANN401 - JSON
    alert = dataclasses.replace(TYPICAL, locale=locale)
    return json.loads(compose(tool, AlertKind.DETRACTOR, alert.message_id, [alert], locale, NOW).body)


def _sns(locale: Locale) -> Any:  # noqa: ANN401 - JSON
    said = sns.compose(dataclasses.replace(WITHOUT_PERSON, locale=locale))
    texts = json.loads(said.message)
    return {
        "subject": said.subject,
        "attributes": said.attributes,
        "default": json.loads(texts["default"]),
        "email": texts["email"].split("\n"),
        "sms": texts["sms"],
    }


if __name__ == "__main__":
    for each in NAMES:
        path(each).write_text(json.dumps(current(each), ensure_ascii=False, indent=2) + "\n")
