"""Bring template.yaml up on a running emulator, whatever state the emulator woke up with."""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from infra import sam
from infra.local.admin import with_admin
from infra.local.emulator import CREDENTIALS, REGION, Emulator
from infra.local.stack import API_ID, STACK_NAME, Aws, Stack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef

_SENDER: Final = "privacidade@recomenda.example"
_PARAMETERS: Final = {
    "Stage": "local",
    "DeletionProtection": "false",
    "StreamWindowSeconds": "0",
    "AlertWaitSeconds": "20",
    "CallsAllowed": "loopback",
    "MailFrom": _SENDER,  # the emulator keeps letters, and sends none
    "SecondLookMinutes": "0",  # nobody waits a day to see a receipt
    "Samples": "true",
    "WithAlarms": "false",  # nobody to alarm, and the emulator knows no metric math
}
_BUCKET: Final = "recomenda-artefacts"
# What is deployed is noted in the emulator itself: note and deployment are saved, or lost, together.
_DEPLOYED: Final = "/recomenda/local/deployed"
_AT: Final = " at "
_ADDRESS: Final = "PublicUrl"
_KEY_FILE: Final = "api_key"
_PASSWORD_FILE: Final = "console_password"  # noqa: S105 - a file's name
_MAPPING_SETTINGS: Final = (
    "StartingPosition",
    "BatchSize",
    "MaximumBatchingWindowInSeconds",
    "FilterCriteria",
    "DestinationConfig",
    "MaximumRecordAgeInSeconds",
    "BisectBatchOnFunctionError",
    "MaximumRetryAttempts",
)

_HINTS_AT_ONCE: Final = 80

type Say = Callable[[str], None]


class DeploymentError(Exception):
    """The local deployment cannot come up; the message says what to do."""


def bring_up(emulator: Emulator, say: Say) -> Stack:
    """Deploy what has changed since the last start, and return the stack with an API key of every scope."""
    deploy(emulator, say)
    aws = Aws(emulator.url)
    outputs = _outputs(aws)
    _read_the_stream_from_its_start(aws, outputs)
    _let_letters_out(aws)
    api_url = _public_url(emulator)
    stack = Stack(
        api_url=api_url,
        emulator_url=emulator.url,
        region=REGION,
        stack_name=STACK_NAME,
        survey_id="demo",
        api_key="",
        privacy_url=f"{api_url}/privacidade",
        widget_url=f"{api_url}/shop",
        survey_page_url=f"{api_url}/s/demo",
        console_url=f"{api_url}/console",
        outputs=outputs,
    )
    return with_admin(_with_api_key(stack, emulator.home / _KEY_FILE), emulator.home / _PASSWORD_FILE)


def deploy(emulator: Emulator, say: Say) -> None:
    """Deploy what has changed since the last start: everything, the address alone, or nothing."""
    aws = Aws(emulator.url)
    template = sam.build("local")
    build = template.parent.parent.name
    wanted = f"{build}{_AT}{emulator.url}"
    deployed = _deployed(aws)
    if deployed == wanted:
        return
    if deployed.partition(_AT)[0] == build:
        _move(aws, _public_url(emulator))
    else:
        say("deploying template.yaml (about ten seconds)")
        _deploy_everything(emulator, aws, template)
    aws.client("ssm").put_parameter(Name=_DEPLOYED, Value=wanted, Type="String", Overwrite=True)


def _deploy_everything(emulator: Emulator, aws: Aws, template: Path) -> None:
    _make_bucket(aws)
    there = sam.Where(
        region=REGION,
        bucket=_BUCKET,
        tags={"ms-custom-id": API_ID},  # the emulator takes the API's id from it, so addresses stay the same
        environment={**CREDENTIALS, "AWS_ENDPOINT_URL": emulator.url, "AWS_PROFILE": "", "AWS_SESSION_TOKEN": ""},
    )
    sam.deploy(template, STACK_NAME, {**_PARAMETERS, _ADDRESS: _public_url(emulator)}, there)


def _move(aws: Aws, address: str) -> None:
    """Tell what is deployed another address of its own, and change nothing else."""
    before = aws.cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]["Parameters"]
    if {"ParameterKey": _ADDRESS, "ParameterValue": address} in before:  # it was moved, and stopped before that was noted
        return
    kept: list[ParameterTypeDef] = [{"ParameterKey": each["ParameterKey"], "UsePreviousValue": True} for each in before]
    aws.cloudformation.update_stack(
        StackName=STACK_NAME,
        UsePreviousTemplate=True,
        Parameters=[each for each in kept if each["ParameterKey"] != _ADDRESS] + [{"ParameterKey": _ADDRESS, "ParameterValue": address}],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )

    def status() -> str:
        return aws.cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]["StackStatus"]

    wait_until(lambda: not status().endswith("_IN_PROGRESS"), 60, "the deployment did not take its new address")
    if status() != "UPDATE_COMPLETE":
        raise DeploymentError(f"the deployment did not take its new address: {status()}")


def _public_url(emulator: Emulator) -> str:
    return f"{emulator.url}/_aws/execute-api/{API_ID}/$default"


def _deployed(aws: Aws) -> str:
    """The build and address that were deployed; empty when nothing was."""
    try:
        found: str = aws.client("ssm").get_parameter(Name=_DEPLOYED)["Parameter"]["Value"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ParameterNotFound":
            return ""
        raise
    return found


def _make_bucket(aws: Aws) -> None:
    s3 = aws.client("s3")
    if _BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})


def _outputs(aws: Aws) -> dict[str, str]:
    described = aws.cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def _read_the_stream_from_its_start(aws: Aws, outputs: dict[str, str]) -> None:
    """Make the stream mapping anew.

    The emulator keeps a mapping's position over a restart but not the records, so the first new ones would be skipped: as many as had
    been read before. A new mapping starts at the oldest record there is; what was pending when the emulator stopped is the sweep's.
    """
    function = outputs["ClassifyFunction"]
    mappings = aws.lambda_.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    of_streams = [mapping for mapping in mappings if ":dynamodb:" in mapping["EventSourceArn"]]
    # The template's own, fresh from a deployment, knows its settings best; it is gone once it has been made anew.
    of_streams.sort(key=lambda mapping: mapping["UUID"] == outputs["AnswersStreamMapping"])
    newest = of_streams[-1]
    for mapping in of_streams:
        aws.lambda_.delete_event_source_mapping(UUID=mapping["UUID"])
    settings = {name: value for name, value in newest.items() if name in _MAPPING_SETTINGS}
    aws.client("lambda").create_event_source_mapping(FunctionName=function, EventSourceArn=newest["EventSourceArn"], **settings)


def _let_letters_out(aws: Aws) -> None:
    """Have SES know our sender."""
    ses = aws.client("sesv2")
    if _SENDER not in {each["IdentityName"] for each in ses.list_email_identities()["EmailIdentities"]}:
        ses.create_email_identity(EmailIdentity=_SENDER)


def _with_api_key(stack: Stack, key_file: Path) -> Stack:
    made = stack.invoke("ManageFunction", {"task": "first_key", "name": "make run"})
    if made["created"]:
        key_file.touch(mode=0o600)
        key_file.write_text(made["api_key"])
    elif not key_file.exists():
        raise DeploymentError(f"{key_file} is gone, and a key cannot be read again: remove {key_file.parent / 'state'} to start anew")
    return replace(stack, api_key=key_file.read_text())


def settle_what_was_left(stack: Stack) -> None:
    """Have everything counted that was pending when the emulator stopped.

    The sweep leaves alone what has been pending for less than ten minutes, as the stream is to settle it. But the stream's records are
    gone, so the function is told of those answers as the stream would have: an event is only a hint that an answer changed.
    """
    stack.invoke("SweepFunction", {})
    pages = stack.aws.dynamodb.get_paginator("scan").paginate(
        TableName=stack.outputs["AnswersTable"],
        FilterExpression="attribute_exists(pending)",
        ProjectionExpression="pk, sk",
        ConsistentRead=True,
    )
    left = [{"eventSource": "aws:dynamodb", "dynamodb": {"Keys": keys}} for page in pages for keys in page["Items"]]
    for records in batched(left, _HINTS_AT_ONCE, strict=False):
        stack.invoke("ClassifyFunction", {"Records": records})


def wait_until(ready: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something to become true. Raises `DeploymentError` that says `what` did not happen."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise DeploymentError(f"{what} within {seconds:.0f} seconds")
        time.sleep(0.1)
