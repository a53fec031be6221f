"""Answers read and exported over the deployed template: roles, queue, bucket and links as they are."""

import csv
import io
import json
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import urllib3

from infra.local.stack import Response, Stack
from shared.api.export_files import MARK
from tests.e2e.survey import Device, OpenSurvey

pytestmark = pytest.mark.stack
COMMENTS: Final = ("Ótimo; recomendo", '=HYPERLINK("http://x";"y")', "Duas\nlinhas", "Vou cancelar")
_SECONDS: Final = 60.0
_QUIET: Final = urllib3.Retry(0)


class Asked:
    """A survey with answers, and somebody who reads them."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.survey = OpenSurvey(stack)
        self.key = self.new_key()
        for number, comment in enumerate(COMMENTS):
            signed = {"respondent_token": self.survey.token(sub="cliente-7", name="Ana Prado")} if number == 3 else {}
            body = Device.new().body(score=number, comment=comment, touchpoint="checkout", segments={"plan": "pro"}, **signed)
            assert self.survey.post(body).status == 201

    def new_key(self) -> str:
        made = self.stack.request("POST", "/v1/keys", {"name": "Leitora", "scopes": ["answers:read"]}, key=self.stack.api_key)
        return str(made.json()["api_key"])

    def get(self, path: str, key: str | None = None) -> Response:
        return self.stack.request("GET", self.survey.path + path, key=key or self.key)

    def export(self, **body: object) -> str:
        made = self.stack.request("POST", f"{self.survey.path}/exports", body, key=self.key)
        assert made.status == 202, made.body
        return str(made.json()["export_id"])

    def wait_for(self, export_id: str, status: str = "done") -> dict[str, Any]:
        until = time.monotonic() + _SECONDS
        while (found := dict(self.get(f"/exports/{export_id}").json()))["status"] != status:
            assert time.monotonic() < until, found
            time.sleep(0.2)
        return found

    def job(self, export_id: str) -> dict[str, Any]:
        key = {"pk": {"S": f"job#{export_id}"}, "sk": {"S": "job"}}
        return dict(self.stack.aws.dynamodb.get_item(TableName=self.stack.outputs["JobsTable"], Key=key, ConsistentRead=True)["Item"])

    def put_job(self, item: Mapping[str, Any]) -> None:
        self.stack.aws.dynamodb.put_item(TableName=self.stack.outputs["JobsTable"], Item=dict(item))

    def wake(self, export_id: str) -> None:
        queue = self.stack.outputs["ExportFilesQueueUrl"]
        self.stack.aws.sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"job_id": export_id}))


@pytest.fixture(scope="module")
def asked(stack: Stack) -> Asked:
    return Asked(stack)


def fetched(url: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", url, retries=_QUIET, timeout=10.0)


def records(text: str) -> list[dict[str, str]]:
    assert text.startswith(MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(MARK), newline=""), delimiter=";"))


def test_answers_are_listed_with_what_was_said_page_by_page(asked: Asked) -> None:
    first = asked.get("/answers?limit=3").json()
    second = asked.get(f"/answers?limit=3&cursor={first['next_cursor']}").json()
    assert [answer["score"] for answer in (*first["answers"], *second["answers"])] == [3, 2, 1, 0]
    assert first["answers"][0]["person"]["name"] == "Ana Prado"
    assert [answer["comment"] for answer in asked.get("/answers?words=CANCELÁR&segment=plan:pro").json()["answers"]] == ["Vou cancelar"]


def test_a_few_are_downloaded_at_once(asked: Asked) -> None:
    found = asked.get("/export?format=csv")
    assert (found.status, found.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert [record["Nota"] for record in records(found.body.decode())] == ["0", "1", "2", "3"]


def test_an_export_is_written_in_the_background_and_fetched_by_its_link(asked: Asked) -> None:
    export_id = asked.export(filters={"touchpoint": "checkout"})
    done = asked.wait_for(export_id)
    assert (done["answers"], done["progress"]["done"]) == (4, done["progress"]["total"])
    file = fetched(done["url"])
    assert (file.status, file.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert file.headers["content-disposition"].startswith(f'attachment; filename="{asked.survey.survey_id}-')
    assert len(file.data) == done["bytes"]
    lines = records(file.data.decode())
    assert [line["Comentário"] for line in lines] == [COMMENTS[0], f"'{COMMENTS[1]}", COMMENTS[2], COMMENTS[3]]
    assert [line["Nome"] for line in lines] == ["", "", "", "Ana Prado"]
    assert {(line["Segmento plan"], line["Ponto de contato"]) for line in lines} == {("pro", "checkout")}


def test_a_link_is_good_for_its_own_file_and_an_export_for_whoever_asked(asked: Asked) -> None:
    one, other = asked.export(), asked.export(format="jsonl")
    url = asked.wait_for(one)["url"]
    assert [json.loads(line)["score"] for line in fetched(asked.wait_for(other)["url"]).data.splitlines()] == [0, 1, 2, 3]
    assert fetched(url.replace(one, other)).status == 403
    assert fetched(url.partition("?")[0]).status == 403
    somebody = asked.new_key()
    assert asked.get(f"/exports/{one}", key=somebody).status == 404
    assert asked.get("/exports", key=somebody).json()["exports"] == []
    assert {export["export_id"] for export in asked.get("/exports").json()["exports"]} >= {one, other}


def test_an_export_whose_worker_was_killed_is_finished_by_the_next(asked: Asked) -> None:
    done = asked.export()
    whole = fetched(asked.wait_for(done)["url"]).data
    killed = "exp_" + secrets.token_hex(13).translate(str.maketrans("0189", "aaaa"))
    past = str(round((datetime.now(UTC) - timedelta(seconds=1)).timestamp() * 1000))
    left = asked.job(done) | {"pk": {"S": f"job#{killed}"}, "status": {"S": "running"}, "cursor": {"S": "{}"}, "tries": {"N": "1"}}
    del left["ended_at"]
    asked.put_job(left | {"lease_until": {"N": past}, "revision": {"N": "2"}})
    asked.wake(killed)
    assert fetched(asked.wait_for(killed)["url"]).data == whole


def test_a_day_later_the_file_is_gone_and_the_export_tells_of_itself_alone(asked: Asked) -> None:
    export_id = asked.export()
    url = asked.wait_for(export_id)["url"]
    assert fetched(url).status == 200
    yesterday = str(round((datetime.now(UTC) - timedelta(hours=24, seconds=1)).timestamp() * 1000))
    asked.put_job(asked.job(export_id) | {"created_at": {"N": yesterday}})
    view = asked.get(f"/exports/{export_id}").json()
    assert view["status"] == "done"
    assert "url" not in view
    assert asked.stack.invoke("ExportFilesFunction", {})["clear"] >= 1
    assert fetched(url).status == 404


def test_a_removed_export_leaves_nothing(asked: Asked) -> None:
    export_id = asked.export()
    url = asked.wait_for(export_id)["url"]
    assert asked.stack.request("DELETE", f"{asked.survey.path}/exports/{export_id}", key=asked.key).status == 204
    assert fetched(url).status == 404
    assert asked.get(f"/exports/{export_id}").status == 404


def test_logs_of_reading_and_exporting_hold_ids_alone(asked: Asked) -> None:
    asked.get("/answers?words=cancelar")
    asked.wait_for(asked.export())
    said = json.dumps([asked.stack.log_lines(f"{name}Function") for name in ("Answers", "Exports", "ExportFiles")])
    assert asked.survey.survey_id in said
    assert not [secret for secret in ("cancelar", "Ana Prado", "cliente-7", "HYPERLINK", "X-Amz-Signature") if secret in said]
