"""Those who answer: they give scores, write, think again, finish, withdraw, and are erased. What they say is planted to be looked for."""

from datetime import timedelta
from itertools import count
from typing import Final

from shared.answer import FINAL, AnswerKey, Change, Standing, SuspicionReason, may_change, quarantined_for
from shared.scoring import NpsClass
from tests.alerts.auditor import Truth
from tests.alerts.world import World
from tests.fakes.samples import answer_of

_LETTERS: Final = "abcdefghijklmnop"
_SUSPICIOUS: Final = 0.1
_THEMES: Final = ("demorou", "vou ao Procon", "quero CANCELAR já")


class Respondents:
    """All of them."""

    def __init__(self, world: World, answers: int) -> None:
        self.world = world
        self.left = answers
        self._numbers = count(1)

    def post(self) -> None:
        """A new answer, as long as there are any left."""
        if not self.left:
            return
        self.left -= 1
        random, number = self.world.random, next(self._numbers)
        person_id = f"person-{number}"
        answer = answer_of(
            self.world.survey,
            number,
            random.choice([0, 1, 2, 3, 4, 5, 6, 6, 8, 10]),
            {"touchpoint": "checkout", "segment.plan": random.choice(["pro", "free"])},
            self.world.now,
            finished=random.random() < 0.4,
            commented=(comments := random.random() < 0.4),
            standing=Standing.QUARANTINED if random.random() < _SUSPICIOUS else Standing.VALID,
        )
        truth = self.world.auditor.truths[answer.key.answer_id] = Truth(answer.key, person_id, random.choice(_THEMES))
        if random.random() < 0.7:
            names = {"name": f"{self._text()} {self._text()}", "email": f"{self._text()}@exemplo.com.br", "customer_id": self._text()}
            self.world.people.know(person_id, **names)
            truth.never = names["name"].split()[1]
            truth.secrets = {"first_name": names["name"].split()[0], "email": names["email"], "customer_id": names["customer_id"]}
        if comments:
            self._comment(truth)
        assert self.world.answers.add(answer)
        self._announce(answer.key)

    def _text(self) -> str:
        return "zq" + "".join(self.world.random.choices(_LETTERS, k=12))

    def _comment(self, truth: Truth) -> None:
        text = f"{self._text()} {truth.theme}"
        truth.comments.add(text.split(maxsplit=1)[0])
        self.world.people.comment_on(truth.person_id, truth.key.answer_id, text)

    def change(self) -> None:
        """Somebody thinks again."""
        if not self.world.auditor.truths:
            return
        random = self.world.random
        truth = random.choice(list(self.world.auditor.truths.values()))
        answer = self.world.answer(truth.key)
        if answer.standing in FINAL or self._is_erased(truth):
            return
        kind = random.choice(["score", "score", "finish", "comment", "comment", "uncomment", "withdraw"])
        if kind == "score":
            self._apply(truth.key, Change(score=random.choice([0, 2, 4, 6, 7, 9, 10])))
        elif kind == "finish" and not answer.finished:
            self._apply(truth.key, Change(finished=True))
        elif kind == "comment":
            self._comment(truth)
            if not answer.commented:  # the first one is announced, as shared.intake.change does
                self._apply(truth.key, Change(commented=True))
        elif kind == "uncomment" and answer.commented:
            self.world.people.remove_comment(truth.person_id, truth.key.answer_id, "0" * 64)
            self._apply(truth.key, Change(commented=False))
        elif kind == "withdraw" and random.random() < 0.3:
            self._apply(truth.key, Change(standing=Standing.WITHDRAWN))

    def decide(self) -> None:
        """Somebody who looks through what was set aside lets it in, or sets aside what was not."""
        answers = sorted((each for each in self.world.memory.answers() if each.standing not in FINAL), key=lambda each: each.key.answer_id)
        if answers:
            answer = self.world.random.choice(answers)
            other = Standing.EXCLUDED if answer.standing is Standing.VALID else Standing.VALID
            self._apply(answer.key, Change(standing=other))

    def flood(self) -> None:
        """What came lately turns out to be a flood."""
        flooded = quarantined_for(SuspicionReason.NETWORK)
        for answer in sorted(self.world.memory.answers(), key=lambda each: each.key.answer_id)[-3:]:
            if may_change(answer, self.world.now, flooded):
                self._apply(answer.key, flooded)

    def _apply(self, key: AnswerKey, change: Change) -> None:
        was = self.world.answer(key).nps_class
        assert self.world.answers.change(key, change, self.world.now)
        if NpsClass.DETRACTOR in {was, self.world.answer(key).nps_class}:  # what the rules on the bus let through
            self._announce(key)

    def _announce(self, key: AnswerKey) -> None:
        """Mostly within seconds; now and then only the sweep finds it."""
        if self.world.answer(key).rev > 1 or self.world.answer(key).nps_class is NpsClass.DETRACTOR:
            late = self.world.random.random() < 0.05
            self.world.announce(key, timedelta(minutes=25) if late else timedelta(seconds=3))

    def repeat_event(self) -> None:
        """An event of the past comes once more."""
        if self.world.auditor.truths:
            self.world.announce(self.world.random.choice(list(self.world.auditor.truths.values())).key, timedelta(seconds=1))

    def erase(self) -> None:
        """Somebody has themselves erased."""
        if self.world.auditor.truths:
            truth = self.world.random.choice(list(self.world.auditor.truths.values()))
            self.world.people.erase_wholly(truth.person_id)
            self.world.happened["erased"] += 1

    def _is_erased(self, truth: Truth) -> bool:
        persons = self.world.people.persons
        return truth.person_id in persons and persons[truth.person_id].erased
