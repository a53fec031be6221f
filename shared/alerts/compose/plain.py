"""An alert as plain text, for e-mail."""

from typing import Final

from shared.alerts.compose.letter import Entry, Letter
from shared.alerts.neutral import cut

LONGEST_SUBJECT: Final = 99
"""Less than 100 characters, no line breaks, no controls (SNS API, Publish, Subject)."""
MOST_ENTRIES: Final = 50


def subject(letter: Letter) -> str:
    """What the mailbox lists, in one line."""
    return cut(letter.summary, LONGEST_SUBJECT)


def body(letter: Letter) -> str:
    """The message. Quoted lines begin with ">"."""
    labels = letter.texts.labels
    parts = [
        letter.title,
        letter.lead,
        "\n".join(f"{fact.label}: {fact.value}" for fact in letter.facts),
        f"    {letter.code}" if letter.code else "",
        f"{labels.comment}:\n{_quoted(letter.quote)}" if letter.quote else "",
        *(_entry(entry) for entry in letter.entries[:MOST_ENTRIES]),
        letter.more(len(letter.entries) - MOST_ENTRIES) if len(letter.entries) > MOST_ENTRIES else "",
        f"{labels.next_step}: {letter.next_step}",
        f"{labels.open_answer}:\n{letter.link}" if letter.link else "",
        f"--\n{letter.footer}",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _entry(entry: Entry) -> str:
    lines = [f"* {entry.title}", f"  {entry.detail}", f"  > {entry.quote}" if entry.quote else "", f"  {entry.link}" if entry.link else ""]
    return "\n".join(filter(None, lines))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
