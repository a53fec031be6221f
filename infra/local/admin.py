"""The admin of the console that a local deployment starts with, with a password that is known here."""

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Final

from infra.local.stack import Stack

ADMIN: Final = "admin@recomenda.example"
_RANDOM_BYTES: Final = 12


def with_admin(stack: Stack, password_file: Path) -> Stack:
    """See to it that the admin is there. The password is chosen once, as whoever is invited would, and kept for the owner's eyes."""
    made = stack.invoke("UsersFunction", {"task": "first_admin", "email": ADMIN, "name": "Aurora Prado"})
    if made["created"] or not password_file.exists():
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_urlsafe(_RANDOM_BYTES))
        stack.aws.client("cognito-idp").admin_set_user_password(
            UserPoolId=stack.outputs["UserPool"], Username=ADMIN, Password=password_file.read_text(), Permanent=True
        )
    return replace(stack, console_user={"email": ADMIN, "password": password_file.read_text()})
