"""Exports over HTTP, and the function that writes them, on DynamoDB, SQS and S3 in this process."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.export_files import MARK
from shared.jobs.job import FILES_KEPT, LEASE
from shared.reading import exporting
from shared.reading.spreadsheet import cell
from shared.store.tables import JobItem, LedgerItem, PersonItem
from tests.integration.gateway import Gateway
from tests.integration.reading_desk import ASK, EXPORT_NOW, MINE, REMOVE, ReadingDesk, counted_calls

FORMULAS: Final = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "＝1", 'a";=1', "a,@x", "a\n+1", "a|=1", "'=1", '"=1')  # noqa: RUF001


@pytest.fixture
def desk(gateway: Gateway) -> ReadingDesk:
    return ReadingDesk(gateway)


def records(text: str, delimiter: str = ";") -> list[dict[str, str]]:
    assert text.startswith(MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(MARK), newline=""), delimiter=delimiter))


def test_a_few_answers_are_a_file_at_once_oldest_first(desk: ReadingDesk) -> None:
    desk.give(2, 10, 'Duas\nlinhas; e "aspas"', "Ana", finished=True)
    desk.give(1, 3, dimensions={"touchpoint": "support"})
    found = desk.call(EXPORT_NOW)
    assert (found.status, found.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert found.headers["content-disposition"].startswith('attachment; filename="demo-')
    first, second = records(found.text)
    assert (first["Nota"], first["Classe"], first["Situação"], first["Terminada"]) == ("10", "Promotor", "Conta", "Sim")
    assert (first["Comentário"], first["Nome"]) == ('Duas\nlinhas; e "aspas"', "Ana")
    assert (first["Segmento plan"], second["Segmento plan"], second["Ponto de contato"]) == ("pro", "", "support")
    there = (desk.now - timedelta(minutes=2, hours=3)).strftime("%d/%m/%Y %H:%M")
    assert first["Respondida em (America/Sao_Paulo)"] == there
    assert "\r\n" in found.text


def test_other_locales_have_their_own_words_and_delimiters(desk: ReadingDesk) -> None:
    desk.give(1, 9)
    [english] = records(desk.call(EXPORT_NOW, query={"file_locale": "en"}).text, ",")
    [spanish] = records(desk.call(EXPORT_NOW, query={"file_locale": "es"}).text)
    assert (english["Class"], spanish["Clase"], spanish["Nota"]) == ("Promoter", "Promotor", "9")
    assert english["Answered at (America/Sao_Paulo)"].startswith("20")


def test_json_lines_are_what_the_api_shows(desk: ReadingDesk) -> None:
    desk.give(1, 3, "=1+1", "Ana")
    found = desk.call(EXPORT_NOW, query={"format": "jsonl"})
    assert found.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in found.text.splitlines()] == desk.look().body["answers"]


def test_no_cell_begins_a_formula_whatever_the_delimiter_is_taken_for(desk: ReadingDesk) -> None:
    for number, formula in enumerate(FORMULAS, start=1):
        desk.give(number, 3, formula, f"={number}")
    text = desk.call(EXPORT_NOW).text.removeprefix(MARK)
    for delimiter in ";,\t|":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting):
                assert not [each for each in row if each.lstrip(' "\u200b\t')[:1] in {*"=+@-"} - {""}], row


@given(st.text())
def test_what_is_changed_in_a_cell_is_apostrophes_alone(text: str) -> None:
    made = cell(text)
    assert made.replace("'", "") == text.replace("'", "")
    assert cell("Nota 10, muito bom - volto sempre; até já") == "Nota 10, muito bom - volto sempre; até já"


def test_more_than_a_download_takes_is_refused_with_what_to_do(desk: ReadingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    from functions.answers import lists  # noqa: PLC0415 - to change what it has

    monkeypatch.setattr(lists, "_MOST_EXPORTED", 3)
    for number in range(1, 4):
        desk.give(number)
    assert len(records(desk.call(EXPORT_NOW).text)) == 3
    desk.give(4)
    refused = desk.call(EXPORT_NOW)
    assert (refused.status, refused.problem) == (422, "too-many-answers")
    assert "exports" in refused.body["detail"]
    monkeypatch.setattr(lists, "_MOST_EXPORTED", 1_000)
    monkeypatch.setattr(lists, "_MOST_BYTES", 400)
    assert desk.call(EXPORT_NOW).problem == "too-many-answers"


def test_who_exported_which_days_and_how_many_is_in_the_audit_trail(desk: ReadingDesk) -> None:
    desk.give(1, 3, "segredo", "Ana")
    desk.give(2, 9)
    desk.call(EXPORT_NOW, query={"words": "segredo", "touchpoint": "checkout"})
    export_id = desk.ask(filters={"class": "promoter"})
    desk.work()
    by_answers = {item.exported["answers"]: item for item in LedgerItem.query("audit#demo") if item.decision == "export"}
    entries = list(LedgerItem.query("audit#demo"))
    assert len(entries) == 2
    assert len({item.asker for item in entries}) == 1
    assert {json.dumps(item.exported["filters"]) for item in entries} == {'{"touchpoint": "checkout"}', '{"class": "promoter"}'}
    assert {item.exported["by_words"] for item in entries} == {True, False}
    assert [item.sk for item in entries if export_id in item.sk]
    assert set(by_answers) == {1}
    assert not [secret for secret in ("segredo", "Ana") if secret in str([item.attribute_values for item in entries])]


def test_an_export_in_the_background_is_asked_for_written_and_linked(desk: ReadingDesk) -> None:
    given = [desk.give(number, number % 11, "Ótimo", f"P{number}") for number in range(12, 0, -1)]
    asked = desk.call(ASK, body={"filters": {"touchpoint": "checkout"}})
    assert (asked.status, asked.body["status"], asked.body["progress"]) == (202, "waiting", {"done": 0, "total": None})
    assert "url" not in asked.body
    export_id = asked.body["export_id"]
    desk.work()
    shown = desk.show(export_id).body
    assert (shown["status"], shown["answers"], shown["progress"]) == ("done", 12, {"done": 30, "total": 30})
    assert shown["bytes"] == len(desk.file(export_id).encode())
    assert f"/export/{export_id}/file?" in shown["url"]
    assert "X-Amz-Expires=300" in shown["url"]
    assert [record["Id da resposta"] for record in records(desk.file(export_id))] == [answer.key.answer_id for answer in given]
    assert [each["export_id"] for each in desk.call(MINE).body["exports"]] == [export_id]
    assert "url" not in desk.call(MINE).body["exports"][0]


def test_everybody_sees_their_own_exports_and_no_others(desk: ReadingDesk) -> None:
    export_id = desk.ask()
    somebody = desk.gateway.key_with("answers:read", maker=desk.admin)
    assert desk.call(MINE, key=somebody).body["exports"] == []
    assert desk.show(export_id, key=somebody).problem == "no-such-export"
    assert desk.call(REMOVE, key=somebody, export_id=export_id).problem == "no-such-export"
    assert desk.show(export_id).status == 200
    assert desk.show("exp_" + "a" * 26).problem == "no-such-export"
    assert desk.show("../../job#x").problem == "no-such-export"


def test_a_message_that_comes_again_changes_nothing(desk: ReadingDesk) -> None:
    desk.give(1)
    export_id = desk.ask()
    desk.work()
    before = desk.show(export_id).body | {"url": "", "url_expires_at": ""}
    for _ in range(2):
        assert desk.take(export_id) == {"batchItemFailures": []}
    assert desk.show(export_id).body | {"url": "", "url_expires_at": ""} == before
    assert desk.take("exp_none") == {"batchItemFailures": []}


def test_a_cancelled_export_is_not_written_and_a_removed_one_forgotten(desk: ReadingDesk) -> None:
    desk.give(1)
    export_id = desk.ask()
    assert desk.call(REMOVE, export_id=export_id).status == 204
    assert desk.show(export_id).body["status"] == "cancelled"
    desk.work()
    assert desk.files() == []
    assert desk.call(REMOVE, export_id=export_id).status == 204
    assert desk.show(export_id).problem == "no-such-export"
    done = desk.ask()
    desk.work()
    assert desk.call(REMOVE, export_id=done).status == 204
    assert (desk.files(), desk.call(MINE).body["exports"]) == ([], [])


def test_a_day_after_it_was_asked_for_the_file_goes_and_no_link_is_given(desk: ReadingDesk) -> None:
    desk.give(1)
    export_id = desk.ask()
    desk.work()
    assert desk.tend()["nothing"] == 1
    then = round((desk.now - FILES_KEPT).timestamp() * 1000)
    JobItem(f"job#{export_id}", "job").update(actions=[JobItem.created_at.set(then)])
    shown = desk.show(export_id).body
    assert shown["status"] == "done"
    assert "url" not in shown
    assert desk.tend()["clear"] == 1
    assert desk.files() == []
    assert desk.tend()["clear"] == 0


def test_an_export_whose_message_was_lost_is_woken(desk: ReadingDesk) -> None:
    desk.give(1)
    export_id = desk.ask()
    boto3.client("sqs").purge_queue(QueueUrl=boto3.client("sqs").get_queue_url(QueueName="export-files")["QueueUrl"])
    assert desk.tend()["wake"] == 0
    long_ago = round((desk.now - timedelta(minutes=6)).timestamp() * 1000)
    JobItem(f"job#{export_id}", "job").update(actions=[JobItem.changed_at.set(long_ago)])
    assert desk.tend()["wake"] == 1
    desk.work()
    assert desk.show(export_id).body["status"] == "done"


class KilledError(BaseException):
    """The function was stopped here: nothing of its own runs afterwards."""


@pytest.fixture
def killed_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Stops a worker before the call to AWS of that number, counted over all services; steps are of five answers."""
    from botocore.client import BaseClient  # noqa: PLC0415 - to stop at its door

    monkeypatch.setattr(exporting, "_STEP", exporting._STEP._replace(shown=5))  # noqa: SLF001 - what a step is
    left, call = [10**9], BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - every call passes here

    def counted(self: Any, operation_name: str, parameters: Any) -> Any:  # noqa: ANN401 - as it is there
        left[0] -= 1
        if left[0] == 0:
            raise KilledError
        return call(self, operation_name, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    yield left
    left[0] = 10**9


@pytest.mark.parametrize("first", range(10))
def test_wherever_a_worker_is_killed_the_file_is_whole(desk: ReadingDesk, killed_at: list[int], first: int) -> None:
    """Ten calls apart, so that all of them are met by one of the tests; each test kills again and again."""
    given = [desk.give(number, comment="Ótimo") for number in range(17, 0, -1)]
    export_id, kills = desk.ask(), 0
    for kill in range(1 + first, 200, 10):
        killed_at[0] = kill
        try:
            desk.take(export_id)
        except KilledError:
            kills += 1
        killed_at[0] = 10**9
        if desk.show(export_id).body["status"] == "done":
            break
        JobItem(f"job#{export_id}", "job").update(actions=[JobItem.lease_until.set(0), JobItem.tries.set(0)])  # the lease has ended
    assert kills >= 1
    assert [record["Id da resposta"] for record in records(desk.file(export_id))] == [answer.key.answer_id for answer in given]
    assert desk.show(export_id).body["answers"] == 17
    assert len(list(LedgerItem.query("audit#demo"))) == 1


def test_an_export_that_keeps_ending_without_a_word_is_given_up(desk: ReadingDesk, killed_at: list[int]) -> None:
    desk.give(1)
    export_id = desk.ask()
    for _ in range(9):
        killed_at[0] = 4
        try:
            desk.take(export_id)
        except KilledError:
            JobItem(f"job#{export_id}", "job").update(actions=[JobItem.lease_until.set(0)])
    killed_at[0] = 10**9
    shown = desk.show(export_id).body
    assert (shown["status"], shown["failure"]) == ("failed", "gave_up")
    assert "url" not in shown
    JobItem(f"job#{export_id}", "job").update(actions=[JobItem.ended_at.set(round((desk.now - LEASE).timestamp() * 1000))])
    assert desk.tend()["clear"] == 1


def test_who_is_erased_before_the_file_is_written_has_no_name_in_it(desk: ReadingDesk) -> None:
    answer = desk.give(1, comment="Meu segredo", name="Ana")
    export_id = desk.ask()
    PersonItem(answer.person_id, "profile").update(actions=[PersonItem.erased.set(1)])
    desk.work()
    [record] = records(desk.file(export_id))
    assert (record["Nome"], record["Comentário"], record["Nota"]) == ("", "", "3")


def test_five_exports_under_way_are_enough(desk: ReadingDesk) -> None:
    asked = [desk.ask() for _ in range(5)]
    assert desk.call(ASK, body={}).problem == "too-many-exports"
    desk.call(REMOVE, export_id=asked[0])
    desk.ask()


@pytest.mark.parametrize(
    "body",
    [
        {"filters": {"words": "segredo"}},
        {"filters": {"from": "2026-02-30"}},
        {"filters": {"unknown": "x"}},
        {"filters": {"limit": "3"}},
        {"filters": {"cursor": "x"}},
        {"filters": {"format": "csv"}},
        {"filters": {"from": "x" * 10_000}},
        {"filters": {"from": 3}},
        {"filters": {"class": ["promoter"]}},
        {"filters": []},
        {"filters": {str(number): "x" for number in range(30)}},
        {"format": "xlsx"},
        {"file_locale": "de"},
        {"file_locale": "../../en"},
        {"words": "x"},
        {"survey_id": "outra"},
    ],
    ids=lambda body: json.dumps(body)[:60],
)
def test_hostile_exports_are_refused_and_leave_no_job(desk: ReadingDesk, body: dict[str, Any]) -> None:
    refused = desk.call(ASK, body=body)
    assert (refused.status, refused.problem) == (422, "invalid")
    assert "segredo" not in refused.text
    assert list(JobItem.scan()) == []


@pytest.mark.parametrize(
    "query", [{"format": "xlsx"}, {"file_locale": "../en"}, {"order": "newest"}, {"limit": "1"}, {"cursor": "x"}], ids=str
)
def test_hostile_downloads_are_refused(desk: ReadingDesk, query: dict[str, str]) -> None:
    assert desk.call(EXPORT_NOW, query=query).problem == "invalid"
    assert list(LedgerItem.query("audit#demo")) == []


def test_what_a_job_keeps_is_ids_enums_days_and_numbers(desk: ReadingDesk) -> None:
    answer = desk.give(1, comment="segredo", name="Ana")
    desk.ask(filters={"segment": "plan:pro", "commented": "true"})
    desk.work()
    kept = str([item.attribute_values for item in JobItem.scan()])
    assert not [secret for secret in ("segredo", "Ana", answer.person_id) if secret in kept]


def test_a_download_of_answers_without_a_person_is_one_call_to_people(desk: ReadingDesk) -> None:
    for number in range(1, 61):
        desk.give(number)
    desk.call(EXPORT_NOW)
    with counted_calls() as calls:
        desk.call(EXPORT_NOW)
    assert sum(call == "BatchGetItem" for call in calls) == 1  # nobody of them has a key to be read
