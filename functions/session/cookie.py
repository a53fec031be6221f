"""The cookie of a session: the refresh token, for the session's own routes alone, and for no script."""

from urllib.parse import urlsplit

from shared.api.session_routes import SESSION, SESSION_COOKIE

LIVES_SECONDS = 7 * 24 * 3600
"""As long as the user pool's refresh tokens are good (`RefreshTokenValidity` in template.yaml)."""


def keeping(refresh_token: str, public_url: str) -> str:
    """Set it. Behind a path prefix, the browser knows the routes by that prefix."""
    return _cookie(refresh_token, LIVES_SECONDS, public_url)


def forgetting(public_url: str) -> str:
    """Take it away."""
    return _cookie("", 0, public_url)


def _cookie(value: str, seconds: int, public_url: str) -> str:
    path = f"{urlsplit(public_url).path.rstrip('/')}{SESSION}"
    return f"{SESSION_COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict"
