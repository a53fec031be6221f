"""What an answer of a file is called here: found from the file's own id alone, so that the same file again finds the same answers.

An id of another system may be a number that anybody could try, or an e-mail. So it is hashed with a key, and is kept nowhere else.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from shared import answer_id as ids
from shared import dimension as dim
from shared.answer import Answer, AnswerKey
from shared.counting.importing import Marker, Past, is_over, settled
from shared.identity import anonymous_person_id
from shared.importing.lines import PastAnswer
from shared.survey import Survey

_PURPOSE: Final = b"recomenda import"
_NAME_BYTES: Final = 16


class Named(NamedTuple):
    """The name of an answer's marker, the random-looking part of its id, and an edit key's hash of which nobody has the key."""

    name: str
    randomness: int
    edit_key_hash: str


@dataclass(frozen=True, slots=True)
class Naming:
    """Names answers of one survey."""

    key: bytes
    survey_id: str

    def of(self, file_id: str) -> Named:
        """What the answer with that id is called."""
        digest = self._digest("answer", file_id)
        name = urlsafe_b64encode(digest[:_NAME_BYTES]).decode().rstrip("=")
        return Named(name, int.from_bytes(digest[_NAME_BYTES:]), self._digest("edit", file_id).hex())

    def _digest(self, what: str, file_id: str) -> bytes:
        return hmac.digest(self.key, f"{what}|{self.survey_id}|{file_id}".encode(), sha256)


def naming_of(pepper: bytes, survey: Survey) -> Naming:
    """With a key of its own, made of the one that identities are looked up with."""
    return Naming(hmac.digest(pepper, _PURPOSE, sha256), survey.survey_id)


def answer_of(survey: Survey, line: PastAnswer, named: Named, now: datetime) -> Answer:
    """The answer in a line, nobody's yet: of a person who is known, `replace` its person."""
    key = AnswerKey.of(survey, ids.parse(ids.mint(line.instant, named.randomness)))
    return Answer(
        key=key,
        score=line.score,
        person_id=anonymous_person_id(key.answer_id, survey.person_salt),
        edit_key_hash=named.edit_key_hash,
        changed_at=now,
        dimensions={**line.dimensions, dim.IDENTITY: dim.IDENTIFIED if line.claims is not None else dim.ANONYMOUS},
        finished=True,
        commented=line.comment is not None,
    )


def past_of(survey: Survey, answer: Answer, marker: Marker, now: datetime) -> Past:
    """The answer as it is counted: kept, unless its retention is over."""
    kept = marker.kept and not is_over(answer.instant, survey, now)
    return Past(replace(marker, kept=kept), settled(answer, survey, now))
