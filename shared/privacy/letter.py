"""The letter with the code, in the language of the request: as text and as HTML. It has no link, so nobody learns to follow one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.privacy.codes import LIFE
from shared.privacy.requests import RequestType
from shared.survey import Locale
from shared.texts.privacy import LetterTexts, letter_template, letter_texts

_HALF: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is mailed. The subject says nothing that a locked screen should not show."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


def letter_of(type_: RequestType, code: str, companies: Sequence[str], locale: Locale) -> Letter:
    """The letter with that code, from these companies."""
    texts, shown = letter_texts(locale), f"{code[:_HALF]} {code[_HALF:]}"
    given = {"what": texts.what[type_], "minutes": int(LIFE.total_seconds() // 60), "company": _joined(companies, texts)}
    paragraphs = [texts.lead.format(**given), texts.expiry.format(**given), texts.not_you, texts.never_share]
    signature = given["company"] or texts.signature
    lead, *rest = paragraphs
    return Letter(
        subject=texts.subject,
        text="\n\n".join([texts.greeting, lead, f"    {shown}", *rest, f"-- \n{signature}"]) + "\n",
        html=letter_template().render(lang=locale, texts=texts, lead=lead, code=shown, rest=rest, signature=signature),
    )


def _joined(companies: Sequence[str], texts: LetterTexts) -> str:
    *most, last = [" ".join(company.split()) for company in companies] or [""]
    return f"{', '.join(most)} {texts.and_} {last}" if most else last
