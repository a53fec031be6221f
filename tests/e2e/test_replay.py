"""On the deployed stack: `make replay` after a copy from before an erasure was put back."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from infra.environments import ROOT
from infra.local.stack import Stack
from tests.e2e.customers import Customer, erase_for_the_controller
from tests.e2e.survey import OpenSurvey, scan, unsealed, wait_until

TABLES = ("AnswersTable", "PeopleTable", "KeysTable", "DeliveriesTable")


def replayed(home: Path) -> str:
    """What the command says, which ends well."""
    command = [sys.executable, "-m", "infra.replay", "--home", str(home)]
    wide = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120, env=wide)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(300)
def test_a_copy_brings_nobody_back_once_the_ledger_is_replayed(
    start_stack: Callable[[Path], AbstractContextManager[Stack]], tmp_path: Path
) -> None:
    leaves, stays = Customer(2), Customer(4)
    with start_stack(tmp_path) as stack:
        survey = OpenSurvey(stack)
        for customer in (leaves, stays):
            customer.answer(survey, 9)
        copy = {table: scan(stack, table) for table in TABLES}
        erasure = erase_for_the_controller(stack, leaves).json()["erasures"][0]["erasure_id"]
        wait_until(lambda: stack.request("GET", f"/v1/privacy/erasures/{erasure}", key=stack.api_key).json()["step"] == "done", 60)
        assert replayed(tmp_path) == "Nobody had come back.\n"
        for table, items in copy.items():
            for item in items:
                stack.aws.dynamodb.put_item(TableName=stack.outputs[table], Item=item)
        assert readable(stack) == {leaves.comment, stays.comment}
        said = replayed(tmp_path)
        assert "persons: 1" in said
        assert "answers.anonymised: 1" in said
        assert readable(stack) == {stays.comment}
        assert replayed(tmp_path) == "Nobody had come back.\n"


def readable(stack: Stack) -> set[str]:
    """The comments that can be read."""
    shown: list[dict[str, Any]] = [item for item in scan(stack, "PeopleTable") if item["sk"]["S"].startswith("comment#")]
    return {text for item in shown for text in unsealed(stack, item).values()}
