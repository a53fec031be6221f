"""Users of the deployed console, and their sessions as a browser has them."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import urllib3

from infra.local.stack import Response, Stack
from shared.access import Role

PASSWORD = "correct-horse-battery"


@dataclass
class Session:
    """A browser that somebody signed in with: the access token in the page, the refresh token in a cookie."""

    stack: Stack
    access_token: str = ""
    cookie: str = ""
    user: dict[str, Any] = field(default_factory=dict)

    def post(self, path: str, body: object = None) -> Response:
        """A POST to a route of the session, with the cookie; what it sets is kept."""
        return self._kept(self.stack.request("POST", f"/v1/session{path}", body, headers=self._headers()))

    def sign_out(self) -> Response:
        return self._kept(self.stack.request("DELETE", "/v1/session", headers=self._headers()))

    def sign_in(self, email: str, password: str) -> Response:
        return self.post("", {"email": email, "password": password})

    def refresh(self) -> Response:
        return self.post("/refresh")

    def call(self, method: str, path: str, body: object = None) -> Response:
        """A request of the page, by its access token."""
        return self.stack.request(method, path, body, key=self.access_token)  # type: ignore[arg-type]

    def _headers(self) -> dict[str, str]:
        return {"sec-fetch-site": "same-origin"} | ({"cookie": self.cookie} if self.cookie else {})

    def _kept(self, answer: Response) -> Response:
        if "set-cookie" in answer.headers:
            self.cookie = "" if "Max-Age=0" in answer.headers["set-cookie"] else answer.headers["set-cookie"].partition(";")[0]
        if answer.body and "access_token" in (said := answer.json()):
            self.access_token, self.user = said["access_token"], said["user"]
        return answer


def admin_of(stack: Stack) -> Session:
    """The deployment's own admin, signed in."""
    session = Session(stack)
    assert session.sign_in(stack.console_user["email"], stack.console_user["password"]).status == 200
    return session


def invited(stack: Stack, role: Role, *, locale: str = "pt-BR") -> tuple[str, str]:
    """Somebody new: their address, and the password of the letter."""
    email = f"{role.value}-{secrets.token_hex(4)}@loja.example"
    made = admin_of(stack).call("POST", "/v1/users", {"email": email, "name": f"Bia {role.value}", "role": role.value, "locale": locale})
    assert made.status == 201, made.body
    return email, in_bold(letter_to(email, stack))


def member(stack: Stack, role: Role, *, password: str = PASSWORD) -> Session:
    """Somebody new who has accepted the invitation."""
    email, temporary = invited(stack, role)
    session = Session(stack)
    challenge = session.sign_in(email, temporary).json()
    accepted = session.post("/new-password", {"email": email, "challenge_token": challenge["challenge_token"], "password": password})
    assert accepted.status == 200, accepted.body
    return session


def letter_to(email: str, stack: Stack) -> str:
    """The newest letter to an address."""
    kept: dict[str, list[dict[str, Any]]] = urllib3.request("GET", f"{stack.emulator_url}/_ministack/ses/messages").json()["messages"]
    return next(str(each["BodyHtml"]) for each in reversed(kept["000000000000"]) if each["To"] == [email])


def in_bold(letter: str) -> str:
    """The password or the code of a letter."""
    found = re.search(r"<b>([^<]+)</b>", letter)
    assert found is not None
    return found[1]
