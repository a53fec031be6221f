"""Microsoft Teams, by a Workflows URL: an Adaptive Card 1.4 as the message's attachment.

What a stranger typed stands in TextRuns only. TextBlock and FactSet read Markdown, and Teams' clients do not agree on how it is escaped
(MicrosoftDocs/msteams-docs#5793); a RichTextBlock reads none (learn.microsoft.com/adaptive-cards/authoring-cards/text-features). No
`msteams.entities` are sent, so nothing is a mention.
"""

from typing import Final

from shared.alerts.compose.letter import Entry, Letter, Tone
from shared.alerts.compose.payload import Json, Payload, json_payload, json_size, that_fit
from shared.alerts.neutral import cut, for_adaptive_card, utf8

BYTES_OF_QUOTE: Final = 7_500
MOST_PARAGRAPHS: Final = 12
MOST_ENTRIES: Final = 20
ROOM_FOR_ENTRIES: Final = 15_000
"""Bytes. About 28 KB are allowed (learn.microsoft.com/connectors/teams, message size), but senders met refusals from 21 KB on."""
_STYLES: Final = {Tone.ALARM: "attention", Tone.WORD: "warning", Tone.CALM: "good", Tone.PLAIN: "accent"}


def compose(letter: Letter) -> Payload:
    """The body that "When a Teams webhook request is received" takes."""
    shown = that_fit([_entry(letter, entry) for entry in letter.entries], ROOM_FOR_ENTRIES, json_size, MOST_ENTRIES)
    body: list[Json] = [
        _heading(letter),
        *([_facts(letter)] if letter.facts else []),
        *([_container("emphasis", _rich(_run(letter.code, size="ExtraLarge", weight="Bolder")))] if letter.code else []),
        *([_quotation(letter, letter.quote)] if letter.quote else []),
        *_entries(letter, shown),
        _rich(_run(f"{letter.texts.labels.next_step}: ", weight="Bolder"), _run(letter.next_step), spacing="Medium"),
        _rich(_run(letter.footer, isSubtle=True, size="Small"), spacing="Medium"),
    ]
    actions: list[Json] = [_open(letter, letter.link)] if letter.link else []
    card: dict[str, Json] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": letter.locale,
        "fallbackText": letter.headline,
        "msteams": {"width": "Full"},
        "body": body,
        "actions": actions,
    }
    attachment: Json = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return json_payload({"type": "message", "attachments": [attachment]}, len(shown))


def _heading(letter: Letter) -> Json:
    title: Json = {"type": "TextBlock", "text": letter.headline, "size": "Large", "weight": "Bolder", "wrap": True}
    lead = [_rich(_run(letter.lead), spacing="Small")] if letter.lead else []
    return {"type": "Container", "style": _STYLES[letter.tone], "bleed": True, "items": [title, *lead]}


def _facts(letter: Letter) -> Json:
    lines = [_rich(_run(f"{fact.label}: ", weight="Bolder"), _run(fact.value), spacing="Small") for fact in letter.facts]
    return {"type": "Container", "spacing": "Medium", "items": list(lines)}


def _quotation(letter: Letter, quote: str) -> Json:
    """A TextRun's own line breaks are not shown everywhere, so each line is a block; many lines are run together at the end."""
    shown = cut(quote, BYTES_OF_QUOTE, _bytes)
    lines = [line for line in shown.split("\n") if line]
    paragraphs = lines if len(lines) <= MOST_PARAGRAPHS else [*lines[: MOST_PARAGRAPHS - 1], " ".join(lines[MOST_PARAGRAPHS - 1 :])]
    items = [_rich(_run(letter.texts.labels.comment, weight="Bolder")), *(_rich(_run(line), spacing="Small") for line in paragraphs)]
    ending = [] if shown == quote else [_rich(_run(letter.texts.cut_comment, isSubtle=True), spacing="Small")]
    return _container("emphasis", *items, *ending)


def _bytes(text: str) -> int:
    return utf8(for_adaptive_card(text))


def _entries(letter: Letter, shown: list[Json]) -> list[Json]:
    left_out = len(letter.entries) - len(shown)
    return [*shown, _rich(_run(letter.more(left_out), isSubtle=True), spacing="Medium")] if left_out else shown


def _entry(letter: Letter, entry: Entry) -> Json:
    items = [_rich(_run(entry.title, weight="Bolder")), _rich(_run(entry.detail, isSubtle=True), spacing="None")]
    if entry.quote:
        items.append(_rich(_run(entry.quote), spacing="Small"))
    tappable: dict[str, Json] = {"selectAction": _open(letter, entry.link)} if entry.link else {}
    return {"type": "Container", "separator": True, "spacing": "Medium", "items": list(items), **tappable}


def _container(style: str, *items: Json) -> Json:
    return {"type": "Container", "style": style, "spacing": "Medium", "items": list(items)}


def _rich(*inlines: Json, **look: str) -> Json:
    return {"type": "RichTextBlock", "inlines": inlines, **look}


def _run(text: str, **look: str | bool) -> Json:
    return {"type": "TextRun", "text": for_adaptive_card(text), **look}


def _open(letter: Letter, url: str) -> Json:
    return {"type": "Action.OpenUrl", "title": letter.texts.labels.open_answer, "url": url}
