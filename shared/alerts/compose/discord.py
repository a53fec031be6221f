"""Discord, by webhook: one embed (discord.com/developers/docs/resources/message, Embed limits).

Embeds read Markdown, so what a stranger typed is escaped; `allowed_mentions` takes away what pings. A webhook that no application owns
cannot have buttons (discord/discord-api-docs#5744), so the title is the link, and a line below repeats it.
"""

from typing import Final

from shared.alerts.compose.letter import About, Entry, Fact, Letter, Tone
from shared.alerts.compose.payload import Json, Payload, json_payload, that_fit
from shared.alerts.neutral import cut, for_discord, utf16

LONGEST_TITLE: Final = 256
LONGEST_FACT: Final = 300
LONGEST_SEGMENTS: Final = 1_000
LONGEST_QUOTE: Final = 2_500
ROOM: Final = 5_700
"""Of the 6,000 characters that all texts of a message's embeds may have together."""
MOST_ENTRIES: Final = 15
ROOM_FOR_ENTRIES: Final = 3_500
_COLOURS: Final = {Tone.ALARM: 0xD92D20, Tone.WORD: 0xF79009, Tone.CALM: 0x12B76A, Tone.PLAIN: 0x0B5FFF}


def compose(letter: Letter) -> Payload:
    """The body that a Discord webhook takes."""
    shown = that_fit([_entry(letter, entry) for entry in letter.entries], ROOM_FOR_ENTRIES, lambda line: utf16(line) + 2, MOST_ENTRIES)
    fields = [*_facts(letter), *_closing(letter)]
    taken = LONGEST_TITLE + len(letter.footer) + sum(utf16(str(field["name"])) + utf16(str(field["value"])) for field in fields)
    embed: dict[str, Json] = {
        "title": cut(letter.headline, LONGEST_TITLE, _size),
        "description": _description(letter, shown, ROOM - taken),
        "color": _COLOURS[letter.tone],
        "fields": list(fields),
        "footer": {"text": letter.footer},
        "timestamp": letter.at.isoformat(),
    }
    return json_payload({"embeds": [embed | ({"url": letter.link} if letter.link else {})], "allowed_mentions": {"parse": []}}, len(shown))


def _description(letter: Letter, shown: list[str], room: int) -> str:
    parts = [for_discord(letter.lead)] if letter.lead else []
    if letter.code:
        parts.append(f"# {for_discord(letter.code)}")
    if letter.quote:
        parts.append(_quotation(letter, letter.quote, room - utf16("\n\n".join(parts)) - 4))
    return "\n\n".join([*parts, *_entries(letter, shown)])


def _quotation(letter: Letter, quote: str, room: int) -> str:
    heading, ending = f"**{letter.texts.labels.comment}**\n", f"\n*{letter.texts.cut_comment}*"
    longest = min(LONGEST_QUOTE, room - utf16(heading) - utf16(ending))
    shown = cut(quote, longest, lambda text: utf16(_quoted(text)))
    return heading + _quoted(shown) + ("" if shown == quote else ending)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in for_discord(text).split("\n"))


def _entries(letter: Letter, shown: list[str]) -> list[str]:
    left_out = len(letter.entries) - len(shown)
    return [*shown, f"*{letter.more(left_out)}*"] if left_out else shown


def _entry(letter: Letter, entry: Entry) -> str:
    link = f" [{letter.texts.labels.open_answer}]({entry.link})" if entry.link else ""
    quote = f"\n{_quoted(entry.quote)}" if entry.quote else ""
    return f"**{for_discord(entry.title)}**\n{for_discord(entry.detail)}{link}{quote}"


def _facts(letter: Letter) -> list[dict[str, Json]]:
    return [_field(fact.label, _value(fact), inline=fact.about is not About.SEGMENTS) for fact in letter.facts]


def _value(fact: Fact) -> str:
    longest = LONGEST_SEGMENTS if fact.about is About.SEGMENTS else LONGEST_FACT
    return for_discord(cut(fact.value, longest, _size))


def _closing(letter: Letter) -> list[dict[str, Json]]:
    link = f"\n[{letter.texts.labels.open_answer}]({letter.link})" if letter.link else ""
    return [_field(letter.texts.labels.next_step, letter.next_step + link)]


def _field(name: str, value: str, *, inline: bool = False) -> dict[str, Json]:
    return {"name": name, "value": value, "inline": inline}


def _size(text: str) -> int:
    return utf16(for_discord(text))
