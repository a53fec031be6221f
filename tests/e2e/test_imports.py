"""Past answers over the deployed template: the form to S3, queue, roles and the link to the report as they are."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3

from infra.importing import ImportDoor, ImportRefusedError, View, import_file, send
from infra.local.stack import Stack
from tests.e2e.survey import OpenSurvey, scan

pytestmark = pytest.mark.stack


def past(number: int, score: object, days: float, **more: str) -> dict[str, Any]:
    at = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"Response ID": f"r{number}", "Score": score, "Created At": at, "Comment": "", "Person Email": "", "Plan": ""} | more


def file_of(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "delighted.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_an_export_of_delighted_is_checked_imported_and_imported_again(stack: Stack, tmp_path: Path) -> None:
    survey = OpenSurvey(stack)
    door = ImportDoor(stack.api_url, stack.api_key, survey.survey_id)
    rows = [past(number, 9 if number % 3 else 2, number, Plan="pro") for number in range(30)]
    rows += [past(100, 10, 400), past(101, "?", 1), past(102, 8, 2, Comment="Bom,\nmas", **{"Person Email": "ana@exemplo.com.br"})]
    file, preset = file_of(tmp_path, rows), {"preset": "delighted"}
    seen: list[View] = []
    checked = import_file(door, file, preset, only_check=True, tell=seen.append)
    assert (checked["status"], checked["counts"]["imported"], checked["counts"]["counted_only"]) == ("checked", 31, 1)
    assert answers_of(stack, survey) == []
    done = import_file(door, file, preset, only_check=False, tell=seen.append)
    assert (done["status"], done["counts"]) == ("done", checked["counts"])
    assert [row["situação"] for row in report_in(done)] == ["importada"] * 30 + ["só contada", "recusada", "importada"]
    assert len(answers_of(stack, survey)) == 31
    assert not [item for item in answers_of(stack, survey) if "pending" in item]
    first = (datetime.now(UTC) - timedelta(days=500)).date()
    nps = f"/v1/surveys/{survey.survey_id}/nps?from={first}&to={datetime.now(UTC).date()}"
    report = stack.request("GET", nps, key=stack.api_key).json()
    assert report["distribution"] == [0, 0, 10, 0, 0, 0, 0, 0, 1, 20, 1]
    again = import_file(door, file, preset, only_check=False, tell=seen.append)
    assert (again["counts"]["already_there"], again["counts"]["imported"], again["counts"]["differs"]) == (32, 0, 0)
    assert stack.request("GET", nps, key=stack.api_key).json()["distribution"] == report["distribution"]


def test_the_form_takes_that_file_alone_and_not_too_much_of_it(stack: Stack) -> None:
    survey = OpenSurvey(stack)
    made = stack.request("POST", f"/v1/surveys/{survey.survey_id}/imports", {}, key=stack.api_key).json()["upload"]
    elsewhere = made | {"fields": made["fields"] | {"key": "export/theirs"}}
    for form, data in ((elsewhere, b"x"), (made, b"")):
        with pytest.raises(ImportRefusedError):
            send(form, data)
    send(made, b"id;nota;data\n")


def test_browsers_may_send_files_from_the_consoles_own_origin_alone(stack: Stack) -> None:
    survey = OpenSurvey(stack)
    url = stack.request("POST", f"/v1/surveys/{survey.survey_id}/imports", {}, key=stack.api_key).json()["upload"]["url"]
    there = urlsplit(stack.console_url)
    for origin, status in ((f"{there.scheme}://{there.netloc}", 200), ("https://elsewhere.example", 403)):
        asked = {"origin": origin, "access-control-request-method": "POST"}
        assert urllib3.request("OPTIONS", url, headers=asked).status == status


def report_in(view: View) -> list[dict[str, str]]:
    text = urllib3.request("GET", view["report"]["url"]).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def answers_of(stack: Stack, survey: OpenSurvey) -> list[dict[str, Any]]:
    return [item for item in scan(stack, "AnswersTable") if item["pk"]["S"].startswith(f"{survey.survey_id}#")]
