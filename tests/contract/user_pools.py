"""The places that the contract of user pools is tested in: memory, and Cognito as the emulator has it."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import urllib3

from infra.local.stack import Aws
from shared.access import Role
from shared.signin.ports import Door, Office
from shared.store.pool_door import CognitoDoor
from shared.store.pool_office import CognitoOffice
from tests.fakes.user_pool import MemoryPool
from tests.template import resources


@dataclass(frozen=True)
class Pool:
    """A pool, and what the newest letter to an address says."""

    door: Door
    office: Office
    letter: Callable[[str], str]


def in_memory() -> Pool:
    pool = MemoryPool()
    return Pool(pool, pool, lambda email: next(text for to, text in reversed(pool.letters) if to == email))


def in_cognito(emulator_url: str) -> Pool:
    """A pool as the template has it, but for its letters, whose text names the deployment."""
    cognito = Aws(emulator_url).client("cognito-idp")
    [declared] = resources("AWS::Cognito::UserPool").values()
    [client] = resources("AWS::Cognito::UserPoolClient").values()
    pool = cognito.create_user_pool(
        PoolName="contract", **{name: declared[name] for name in ("UsernameAttributes", "UsernameConfiguration", "Policies")}
    )["UserPool"]["Id"]
    client_id = cognito.create_user_pool_client(**client | {"UserPoolId": pool})["UserPoolClient"]["ClientId"]
    for role in Role:
        cognito.create_group(UserPoolId=pool, GroupName=role.value)
    return Pool(
        CognitoDoor(cognito, pool, client_id), CognitoOffice(cognito, pool, os.urandom), lambda email: letter_to(email, emulator_url)
    )


def letter_to(email: str, emulator_url: str) -> str:
    """The password or the code of the newest letter to an address."""
    kept: dict[str, list[dict[str, Any]]] = urllib3.request("GET", f"{emulator_url}/_ministack/ses/messages").json()["messages"]
    body = next(each["BodyText"] or each["BodyHtml"] for each in reversed(kept["000000000000"]) if each["To"] == [email])
    found = re.search(r"(?:password is |code is |<b>)([^<]+?)(?:\.$|</b>)", body)
    assert found is not None
    return found[1]
