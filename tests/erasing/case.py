"""One person and their erasure, for tests that state one behaviour."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from shared.answer import Answer, AnswerKey
from shared.intake.ports import Claims, Comment
from shared.privacy.erasing import Taken, take_step
from shared.privacy.erasure import Asker, Erasure, Step
from tests.erasing.auditor import Auditor
from tests.erasing.world import World
from tests.fakes.channels import channel_of
from tests.fakes.samples import NOON, answer_of

ANA: Final = Claims(customer_id="cliente-1", email="ana@exemplo.com.br", name="Ana Prado")
KEPT: Final = timedelta(days=60)


class Case:
    """A person with answers to both surveys, comments, and a receiver, and their erasure."""

    def __init__(self, answers: int = 3, **changes: Any) -> None:  # noqa: ANN401 - any field of the erasure
        self.world = World(1)
        self.auditor = Auditor(self.world)
        self.keys = [self.answer(number) for number in range(1, answers + 1)]
        [self.person_id] = {self.world.answer(key).person_id for key in self.keys}
        self.world.people.record_sharing(self.person_id, channel_of("sala"), ["comment"], NOON, NOON + KEPT)
        self.erasure = replace(Erasure(erasure_id="er-1", person_id=self.person_id, asker=Asker.SUBJECT, asked_at=NOON), **changes)
        self.world.asked["er-1"] = self.person_id
        self.world.ledger.open(self.erasure)

    def answer(self, number: int) -> AnswerKey:
        survey = list(self.world.surveys.values())[number % 2]
        draft = answer_of(survey, number, 3)
        person_id = self.world.people.announce(ANA, NOON + KEPT, (survey.survey_id, draft.key.answer_id))
        answer = replace(draft, person_id=person_id, commented=True)
        comment = Comment(
            person_id=person_id,
            survey_id=survey.survey_id,
            answer_id=draft.key.answer_id,
            edit_key_hash="0" * 64,
            text="Péssimo",
            written_at=NOON,
            expires_at=NOON + KEPT,
        )
        self.world.people.add_comment(comment)
        assert self.world.answers.add(answer)
        return answer.key

    def take(self, until: Callable[[Erasure], bool]) -> Erasure:
        """Take steps, waiting where there is something to wait for."""
        for _ in range(500):
            erasure = self.now()
            if until(erasure):
                return erasure
            if take_step("er-1", self.world.erasing) is Taken.LATER:
                self.world.now = self.now().next_at or self.world.now
        raise AssertionError(self.now())

    def to(self, step: Step) -> Erasure:
        return self.take(lambda erasure: erasure.step is step)

    def now(self) -> Erasure:
        return self.world.ledger.erasures["er-1"]

    def stored(self) -> list[Answer]:
        return [self.world.answer(key) for key in self.keys]
