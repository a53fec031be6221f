"""Units of importing a line: put, marker and rows; with its person and comment."""

from datetime import UTC, datetime, timedelta
from random import Random
from secrets import token_bytes
from typing import Final

from shared.counting.importing import PastCounting
from shared.importing.batch import Context, Desk, take
from shared.importing.lines import PastAnswer
from shared.importing.naming import naming_of
from shared.importing.report import Status
from shared.importing.seen import Seen
from shared.intake.ports import Claims
from shared.store.answers import Answers
from shared.store.imported import Imported
from shared.store.imported_people import ImportedPeople
from shared.store.people import People
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import TouchedLedger
from shared.store.sealing import Sealing
from shared.store.tables import connection
from shared.survey import Survey
from tests.bench.figures import Figure
from tests.bench.meter import metered
from tests.bench.place import Place
from tests.bench.traffic import bodies
from tests.bench.units import dimensions_of

LINES: Final = 1_000
DAYS: Final = 10
"""In the order of their dates, a hundred a day."""
_PEPPER: Final = b"pepper-of-32-bytes-for-the-bench"


class LinesLostError(Exception):
    """Some lines of the measurement were not imported."""


class _Nobody:
    """Suppresses nobody."""

    def standing(self, lookups: object, now: datetime) -> frozenset[str]:  # noqa: ARG002 - the port's interface
        return frozenset()


def importing(place: Place) -> list[Figure]:
    """Rows of what a line costs."""
    plain = _units(place, place.survey("imported"), personal=False)
    personal = _units(place, place.survey("imported-people"), personal=True)
    again = _units(place, place.survey("imported"), personal=False, again=True)
    return [
        Figure.of("a line, anonymous: write units", plain[0], "units", at_most=6.0),
        Figure.of("a line, anonymous: read units", plain[1], "units"),
        Figure.of("a line with a person of its own and a comment: write units", personal[0], "units"),
        Figure.of("a line with a person of its own and a comment: read units", personal[1], "units"),
        Figure.of("a line that is there already: write units", again[0], "units", at_most=0.0),
    ]


def _units(place: Place, survey: Survey, *, personal: bool, again: bool = False) -> tuple[float, float]:
    lines = list(_lines(personal=personal))
    now = datetime.now(UTC)
    import_id = "imp_again" if again else "imp_first"
    context = Context(import_id, survey, naming_of(_PEPPER, survey), now, set(), Seen(b""), is_check=False)
    desk = _desk(place)
    with metered(connection().client) as units:
        outcomes = take(lines, context, desk)
    wanted = Status.ALREADY_THERE if again else Status.IMPORTED
    if any(line.status is not wanted for line in outcomes):
        raise LinesLostError
    return units.write / LINES, units.read / LINES


def _lines(*, personal: bool) -> list[PastAnswer]:
    random, end = Random(11), datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    return [
        PastAnswer(
            row=row,
            file_id=f"r{row}",
            instant=end - timedelta(days=DAYS) * (1 - row / LINES),
            score=random.randint(0, 10),
            dimensions=dimensions_of(body),
            claims=Claims(customer_id=f"c{row}", email=f"c{row}@exemplo.example") if personal else None,
            comment="Chegou antes do prazo e bem embalado, recomendo a quem precisa de rapidez no dia a dia." if personal else None,
        )
        for row, body in enumerate(bodies(LINES, seed=11))
    ]


def _desk(place: Place) -> Desk:
    keys = PersonKeys(MasterKeys(Sealing(place.environment["SEALING_KEY"])), token_bytes)
    people = ImportedPeople(People(lambda: _PEPPER, keys, token_bytes), keys, lambda: _PEPPER, token_bytes)
    return Desk(PastCounting(Imported(), TouchedLedger(), lambda _: None), people, Answers(), _Nobody(), lambda: _PEPPER)
