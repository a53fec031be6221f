"""A user pool in memory: `signin.ports.Door` and `signin.ports.Office`, with the letters it would have sent."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from shared.access import Role
from shared.signin import ports
from shared.signin.password import SHORTEST
from shared.signin.user import NewUser, User, one_spelling
from shared.survey import Locale

MADE_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)


@dataclass
class MemoryPool:
    """Users by id; passwords in clear, as nothing here is anybody's."""

    users: dict[str, User] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    challenges: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[str, str]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    # ── the door ──

    def sign_in(self, email: str, password: str) -> ports.SignedIn | ports.PasswordWanted:
        user = self._of(email)
        if user is None or not user.enabled or self.passwords[user.user_id] != password:
            raise ports.SignInRefusedError
        if not user.has_signed_in:
            challenge = f"challenge-{next(self.numbers):020d}"
            self.challenges[challenge] = user.user_id
            return ports.PasswordWanted(challenge)
        return self._session(user)

    def choose_password(self, email: str, challenge_token: str, password: str) -> ports.SignedIn:
        user = self._of(email)
        if user is None or self.challenges.get(challenge_token) != user.user_id:
            raise ports.SignInRefusedError
        self._take(user.user_id, password)
        del self.challenges[challenge_token]
        self.users[user.user_id] = replace(user, has_signed_in=True)
        return self._session(self.users[user.user_id])

    def refresh(self, refresh_token: str) -> ports.SignedIn:
        user = self.users.get(self.sessions.get(refresh_token, ""))
        if user is None:
            raise ports.SessionEndedError
        return self._tokens(user, refresh_token)

    def sign_out(self, refresh_token: str) -> None:
        self.sessions.pop(refresh_token, None)

    def send_code(self, email: str) -> bool:
        user = self._of(email)
        if user is not None and user.enabled and user.has_signed_in:
            self.codes[user.user_id] = f"{next(self.numbers):06d}"
            self.letters.append((user.email, self.codes[user.user_id]))
        return True

    def reset(self, email: str, code: str, password: str) -> None:
        user = self._of(email)
        if user is None or self.codes.get(user.user_id) != code:
            raise ports.ResetRefusedError
        self._take(user.user_id, password)
        del self.codes[user.user_id]
        self._end_sessions(user.user_id)

    # ── the office ──

    def list(self) -> tuple[User, ...]:
        return tuple(self.users.values())

    def find(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    def invite(self, new: NewUser) -> User:
        if " " in new.email:
            raise ports.AddressRefusedError
        if self._of(new.email) is not None:
            raise ports.UserExistsError
        user_id = str(UUID(int=next(self.numbers)))
        self.users[user_id] = User(
            user_id=user_id,
            email=new.email,
            name=new.name,
            role=new.role,
            locale=new.locale,
            enabled=True,
            has_signed_in=False,
            created_at=MADE_AT,
        )
        self.invite_again(self.users[user_id])
        return self.users[user_id]

    def invite_again(self, user: User) -> None:
        self._known(user.user_id)
        self.passwords[user.user_id] = f"temporary-{next(self.numbers)}"
        self.letters.append((user.email, self.passwords[user.user_id]))

    def describe(self, user_id: str, *, name: str | None = None, locale: Locale | None = None) -> None:
        user = self._known(user_id)
        self.users[user_id] = replace(user, name=name or user.name, locale=locale or user.locale)

    def give_role(self, user_id: str, role: Role) -> None:
        self.users[user_id] = replace(self._known(user_id), role=role)

    def enable(self, user_id: str) -> None:
        self.users[user_id] = replace(self._known(user_id), enabled=True)

    def disable(self, user_id: str) -> None:
        self.users[user_id] = replace(self._known(user_id), enabled=False)
        self._end_sessions(user_id)

    def delete(self, user_id: str) -> None:
        self.users.pop(user_id, None)
        self._end_sessions(user_id)

    def _of(self, email: str) -> User | None:
        return next((user for user in self.users.values() if user.email == one_spelling(email)), None)

    def _known(self, user_id: str) -> User:
        if user_id not in self.users:
            raise ports.UnknownUserError
        return self.users[user_id]

    def _take(self, user_id: str, password: str) -> None:
        if len(password) < SHORTEST:
            raise ports.PasswordRefusedError
        self.passwords[user_id] = password

    def _session(self, user: User) -> ports.SignedIn:
        token = f"refresh-{next(self.numbers)}"
        self.sessions[token] = user.user_id
        return self._tokens(user, token)

    def _tokens(self, user: User, refresh_token: str) -> ports.SignedIn:
        return ports.SignedIn(
            user_id=user.user_id,
            email=user.email,
            name=user.name,
            roles=() if user.role is None else (user.role,),
            locale=user.locale,
            access_token=f"access-{next(self.numbers)}",
            expires_in=900,
            refresh_token=refresh_token,
        )

    def _end_sessions(self, user_id: str) -> None:
        self.sessions = {token: owner for token, owner in self.sessions.items() if owner != user_id}
