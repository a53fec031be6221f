"""Google Chat, by incoming webhook: one card of version 2 (developers.google.com/workspace/chat/api/reference/rest/v1/cards).

Text of cards is read as a subset of HTML, so what a stranger typed is escaped; mentions are made in a message's `text` only, which is not
sent. Header and labels are read as plain text or as HTML: nothing that either could misread stands there.
"""

from typing import Final

from shared.alerts.compose.letter import BETWEEN, About, Entry, Letter
from shared.alerts.compose.payload import Json, Payload, json_payload, json_size, that_fit
from shared.alerts.neutral import cut, for_card_header, for_html, utf8

BYTES_OF_QUOTE: Final = 12_000
BYTES_OF_FACT: Final = 2_000
MOST_ENTRIES: Final = 20
ROOM_FOR_ENTRIES: Final = 24_000
"""Bytes, of the 32,000 that a message may have with its cards."""
_ICONS: Final = {
    About.SURVEY: "DESCRIPTION",
    About.TOUCHPOINT: "MAP_PIN",
    About.ANSWERED_AT: "CLOCK",
    About.SEGMENTS: "BOOKMARK",
    About.FIRST_NAME: "PERSON",
    About.EMAIL: "EMAIL",
    About.CUSTOMER_ID: "MEMBERSHIP",
    About.CHANNEL: "STAR",
}


def compose(letter: Letter) -> Payload:
    """The body that a Google Chat webhook takes."""
    shown = that_fit([_section([_entry(letter, entry)]) for entry in letter.entries], ROOM_FOR_ENTRIES, json_size, MOST_ENTRIES)
    beginning = [*_lead(letter), *_facts(letter)]
    sections = [
        *([_section(beginning)] if beginning else []),
        *([_quotation(letter, letter.quote)] if letter.quote else []),
        *_entries(letter, shown),
        _section([_paragraph(f"<b>{letter.texts.labels.next_step}</b><br>{for_html(letter.next_step)}"), *_button(letter, letter.link)]),
    ]
    header: Json = {"title": letter.headline, "subtitle": for_card_header(letter.footer)}
    card: Json = {"header": header, "sections": list(sections)}
    return json_payload({"fallbackText": for_card_header(letter.summary), "cardsV2": [{"cardId": "recomenda", "card": card}]}, len(shown))


def _lead(letter: Letter) -> list[Json]:
    lead = [_paragraph(for_html(letter.lead))] if letter.lead else []
    return [*lead, _paragraph(f"<b>{for_html(letter.code)}</b>")] if letter.code else lead


def _facts(letter: Letter) -> list[Json]:
    return [
        {
            "decoratedText": {
                "startIcon": {"knownIcon": _ICONS[fact.about]},
                "topLabel": fact.label,
                "text": for_html(cut(fact.value, BYTES_OF_FACT, _bytes)),
                "wrapText": True,
            }
        }
        for fact in letter.facts
    ]


def _quotation(letter: Letter, quote: str) -> Json:
    shown = cut(quote, BYTES_OF_QUOTE, _bytes)
    ending = [] if shown == quote else [_paragraph(f"<i>{for_html(letter.texts.cut_comment)}</i>")]
    return _section([_paragraph(for_html(shown)), *ending], header=letter.texts.labels.comment)


def _bytes(text: str) -> int:
    return utf8(for_html(text))


def _entries(letter: Letter, shown: list[Json]) -> list[Json]:
    left_out = len(letter.entries) - len(shown)
    return [*shown, _section([_paragraph(f"<i>{for_html(letter.more(left_out))}</i>")])] if left_out else shown


def _entry(letter: Letter, entry: Entry) -> Json:
    link = f'{BETWEEN}<a href="{for_html(entry.link)}">{letter.texts.labels.open_answer}</a>' if entry.link else ""
    quote = f"<br>{for_html(entry.quote)}" if entry.quote else ""
    return _paragraph(f"<b>{for_html(entry.title)}</b><br>{for_html(entry.detail)}{link}{quote}")


def _button(letter: Letter, url: str | None) -> list[Json]:
    return [{"buttonList": {"buttons": [{"text": letter.texts.labels.open_answer, "onClick": {"openLink": {"url": url}}}]}}] if url else []


def _section(widgets: list[Json], **look: str) -> Json:
    return {"widgets": widgets, **look}


def _paragraph(text: str) -> Json:
    return {"textParagraph": {"text": text}}
