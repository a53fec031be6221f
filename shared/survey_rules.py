"""What a survey may be, may become, and needs before it opens."""

import re
from typing import Final

from shared import dimension as dim
from shared.periods import UnknownTimeZoneError, zone
from shared.phrase import Phrase
from shared.survey import Survey, SurveySettings, SurveyStatus

_ADDRESS_PATTERN: Final = re.compile(r"(https?://|/|\*)[^\s<>\"]*")
"""A page's address, whole or from its path on, with `*` for any text."""


class SurveyRuleError(ValueError):
    """A survey may not be what was asked; `rule` names why and `pointer` (RFC 6901) where."""

    def __init__(self, rule: str, pointer: str) -> None:
        """Keep both for the answer; neither carries a value that came in."""
        super().__init__(f"{rule} at {pointer}")
        self.rule = rule
        self.pointer = pointer


def check(settings: SurveySettings) -> None:
    """Refuse settings that contradict themselves. Raises `SurveyRuleError`."""
    try:
        zone(settings.time_zone)
    except UnknownTimeZoneError:
        raise SurveyRuleError("an IANA time zone is expected", "/time_zone") from None
    if settings.default_locale not in settings.locales:
        raise SurveyRuleError("the default locale must be one of the locales", "/default_locale")
    if len({segment.key for segment in settings.segments}) < len(settings.segments):
        raise SurveyRuleError("a segment is declared twice", "/segments")
    for name, values in settings.declared().items():
        if len(set(values)) < len(values):
            raise SurveyRuleError("a value is declared twice", _pointer_to(name))
        if dim.OTHER in values:
            raise SurveyRuleError(Phrase("'{other}' is kept for what is not declared", other=dim.OTHER), _pointer_to(name))
    known = settings.declared().keys()
    if any(one not in known or other not in known or one == other for one, other in settings.pairs):
        raise SurveyRuleError("a pair takes two different declared dimensions, such as touchpoint and segment.plan", "/pairs")
    if len({frozenset(pair) for pair in settings.pairs}) < len(settings.pairs):
        raise SurveyRuleError("a pair is declared twice", "/pairs")
    _check_addresses(settings)


def _check_addresses(settings: SurveySettings) -> None:
    if not all(_ADDRESS_PATTERN.fullmatch(pattern) for pattern in settings.display.urls):
        raise SurveyRuleError("an address beginning with https://, http://, / or * is expected", "/display/urls")
    if len(set(settings.display.urls)) < len(settings.display.urls):
        raise SurveyRuleError("an address is declared twice", "/display/urls")


def check_change(before: Survey, settings: SurveySettings) -> None:
    """Refuse a change that would lose what has been counted. Raises `SurveyRuleError`.

    Dimensions may gain values, never lose one: its row would stay unread. The time zone places answers in days. Which pairs are shown hangs
    on their order (`shared.withholding.shield.independent_pairs`).
    """
    check(settings)
    if before.status is SurveyStatus.DRAFT:
        return
    if settings.time_zone != before.settings.time_zone:
        raise SurveyRuleError("the time zone is fixed once the survey has opened; make a new survey", "/time_zone")
    for name, values in before.settings.declared().items():
        if not set(values) <= set(settings.declared().get(name, ())):
            raise SurveyRuleError("a dimension may gain values, never lose one", _pointer_to(name))
    if settings.pairs[: len(before.settings.pairs)] != before.settings.pairs:
        raise SurveyRuleError("a declared pair stays where it is, and others come after it", "/pairs")
    if before.status is SurveyStatus.OPEN:
        check_ready_to_open(settings)


def check_ready_to_open(settings: SurveySettings) -> None:
    """A survey opens only with a legal basis, a retention and an encarregado (LGPD arts. 7, 15, 41). Raises `SurveyRuleError`."""
    basis = settings.legal_basis
    if basis is None or not basis.is_complete() or (basis.kind == "consent" and settings.default_locale not in basis.consent_text):
        raise SurveyRuleError(
            "a legal basis is needed: consent with its version and text (in the default locale at least), or an assessment's reference",
            "/legal_basis",
        )
    if settings.retention_days is None:
        raise SurveyRuleError("a retention in days is needed", "/retention_days")
    if settings.encarregado is None:
        raise SurveyRuleError("an encarregado, or a small agent's channel, is needed", "/encarregado")


def _pointer_to(name: str) -> str:
    return "/segments" if name.startswith(dim.SEGMENT) else f"/{name}s"
