"""Google Chat incoming webhooks: cards of version 2."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

LARGEST = 32_000  # developers.google.com/workspace/chat/create-messages: with text and cards, 32,000 bytes
LARGEST_CARD = 32_000  # …/chat/api/reference/rest/v1/CardWithId: 32 KB
MOST_WIDGETS = 100  # …/chat/api/reference/rest/v1/cards: further ones are ignored
TAGS = {"b", "i", "br", "a"}  # of developers.google.com/workspace/chat/format-messages, Format card text
ICONS = {"DESCRIPTION", "MAP_PIN", "CLOCK", "BOOKMARK", "PERSON", "EMAIL", "MEMBERSHIP", "STAR"}  # of …/cards, knownIcon


class Shown(HTMLParser):
    """What a reader sees of a text, and which tags it is made with."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.hrefs = "", set[str](), list[str]()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        assert {name for name, _ in attrs} <= {"href"}

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def check(body: bytes) -> None:
    assert len(body) <= LARGEST
    message = json.loads(body)
    assert message.keys() == {"fallbackText", "cardsV2"}, "no text: that is where mentions are made"
    (with_id,) = message["cardsV2"]
    card = with_id["card"]
    assert len(json.dumps(card, ensure_ascii=False).encode()) <= LARGEST_CARD * 1.2  # spaces of this encoder aside
    for name in ("title", "subtitle"):
        assert card["header"][name]
        assert "\n" not in card["header"][name]
        assert not re.search(r"[<>]|&[#\w]", card["header"][name])
    widgets = [widget for section in card["sections"] for widget in section["widgets"]]
    assert all(section["widgets"] for section in card["sections"])
    assert len(widgets) <= MOST_WIDGETS
    for widget in widgets:
        _check(widget)
    for shown in texts(body):
        assert shown.tags <= TAGS
        assert all(re.fullmatch(r"https?://\S+", href) for href in shown.hrefs)


def texts(body: bytes) -> Iterator[Shown]:
    """All texts of widgets as a reader sees them."""
    for section in json.loads(body)["cardsV2"][0]["card"]["sections"]:
        for widget in section["widgets"]:
            if "buttonList" not in widget:
                ((_, content),) = widget.items()
                yield Shown(content["text"])


def _check(widget: dict[str, Any]) -> None:
    ((kind, content),) = widget.items()
    if kind == "buttonList":
        for button in content["buttons"]:
            assert button["text"]
            assert re.fullmatch(r"https?://\S+", button["onClick"]["openLink"]["url"])
        return
    assert kind in {"textParagraph", "decoratedText"}
    assert content["text"]
    assert "\n" not in content["text"]
    if kind == "decoratedText":
        assert content["startIcon"]["knownIcon"] in ICONS
        assert content["topLabel"]
