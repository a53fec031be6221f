"""Microsoft Teams Workflows: Adaptive Cards in message attachments."""

import json
import re
from collections.abc import Iterator
from typing import Any

LARGEST = 28 * 1024  # learn.microsoft.com/connectors/teams, known issues: "approximately 28 KB"
LARGEST_IN_PRACTICE = 21_000  # what senders measured (rubydoc.info/gems/msteams_hermes, MSTEAMS_MESSAGE_SIZE_LIMIT)
MOST_ACTIONS = 6  # learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference: six actions
SIZES = {"Small", "Default", "Medium", "Large", "ExtraLarge"}
WEIGHTS = {"Lighter", "Default", "Bolder"}
SPACINGS = {"None", "Small", "Default", "Medium", "Large", "ExtraLarge", "Padding"}
STYLES = {"default", "emphasis", "good", "attention", "warning", "accent"}
PROPERTIES = {  # adaptivecards.io/explorer, version 1.4
    "TextBlock": {"type", "text", "size", "weight", "wrap", "color", "isSubtle", "spacing"},
    "RichTextBlock": {"type", "inlines", "spacing"},
    "TextRun": {"type", "text", "size", "weight", "color", "isSubtle"},
    "Container": {"type", "items", "style", "bleed", "separator", "spacing", "selectAction"},
    "Action.OpenUrl": {"type", "title", "url"},
}


def check(body: bytes) -> None:
    assert len(body) <= LARGEST_IN_PRACTICE <= LARGEST
    message = json.loads(body)
    assert message.keys() == {"type", "attachments"}
    assert message["type"] == "message"
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card["msteams"].keys() == {"width"}, "no entities: nobody is mentioned"
    assert card["body"]
    assert len(card["actions"]) <= MOST_ACTIONS
    for element in elements(body):
        _check(element)


def elements(body: bytes) -> Iterator[dict[str, Any]]:
    """All elements and actions of the card."""
    card = json.loads(body)["attachments"][0]["content"]
    waiting = [*card["body"], *card["actions"]]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += element.get("items", []) + element.get("inlines", []) + ([element["selectAction"]] if "selectAction" in element else [])


def _check(element: dict[str, Any]) -> None:
    assert element.keys() <= PROPERTIES[element["type"]], element
    assert element.get("size", "Default") in SIZES
    assert element.get("weight", "Default") in WEIGHTS
    assert element.get("spacing", "Default") in SPACINGS
    assert element.get("style", "default") in STYLES
    if element["type"] == "Action.OpenUrl":
        assert element["title"]
        assert re.fullmatch(r"https?://\S+", element["url"])
    elif "text" in element:
        assert element["text"]
        assert not re.search(r"\{\{(DATE|TIME)\(", element["text"]), "text functions, learn.microsoft.com/adaptive-cards"
    else:
        assert element.get("items") or element.get("inlines")
