"""Personal data inside a comment, replaced by what it is: [CPF], [CNPJ], [E-MAIL], [TELEFONE], [CARTÃO], [CHAVE PIX].

Conservative: what has check digits is taken only where they are right (a CPF with all its punctuation always), and a telephone only
where it cannot well be an order's number. Names, addresses and what a person tells of themselves stay: this is a protection, not
anonymisation.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from shared.alerts.neutral import clean

_AREA_CODES: Final = frozenset(
    (
        *range(11, 20),
        *(21, 22, 24, 27, 28, *range(31, 36), 37, 38),
        *(*range(41, 50), 51, 53, 54, 55, *range(61, 70)),
        *(71, 73, 74, 75, 77, 79, *range(81, 90), *range(91, 100)),
    )
)
"""Of Brazil's geographic numbers (Anatel, Plano Geral de Códigos Nacionais)."""

_PIX_KEY: Final = re.compile(r"(?i)(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])")
_EMAIL: Final = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_CNPJ: Final = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Za-z]{2}\.?[0-9A-Za-z]{3}\.?[0-9A-Za-z]{3}/?[0-9A-Za-z]{4}-?\d{2}(?![0-9A-Za-z])", re.ASCII
)
_CARD: Final = re.compile(
    r"(?<!\d)(?:\d{13,19}|\d{4}([ .-])\d{4}\1\d{4}\1\d{4}"
    r"|3[47]\d{2}[ .-]\d{6}[ .-]\d{5}|3[0689]\d{2}[ .-]\d{6}[ .-]\d{4})(?!\d)"  # American Express, Diners Club
)
_CPF: Final = re.compile(r"(?<!\d)\d{3}[. ]?\d{3}[. ]?\d{3}[-/ ]?\d{2}(?!\d)")
_CPF_IN_FULL: Final = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}")
_TELEPHONE: Final = re.compile(
    r"(?<!\d)(?P<country>\+?55[ .-]?)?(?:(?P<brackets>\(0?(?P<area1>\d{2})\))|0?(?P<area2>\d{2}))[ .-]?"
    r"(?:(?P<mobile>9[ .-]?\d{4})|[2-5]\d{3})(?P<hyphen>[ .-]?)\d{4}(?!\d)"
)
_MOBILE_WITHOUT_AREA: Final = re.compile(r"(?<![\d.-])9\d{4}-\d{4}(?!\d)")
_ABROAD: Final = re.compile(r"\+\d{1,3}(?:[ .()-]{0,2}\d){7,13}(?!\d)")

_CARD_RANGES: Final = {
    13: r"4",
    14: r"3[0689]",
    15: r"3[47]",
    16: r"[3-6]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720",
    17: r"[56]",
    18: r"[56]",
    19: r"[4-6]",
}
"""How the networks' numbers begin, by length: what keeps most protocol numbers, which begin with a year, out."""
_CPF_DIGITS: Final = 11


def mask(text: str) -> str:
    """The text, cleaned as in `neutral.clean` (a number cut by what cannot be seen is a number), with a label for each datum found."""
    masked = clean(text)
    for kind in _KINDS:
        masked = kind.pattern.sub(kind.label_for, masked)
    return masked


def is_cpf(digits: Sequence[int]) -> bool:
    """Whether eleven digits end in their check digits (Receita Federal: weights 10 to 2, then 11 to 2, modulo 11)."""
    if len(digits) != _CPF_DIGITS or len(set(digits)) == 1:
        return False
    return all(digits[place] == _check_digit(digits[:place], range(place + 1, 1, -1)) for place in (9, 10))


def is_cnpj(characters: str) -> bool:
    """Whether fourteen characters end in their check digits.

    Letters included, as in the numbers given from July 2026 on: each character counts as its ASCII code less 48 (IN RFB 2.229/2024).
    """
    values = [ord(character) - 48 for character in characters.upper()]
    if len(set(values)) == 1:
        return False
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return values[12] == _check_digit(values[:12], weights[1:]) and values[13] == _check_digit(values[:13], weights)


def is_card(digits: Sequence[int]) -> bool:
    """Whether the digits can be a payment card's: of a network's range, and right by Luhn (ISO/IEC 7812-1)."""
    begins = _CARD_RANGES.get(len(digits))
    if begins is None or re.match(begins, "".join(map(str, digits))) is None:
        return False
    doubled = (digit * 2 for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(digit - 9 if digit > 9 else digit for digit in doubled)) % 10 == 0  # noqa: PLR2004 - two digits are added


def _check_digit(values: Sequence[int], weights: Sequence[int]) -> int:
    rest = sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
    return 0 if rest < 2 else 11 - rest  # noqa: PLR2004 - the rule of both numbers


def _digits(found: re.Match[str]) -> list[int]:
    return [int(character) for character in found[0] if character.isdecimal()]


def _found_cnpj(found: re.Match[str]) -> bool:
    characters = re.sub(r"[ ./-]", "", found[0])
    written_as_one = found[0] != characters or characters.isdecimal() or characters.isupper()
    return written_as_one and is_cnpj(characters)


def _found_card(found: re.Match[str]) -> bool:
    return is_card(_digits(found))


def _found_cpf(found: re.Match[str]) -> bool:
    return _CPF_IN_FULL.fullmatch(found[0]) is not None or is_cpf(_digits(found))


def _found_telephone(found: re.Match[str]) -> bool:
    if int(found["area1"] or found["area2"]) not in _AREA_CODES:
        return False
    return bool(found["mobile"] or found["country"] or found["brackets"] or found["hyphen"] == "-")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of datum: what looks like it, what is said instead, and whether a match is one."""

    pattern: re.Pattern[str]
    label: str
    is_one: Callable[[re.Match[str]], bool] = lambda _: True

    def label_for(self, found: re.Match[str]) -> str:
        return self.label if self.is_one(found) else found[0]


_KINDS: Final = (
    _Kind(_PIX_KEY, "[CHAVE PIX]"),
    _Kind(_EMAIL, "[E-MAIL]"),
    _Kind(_CNPJ, "[CNPJ]", _found_cnpj),
    _Kind(_CARD, "[CARTÃO]", _found_card),
    _Kind(_CPF, "[CPF]", _found_cpf),
    _Kind(_TELEPHONE, "[TELEFONE]", _found_telephone),
    _Kind(_MOBILE_WITHOUT_AREA, "[TELEFONE]"),
    _Kind(_ABROAD, "[TELEFONE]"),
)
"""In this order: what has a stricter form first."""
