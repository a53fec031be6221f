"""`python -m tests.bench`: measures all, prints tables, writes build/bench.json. Ends in 0 when it ran to its end, goals met or not."""

import shutil
import statistics
import sys
import time
from dataclasses import dataclass

from rich.console import Console

from infra.environments import ROOT
from tests.bench import alerts, beside, erasing, freshness, importing, money, reading, units
from tests.bench import console as views
from tests.bench.figures import Figure, table, write
from tests.bench.place import Place, local_place
from tests.bench.unsealed_collect import OpenKeys
from tests.bench.widgets import measure as widgets

WIDTH = 160
JSON = ROOT / "build" / "bench.json"
LOADS = (1_000, 100_000)
RECENT = 10_000
YEARS = (100_000, 1_000_000, 10_000_000)
FLOOD = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """Units, on which the money stands."""

    costs: dict[int, units.Cost]
    textbook: units.Cost
    item_bytes: int
    idle_sweep: tuple[float, float]


def main() -> int:
    """Measure."""
    console = Console(highlight=False, width=max(WIDTH, shutil.get_terminal_size().columns))
    began = time.monotonic()
    figures: list[Figure] = []

    def show(title: str, found: list[Figure]) -> None:
        figures.extend(found)
        write(figures, JSON)  # what was measured is kept, whatever comes of the rest
        console.print(table(title, found))

    with local_place() as place:
        pair = beside.prepare(place)
        show("`collect` beside a plain function (json.loads, Logger, one put_item)", speed(pair))
        show("`collect` with a comment, beside itself without sealing", sealed(beside.sealing(pair), place))
        measured, found = capacity(place)
        show("DynamoDB units an answer, put included: six dimensions, anonymous; beside the textbook design", found)
        show("DynamoDB write units of an anonymous answer's POST: watching for floods", watching(place))
        show("DynamoDB units of reading and sweeping", readings(place, measured))
        show("DynamoDB units of importing a line: six dimensions, a thousand lines over ten days", importing.importing(place))
        show("DynamoDB read units of a year by weeks (GET trend)", series(place))
        show("DynamoDB calls and units of erasing a person with 50 answers: among 100,000 beside among 1,000", erasing.erasing(place))
    show(f"Dollars at list prices of {money.Prices.of('us-east-1').as_of}", dollars(measured, console))
    show("The widget on a slow phone, beside others' from npm (each answered by loopback)", widgets.figures(widgets.visits()))

    def say(text: str) -> None:
        console.print(f"· {text}", style="dim")

    show("From the POST to a score that has it, on an idle local stack", fresh(freshness.measure(say)))
    show("From a detractor's POST to a receipt whose signature was verified", alerting(alerts.measure(console.print)))
    show("The console's files", views.weights())
    show("The console with a year of the demo's answers, its files not there yet; beside its data alone", views.figures(views.measure(say)))
    missed = [figure.name for figure in figures if figure.met is False]
    console.print(f"{JSON.relative_to(ROOT)} written after {time.monotonic() - began:.0f} s; missed: {', '.join(missed) or 'none'}")
    return 0


def speed(pair: beside.Beside) -> list[Figure]:
    """Rows of time."""
    cold, uncompiled, warm = pair.cold(), pair.cold_uncompiled(), pair.warm()
    return [
        Figure.beside("collect: cold start", cold.wall.ours, cold.wall.other, "ms", at_most=1.3),
        Figure.beside("collect: cold start, CPU time", cold.cpu.ours, cold.cpu.other, "ms"),
        Figure.beside("collect: cold start without bytecode", uncompiled.wall.ours, uncompiled.wall.other, "ms"),
        Figure.beside("collect: CPU time of a warm answer", warm.ours, warm.other, "µs", at_most=2.5),
    ]


def sealed(pair: beside.Beside, place: Place) -> list[Figure]:
    """Rows of what a sealed comment takes."""
    cold, warm, survey = pair.cold(), pair.warm(), place.survey("commented")
    ours, other = units.commented_post(survey), units.commented_post(survey, OpenKeys)
    return [
        Figure.beside("collect, a comment: cold start", cold.wall.ours, cold.wall.other, "ms"),
        Figure.beside("collect, a comment: cold start, CPU time", cold.cpu.ours, cold.cpu.other, "ms"),
        Figure.beside("collect, a comment: CPU time of a warm answer", warm.ours, warm.other, "µs"),
        Figure.beside("collect, a comment: write units of its POST", ours.write, other.write, "units"),
        Figure.of("collect, a comment: read units of its POST (without sealing: none)", ours.read, "units"),
    ]


def capacity(place: Place) -> tuple[Measured, list[Figure]]:
    """Rows of units an answer."""
    survey = place.survey("units")
    costs = {size: units.ours(survey, size) for size in units.BATCHES}
    textbook = units.textbook(place)
    item_bytes = units.typical_item_bytes(place, units.settled(survey))
    idle = reading.units_of_a_sweep(place.survey("idle"))
    largest = max(costs)
    found = [
        *(Figure.beside(f"write units, batches of {size}", cost.write, textbook.write, "units") for size, cost in costs.items()),
        Figure.of(f"write units, batches of {largest}, by the goal", costs[largest].write, "units", at_most=3.5),
        *(Figure.of(f"read units, batches of {size}", cost.read, "units") for size, cost in costs.items()),
        *(Figure.of(f"rollup rows changed, batches of {size}", cost.rows, "rows a batch") for size, cost in costs.items()),
        Figure.of("item of a typical answer, settled", item_bytes, "bytes", at_most=1024),
    ]
    return Measured(costs, textbook, item_bytes, (idle.read, idle.write)), found


def watching(place: Place) -> list[Figure]:
    """Rows of what watching networks adds to an answer's own write."""
    alone = units.posted(place.survey("alone"), None, FLOOD)
    flood = units.posted(place.survey("flood"), "203.0.113.7", FLOOD)
    return [
        Figure.of("an answer from a network of its own", alone.write, "units", at_most=1.0),
        Figure.beside(f"one of {FLOOD:,} from one network, all set aside", flood.write, alone.write, "units"),
    ]


def readings(place: Place, measured: Measured) -> list[Figure]:
    """Rows of what reading costs, however many answers there are."""
    few, many, full = (place.survey(f"read-{load}") for load in (*LOADS, "full"))
    for survey, count in zip((few, many), LOADS, strict=True):
        reading.load(survey, count)
    reading.fill(full)
    for survey in (few, many, full):
        reading.pack(survey)  # as every night does
    busy = place.survey("busy")
    reading.add_settled(place, busy, units.settled(busy), RECENT)
    swept = reading.units_of_a_sweep(busy)
    of_all = [reading.units_of_a_score(survey, {}) for survey in (few, many, full)]
    of_one = [reading.units_of_a_score(survey, {"touchpoint": "checkout"}) for survey in (few, many, full)]
    loads = f"{LOADS[1]:,} answers beside {LOADS[0]:,}"
    return [
        Figure.beside(f"GET nps of everybody, 30 days: {loads}", of_all[1], of_all[0], "units", at_most=1.0),
        Figure.beside(f"GET nps of one touchpoint of five, 30 days: {loads}", of_one[1], of_one[0], "units"),
        Figure.beside(f"… the same: a million in every bin beside {LOADS[1]:,} answers", of_one[2], of_one[1], "units", at_most=1.5),
        Figure.of("idle sweep of one survey", measured.idle_sweep[0], "units"),
        Figure.of(f"sweep of one survey with {RECENT:,} answers in the last hour", swept.read, "units"),
    ]


def series(place: Place) -> list[Figure]:
    """Rows of what a year's series costs: the same for any number of answers, but for their digits."""
    years = [place.survey(f"year-{count}") for count in YEARS]
    for survey, count in zip(years, YEARS, strict=True):
        reading.fill_year(survey, count)
    of_all = [reading.units_of_a_series(survey, {}) for survey in years]
    by_days = [reading.units_of_a_series(survey, {"touchpoint": "checkout"}) for survey in years]
    for survey in years:
        reading.pack(survey)
    of_one = [reading.units_of_a_series(survey, {"touchpoint": "checkout"}) for survey in years]
    return [
        *(Figure.of(f"everybody, {count:,} answers", units, "units", at_most=25.0) for count, units in zip(YEARS, of_all, strict=True)),
        Figure.beside(f"everybody, {YEARS[2]:,} answers beside {YEARS[1]:,}", of_all[2], of_all[1], "units", at_most=1.2),
        *(
            Figure.beside(f"one touchpoint of five, {count:,} answers: weeks packed beside by days", packed, plain, "units")
            for count, packed, plain in zip(YEARS, of_one, by_days, strict=True)
        ),
        Figure.of(f"one touchpoint of five, {YEARS[1]:,} answers, by the goal", of_one[1], "units", at_most=25.0),
        Figure.of(
            f"GET segments by touchpoint, {YEARS[1]:,} answers, beside the year before",
            reading.units_of_groups(years[1], "touchpoint"),
            "units",
        ),
        Figure.beside(f"one touchpoint of five, {YEARS[2]:,} answers beside {YEARS[1]:,}", of_one[2], of_one[1], "units", at_most=1.5),
    ]


def dollars(measured: Measured, console: Console) -> list[Figure]:
    """Rows of money, the arithmetic shown."""
    ours = {size: money.of_a_million(cost, size, money.SETTLE_SECONDS, measured.item_bytes) for size, cost in measured.costs.items()}
    textbook = money.of_a_million(measured.textbook, 10, money.TEXTBOOK_SECONDS, None)
    idle, kept = money.of_an_idle_month(*measured.idle_sweep), money.of_keeping_a_million(measured.item_bytes)
    us = money.Prices.of("us-east-1")
    columns = {f"batches of {size}": lines for size, lines in ours.items()} | {"textbook, batches of 10": textbook}
    console.print(money.bill(f"A million answers, Lambda at {money.MEMORY_GB * 1024:.0f} MB", columns, us))
    console.print(money.bill("A month without answers", {"a month": idle}, us))
    console.print(money.bill("Keeping a million answers", {"a month": kept}, us))
    found = []
    for prices in (us, money.Prices.of("sa-east-1")):
        if prices.guessed:
            console.print(f"{prices.region}: taken from us-east-1, so probably too low: {', '.join(prices.guessed)}", style="dim")
        reference = prices.dollars(textbook)
        for size, lines in ours.items():
            found.append(Figure.beside(f"a million answers, batches of {size}, {prices.region}", prices.dollars(lines), reference, "$"))
        found.append(Figure.of(f"a month without answers, {prices.region}", prices.dollars(idle), "$"))
        found.append(Figure.of(f"keeping a million answers for a month, {prices.region}", prices.dollars(kept), "$"))
    return found


def fresh(found: freshness.Freshness) -> list[Figure]:
    """Rows of how soon a counter is right."""
    return [
        Figure.of("counter right: median", found.median, "s"),
        Figure.of("counter right: slowest", found.slowest, "s", at_most=3.0),
        Figure.of("counter right: the first answer after a start", found.first, "s", at_most=3.0),
    ]


def alerting(found: alerts.Alerts) -> list[Figure]:
    """Rows of how soon a detractor is heard of."""
    alone = max(found.alone)
    return [
        Figure.of("alert verified: median", statistics.median(found.alone), "s"),
        Figure.of("alert verified: slowest", alone, "s", at_most=5.0),
        Figure.of("slowest is later, a dead endpoint's 1,000 waiting", max(found.beside_dead_known) - alone, "s", at_most=2.0),
        Figure.of("slowest is later, one dying with 1,000 due at once", max(found.beside_dead_new) - alone, "s", at_most=2.0),
    ]


if __name__ == "__main__":
    sys.exit(main())
