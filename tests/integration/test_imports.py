"""Imports over HTTP, and the function that works them off, on DynamoDB, SQS and S3 in this process."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import boto3
import pytest
from msgspec import structs

from functions.importer import handler as importer
from functions.importer.composition import compose
from shared.answer import Answer, AnswerKey, Standing
from shared.counting.recount import compare
from shared.counting.settle import Counting, settle
from shared.identity import lookup_of
from shared.jobs.job import FILES_KEPT, JobKind
from shared.jobs.slices import tend
from shared.privacy.suppression import Suppression
from shared.store.answers import Answers
from shared.store.erasing import AnswersToErase
from shared.store.person_answers import PersonAnswers
from shared.store.registry import SurveyStore, TouchedLedger
from shared.store.rollups import Rollups
from shared.survey import LegalBasis, Survey, SurveyStatus
from tests.fakes.bus import MemoryBus
from tests.fakes.memory import Memory
from tests.integration.asking import items, keep, survey_of, unsealed
from tests.integration.gateway import Reply, invoke

MANAGER: Final = {"key_id": "manager", "scopes": "import"}
IMPORTS: Final = "/v1/surveys/{survey_id}/imports"
ONE: Final = f"{IMPORTS}/{{import_id}}"
HEADS: Final = "id;nota;data;comentario;email;nome;customer_id;touchpoint"
pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - what it is kept in
    return keep(survey_of(created_at=datetime.now(UTC) - timedelta(days=400)))


def days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S UTC")


def ask(method: str, path: str, import_id: str = "imp_" + "a" * 26, body: object = None, context: Mapping[str, str] = MANAGER) -> Reply:
    raw = json.dumps(body).encode() if body is not None else b""
    return invoke(f"{method} {path}", context, body=raw, path={"import_id": import_id})


def begun(rows: list[str] | bytes, **options: Any) -> str:  # noqa: ANN401 - any option
    """A new import whose file has come; returns its id."""
    made = ask("POST", IMPORTS, body=options)
    assert made.status == 201, made.text
    data = rows if isinstance(rows, bytes) else "\n".join([HEADS, *rows]).encode()
    boto3.client("s3").put_object(Bucket="files", Key=made.body["upload"]["fields"]["key"], Body=data)
    return str(made.body["import_id"])


def work_off(import_id: str, how: str = "start", body: object = None) -> dict[str, Any]:
    """Have it worked off to its end; how it stands then."""
    going = ask("POST", f"{ONE}/{how}", import_id, body)
    assert going.status == 202, going.text
    record = {"messageId": "1", "eventSource": "aws:sqs", "body": json.dumps({"job_id": import_id})}
    while ask("GET", ONE, import_id).body["status"] in {"checking", "importing"}:
        assert importer.handle({"Records": [record]}, None) == {"batchItemFailures": []}
    view: dict[str, Any] = ask("GET", ONE, import_id).body
    return view


def report_of(import_id: str) -> list[dict[str, str]]:
    s3 = boto3.client("s3")
    [key] = [
        each["Key"] for each in s3.list_objects_v2(Bucket="files", Prefix=f"import/{import_id}/")["Contents"] if "report" in each["Key"]
    ]
    text = s3.get_object(Bucket="files", Key=key)["Body"].read().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def answers(survey: Survey) -> list[Answer]:
    keys = [AnswerKey(item["pk"]["S"], item["sk"]["S"]) for item in items("answers_table")]
    assert all(key.survey_id == survey.survey_id for key in keys)
    return sorted(Answers().read(keys).answers.values(), key=lambda each: each.key.answer_id)


def total(survey: Survey) -> dict[int, int]:
    compose()
    sums = Rollups().sums(survey, ["all"], date(2000, 1, 1), date(2100, 1, 1), strong=True)
    found: dict[int, int] = {}
    for bins in sums.values():
        for score, count in bins.items():
            found[score] = found.get(score, 0) + count
    return found


ROWS: Final = [
    f"a;9;{days_ago(3)};Ótimo;ana@exemplo.com.br;Ana Prado;c1;",
    f"b;2;{days_ago(2)};Demorou;;;;nowhere",
    f"c;7;{days_ago(30)};;;;;",
    f"d;10;{days_ago(3000)};Antigo;velho@exemplo.com.br;;;",
    f"e;onze;{days_ago(3)};;;;;",
    f"a;3;{days_ago(3)};;;;;",
]


def test_past_answers_come_in_with_their_people_and_their_comments(survey: Survey) -> None:
    view = work_off(begun(ROWS))
    assert view["status"] == "done"
    assert view["counts"] == {"lines": 6, "imported": 3, "counted_only": 1, "already_there": 0, "refused": 2, "differs": 0}
    assert view["refused"] == {"repeated_id": 1, "score": 1}
    assert view["undeclared"] == {"touchpoint": 1}
    assert [(problem["row"], problem["reason"]) for problem in view["problems"]] == [(6, "score"), (7, "repeated_id")]
    assert total(survey) == {9: 1, 2: 1, 7: 1, 10: 1}
    passive, promoter, detractor = answers(survey)
    assert [(each.score, each.imported, each.pending) for each in (passive, promoter, detractor)] == [
        *((7, True, False), (9, True, False), (2, True, False))
    ]
    assert (promoter.dimensions["identity"], detractor.dimensions["identity"]) == ("identified", "anonymous")
    people = {item["sk"]["S"].partition("#")[0]: item for item in items("people_table") if item["pk"]["S"] == promoter.person_id}
    assert unsealed(people["profile"]) == {"customer_id": "c1", "email": "ana@exemplo.com.br", "name": "Ana Prado"}
    assert unsealed(people["comment"]) == {"text": "Ótimo"}
    assert {"answer", "asked"} <= people.keys()
    [said] = [item for item in items("people_table") if item["pk"]["S"] == detractor.person_id]
    assert unsealed(said) == {"text": "Demorou"}
    assert "velho" not in str(items("people_table"))


def test_nothing_of_a_line_is_kept_but_with_its_person(survey: Survey) -> None:
    del survey
    work_off(begun(["ana@exemplo.com.br;9;" + days_ago(3) + ";segredo;ana@exemplo.com.br;Ana;;"]))
    for table in ("answers_table", "rollups_table", "jobs_table", "registry_table", "ledger_table", "people_table"):
        kept = str(items(table))
        assert "ana@" not in kept
        assert "segredo" not in kept


def test_the_same_file_again_finds_everything_there_and_says_what_differs(survey: Survey) -> None:
    work_off(begun(ROWS))
    before, people = total(survey), items("people_table")
    import_id = begun([ROWS[0].replace(";9;", ";4;"), *ROWS[1:], f"new;5;{days_ago(1)};;;;;"])
    view = work_off(import_id)
    assert view["counts"] == {"lines": 7, "imported": 1, "counted_only": 0, "already_there": 5, "refused": 1, "differs": 2}
    assert total(survey) == before | {5: 1}
    assert items("people_table") == people
    assert [row["situação"] for row in report_of(import_id)] == ["já importada"] * 4 + ["recusada", "já importada", "importada"]
    assert "outra coisa" in report_of(import_id)[0]["detalhe"]


def test_a_check_tells_and_writes_nothing_and_may_be_asked_again_otherwise(survey: Survey) -> None:
    import_id = begun(["x;9;03/04/2025;;;;;", "y;8;04/04/2025;;;;;"])
    view = work_off(import_id, "check")
    assert (view["status"], view["counts"]["refused"], view["refused"]) == ("checked", 1, {"ambiguous_date": 1})
    assert view["columns"]["columns"]["answered_at"] == ["data"]
    assert not items("answers_table")
    assert total(survey) == {}
    again = work_off(import_id, "check", {"date_order": "dmy", "mapping": {"comment": None}})
    assert again["counts"]["refused"] == 0
    assert "comment" not in again["columns"]["columns"]
    done = work_off(import_id)["counts"]
    assert done["imported"] + done["counted_only"] == 2


def test_a_file_that_cannot_be_read_says_why(survey: Survey) -> None:
    del survey
    checked = work_off(begun("id;nota\n1;9\n".encode("utf-16")), "check")
    assert (checked["status"], checked["failure"]["code"]) == ("checked", "utf_16")
    failed = work_off(begun(b"nota;data\n9;2025-01-01\n"))
    assert (failed["status"], failed["failure"]["code"]) == ("failed", "no_id_column")
    assert "identificador" in failed["failure"]["detail"]


def test_a_file_whose_columns_are_not_known_names_them_and_is_read_as_is_said_then(survey: Survey) -> None:
    del survey
    import_id = begun(f"Pessoa;Carteira;Dia;P1\nana;ouro;{days_ago(40)};9\nbia;prata;{days_ago(3)};x\n".encode(), encoding="utf-8")
    refused = work_off(import_id, "check")
    assert refused["failure"]["code"] == "no_id_column"
    assert refused["columns"] == {"columns": {"id": []}, "ignored": ["Pessoa", "Carteira", "Dia", "P1"]}
    mapping = {"id": ["Pessoa", "Dia"], "score": "P1", "answered_at": "Dia"}
    read = work_off(import_id, "check", {"mapping": mapping})
    assert (read["counts"]["imported"], read["columns"]["ignored"]) == (1, ["Carteira"])
    assert (read["options"]["mapping"], read["options"]["encoding"]) == (mapping | {"segments": {}}, "auto")
    day = (datetime.now(UTC) - timedelta(days=40, hours=3)).date().isoformat()
    assert (read["first_day"], read["last_day"]) == (day, day)


def test_what_to_do_is_said_in_the_language_of_who_looks(survey: Survey) -> None:
    del survey
    import_id = begun(ROWS)
    work_off(import_id, "check")
    path = {"import_id": import_id}
    said = {locale: invoke(f"GET {ONE}", MANAGER, query={"locale": locale}, path=path).body for locale in ("pt-BR", "en", "xx")}
    assert said["en"]["reasons"]["score"].startswith("The score has to be")
    assert said["pt-BR"]["reasons"] == said["xx"]["reasons"]
    assert [each["detail"] for each in said["en"]["problems"]] == [said["en"]["reasons"][each["reason"]] for each in said["en"]["problems"]]


def test_who_must_not_come_back_does_not(survey: Survey) -> None:
    desk = compose().stepping.desk
    assert isinstance(desk.suppressed, Suppression)
    desk.suppressed.add([lookup_of("email", "nunca@exemplo.com.br", desk.pepper())], datetime.now(UTC))
    view = work_off(begun([f"a;9;{days_ago(3)};Oi;NUNCA@exemplo.com.br;;;", f"b;8;{days_ago(3)};;;;;"]))
    assert (view["counts"]["imported"], view["refused"]) == (1, {"suppressed": 1})
    assert total(survey) == {8: 1}
    assert not items("people_table")


def test_what_is_known_of_a_customer_is_not_replaced_by_history(survey: Survey) -> None:
    del survey
    work_off(begun([f"a;9;{days_ago(3)};;novo@exemplo.com.br;Ana Lima;c1;"]))
    work_off(begun([f"b;9;{days_ago(300)};;antigo@exemplo.com.br;Ana Prado;c1;", f"c;8;{days_ago(299)};;;;c1;"]))
    [profile] = [item for item in items("people_table") if item["sk"]["S"] == "profile"]
    assert unsealed(profile) == {"customer_id": "c1", "email": "novo@exemplo.com.br", "name": "Ana Lima"}


def test_without_consent_to_our_text_scores_alone_are_taken() -> None:
    consent = LegalBasis(kind="consent", consent_version="1", consent_text={"pt-BR": "Aceito"})
    survey = survey_of()
    survey = keep(structs.replace(survey, settings=structs.replace(survey.settings, legal_basis=consent)))
    assert work_off(begun(ROWS))["counts"]["imported"] == 3
    assert not items("people_table")
    assert {each.commented for each in answers(survey)} == {False}


@pytest.mark.parametrize("withdraw", [False, True])
def test_an_erasure_counts_as_for_any_answer(survey: Survey, withdraw: bool) -> None:  # noqa: FBT001 - both
    work_off(begun(ROWS))
    [promoter] = [each for each in answers(survey) if each.score == 9]
    AnswersToErase().anonymise(promoter.key, promoter.person_id, datetime.now(UTC), withdraw=withdraw)
    bus = MemoryBus(Memory())
    work = Counting(Answers(), SurveyStore(), bus, lambda: datetime.now(UTC), lambda _: None, lambda _: 0, PersonAnswers(), TouchedLedger())
    assert not settle([promoter.key], work).unsettled
    assert total(survey).get(9, 0) == (0 if withdraw else 1)
    [after] = Answers().read([promoter.key]).answers.values()
    assert (after.standing, after.imported) == (Standing.WITHDRAWN if withdraw else Standing.VALID, True)
    assert not bus.events
    now = datetime.now(UTC)
    days = [(now - timedelta(days=days)).date() for days in range(40)]
    assert all(check.agrees and not check.drifted for check in compare(survey, days, Answers(), Rollups(), now))


def test_a_cancelled_import_leaves_no_file_and_what_was_imported(survey: Survey) -> None:
    import_id = begun(ROWS)
    assert ask("DELETE", ONE, import_id).status == 204
    assert ask("GET", ONE, import_id).body["status"] == "cancelled"
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket="files")
    assert ask("POST", f"{ONE}/start", import_id).status == 409
    assert total(survey) == {}


def test_the_file_goes_when_it_is_imported_and_the_report_after_a_day(survey: Survey) -> None:
    del survey
    import_id = begun(ROWS)
    view = work_off(import_id)
    assert "report.csv" in view["report"]["url"]
    keys = [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="files")["Contents"]]
    assert not [key for key in keys if key.endswith("upload")]
    tend(JobKind.IMPORT, replace(compose().slicing, now=lambda: datetime.now(UTC) + FILES_KEPT))
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket="files")
    assert ask("GET", ONE, import_id).body["report"] is None


# ── What is refused ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_has_no_legal_basis_to_keep_answers_by() -> None:
    keep(survey_of(status=SurveyStatus.DRAFT))
    assert ask("POST", IMPORTS, body={}).status == 409


@pytest.mark.parametrize(
    "options",
    [
        {"format": "xlsx"},
        {"preset": "surveymonkey"},
        {"delimiter": "x"},
        {"encoding": "utf-7"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"date_order": "ymd"},
        {"mapping": {"score": None}},
        {"mapping": {"segments": {"nobody-declared": "x"}}},
        {"mapping": {"id": []}},
        {"mapping": {"nonsense": "x"}},
        {"dry_run": True},
    ],
)
def test_options_that_mean_nothing_are_refused(survey: Survey, options: dict[str, Any]) -> None:
    del survey
    assert ask("POST", IMPORTS, body=options).status == 422


def test_an_import_that_is_not_there_or_is_under_way_is_not_set_going(survey: Survey) -> None:
    del survey
    assert ask("GET", ONE).status == 404
    assert ask("POST", f"{ONE}/start").status == 404
    made = ask("POST", IMPORTS, body={}).body["import_id"]
    assert ask("POST", f"{ONE}/start", made).status == 409
    import_id = begun(ROWS)
    assert ask("POST", f"{ONE}/start", import_id).status == 202
    assert ask("POST", f"{ONE}/check", import_id).status == 409
    [listed, other] = ask("GET", IMPORTS).body["imports"]
    assert {listed["status"], other["status"]} == {"new", "importing"}


def test_another_scope_is_not_enough(survey: Survey) -> None:
    del survey
    assert ask("POST", IMPORTS, body={}, context={"key_id": "k", "scopes": "answers:read surveys"}).status == 403
