"""Slack, by incoming webhook: Block Kit (docs.slack.dev/reference/block-kit).

What a stranger typed stands in `text` elements of rich text only, which know no markup, no mention and no link; so nothing needs escaping
but the line shown in notifications. The link is a link and not a button: a button of an app without interactivity shows a warning when
it is pressed (slackapi/node-slack-sdk#869).
"""

from typing import Final

from shared.alerts.compose.letter import Entry, Letter
from shared.alerts.compose.payload import Json, Payload, json_payload, that_fit
from shared.alerts.neutral import cut, for_mrkdwn, utf16

LONGEST_HEADER: Final = 150
LONGEST_QUOTE: Final = 2_900
LONGEST_NOTIFICATION: Final = 300
MOST_ENTRIES: Final = 20
ROOM_FOR_ENTRIES: Final = 8_000
"""Characters. Over about 13,000 in all blocks Slack answers msg_blocks_too_long, which it publishes nowhere (slackapi/bolt-js#2509)."""


def compose(letter: Letter) -> Payload:
    """The body that a Slack webhook takes."""
    shown = that_fit(letter.entries, ROOM_FOR_ENTRIES, _size, MOST_ENTRIES)
    notification = cut(f"{letter.emoji} {letter.summary}", LONGEST_NOTIFICATION)
    blocks: list[Json] = [
        {"type": "header", "text": {"type": "plain_text", "text": cut(letter.headline, LONGEST_HEADER), "emoji": True}},
        *_summary(letter),
        *_entries(letter, shown),
        _closing(letter),
        {"type": "context", "elements": [{"type": "plain_text", "text": letter.footer, "emoji": False}]},
    ]
    return json_payload({"text": for_mrkdwn(notification), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}, len(shown))


def _summary(letter: Letter) -> list[Json]:
    lines: list[Json] = [_line(_text(letter.lead))] if letter.lead else []
    lines += [_line(_text(f"{fact.label}: ", bold=True), _text(fact.value)) for fact in letter.facts]
    if letter.code:
        lines.append({"type": "rich_text_preformatted", "elements": [_text(letter.code)]})
    blocks = [_rich(*lines)] if lines else []
    return [*blocks, _quotation(letter, letter.quote)] if letter.quote else blocks


def _quotation(letter: Letter, quote: str) -> Json:
    shown = cut(quote, LONGEST_QUOTE)
    lines = [_line(_text(letter.texts.labels.comment, bold=True)), _quote(shown)]
    return _rich(*lines, *([] if shown == quote else [_line(_text(letter.texts.cut_comment))]))


def _entries(letter: Letter, shown: list[Entry]) -> list[Json]:
    blocks = [_entry(letter, entry) for entry in shown]
    left_out = len(letter.entries) - len(shown)
    return [*blocks, _rich(_line(_text(letter.more(left_out))))] if left_out else blocks


def _entry(letter: Letter, entry: Entry) -> Json:
    link: list[Json] = [_text(" "), _link(letter, entry.link)] if entry.link else []
    lines = [_line(_text(entry.title, bold=True)), _line(_text(entry.detail), *link)]
    return _rich(*lines, *([_quote(entry.quote)] if entry.quote else []))


def _size(entry: Entry) -> int:
    return utf16(entry.title) + utf16(entry.detail) + utf16(entry.quote or "") + utf16(entry.link or "") + 40


def _closing(letter: Letter) -> Json:
    advice = _line(_text(f"{letter.texts.labels.next_step}: ", bold=True), _text(letter.next_step))
    return _rich(advice, *([_line(_link(letter, letter.link))] if letter.link else []))


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _line(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def _quote(text: str) -> Json:
    return {"type": "rich_text_quote", "elements": [_text(text)]}


def _text(text: str, *, bold: bool = False) -> Json:
    return {"type": "text", "text": text} | ({"style": {"bold": True}} if bold else {})


def _link(letter: Letter, url: str) -> Json:
    return {"type": "link", "url": url, "text": letter.texts.labels.open_answer}
