"""Delighted's published sample, posted untidily to a deployment of its own: it scores as published, and still does after a restart."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import pytest

from infra import sample
from infra.environments import ROOT
from infra.local.stack import Stack
from tests.e2e.survey import scan

PUBLISHED: Final = {"answers": 51, "promoters": 32, "passives": 13, "detractors": 6, "nps": 51}
DISTRIBUTION: Final = [1, 0, 1, 1, 1, 1, 1, 6, 7, 12, 20]


def assert_published(report: dict[str, Any]) -> None:
    assert {name: report[name] for name in PUBLISHED} == PUBLISHED
    assert report["distribution"] == DISTRIBUTION
    assert (report["interval"]["low"], report["interval"]["high"], report["interval"]["confidence"]) == (29.3, 67.0, 0.95)
    assert report["band"]["label"] == "Muito bom"


def recounted(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.recount", "--home", str(home), *arguments]
    wide = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120, env=wide)


@pytest.mark.timeout(300)
def test_the_sample_scores_as_published_recount_agrees_and_so_it_is_after_a_restart(
    start_stack: Callable[[Path], AbstractContextManager[Stack]], tmp_path: Path
) -> None:
    with start_stack(tmp_path) as stack:
        survey_id = sample.new_survey(stack)
        sent = sample.post_sample(stack, survey_id)
        assert_published(sample.wait_for_score(stack, survey_id))
        recount = recounted(tmp_path, "--survey", survey_id)
        assert (recount.returncode, recount.stdout.count("agrees")) == (0, 1), recount.stdout + recount.stderr
        answers = [item for item in scan(stack, "AnswersTable") if item["pk"]["S"].startswith(f"{survey_id}#")]
        assert {item["sk"]["S"] for item in answers} == {each.answer_id for each in sent}
        assert not [item for item in answers if "pending" in item]
        commented = {each.answer_id for each in sent if each.body.get("comment")}
        comments = [item for item in scan(stack, "PeopleTable") if item["sk"]["S"].startswith("comment#")]
        assert {item["sk"]["S"].removeprefix("comment#") for item in comments} == commented
        identified = sum("respondent_token" in each.body for each in sent)
        assert len([item for item in scan(stack, "PeopleTable") if item["sk"]["S"] == "profile"]) == identified > 0

    with start_stack(tmp_path) as stack:
        assert_published(sample.wait_for_score(stack, survey_id))
        assert recounted(tmp_path).returncode == 0
        wrong = next(item for item in scan(stack, "RollupsTable") if item["pk"]["S"] == f"{survey_id}#all#0")
        stack.aws.dynamodb.update_item(
            TableName=stack.outputs["RollupsTable"],
            Key={"pk": wrong["pk"], "sk": wrong["sk"]},
            UpdateExpression="ADD s0 :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
        assert sample.wait_for_score(stack, survey_id, seconds=0)["detractors"] == 7
        differs = recounted(tmp_path, "--survey", survey_id)
        assert (differs.returncode, "-1 of score 0" in differs.stdout) == (1, True), differs.stdout
        assert recounted(tmp_path, "--survey", survey_id, "--fix").returncode == 0
        assert_published(sample.wait_for_score(stack, survey_id))
