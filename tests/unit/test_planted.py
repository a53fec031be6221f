"""The search for planted texts finds them in every spelling; otherwise finding none would mean nothing."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import jwt
import pytest

from tests.planted import Plants


@pytest.mark.parametrize("where", ["comment name", "comment e-mail", "comment CPF"])
def test_a_planted_text_is_found_however_it_is_spelt(where: str) -> None:
    plants = Plants()
    text = plants[where]
    other = Plants()
    assert other[where] != text
    token = jwt.encode({"some": "claim", "sub": text}, "a-signing-secret-of-32-bytes-or-more", "HS256")
    for place in (
        text,
        text.upper(),
        {"deep": [{"inside": f"Sou {text}!"}]},
        f"said {text}".encode(),
        quote(text),
        text.encode().hex(),
        token,
        *(b64encode(b"x" * shift + text.encode() + b"yz") for shift in range(4)),
        *(urlsafe_b64encode(b"x" * shift + text.encode()) for shift in range(4)),
    ):
        assert plants.found_in("nothing", place) == {where}, place
        assert not other.found_in(place)
