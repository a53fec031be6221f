"""All of taking answers in, in memory, for tests that state one behaviour."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey
from shared.api.messages import AnswerChange, NewAnswer
from shared.identity import edit_key_hash_of
from shared.intake.change import Changed, change
from shared.intake.receive import Intake, Received, receive
from shared.intake.traffic import Watch
from shared.survey import Segment, Survey
from tests.fakes.answers import MemoryAnswers
from tests.fakes.inviting import MemoryConsents, MemoryInvitations
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPeople
from tests.fakes.registry import MemoryLedger
from tests.fakes.samples import NOON, PLANS, settings_of, survey_of
from tests.fakes.traffic import MemoryTraffic

SECRET: Final = b"a-signing-secret-of-32-bytes-or-more"
KEY: Final = "the-edit-key-that-a-device-keeps"
OTHER_KEY: Final = "the-edit-key-of-somebody-else"


class Crash(BaseException):
    """The process ends here; nothing in it can catch that."""


class FindableAnswers(MemoryAnswers):
    """Implements `intake.ports.Answers`."""

    def find(self, key: AnswerKey) -> Answer | None:
        with self.memory.call("find"):
            item = self.memory.items.get(key)
            return item if isinstance(item, Answer) else None


@dataclass
class MemorySecrets:
    """Implements `Secrets`."""

    signing: dict[str, Sequence[bytes]]

    def signing_secrets(self, survey_id: str, now: datetime) -> Sequence[bytes]:
        del now
        return self.signing.get(survey_id, ())

    def identity_pepper(self) -> bytes:
        return b"pepper"


def survey_with_segments(**changes: Any) -> Survey:  # noqa: ANN401 - any field
    """An open survey with a segment that anybody may say and one that only a signed token may."""
    segments = (Segment(key="plan", values=PLANS), Segment(key="tier", values=("gold", "silver"), signed_only=True))
    return survey_of(settings=settings_of(segments=segments), **changes)


@dataclass
class Reception:
    """One survey, its stores, and a clock that stands still."""

    survey: Survey = field(default_factory=survey_with_segments)
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.memory = Memory()
        self.answers = FindableAnswers(self.memory)
        self.people = MemoryPeople(self.memory)
        self.consents = MemoryConsents(self.memory, self.people)
        self.invitations = MemoryInvitations(self.memory, self.people)
        self.ledger = MemoryLedger(self.memory)
        self.traffic = MemoryTraffic()
        self.made_keys = 0
        self.intake = Intake(
            answers=self.answers,
            people=self.people,
            consents=self.consents,
            invitations=self.invitations,
            touched=self.ledger,
            secrets=MemorySecrets({self.survey.survey_id: [SECRET]}),
            random_bits=lambda count: (1 << count) - 1 - self.made_keys,
            new_key=self._new_key,
            watch=Watch(self.traffic),
        )

    def _new_key(self) -> str:
        self.made_keys += 1
        return f"edit-token-{self.made_keys}"

    def new(self, number: int | None = 1, key: str = KEY, instant: datetime | None = None, **body: Any) -> NewAnswer:  # noqa: ANN401 - any field
        """The body of an answer; its number makes its id, None leaves that to us."""
        named = {"answer_id": self.id_of(number, instant), "edit_key_hash": edit_key_hash_of(key)} if number is not None else {}
        return NewAnswer(**{"score": 9} | named | body)

    def id_of(self, number: int, instant: datetime | None = None) -> str:
        """The id of the answer with that number."""
        return ids.mint(instant or self.now, number)

    def receive(self, new: NewAnswer, source_ip: str | None = None) -> Received:
        """Take it in."""
        return receive(self.survey, new, self.now, self.intake, source_ip)

    def change(self, number: int = 1, key: str = KEY, instant: datetime | None = None, **body: Any) -> Changed:  # noqa: ANN401 - any field
        """Change the answer with that number."""
        return change(self.survey, self.id_of(number, instant), key, AnswerChange(**body), self.now, self.intake)

    def answer(self, number: int = 1, instant: datetime | None = None) -> Answer | None:
        """The answer with that number as it is stored."""
        return self.answers.find(AnswerKey.of(self.survey, ids.parse(self.id_of(number, instant))))

    def stored(self) -> list[Answer]:
        """All answers."""
        return list(self.memory.answers())

    @contextmanager
    def crashing_at(self, step: int) -> Iterator[None]:
        """End the process before or after the effect of a call to a store: the `step`-th such place."""
        left = step

        def turn(_name: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Crash

        self.memory.faults.turn = turn
        try:
            yield
        finally:
            self.memory.faults.turn = lambda _name: None


def token(secret: bytes = SECRET, **changes: object) -> str:
    """A respondent token of customer cliente-1."""
    claims = {"sub": "cliente-1", "exp": datetime.now(UTC) + timedelta(hours=1)} | changes
    return jwt.encode(claims, secret, "HS256")
