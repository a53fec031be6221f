"""Who wants the week by letter. Of a user only the id is kept here; where letters go is read from the user pool when they are sent."""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Final

_RANDOM_CHARACTERS: Final = 32


@dataclass(frozen=True, slots=True)
class Subscription:
    """A user's wish. `secret` (128 random bits, hex) ends it and nothing else, so it may stand in a letter."""

    user_id: str
    secret: str

    @property
    def token(self) -> str:
        """What stands in the link that ends it."""
        return f"{self.user_id}.{self.secret}"

    def is_ended_by(self, token: str) -> bool:
        """Whether the token is this subscription's."""
        return compare_digest(self.token.encode(), token.encode(errors="replace"))


def user_of(token: str) -> str | None:
    """Whose subscription a token may end; None for what cannot be one."""
    user_id, _, secret = token.partition(".")
    return user_id if user_id and len(secret) == _RANDOM_CHARACTERS else None
