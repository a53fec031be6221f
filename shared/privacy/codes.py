"""The eight digits that are mailed to the address on file and typed back: whoever can read them there is the one who asks.

A code is a keyed hash of its request, so nothing of it is kept, and a message that a queue brings twice mails the same code twice. The key
is the one of identity lookups: who reads the tables has it no more than they have the addresses.
"""

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import Final

LIFE: Final = timedelta(minutes=15)
TRIES: Final = 5
MOST_MAILS: Final = 5
"""As many codes go to one address in any hour: a guesser has at most 25 tries of 100,000,000 in it, a mailbox at most 5 letters."""
MAILS_WITHIN: Final = timedelta(hours=1)
DIGITS: Final = 8
_BYTES: Final = 16
"""So many that no code is likelier than another by more than one in 2^101."""


def code_of(request_id: str, key: bytes) -> str:
    """The code of a request."""
    digest = hmac.digest(key, f"privacy-code|{request_id}".encode(), sha256)
    return f"{int.from_bytes(digest[:_BYTES]) % 10**DIGITS:0{DIGITS}}"


def admits(code: str, request_id: str, key: bytes) -> bool:
    """Whether that is the request's code; takes the same time for any wrong one."""
    return hmac.compare_digest(code_of(request_id, key).encode(), code.encode(errors="surrogatepass"))
