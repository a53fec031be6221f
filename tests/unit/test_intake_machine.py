"""Everything that can happen to answers as they come in, in any order, with crashes anywhere: what is kept is what was said last."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.answer import Change, Standing
from shared.api.problem import AnswerFinal, AnswerTaken, NoSuchAnswer
from shared.identity import anonymous_person_id
from tests.fakes.reception import KEY, OTHER_KEY, Crash, Reception, token
from tests.fakes.samples import NOON

GHOST: Final = "the-edit-key-of-somebody-who-vanished"
numbers = st.integers(min_value=1, max_value=4)
keys = st.sampled_from([KEY, OTHER_KEY])
scores = st.integers(min_value=0, max_value=10)
texts = st.sampled_from(["Chegou", "Demorou", "Pensando bem…"])
customers = st.sampled_from([None, "ana", "bia"])
crashes = st.none() | st.integers(min_value=1, max_value=12)
TOKENS: Final = {customer: token(sub=customer, email=f"{customer}@exemplo.com.br") for customer in ("ana", "bia")}


@dataclass
class Said:
    """What stands of an answer: it belongs to whoever's key came first."""

    key: str
    score: int
    comment: str | None
    customer: str | None
    finished: bool = False
    stands: bool = True


class Intake(RuleBasedStateMachine):
    """A desk, and what it should keep."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Reception()
        self.said: dict[int, Said] = {}

    @rule(number=numbers, key=keys, score=scores, comment=st.none() | texts, customer=customers, crash=crashes, again=st.booleans())
    def post(self, number: int, key: str, score: int, comment: str | None, customer: str | None, crash: int | None, again: bool) -> None:  # noqa: FBT001, PLR0913, PLR0917 - generated
        """A POST; perhaps it ends in the middle and is sent again, perhaps it is simply sent twice."""
        body: dict[str, Any] = {"score": score, "comment": comment, "instant": NOON}
        if customer:
            body["respondent_token"] = TOKENS[customer]
        new = self.desk.new(number, key, **body)
        if crash:
            with suppress(Crash, AnswerTaken), self.desk.crashing_at(crash):
                self.desk.receive(new)
        for _ in range(1 + again):
            try:
                self.desk.receive(new)
            except AnswerTaken:
                # Taken: another's answer stands there, or the comment of somebody who vanished.
                assert number not in self.said or self.said[number].key != key
                return
        if number not in self.said:
            self.said[number] = Said(key, score, comment, customer)
        assert self.said[number].key == key

    @precondition(lambda self: self.said)
    @rule(
        number=numbers, key=keys, score=st.none() | scores, comment=st.none() | texts | st.just(""), finished=st.booleans(), crash=crashes
    )
    def patch(self, number: int, key: str, score: int | None, comment: str | None, finished: bool, crash: int | None) -> None:  # noqa: FBT001, PLR0913, PLR0917 - generated
        """A PATCH, by whoever; perhaps it ends in the middle and is sent again."""
        change = {"score": score, "comment": comment, "finished": True if finished else None}
        change = {name: value for name, value in change.items() if value is not None} or {"finished": True}
        if crash:
            with suppress(Crash, NoSuchAnswer, AnswerFinal), self.desk.crashing_at(crash):
                self.desk.change(number, key, NOON, **change)
        said = self.said.get(number)
        try:
            self.desk.change(number, key, NOON, **change)
        except NoSuchAnswer:
            assert said is None or said.key != key
            return
        except AnswerFinal:
            assert said is not None
            assert not said.stands
            return
        assert said is not None
        assert said.key == key
        said.score = said.score if score is None else score
        said.finished |= "finished" in change
        if "comment" in change:
            said.comment = str(change["comment"]) or None

    @precondition(lambda self: self.said)
    @rule(number=numbers)
    def withdraw(self, number: int) -> None:
        """An operator withdraws it."""
        answer = self.desk.answer(number, NOON)
        if answer is not None:
            self.desk.answers.change(answer.key, Change(standing=Standing.WITHDRAWN), self.desk.now)
            self.said[number].stands = False

    @rule()
    def wait(self) -> None:
        """Some time passes, though no month."""
        self.desk.now = min(self.desk.now + timedelta(hours=5), NOON + timedelta(days=20))

    @invariant()
    def what_is_kept_is_what_was_said_last(self) -> None:
        """Every answer with its score, its comment under its own person, and nobody else's."""
        stored = {answer.key.answer_id: answer for answer in self.desk.stored()}
        assert set(stored) == {self.desk.id_of(number, NOON) for number in self.said}
        texts_by_key = {
            (person_id, answer_id): text
            for (person_id, answer_id), text in self.desk.people.texts().items()
            if answer_id in stored and stored[answer_id].edit_key_hash == self.desk.people.comments[person_id, answer_id][0].edit_key_hash
        }
        wanted = {}
        for number, said in self.said.items():
            answer = stored[self.desk.id_of(number, NOON)]
            assert (answer.score, answer.finished) == (said.score, said.finished)
            anonymous = anonymous_person_id(answer.key.answer_id, self.desk.survey.person_salt)
            assert (answer.person_id == anonymous) == (said.customer is None)
            if said.comment:
                wanted[answer.person_id, answer.key.answer_id] = said.comment
        assert texts_by_key == wanted

    @invariant()
    def a_customer_is_one_person(self) -> None:
        """Of however many answers."""
        persons: dict[str, set[str]] = {}
        for number, said in self.said.items():
            answer = self.desk.answer(number, NOON)
            if said.customer and answer:
                persons.setdefault(said.customer, set()).add(answer.person_id)
        assert all(len(found) == 1 for found in persons.values())
        assert len({person_id for found in persons.values() for person_id in found}) == len(persons)


TestIntake = Intake.TestCase
TestIntake.settings = settings(max_examples=200, stateful_step_count=25, deadline=None)
