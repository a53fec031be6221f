"""What a deployment says of itself: the local one that `make run` keeps up, or one in AWS, with the caller's own credentials."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import boto3

from infra.local.emulator import CREDENTIALS
from infra.local.stack import Stack

NO_DEPLOYMENT: Final = "There is no local deployment: start one with `make run`, or name one in AWS with STAGE=."


def outputs_of(stage: str | None, home: Path) -> Mapping[str, str]:
    """The outputs of its stack; from here on this process speaks with that AWS. Raises `FileNotFoundError` where none runs here."""
    if stage is None:
        stack = Stack.read(home)
        os.environ.update(CREDENTIALS, AWS_ENDPOINT_URL=stack.emulator_url, AWS_DEFAULT_REGION=stack.region)
        return stack.outputs
    [described] = boto3.client("cloudformation").describe_stacks(StackName=f"recomenda-{stage}")["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
