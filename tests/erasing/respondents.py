"""Those who answer, think again, and ask to be erased; what they say is planted to be looked for."""

from dataclasses import dataclass
from typing import Any, Final

from shared import answer_id as ids
from shared.answer import AnswerKey
from shared.api.messages import AnswerChange, NewAnswer
from shared.api.problem import Refused
from shared.identity import anonymous_person_id, edit_key_hash_of, lookup_of
from shared.intake.change import change
from shared.intake.receive import Intake, receive
from shared.intake.traffic import Watch
from shared.privacy.erasure import Asker, Erasure
from shared.survey import Survey
from tests.erasing.auditor import Auditor
from tests.erasing.world import World
from tests.fakes.erasable import Announcing
from tests.fakes.inviting import MemoryConsents, MemoryInvitations
from tests.fakes.reception import SECRET, MemorySecrets, token
from tests.fakes.traffic import MemoryTraffic

_LETTERS: Final = "abcdefghijklmnop"
_CUSTOMERS: Final = 6


@dataclass(frozen=True, slots=True)
class Sent:
    """A POST, to be sent again."""

    survey: Survey
    new: NewAnswer
    edit_key: str
    anonymous: bool


class Respondents:
    """All of them."""

    def __init__(self, world: World, auditor: Auditor, answers: int) -> None:
        self.world = world
        self.auditor = auditor
        self.left = answers
        self.sent: list[Sent] = []

    def post(self) -> None:
        """A new answer, as long as there are any left: of a customer, or of nobody that we know."""
        if not self.left:
            return
        self.left -= 1
        random, number = self.world.random, next(self.world.ids)
        edit_key, anonymous = f"edit-key-{number}", random.random() < 0.3
        body: dict[str, Any] = {"answer_id": ids.mint(self.world.now, number), "edit_key_hash": edit_key_hash_of(edit_key)}
        body["score"] = random.choice([0, 2, 4, 6, 8, 10])
        if random.random() < 0.6:
            body["comment"] = self._secret()
        if not anonymous:
            customer = random.randrange(_CUSTOMERS)
            body["respondent_token"] = token(
                SECRET, sub=f"cliente-{customer}", email=f"c{customer // 2}@exemplo.com.br", name=self._secret()
            )
        sent = Sent(random.choice(list(self.world.surveys.values())), NewAnswer(**body), edit_key, anonymous)
        self.sent.append(sent)
        self._send(sent)

    def _secret(self) -> str:
        secret = "zq" + "".join(self.world.random.choices(_LETTERS, k=12))
        self.auditor.secrets.add(secret)
        return secret

    def repeat(self) -> None:
        """A device that heard nothing sends it again."""
        if self.sent:
            self._send(self.world.random.choice(self.sent[-8:]))

    def _send(self, sent: Sent) -> None:
        self.world.start("post", lambda: self._receive(sent))

    def _receive(self, sent: Sent) -> None:
        try:
            received = receive(sent.survey, sent.new, self.world.now, self._intake())
        except Refused:
            self.world.happened["refused"] += 1
            return
        if received.created and self.world.random.random() < 0.8:  # else the stream is late, and the sweep has to find it
            self.world.stream.append(received.answer.key)

    def change(self) -> None:
        """Somebody thinks again."""
        if not self.sent:
            return
        random = self.world.random
        sent = random.choice(self.sent[-12:])
        body: dict[str, Any] = random.choice(
            [{"score": random.choice([1, 5, 9])}, {"comment": self._secret()}, {"finished": True}, {"score": 3, "finished": True}]
        )
        self.world.start("change", lambda: self._change(sent, AnswerChange(**body)))

    def _change(self, sent: Sent, wanted: AnswerChange) -> None:
        answer_id = str(sent.new.answer_id)
        try:
            changed = change(sent.survey, answer_id, sent.edit_key, wanted, self.world.now, self._intake())
        except Refused:
            self.world.happened["change refused"] += 1
            return
        if self.world.random.random() < 0.8:
            self.world.stream.append(changed.answer.key)

    def _intake(self) -> Intake:
        return Intake(
            answers=self.world.answers,
            people=Announcing(self.world.people),
            consents=MemoryConsents(self.world.memory, self.world.people),
            invitations=MemoryInvitations(self.world.memory, self.world.people),
            touched=self.world.touched,
            secrets=MemorySecrets({survey_id: [SECRET] for survey_id in self.world.surveys}),
            random_bits=lambda _bits: 0,
            new_key=str,
            watch=Watch(MemoryTraffic()),
        )

    def ask(self) -> None:
        """Somebody asks to be erased: a customer, or whoever holds the key of an answer."""
        random, world = self.world.random, self.world
        if random.random() < 0.3:
            self._ask_by_key()
            return
        people = world.erasing.people
        for person_id in people.persons_of("email", f"c{random.randrange(_CUSTOMERS // 2)}@exemplo.com.br"):
            if people.is_known(person_id):
                self._open(person_id)

    def _ask_by_key(self) -> None:
        own = [sent for sent in self.sent if sent.anonymous]
        if not own:
            return
        sent = self.world.random.choice(own)
        key = AnswerKey.of(sent.survey, ids.parse(str(sent.new.answer_id)))
        if key in self.world.memory.items:
            self._open(anonymous_person_id(key.answer_id, sent.survey.person_salt), key)

    def _open(self, person_id: str, *keys: AnswerKey) -> None:
        world = self.world
        if person_id in world.asked.values():
            return
        erasure_id = f"er-{next(world.ids)}"
        world.asked[erasure_id] = person_id
        world.ledger.note_answers(erasure_id, keys)
        world.ledger.open(Erasure(erasure_id=erasure_id, person_id=person_id, asker=Asker.SUBJECT, asked_at=world.now))

    def hold(self) -> None:
        """A court wants the data of a customer kept, or no longer."""
        lookup = lookup_of("customer_id", f"cliente-{self.world.random.randrange(_CUSTOMERS)}", self.world.people.pepper)
        self.world.holds.lookups ^= {lookup}
