"""The stores that take answers in, put together: for the API and for the page alike."""

import secrets

from shared.intake.receive import Intake
from shared.intake.traffic import Watch
from shared.store.answers import Answers
from shared.store.consents import Consents
from shared.store.invitations import Invitations
from shared.store.people import People
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SecretStore, TouchedLedger
from shared.store.sealing import Sealing
from shared.store.traffic import Traffic


def intake_of(sealing: Sealing) -> Intake:
    """What taking answers in works with, once the tables are bound."""
    sealed, keys = SecretStore(sealing), PersonKeys(MasterKeys(sealing), secrets.token_bytes)
    return Intake(
        answers=Answers(),
        people=People(sealed.identity_pepper, keys, secrets.token_bytes),
        consents=Consents(),
        invitations=Invitations(keys),
        touched=TouchedLedger(),
        secrets=sealed,
        random_bits=secrets.randbits,
        new_key=secrets.token_urlsafe,
        watch=Watch(Traffic(secrets.token_bytes)),
    )
