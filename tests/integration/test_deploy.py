"""`make deploy`: what it says of the deployment, and what it refuses before it starts."""

import sys

import boto3
import pytest

from infra import deploy
from infra.local.emulator import CREDENTIALS, REGION
from infra.local.stack import Stack
from infra.sam import SamError


@pytest.mark.parametrize("stage", ["", "Prod", "prod_1", "-x", "a" * 17])
def test_a_stage_that_cannot_name_resources_is_refused_before_anything_is_built(
    stage: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["deploy", f"--stage={stage}"])
    assert deploy.main() == 2
    assert "make deploy STAGE=prod" in capsys.readouterr().err


def test_the_second_deployment_shows_the_address_and_makes_no_other_key(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", stack.emulator_url)
    session = boto3.Session(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"], region_name=REGION)
    deploy.show_outcome(session, stack.stack_name)
    assert capsys.readouterr().out.strip() == f"API: {stack.outputs['ApiUrl']}"


def test_an_admin_is_invited_only_where_none_is(stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", stack.emulator_url)
    session = boto3.Session(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"], region_name=REGION)
    deploy.invite_admin(session, stack.stack_name, "outra@recomenda.example")
    assert "has an admin already" in capsys.readouterr().out
    with pytest.raises(SamError, match="the first admin could not be made"):
        deploy.invite_admin(session, stack.stack_name, "no address")
