"""`make deploy STAGE=prod`: template.yaml to AWS, cross-built here for arm64, and the first API key with it.

Credentials and region are found as every AWS tool finds them; without a region it is São Paulo.
"""

import argparse
import json
import re
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import sam

DEFAULT_REGION = "sa-east-1"


def main() -> int:
    """Deploy one stage; 0 when it is up."""
    parser = argparse.ArgumentParser(prog="make deploy", description=__doc__)
    parser.add_argument("--stage", default="")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="a parameter of template.yaml")
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
        show_outcome(boto3.Session(region_name=region), stack)
    except (sam.SamError, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def show_outcome(session: boto3.Session, stack: str) -> None:
    """Print the API's address and, the first time only, the API key that lets its holder make all others."""
    described = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    print(f"\nAPI: {outputs['ApiUrl']}")
    task = json.dumps({"task": "first_key", "name": "first key, made by the deployment"})
    answer = session.client("lambda").invoke(FunctionName=outputs["ManageFunction"], Payload=task.encode())
    made = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise sam.SamError(f"the stack is up, but the first API key could not be made: {made}")
    if made["created"]:
        print(f"First API key, of every scope, shown this once and never again: {made['api_key']}")
        print("Keep it where you keep passwords. Whoever has it can make and revoke other keys: POST and DELETE /v1/keys")


if __name__ == "__main__":
    sys.exit(main())
