"""Figures: what is printed and written to build/bench.json."""

from collections.abc import Iterable
from pathlib import Path
from typing import Self

import msgspec
from rich.table import Table


class Figure(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One figure: `reference` is the same of what it stands beside, `ratio` the value over it; a `goal` is the ratio's if there is one."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    ratio: float | None = None
    goal: float | None = None
    met: bool | None = None

    @classmethod
    def of(cls, name: str, value: float, unit: str, *, at_most: float | None = None) -> Self:
        """A figure that stands alone, and the most it may be."""
        return cls(name=name, value=value, unit=unit, goal=at_most, met=None if at_most is None else value <= at_most)

    @classmethod
    def beside(cls, name: str, value: float, reference: float, unit: str, *, at_most: float | None = None) -> Self:
        """A figure beside the same of something else, and the most that its ratio may be."""
        ratio = value / reference
        met = None if at_most is None else ratio <= at_most
        return cls(name=name, value=value, unit=unit, reference=reference, ratio=ratio, goal=at_most, met=met)


def write(figures: Iterable[Figure], path: Path) -> None:
    """Write the figures as a JSON list of objects, what a figure lacks left out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode([_rounded(figure) for figure in figures]), indent=2) + b"\n")


def table(title: str, figures: Iterable[Figure]) -> Table:
    """The figures for people."""
    shown = Table("", "value", "beside", "ratio", "goal", "", title=title, title_justify="left", title_style="bold")
    for column in shown.columns[1:5]:
        column.justify = "right"
    for figure in figures:
        verdict = {None: "", True: "[green]met[/]", False: "[red]missed[/]"}[figure.met]
        goal = "" if figure.goal is None else f"≤ {_text(figure.goal)}{'' if figure.ratio is None else ' x'}"
        shown.add_row(
            figure.name,
            f"{_text(figure.value)} {figure.unit}",
            _text(figure.reference),
            "" if figure.ratio is None else f"{figure.ratio:.2f} x",
            goal,
            verdict,
        )
    return shown


def _rounded(figure: Figure) -> Figure:
    rounded = {name: round(value, 4) for name in ("value", "reference", "ratio") if (value := getattr(figure, name)) is not None}
    return msgspec.structs.replace(figure, **rounded)


def _text(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if number == round(number) or number >= 100 else f"{number:,.2f}"
