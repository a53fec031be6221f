"""Slack incoming webhooks."""

import json
import re
from collections.abc import Iterator
from typing import Any

MOST_BLOCKS = 50  # docs.slack.dev/reference/block-kit/blocks: "up to 50 blocks in each message"
LONGEST_TEXT = 3_000  # docs.slack.dev/reference/block-kit/composition-objects/text-object: 1 to 3000 characters
LONGEST_HEADER = 150  # docs.slack.dev/reference/block-kit/blocks/header-block
MOST_IN_CONTEXT = 10  # docs.slack.dev/reference/block-kit/blocks/context-block
MOST_IN_ALL_BLOCKS = 13_000  # not published: msg_blocks_too_long from about 13,172 on (slackapi/bolt-js#2509)
LONGEST_URL = 3_000  # docs.slack.dev/reference/block-kit/block-elements/button-element, url
LONGEST_FALLBACK = 4_000  # docs.slack.dev/reference/methods/chat.postMessage: recommended for `text`
LINES = {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}


def check(body: bytes) -> None:
    message = json.loads(body)
    assert message.keys() <= {"text", "blocks", "unfurl_links", "unfurl_media"}
    assert message["unfurl_links"] is False
    assert 0 < len(message["text"]) <= LONGEST_FALLBACK
    assert re.fullmatch(r"(?:[^&<>]|&(?:amp|lt|gt);)+", message["text"]), "escaping, docs.slack.dev/messaging/formatting-message-text"
    assert 0 < len(message["blocks"]) <= MOST_BLOCKS
    for block in message["blocks"]:
        _check_block(block)
    assert sum(_units(text) for text in texts(body)) <= MOST_IN_ALL_BLOCKS


def texts(body: bytes) -> Iterator[str]:
    """All texts that are shown in blocks."""
    for block in json.loads(body)["blocks"]:
        if block["type"] == "header":
            yield block["text"]["text"]
        for element in block.get("elements", ()):
            yield from (part["text"] for part in element.get("elements", [element]))


def _check_block(block: dict[str, Any]) -> None:
    kind = block["type"]
    if kind == "header":
        assert block.keys() == {"type", "text"}
        _check_plain(block["text"], LONGEST_HEADER)
    elif kind == "context":
        assert 0 < len(block["elements"]) <= MOST_IN_CONTEXT
        for element in block["elements"]:
            _check_plain(element, LONGEST_TEXT)
    else:
        assert kind == "rich_text", kind
        assert block["elements"]
        for element in block["elements"]:
            assert element["type"] in LINES
            assert element["elements"]
            for part in element["elements"]:
                _check_part(part)


def _check_plain(text: dict[str, Any], longest: int) -> None:
    assert text["type"] == "plain_text", "no mrkdwn: its emphasis cannot be escaped"
    assert 0 < _units(text["text"]) <= longest


def _check_part(part: dict[str, Any]) -> None:
    assert part["type"] in {"text", "link"}, "no user, usergroup, channel or broadcast: nobody is mentioned"
    assert 0 < _units(part["text"]) <= LONGEST_TEXT
    assert part.get("style", {}).keys() <= {"bold", "italic", "strike", "code"}
    if part["type"] == "link":
        assert re.fullmatch(r"https?://\S+", part["url"])
        assert len(part["url"]) <= LONGEST_URL


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
