"""The week as a letter, in the reader's language: as text and as HTML. It names surveys and numbers, and nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from shared.api.html import environment
from shared.comparing import Comparison, Verdict
from shared.periods import Period
from shared.privacy.letter import Letter
from shared.scoring import FEWEST_FOR_A_VERDICT, interval, nps, to_one_decimal
from shared.summary.week import SurveyWeek
from shared.survey import Locale
from shared.texts.summary import FOLDER, SummaryTexts, summary_texts

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class Links:
    """Where a letter leads: to the console, and to its own end."""

    console_url: str
    stop_url: str


@dataclass(frozen=True, slots=True)
class _Shown:
    name: str
    score: str
    lines: tuple[str, ...]


def letter_of(weeks: Sequence[SurveyWeek], week: Period, locale: Locale, links: Links) -> Letter:
    """The letter of a week. Mail programs offer to end it by themselves (RFC 8058), by a POST to the same place."""
    texts = summary_texts(locale)
    days = {"first": _day(week.first, locale), "last": _day(week.last, locale)}
    subject, lead = texts.subject.format(**days), texts.lead.format(**days)
    surveys = [_shown(each, texts, locale) for each in weeks]
    given = {"console_url": links.console_url, "stop_url": links.stop_url}
    html = _environment().get_template("letter.html").render(lang=locale, texts=texts, subject=subject, lead=lead, surveys=surveys, **given)
    blocks = ["\n".join([survey.name, survey.score, *survey.lines]) for survey in surveys]
    end = f"{texts.why}\n{texts.stop}: {links.stop_url}"
    return Letter(
        subject=subject,
        text="\n\n".join([texts.greeting, lead, *blocks, f"{texts.open}: {links.console_url}", f"-- \n{end}"]) + "\n",
        html=html,
        headers={"List-Unsubscribe": f"<{links.stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def page_of(locale: Locale, *, ended: bool) -> tuple[str, str]:
    """The page that ends a subscription, before and after, and its style."""
    texts, made = summary_texts(locale), _environment()
    title, detail = (texts.ended, texts.ended_detail) if ended else (texts.ask, texts.ask_detail)
    html = made.get_template("page.html").render(lang=locale, texts=texts, title=title, detail=detail, asks=not ended)
    return html, str(made.globals["style"])


def _shown(week: SurveyWeek, texts: SummaryTexts, locale: Locale) -> _Shown:
    score, spread = nps(week.answers), interval(week.answers)
    if score is None or spread is None:
        return _Shown(week.name, texts.none, ())
    given = {"nps": _signed(score), "low": _number(spread.low, locale), "high": _number(spread.high, locale)}
    few = week.answers.answers < FEWEST_FOR_A_VERDICT
    counts = texts.counts.format(answers=week.answers.answers, detractors=week.answers.detractors)
    return _Shown(
        week.name, (texts.few if few else texts.score).format(**given), (counts, _change(week.beside_the_week_before, texts, locale))
    )


def _change(comparison: Comparison, texts: SummaryTexts, locale: Locale) -> str:
    if comparison.verdict is Verdict.TOO_FEW or comparison.difference is None:
        return texts.too_few
    said = {Verdict.ROSE: texts.rose, Verdict.FELL: texts.fell, Verdict.NO_CLEAR_CHANGE: texts.no_clear_change}[comparison.verdict]
    difference = to_one_decimal(comparison.difference)
    return said.format(difference=("+" if difference > 0 else "") + _number(difference, locale))


def _number(number: float, locale: Locale) -> str:
    """With the locale's decimal mark, a real minus, and no decimal where there is nothing behind it."""
    text = f"{number:.1f}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")
    return text if locale == "en" else text.replace(".", ",")


def _signed(score: int) -> str:
    return str(score).replace("-", "\N{MINUS SIGN}")


def _day(day: date, locale: Locale) -> str:
    return day.isoformat() if locale == "en" else f"{day:%d/%m/%Y}"


@cache
def _environment() -> "Environment":
    return environment(FOLDER)
