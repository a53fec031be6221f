"""Unique texts that stand for what a person types or says, sent in through every door, and looked for wherever they must not be."""

import json
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

import jwt

from shared import answer_id as ids
from shared.identity import edit_key_hash_of

FORM: Final = "GET /v1/surveys/{survey_id}/form"
POST: Final = "POST /v1/surveys/{survey_id}/answers"
PATCH: Final = "PATCH /v1/surveys/{survey_id}/answers/{answer_id}"
KEPT: Final = frozenset(
    {"comment name", "comment e-mail", "comment CPF", "later comment", "signed comment", "token sub", "token e-mail", "token name"}
)
"""What People is there to keep. Everything else is kept nowhere at all."""


@dataclass(frozen=True)
class Door:
    """One request."""

    route: str
    raw: bytes = b""
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class Plants:
    """Texts by where they are planted, each made when first asked for."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def __getitem__(self, where: str) -> str:
        if where not in self.texts:
            kind = where.rsplit(" ", 1)[-1]
            digits = f"{secrets.randbelow(10**11):011}"
            shapes = {"CPF": f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}", "e-mail": f"zq{digits}@exemplo.com.br"}
            self.texts[where] = shapes.get(kind, f"Zq{secrets.token_hex(6)}")
        return self.texts[where]

    def __contains__(self, where: str) -> bool:
        return where in self.texts

    def found_in(self, *places: object) -> set[str]:
        """The names of those that any of the places holds, in whatever spelling."""
        hay = b"\n".join(place if isinstance(place, bytes) else json.dumps(place, default=str).encode() for place in places).lower()
        return {where for where, text in self.texts.items() if any(spelling.lower() in hay for spelling in spellings(text))}


def spellings(text: str) -> Iterator[bytes]:
    """A text as it may lie somewhere: as it is, escaped, in hex, and inside something in base64."""
    raw = text.encode()
    yield raw
    yield quote(text).encode()
    yield raw.hex().encode()
    for shift in range(3):
        # Whatever stands before it, some of its characters in base64 are always the same.
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(b"\0" * shift + raw)[4 if shift else 0 : (len(raw) + shift) // 3 * 4]


@dataclass(frozen=True)
class Visitor:
    """Somebody who answers the survey and says personal things wherever they can. `send` gives the status of the response."""

    plants: Plants
    survey_id: str
    secret: str
    send: Callable[[Door], int]

    def visit_every_door(self) -> dict[str, int]:
        """Go through all of them; the status of each response."""
        return {name: self.send(door) for name, door in [*self._taken(), *self._refused(), *self._elsewhere()]}

    def _post(self, **body: object) -> Door:
        return Door(POST, json.dumps({"score": 3} | body, ensure_ascii=False).encode(), {"survey_id": self.survey_id})

    def _patch(self, answer_id: str, key: str, **body: object) -> Door:
        path = {"survey_id": self.survey_id, "answer_id": answer_id}
        return Door(PATCH, json.dumps(body).encode(), path, headers={"authorization": f"Bearer {key}"})

    def _token(self, where: str, secret: str | None = None, **claims: object) -> str:
        plants = self.plants
        said = {"sub": plants[f"{where} sub"], "email": plants[f"{where} e-mail"], "name": plants[f"{where} name"]}
        return jwt.encode(said | {"exp": datetime.now(UTC) + timedelta(hours=1)} | claims, secret or self.secret, "HS256")

    def _taken(self) -> Iterable[tuple[str, Door]]:
        plants, key, one, other, third = self.plants, secrets.token_urlsafe(32), _new_id(), _new_id(), _new_id()
        named = {"answer_id": one, "edit_key_hash": edit_key_hash_of(key)}
        comment = f"Sou {plants['comment name']}, {plants['comment e-mail']}, CPF {plants['comment CPF']}"
        dimensions = {name: plants[name] for name in ("touchpoint", "channel", "locale", "variant")}
        post = self._post(**named, comment=comment, segments={"plan": plants["segment value"]}, **dimensions)
        yield "an answer", post
        yield "the same again", post
        yield "a score alone", self._post(answer_id=third, edit_key_hash=edit_key_hash_of(key))
        yield "a later comment", self._patch(third, key, comment=plants["later comment"], score=9)
        segments = {"tier": plants["signed segment value"], plants["signed segment key"]: plants["signed unknown value"]}
        signed = self._token("token", segments=segments, iss=plants["token issuer"], cpf=plants["token CPF"])
        named = {"answer_id": other, "edit_key_hash": edit_key_hash_of(key)}
        yield "a signed answer", self._post(**named, respondent_token=signed, comment=plants["signed comment"])
        yield "an answer of its own id", self._post(touchpoint=plants["another touchpoint"])

    def _refused(self) -> Iterable[tuple[str, Door]]:
        plants = self.plants
        yield "an unknown field", self._post(**{plants["field name"]: plants["field value"]})
        yield "an unknown segment", self._post(segments={plants["segment key"]: plants["unknown segment value"]})
        yield "a wrong score", self._post(score=plants["score"])
        yield "a long comment", self._post(comment=plants["long comment"] * 1000)
        yield "a wrong hash", self._post(answer_id=_new_id(), edit_key_hash=plants["hash"])
        yield "half a body", Door(POST, f'{{"score": 9, "comment": "{plants["half comment"]}'.encode(), {"survey_id": self.survey_id})
        yield "a large body", Door(POST, f'{{"comment": "{plants["large comment"]}'.encode() + b" " * 20_000, {"survey_id": self.survey_id})
        yield "no UTF-8", Door(POST, f'{{"comment": "{plants["latin comment"]}é"}}'.encode("latin-1"), {"survey_id": self.survey_id})
        foreign = self._token("foreign", secret="the-signing-secret-of-another-survey")
        yield "a foreign token", self._post(respondent_token=foreign, comment=plants["comment beside a foreign token"])
        expired = self._token("expired", exp=datetime.now(UTC) - timedelta(hours=2))
        yield "an expired token", self._post(respondent_token=expired, comment=plants["comment beside an expired token"])
        yield "text for a token", self._post(respondent_token=plants["no token"])
        yield "another's answer", self._patch(_new_id(), plants["wrong key"], comment=plants["comment of another"])
        yield "no id", self._patch(plants["answer id"], "key", score=9)

    def _elsewhere(self) -> Iterable[tuple[str, Door]]:
        plants = self.plants
        headers = {
            name: plants[f"header {name}"] for name in ("user-agent", "x-forwarded-for", "referer", "cookie", "x-name", "accept-language")
        }
        query = {"locale": plants["query locale"], plants["query name"]: plants["query value"]}
        path = {"survey_id": self.survey_id}
        yield "headers and query", Door(POST, b'{"score": 3}', path, query, headers)
        yield "a form", Door(FORM, b"", path, query, headers | {"if-none-match": plants["header if-none-match"]})
        yield "another origin", Door(FORM, b"", path, headers={"origin": f"https://{plants['origin']}.example"})
        yield "another survey", Door(POST, b'{"score": 3}', {"survey_id": plants["survey id"]})


def _new_id() -> str:
    return ids.mint(datetime.now(UTC), secrets.randbits(74))
