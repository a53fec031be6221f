"""The plans of the runs: each leans on other dangers, and says what must have happened for it to have proved anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tests.counting.simulation import Plan

_TRAFFIC: Final = {
    "post": 30,
    "post again": 8,
    "edit": 12,
    "retire": 4,
    "include": 2,
    "exclude": 2,
    "flood": 1,
    "deliver": 24,
    "replay": 5,
    "again": 6,
    "sweep": 1,
}
_YEARS: Final = {"seal": 1, "recount": 1, "expire": 2, "purge": 1, "retention": 1}


@dataclass(frozen=True, slots=True)
class Series:
    """A plan, with how many seeds it is run; each run takes `answers` different answers at least."""

    name: str
    plan: Plan
    seeds: int
    answers: int
    must_happen: tuple[str, ...]


def _weights(*parts: Mapping[str, int], **more: int) -> dict[str, int]:
    weights: dict[str, int] = {}
    for part in (*parts, more):
        weights |= part
    return weights


EVERYDAY: Final = Series(
    "an ordinary week, large batches",
    Plan(
        answers=1000,
        bursts=10,
        stirs=240,
        leap=timedelta(hours=20),
        weights=_weights(_TRAFFIC, post=60, deliver=10, recount=1),
        largest_batch=90,
        page=100,
        crash_rate=0.005,
    ),
    70,
    980,
    ("condition lost", "compared", "applied, then sent again"),
)
SEASONS: Final = Series(
    "months: tombstones, expiry, sealing",
    Plan(answers=450, bursts=16, stirs=110, leap=timedelta(days=16), weights=_weights(_TRAFFIC, _YEARS)),
    40,
    430,
    ("sealed", "expired", "expired tombstone", "purged", "refused as too old", "lost records", "retention changed"),
)
FIGHT: Final = Series(
    "few answers, many hands",
    Plan(
        answers=60,
        bursts=3,
        stirs=500,
        leap=timedelta(hours=2),
        weights=_weights(_TRAFFIC, post=5, edit=30, deliver=40, replay=25, recount=2),
        crash_rate=0.03,
        pace=7,
        page=3,
        row_shards=(2, 4),
    ),
    40,
    50,
    ("condition lost", "retry", "mapping gave up"),
)
OUTAGES: Final = Series(
    "the bus down for hours, the store busy",
    Plan(
        answers=400,
        bursts=10,
        stirs=140,
        leap=timedelta(hours=9),
        weights=_weights(_TRAFFIC, grow=1),
        outages=0.5,
        bus_refuses=0.3,
        busy=0.2,
        tries=2,
        crash_rate=0.02,
    ),
    20,
    380,
    ("busy", "mapping gave up", "dead letters", "survey grew"),
)
GROWTH: Final = Series(
    "surveys that gain values, segments and pairs while they are recounted",
    Plan(answers=300, bursts=12, stirs=100, leap=timedelta(days=3), weights=_weights(_TRAFFIC, seal=1, recount=6, grow=5), page=5),
    20,
    285,
    ("survey grew", "reopened", "compared", "compared, not quiet"),
)
DAMAGE: Final = Series(
    "rows spoilt and repaired, answers that cannot be written or read",
    Plan(
        answers=300, bursts=12, stirs=100, leap=timedelta(days=4), weights=_weights(_TRAFFIC, seal=1, recount=6, spoil=1, poison=1), page=5
    ),
    20,
    285,
    ("spoilt", "repaired", "not repaired", "unwritable", "unreadable", "poison refused"),
)
DELETIONS: Final = Series(
    "old answers withdrawn and deleted at once, while others still settle them",
    Plan(
        answers=60,
        bursts=8,
        stirs=120,
        leap=timedelta(days=50),
        weights=_weights(_TRAFFIC, post=7, deliver=40, replay=40, retire=14, purge=40, edit=4),
        pace=7,
        page=3,
        bus_refuses=0.3,
    ),
    40,
    32,
    ("purged", "condition lost", "refused as too old"),
)
FLOODS: Final = Series(
    "floods set aside, looked through and let in again, while everything else goes on",
    Plan(
        answers=220,
        bursts=8,
        stirs=160,
        leap=timedelta(days=12),
        weights=_weights(_TRAFFIC, _YEARS, **{"post": 20, "flood": 8, "include": 14, "exclude": 10, "include all": 1, "retire": 6}),
        crash_rate=0.02,
        pace=9,
    ),
    30,
    175,
    ("flooded", "included", "excluded", "condition lost", "sealed", "expired"),
)
IMPORTS: Final = Series(
    "files of past answers, again and again, while live answers come, days are sealed and answers expire",
    Plan(
        answers=120,
        bursts=9,
        stirs=130,
        leap=timedelta(days=25),
        weights=_weights(
            _TRAFFIC,
            _YEARS,
            **{"post": 12, "import": 2, "import again": 5, "seal": 3, "recount": 2, "exclude": 8, "include": 6, "grow": 1},
        ),
        crash_rate=0.02,
        pace=7,
        page=4,
    ),
    20,
    100,
    ("import", "import again", "counted before", "counted only", "sealed", "sealed meanwhile", "expired", "excluded", "compared"),
)
ONCE: Final = Series(
    "customers who answer often, each counted once a span, and erased, set aside and let in meanwhile",
    Plan(
        answers=150,
        bursts=6,
        stirs=160,
        leap=timedelta(days=4),
        weights=_weights(_TRAFFIC, post=20, identify=6, erase=1, include=10, exclude=5, retire=2, recount=1),
        crash_rate=0.02,
        pace=9,
        page=3,
        customers=0.75,
        once_per=("days:5", "touchpoint"),
    ),
    30,
    120,
    ("superseded", "superseding lost", "identified", "erased: ANONYMISED", "erased: FORGOTTEN", "included", "excluded", "mapping gave up"),
)
WAVES: Final = Series(
    "the same by waves, few customers and many hands, poison and a busy store",
    Plan(
        answers=60,
        bursts=5,
        stirs=220,
        leap=timedelta(days=5),
        weights=_weights(_TRAFFIC, post=8, identify=4, erase=1, deliver=40, replay=25, include=5, exclude=3, poison=1),
        crash_rate=0.03,
        pace=7,
        page=2,
        busy=0.1,
        customers=0.8,
        once_per=("wave", "wave"),
    ),
    30,
    45,
    ("superseded", "superseding lost", "identified", "poison refused", "unreadable"),
)
IMPORTS_ONCE: Final = Series(
    "past answers of customers who count once a span, while they answer, are erased and counted",
    Plan(
        answers=70,
        bursts=6,
        stirs=120,
        leap=timedelta(days=12),
        weights=_weights(
            _TRAFFIC, **{"post": 10, "import": 3, "import again": 6, "identify": 3, "erase": 1, "seal": 2, "exclude": 4, "include": 5}
        ),
        crash_rate=0.02,
        pace=8,
        page=3,
        customers=0.75,
        once_per=("days:20", "touchpoint"),
    ),
    20,
    50,
    ("import", "import again", "counted before", "superseded", "superseding lost", "erased: ANONYMISED", "erased: FORGOTTEN", "excluded"),
)
ALL: Final = (EVERYDAY, SEASONS, FIGHT, OUTAGES, GROWTH, DAMAGE, DELETIONS, FLOODS, ONCE, WAVES, IMPORTS, IMPORTS_ONCE)
