"""What is said to people in English, with what varies in it kept apart, so that another language can say it in its own order."""

from collections.abc import Mapping
from datetime import date
from typing import Self

type Given = str | int | date | tuple[str, ...]
"""What stands for a placeholder. A `Phrase` is said in the language too, also within a tuple; of a tuple each, joined by commas."""


class Phrase(str):
    """The English text of a template such as `at most {most} people are expected`."""

    __slots__ = ("given", "template")
    template: str
    given: Mapping[str, Given]

    def __new__(cls, template: str, /, **given: Given) -> Self:
        """Fill in the template; without anything to fill in, it is the text as it is."""
        phrase = super().__new__(cls, _filled(template, given, {}))
        phrase.template, phrase.given = template, given
        return phrase


def translated(text: str, templates: Mapping[str, str]) -> str:
    """The text by a language's templates, whose keys are the English ones; as it is where there is none, as of what a person wrote."""
    if isinstance(text, Phrase):
        return _filled(templates.get(text.template, text.template), text.given, templates)
    return templates.get(text, text)


def _filled(template: str, given: Mapping[str, Given], templates: Mapping[str, str]) -> str:
    return template.format_map({name: _part(value, templates) for name, value in given.items()}) if given else template


def _part(value: Given, templates: Mapping[str, str]) -> str | int | date:
    if isinstance(value, tuple):
        return ", ".join(str(_part(each, templates)) for each in value)
    return translated(value, templates) if isinstance(value, Phrase) else value
