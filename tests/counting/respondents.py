"""Who answers: posts, posts again, edits, finishes, withdraws; each in several calls, as `collect` does it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Change, Standing, SuspicionReason
from shared.counting.reach import needs_announcing
from shared.survey import Survey
from tests.counting.world import World
from tests.fakes.samples import answer_of

_FAR_BACK: Final = timedelta(days=30, minutes=5)
_AHEAD: Final = timedelta(hours=23)
_SUSPICIOUS: Final = 0.06
"""How many answers are set aside as they come."""


class Respondents:
    """Everybody who answers in a run."""

    def __init__(self, world: World, answers: int, strays: float) -> None:
        self.world = world
        self.strays = strays
        self.left = answers
        self.drafts: list[Answer] = []

    def post(self) -> None:
        """Somebody answers: at once, or from a device that was offline for days or whose clock is ahead."""
        world, random = self.world, self.world.random
        self.left -= 1
        survey = random.choice(list(world.surveys.values()))
        instant = world.now
        if random.random() < self.strays:
            instant += random.choice([-_FAR_BACK * random.random(), -timedelta(hours=3), _AHEAD * random.random()])
        answer = answer_of(survey, random.getrandbits(74), random.randint(0, 10), self._dimensions(survey), instant)
        if random.random() < _SUSPICIOUS:
            answer = replace(answer, standing=Standing.QUARANTINED, suspicions=(SuspicionReason.HONEYPOT,))
        self.drafts.append(answer)
        self._send(answer)

    def post_again(self) -> None:
        """A device sends an answer again, not having heard that it arrived; perhaps weeks later."""
        random = self.world.random
        if self.drafts:
            recent = self.drafts[-20:]
            self._send(random.choice(self.drafts if random.random() < 0.5 else recent))

    def edit(self) -> None:
        """Somebody changes an answer's score or dimensions, or finishes it."""
        random = self.world.random
        answer = self._some()
        change = random.choice(
            [
                Change(score=random.randint(0, 10)),
                Change(finished=True),
                Change(score=random.randint(0, 10), finished=True),
                Change(dimensions=self._dimensions(self.world.surveys[answer.key.survey_id])) if answer else Change(),
            ]
        )
        if answer:
            self.world.start("edit", lambda: self._change(answer.key, change, by_respondent=True))

    def retire(self) -> None:
        """An answer is withdrawn, or superseded by a later one."""
        answer = self._some()
        standing = self.world.random.choice([Standing.WITHDRAWN, Standing.WITHDRAWN, Standing.SUPERSEDED])
        if answer:
            self.world.start(standing.value, lambda: self._change(answer.key, Change(standing=standing), by_respondent=False))

    def _some(self) -> Answer | None:
        random = self.world.random
        if not self.drafts:
            return None
        return random.choice(self.drafts if random.random() < 0.3 else self.drafts[-12:])

    def _dimensions(self, survey: Survey) -> dict[str, str]:
        random = self.world.random
        declared = survey.settings.declared()
        return {name: random.choice([*values, "other"]) for name, values in declared.items() if values and random.random() < 0.6}

    def _send(self, draft: Answer) -> None:
        self.world.start("post", lambda: self._post(draft))

    def _post(self, draft: Answer) -> bool:
        now = self.world.now
        survey = self.world.surveys[draft.key.survey_id]
        try:
            answer_id = ids.parse_current(draft.key.answer_id, now)
        except ids.AnswerIdOutOfTimeError:
            self.world.happened["refused as too old"] += 1
            return False
        key = AnswerKey.of(survey, answer_id)
        self._announce_touching(answer_id, key)
        return self.world.answers.add(
            Answer(
                key=key,
                score=draft.score,
                person_id=draft.person_id,
                edit_key_hash=draft.edit_key_hash,
                changed_at=now,
                dimensions=draft.dimensions,
                standing=draft.standing,
                suspicions=draft.suspicions,
            )
        )

    def _change(self, key: AnswerKey, change: Change, *, by_respondent: bool) -> bool:
        now = self.world.now
        answer = self.world.answers.read([key]).answers.get(key)
        if answer is None or (by_respondent and not answer.may_be_edited(now)):
            return False
        self._announce_touching(ids.parse(key.answer_id), key)
        return self.world.answers.change(key, change, now)

    def _announce_touching(self, answer_id: ids.AnswerId, key: AnswerKey) -> None:
        if needs_announcing(answer_id, self.world.now):
            self.world.ledger.touch(key.partition, self.world.now)
