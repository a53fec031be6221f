"""Discord webhooks: embeds."""

import json
import re
from collections.abc import Iterator
from datetime import datetime

# discord.com/developers/docs/resources/message, Embed limits
LONGEST_TITLE = 256
LONGEST_DESCRIPTION = 4_096
MOST_FIELDS = 25
LONGEST_FIELD_NAME = 256
LONGEST_FIELD_VALUE = 1_024
LONGEST_FOOTER = 2_048
LONGEST_OF_ALL = 6_000
HIGHEST_COLOUR = 0xFFFFFF


def check(body: bytes) -> None:
    message = json.loads(body)
    assert message.keys() == {"embeds", "allowed_mentions"}
    assert message["allowed_mentions"] == {"parse": []}
    (embed,) = message["embeds"]
    assert embed.keys() <= {"title", "description", "url", "color", "fields", "footer", "timestamp"}
    assert 0 <= embed["color"] <= HIGHEST_COLOUR
    assert datetime.fromisoformat(embed["timestamp"]).tzinfo is not None
    assert 0 < _units(embed["title"]) <= LONGEST_TITLE
    assert 0 < _units(embed["description"]) <= LONGEST_DESCRIPTION
    assert len(embed["fields"]) <= MOST_FIELDS
    for field in embed["fields"]:
        assert 0 < _units(field["name"].strip()) <= LONGEST_FIELD_NAME
        assert 0 < _units(field["value"].strip()) <= LONGEST_FIELD_VALUE
    assert 0 < _units(embed["footer"]["text"]) <= LONGEST_FOOTER
    assert sum(map(_units, _all_texts(body))) <= LONGEST_OF_ALL
    assert "url" not in embed or re.fullmatch(r"https?://[^\s()]+", embed["url"])


def markdown(body: bytes) -> Iterator[str]:
    """All texts that Discord reads as Markdown."""
    (embed,) = json.loads(body)["embeds"]
    yield embed["title"]
    yield embed["description"]
    yield from (field["value"] for field in embed["fields"])


def live(text: str) -> str:
    """The text without what is escaped: a backslash makes any ASCII punctuation after it plain."""
    return re.sub(r"\\[!-/:-@\[-`{-~]", "", text)


def _all_texts(body: bytes) -> Iterator[str]:
    (embed,) = json.loads(body)["embeds"]
    yield from (embed["title"], embed["description"], embed["footer"]["text"])
    for field in embed["fields"]:
        yield from (field["name"], field["value"])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
