"""Who imports files of past answers: begins, is interrupted, begins again from anywhere, at once with others, months later once more."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from shared.answer import Answer
from shared.counting import importing
from shared.counting.importing import Marker, PastCounting
from shared.counting.ports import Refusal
from shared.importing import naming
from shared.importing.lines import PastAnswer
from shared.intake.ports import Claims, Occasion, PersonErasedError
from tests.counting.auditor import Broken
from tests.counting.respondents import CUSTOMERS
from tests.counting.world import World

_OLDEST: Final = timedelta(days=500)
_LINES: Final = 25
_SEALS_KNOWN: Final = 0.7
"""How many of the sealed days an importer has heard of; of the others the transaction tells."""


@dataclass(slots=True)
class File:
    """A file, and up to where its import has come."""

    import_id: str
    survey_id: str
    lines: Sequence[PastAnswer]
    cursor: int = 0
    outcomes: dict[int, Marker | Refusal] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    """The lines whose person was being erased when they were taken last."""


class Importers:
    """Everybody who imports in a run."""

    def __init__(self, world: World, customers: float) -> None:
        self.world = world
        self.customers = customers
        """How many lines name a customer."""
        self.files: list[File] = []

    def import_new(self) -> None:
        """A new file: some days of long ago, some of last week, and some lines of the file before it."""
        random = self.world.random
        survey_id = random.choice(list(self.world.surveys))
        earlier = [line for file in self.files[-1:] if file.survey_id == survey_id for line in file.lines]
        number = len(self.files)
        lines = [self._line(survey_id, f"{number}-{each}", row) for row, each in enumerate(range(random.randint(1, _LINES)), start=2)]
        lines += random.sample(earlier, min(len(earlier), 5))
        self.files.append(File(f"import-{number}", survey_id, lines))
        self._start(self.files[-1])

    def import_again(self) -> None:
        """A message comes twice, or somebody sends the file again: at once, or months later."""
        if self.files:
            self._start(self.world.random.choice(self.files[-3:] if self.world.random.random() < 0.7 else self.files))

    def complete(self) -> None:
        """Every file once more, to its end: each line must have been counted once, and its import know it."""
        for file in self.files:
            file.cursor = 0
            self._work_off(file, 7)
            left = [name for name in self._names(file) - file.left_out if (file.survey_id, name) not in self.world.auditor.past]
            if left:
                raise Broken(f"lines of a file were never counted: {left[:3]}")
            if any(isinstance(outcome, Refusal) for outcome in file.outcomes.values()):
                raise Broken("a line was refused though nothing stood in its way")

    def _start(self, file: File) -> None:
        slice_ = self.world.random.choice([3, 8, 100])
        name = "import" if not file.outcomes else "import again"
        self.world.start(name, lambda: self._work_off(file, slice_))

    def _work_off(self, file: File, size: int) -> None:
        """From wherever the cursor stands; it moves on only once a slice is done."""
        world = self.world
        survey, now = world.surveys[file.survey_id], world.now
        names = naming.naming_of(b"pepper", survey)
        with_days = world.rollups.sealed(survey, (now - _OLDEST - timedelta(days=2)).date(), (now + timedelta(days=1)).date())
        sealed = {day.isoformat() for day in with_days if world.random.random() < _SEALS_KNOWN}
        start = file.cursor
        for batch in batched(file.lines[start:], size, strict=False):
            past = {}
            for line in batch:
                named = names.of(line.file_id)
                answer = self._named(naming.answer_of(survey, line, named, now), line, now)
                file.left_out.discard(named.name)
                if answer is None:
                    file.left_out.add(named.name)
                else:
                    marker = Marker(named.name, file.import_id, line.row, kept=True)
                    past[named.name] = naming.past_of(survey, answer, marker, now)
            work = PastCounting(world.imported, world.ledger, lambda _: world.scheduler.turn("pause"))
            counted = importing.count_past(survey, past.values(), sealed, now, work)
            file.outcomes |= {line.row: counted[name] for line in batch if (name := names.of(line.file_id).name) in counted}
            world.happened["counted only"] += sum(isinstance(each, Marker) and not each.kept for each in counted.values())
            start += len(batch)
            file.cursor = max(file.cursor, start)

    def _named(self, answer: Answer, line: PastAnswer, now: datetime) -> Answer | None:
        """The answer with its person; none, where that person was erased."""
        if line.claims is None:
            return answer
        occasion = Occasion(answer.key.survey_id, answer.key.answer_id, now + timedelta(days=400))
        try:
            return replace(answer, person_id=self.world.people.identify(line.claims, occasion, now))
        except PersonErasedError:
            self.world.happened["erased, so not imported"] += 1
            return None

    def _names(self, file: File) -> set[str]:
        names = naming.naming_of(b"pepper", self.world.surveys[file.survey_id])
        return {names.of(line.file_id).name for line in file.lines}

    def _line(self, survey_id: str, file_id: str, row: int) -> PastAnswer:
        world, random = self.world, self.world.random
        declared = world.surveys[survey_id].settings.declared()
        customer = f"customer-{random.randrange(CUSTOMERS)}" if self.customers and random.random() < self.customers else None
        return PastAnswer(
            row=row,
            file_id=file_id,
            instant=self._instant(),
            score=random.randint(0, 10),
            dimensions={name: random.choice([*values, "other"]) for name, values in declared.items() if values and random.random() < 0.6},
            claims=Claims(customer_id=customer) if customer else None,
        )

    def _instant(self) -> datetime:
        """Of this week, of around the day that is sealed next, or of any."""
        random = self.world.random
        days = random.choice([7 * random.random(), 52 + 10 * random.random(), random.random() * _OLDEST.days])
        instant = self.world.now - timedelta(days=days)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
