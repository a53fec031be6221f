"""Who answers: posts, posts again, edits, finishes, withdraws; each in several calls, as `collect` does it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared import answer_id as ids
from shared import dimension as dim
from shared.answer import Answer, AnswerKey, Change, Standing, SuspicionReason
from shared.counting.reach import needs_announcing
from shared.identity import anonymous_person_id
from shared.intake.ports import Claims, Occasion, PersonErasedError
from shared.survey import Survey
from tests.counting.world import World
from tests.fakes.samples import TOUCHPOINTS, answer_of

_FAR_BACK: Final = timedelta(days=30, minutes=5)
_AHEAD: Final = timedelta(hours=23)
CUSTOMERS: Final = 5
"""Few, so that each answers often."""
_SUSPICIOUS: Final = 0.06
"""How many answers are set aside as they come."""


class Respondents:
    """Everybody who answers in a run."""

    def __init__(self, world: World, answers: int, strays: float, customers: float = 0.0) -> None:
        self.world = world
        self.strays = strays
        self.left = answers
        self.drafts: list[Answer] = []
        self.customers = customers
        """How many answers come with proof of whose they are."""
        self.whose: dict[str, str] = {}
        """Whose customer id each of those came with."""

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
        if self.customers and random.random() < self.customers:
            self.whose[answer.key.answer_id] = self._customer()
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
        changes = [Change(score=random.randint(0, 10)), Change(finished=True), Change(score=random.randint(0, 10), finished=True)]
        if answer and not self.customers:
            changes.append(Change(dimensions=self._dimensions(self.world.surveys[answer.key.survey_id])))
        change = random.choice(changes)
        if answer:
            self.world.start("edit", lambda: self._change(answer.key, change, by_respondent=True))

    def retire(self) -> None:
        """An answer is withdrawn, or superseded by a later one."""
        answer = self._some()
        standing = self.world.random.choice([Standing.WITHDRAWN, Standing.WITHDRAWN, Standing.SUPERSEDED])
        if answer and self.world.surveys[answer.key.survey_id].settings.count_once_per != "none":
            standing = Standing.WITHDRAWN
        if answer:
            self.world.start(standing.value, lambda: self._change(answer.key, Change(standing=standing), by_respondent=False))

    def identify(self) -> None:
        """Somebody says only afterwards who they are: an anonymous answer becomes a customer's."""
        answer = self._some()
        if answer and answer.key.answer_id not in self.whose:
            customer = self._customer()
            self.world.start("identify", lambda: self._give(answer, customer))

    def erase(self) -> None:
        """Somebody asks to be erased; under the same customer id comes somebody new."""
        customer = self._customer()
        self.world.start("erase", lambda: self._erase(customer))

    def _customer(self) -> str:
        return f"customer-{self.world.random.randrange(CUSTOMERS)}"

    def _give(self, draft: Answer, customer: str) -> None:
        """As `intake.late` does it: the person notes the answer as theirs, then it names them, and may gain what the company says."""
        now, survey = self.world.now, self.world.surveys[draft.key.survey_id]
        answer = self.world.answers.read([draft.key]).answers.get(draft.key)
        if answer is None or not answer.may_be_edited(now):
            return
        anonymous = anonymous_person_id(draft.key.answer_id, survey.person_salt)
        person_id = self._person(customer, answer, survey, now)
        said = {"identity": "identified", **({"touchpoint": self.world.random.choice(TOUCHPOINTS)} if now.microsecond % 2 else {})}
        self._announce_touching(ids.parse(draft.key.answer_id), draft.key)
        change = Change(dimensions={**answer.dimensions, **said})
        if person_id != anonymous and self.world.answers.give(draft.key, anonymous, person_id, change, now):
            self.world.happened["identified"] += 1

    def _person(self, customer: str, answer: Answer, survey: Survey, now: datetime) -> str:
        occasion = Occasion(survey.survey_id, answer.key.answer_id, now + timedelta(days=400))
        try:
            return self.world.people.identify(Claims(customer_id=customer), occasion, now)
        except PersonErasedError:
            return anonymous_person_id(answer.key.answer_id, survey.person_salt)

    def _erase(self, customer: str) -> None:
        """As the eraser does it: the mark, then the answers, then what names them. What is stored later is for the second look."""
        people = self.world.people
        person_id = people.owner_of(customer)
        if person_id is None:
            return
        with self.world.memory.call("mark"):
            people.erase(person_id)
        for (whose, answer_id), survey_id in people.noted().items():
            if whose == person_id:
                survey = self.world.surveys[survey_id]
                key = AnswerKey.of(survey, ids.parse(answer_id))
                self._announce_touching(ids.parse(answer_id), key)
                parted = self.world.parting.anonymise(key, person_id, self.world.now, withdraw=answer_id[-1] in "0123")
                self.world.happened[f"erased: {parted.name}"] += 1
        with self.world.memory.call("forget_owner"):
            people.forget_owner(person_id)

    def _some(self) -> Answer | None:
        random = self.world.random
        if not self.drafts:
            return None
        return random.choice(self.drafts if random.random() < 0.3 else self.drafts[-12:])

    def _dimensions(self, survey: Survey) -> dict[str, str]:
        random = self.world.random
        declared = survey.settings.declared()
        return {
            name: random.choice([*values, *([] if name == dim.IDENTITY else ["other"])])
            for name, values in declared.items()
            if values and random.random() < 0.6
        }

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
        answer = Answer(
            key=key,
            score=draft.score,
            person_id=draft.person_id,
            edit_key_hash=draft.edit_key_hash,
            changed_at=now,
            dimensions=draft.dimensions,
            standing=draft.standing,
            suspicions=draft.suspicions,
        )
        if self.customers:
            answer = self.named(answer, survey, now)
        self._announce_touching(answer_id, key)
        return self.world.answers.add(answer)

    def named(self, answer: Answer, survey: Survey, now: datetime) -> Answer:
        """The answer with its person, who notes it as theirs before it is stored."""
        customer = self.whose.get(answer.key.answer_id)
        anonymous = anonymous_person_id(answer.key.answer_id, survey.person_salt)
        person_id = anonymous if customer is None else self._person(customer, answer, survey, now)
        identity = "anonymous" if person_id == anonymous else "identified"
        return replace(answer, person_id=person_id, dimensions={**answer.dimensions, "identity": identity})

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
