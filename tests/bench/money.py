"""Dollars a million answers, and a month without any, at the list prices of infra/prices.json; every line with its arithmetic."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from infra.environments import ROOT
from tests.bench.units import Cost
from tests.template import resources

MILLION: Final = 1_000_000
# What no emulator can tell is stated here, on the dear side; docs/benchmarks.md says where from.
MEMORY_GB: Final = 0.5
COLLECT_SECONDS: Final = 0.025
SETTLE_SECONDS: Final = (0.040, 0.0015)
"""An invocation, and each answer in it."""
TEXTBOOK_SECONDS: Final = (0.040, 0.010)
"""The same where each answer is a transaction of its own."""
SWEEP_SECONDS: Final = 1.2
SEAL_GB_SECONDS: Final = 3.0
ACCESS_LOG_BYTES, COLLECT_LOG_BYTES, SETTLE_LOG_BYTES = 260, 340, 330
SWEEPS_A_MONTH: Final = 4 * 24 * 30
SWEPT_MINUTES: Final = 100
"""How long ids are looked at: an hour, ten minutes, a quarter of an hour for the slowest write and one since the last sweep."""
SWEEP_EVERY_MINUTES: Final = 15
POLLS_A_MONTH: Final = 5 * 3 * 60 * 24 * 30
"""Of a queue by Lambda: five at a time, each of up to 20 seconds."""
CUSTOM_METRICS: Final = 2
_READ_BLOCK: Final = 4096


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: so much of what has a price."""

    what: str
    quantity: float
    price: str


@dataclass(frozen=True, slots=True)
class Prices:
    """A region's list prices; what it lacks is taken from us-east-1, which `guessed` says."""

    region: str
    as_of: str
    _own: dict[str, Any]
    _fallback: dict[str, Any]

    @classmethod
    def of(cls, region: str) -> "Prices":
        """Read infra/prices.json."""
        document = json.loads((ROOT / "infra" / "prices.json").read_bytes())
        return cls(region, document["as_of"], document["regions"][region], document["regions"]["us-east-1"])

    def dollars(self, lines: list[Line]) -> float:
        """What they come to."""
        return sum(line.quantity * self.each(line.price) for line in lines)

    def each(self, price: str) -> float:
        """Dollars for one."""
        found = self._found(price)
        return float(found["usd"]) / float(found["per"])

    def text(self, price: str) -> str:
        """The price as it is listed."""
        found = self._found(price)
        return f"{found['usd']:g} a {found['per']:,} ({found['certainty']})".replace("a 1 ", "each ")

    @property
    def guessed(self) -> list[str]:
        """The prices taken from us-east-1."""
        return sorted(self._fallback.keys() - self._own.keys())

    def _found(self, price: str) -> dict[str, Any]:
        found: dict[str, Any] = self._own.get(price) or self._fallback[price]
        return found


def of_a_million(cost: Cost, batch: int, seconds: tuple[float, float], item_bytes: int | None) -> list[Line]:
    """The bill of a million answers; `item_bytes` where sweep and seal look at each item, None where there are none."""
    settling = MILLION / batch * seconds[0] + MILLION * seconds[1]
    logged = MILLION * (ACCESS_LOG_BYTES + COLLECT_LOG_BYTES) + MILLION / batch * SETTLE_LOG_BYTES
    own, textbook = SETTLE_SECONDS[1] * 1000, TEXTBOOK_SECONDS[1] * 1000
    settled = f"{SETTLE_SECONDS[0] * 1000:g} ms a batch, {own:g} an answer (textbook {textbook:g})"
    lines = [
        Line("API: a POST an answer", MILLION, "http_api_request"),
        Line("Lambda requests: one an answer, one a batch", MILLION + MILLION / batch, "lambda_request"),
        Line(f"Lambda GB-s: {COLLECT_SECONDS * 1000:g} ms an answer", MILLION * COLLECT_SECONDS * MEMORY_GB, "lambda_gb_second_arm64"),
        Line(f"Lambda GB-s: {settled}", settling * MEMORY_GB, "lambda_gb_second_arm64"),
        Line("DynamoDB write units", MILLION * cost.write, "dynamodb_write_unit"),
        Line("DynamoDB read units", MILLION * cost.read, "dynamodb_read_unit"),
        Line("stream read by Lambda", MILLION / batch, "dynamodb_stream_read_by_lambda"),
        Line("events: one an answer", MILLION, "eventbridge_event"),
        Line(
            f"logs, GB: {ACCESS_LOG_BYTES} + {COLLECT_LOG_BYTES} bytes an answer, {SETTLE_LOG_BYTES} a batch",
            logged / 1e9,
            "logs_ingested_gb",
        ),
    ]
    if item_bytes is not None:
        looks = SWEPT_MINUTES / SWEEP_EVERY_MINUTES
        lines += [
            Line(
                f"sweep, read units: {looks:.1f} looks at {item_bytes} bytes",
                MILLION * looks * item_bytes / _READ_BLOCK,
                "dynamodb_read_unit",
            ),
            Line(f"seal, read units: one look at {item_bytes} bytes", MILLION * item_bytes / _READ_BLOCK, "dynamodb_read_unit"),
        ]
    return lines


def of_an_idle_month(sweep_reads: float, sweep_writes: float) -> list[Line]:
    """The bill of a month without answers: what runs, watches and waits all the same."""
    alarms = (ROOT / "infra" / "alarms.yaml").read_text().count("MetricName:")
    mappings = resources("AWS::Lambda::EventSourceMapping").values()
    queues = sum("Queue" in str(mapping["EventSourceArn"]) for mapping in mappings)
    lambda_seconds = SWEEPS_A_MONTH * SWEEP_SECONDS * MEMORY_GB + 30 * SEAL_GB_SECONDS
    return [
        Line("KMS key", 1, "kms_key_month"),
        Line("metrics in alarms", alarms, "alarm_metric_month"),
        Line("metrics of our own", CUSTOM_METRICS, "custom_metric_month"),
        Line(f"Lambda polling {queues} queues", queues * POLLS_A_MONTH, "sqs_request"),
        Line("sweep and seal, Lambda requests", SWEEPS_A_MONTH + 30, "lambda_request"),
        Line(f"sweep and seal, GB-s: {SWEEP_SECONDS:g} s cold at 512 MB every 15 minutes", lambda_seconds, "lambda_gb_second_arm64"),
        Line(f"sweep, read units: {sweep_reads:g} a sweep", SWEEPS_A_MONTH * sweep_reads, "dynamodb_read_unit"),
        Line(f"sweep, write units: {sweep_writes:g} a sweep", SWEEPS_A_MONTH * sweep_writes, "dynamodb_write_unit"),
        Line("logs of the sweep, GB", SWEEPS_A_MONTH * 700 / 1e9, "logs_ingested_gb"),
    ]


def of_keeping_a_million(item_bytes: int) -> list[Line]:
    """The bill of keeping a million answers for a month; DynamoDB adds 100 bytes to each item."""
    gigabytes = MILLION * (item_bytes + 100) / 1e9
    return [
        Line("storage, GB", gigabytes, "dynamodb_storage_gb_month"),
        Line("point-in-time recovery, GB", gigabytes, "dynamodb_pitr_gb_month"),
    ]


def bill(title: str, columns: dict[str, list[Line]], prices: Prices) -> Table:
    """The arithmetic: quantity times price, a column for each of `columns` (same lines, or fewer)."""
    shown = Table(
        f"Lambda at {MEMORY_GB * 1024:.0f} MB",
        f"$ list price, {prices.region}",
        title=title,
        title_justify="left",
        title_style="bold",
        show_footer=True,
    )
    shown.columns[0].footer = "total"
    for name, lines in columns.items():
        shown.add_column(name, justify="right", footer=f"$ {prices.dollars(lines):,.2f}")
    for row in _rows(columns, prices):
        shown.add_row(*row)
    return shown


def _rows(columns: dict[str, list[Line]], prices: Prices) -> Iterator[list[str]]:
    longest = max(columns.values(), key=len)
    for number, line in enumerate(longest):
        cells = [_cell(lines[number], prices) if number < len(lines) else "" for lines in columns.values()]
        yield [line.what, prices.text(line.price), *cells]


def _cell(line: Line, prices: Prices) -> str:
    quantity = f"{line.quantity:,.0f}" if line.quantity >= 1000 or line.quantity == round(line.quantity) else f"{line.quantity:.3g}"
    return f"{quantity} = {line.quantity * prices.each(line.price):,.3f}"
