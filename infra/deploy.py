"""`make deploy STAGE=prod`: template.yaml to AWS, cross-built here for arm64, and with it the first API key and the console's first admin.

Credentials and region are found as every AWS tool finds them; without a region it is São Paulo.
"""

import argparse
import json
import re
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import sam

DEFAULT_REGION = "sa-east-1"


def main() -> int:
    """Deploy one stage; 0 when it is up."""
    parser = argparse.ArgumentParser(prog="make deploy", description=__doc__)
    parser.add_argument("--stage", default="")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="a parameter of template.yaml")
    parser.add_argument("--admin", metavar="E-MAIL", help="who becomes the console's first admin, by invitation, if it has none")
    options = parser.parse_args()
    if not re.fullmatch("[a-z][a-z0-9-]{0,15}", options.stage):
        print("name the stage in lower case, such as: make deploy STAGE=prod", file=sys.stderr)
        return 2
    session = boto3.Session()
    region = session.region_name or DEFAULT_REGION
    stack = f"recomenda-{options.stage}"
    given = dict(each.split("=", 1) for each in options.parameter)
    try:
        sam.deploy(sam.build("cloud"), stack, {"Stage": options.stage, **given}, sam.Where(region, shown=True))
        session = boto3.Session(region_name=region)
        show_outcome(session, stack)
        if options.admin:
            invite_admin(session, stack, options.admin)
    except (sam.SamError, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def show_outcome(session: boto3.Session, stack: str) -> None:
    """Print the API's address and, the first time only, the API key that lets its holder make all others."""
    outputs = _outputs(session, stack)
    print(f"\nAPI: {outputs['ApiUrl']}")
    made = _asked(session, outputs["ManageFunction"], {"task": "first_key", "name": "first key, made by the deployment"}, "API key")
    if made["created"]:
        print(f"First API key, of every scope, shown this once and never again: {made['api_key']}")
        print("Keep it where you keep passwords. Whoever has it can make and revoke other keys: POST and DELETE /v1/keys")


def invite_admin(session: boto3.Session, stack: str, email: str) -> None:
    """Have whoever has this address become the console's first admin, unless it has one who may sign in, and say which it was."""
    made = _asked(session, _outputs(session, stack)["UsersFunction"], {"task": "first_admin", "email": email}, "admin")
    if made["created"]:
        print("First admin of the console: a letter with a password for the first sign-in is on its way. It is good for seven days.")
    else:
        print("The console has an admin already; admins invite others.")


def _outputs(session: boto3.Session, stack: str) -> dict[str, str]:
    described = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def _asked(session: boto3.Session, function: str, task: dict[str, str], what: str) -> Any:  # noqa: ANN401 - whatever the task gives
    """Have a function do a task. Raises `SamError`."""
    answer = session.client("lambda").invoke(FunctionName=function, Payload=json.dumps(task).encode())
    made = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise sam.SamError(f"the stack is up, but the first {what} could not be made: {made}")
    return made


if __name__ == "__main__":
    sys.exit(main())
