"""Surveys over HTTP, and their signing secrets."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import boto3
import pytest

from functions.manage import composition
from shared.store.tables import RegistryItem
from shared.survey import Survey
from tests.integration.gateway import Gateway, invoke

READY = {
    "name": "Pós-compra",
    "company": "Loja Azul",
    "touchpoints": [{"key": "checkout", "label": "Compra", "journey_stage": "purchase"}],
    "segments": [{"key": "plan", "values": ["free", "pro"]}],
    "pairs": [["touchpoint", "segment.plan"]],
    "legal_basis": {"kind": "legitimate_interest", "assessment": "LIA 2026-1"},
    "retention_days": 365,
    "encarregado": {"name": "Ana", "email": "encarregado@loja.example"},
}
DRAFT = {"survey_id": "demo", **READY}


@pytest.fixture
def key(gateway: Gateway) -> str:
    return gateway.first_key()


@pytest.fixture
def survey(gateway: Gateway, key: str) -> dict[str, Any]:
    made = gateway.call("POST /v1/surveys", key=key, body=DRAFT)
    assert made.status == 201
    return dict(made.body)


@pytest.fixture
def open_survey(gateway: Gateway, key: str, survey: dict[str, Any]) -> dict[str, Any]:
    opened = gateway.call("POST /v1/surveys/{survey_id}/open", key=key, survey_id=survey["survey_id"])
    assert opened.status == 200
    return dict(opened.body)


def change(gateway: Gateway, key: str, body: object) -> Any:  # noqa: ANN401 - a reply
    return gateway.call("PATCH /v1/surveys/{survey_id}", key=key, body=body)


# ── Surveys ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_of_a_survey_can_be_seen_before_it_is_made(gateway: Gateway, key: str) -> None:
    wanted = DRAFT | {"locales": ["pt-BR", "es"], "wording": {"es": {"question": "¿Nos recomendaría?"}}}
    shown = gateway.call("POST /v1/form-preview", key=key, body=wanted, query={"locale": "es-AR"})
    assert (shown.status, shown.body["locale"], shown.body["question"]) == (200, "es", "¿Nos recomendaría?")
    assert gateway.call("GET /v1/surveys", key=key).body == {"surveys": []}
    assert gateway.call("POST /v1/form-preview", key=key, body=wanted | {"time_zone": "Mars"}).body["errors"][0]["pointer"] == "/time_zone"


def test_a_new_survey_is_a_draft_with_everything_that_was_given(gateway: Gateway, key: str, survey: dict[str, Any]) -> None:
    assert survey["status"] == "draft"
    assert survey["revision"] == 1
    assert survey["pairs"] == READY["pairs"]
    assert survey["segments"] == [{"key": "plan", "values": ["free", "pro"], "signed_only": False}]
    assert survey["legal_basis"]["assessment"] == "LIA 2026-1"
    assert gateway.call("GET /v1/surveys/{survey_id}", key=key).body == survey


def test_the_response_to_a_new_survey_says_where_it_is(gateway: Gateway, key: str) -> None:
    made = gateway.call("POST /v1/surveys", key=key, body=DRAFT)
    assert made.headers["location"] == "/v1/surveys/demo"


def test_without_an_id_a_survey_gets_a_random_one(gateway: Gateway, key: str) -> None:
    ids = {gateway.call("POST /v1/surveys", key=key, body=READY).body["survey_id"] for _ in range(3)}
    assert len(ids) == 3
    assert {survey["survey_id"] for survey in gateway.call("GET /v1/surveys", key=key).body["surveys"]} == ids


def test_an_id_that_is_taken_is_refused_and_the_survey_there_stays(gateway: Gateway, key: str, survey: dict[str, Any]) -> None:
    again = gateway.call("POST /v1/surveys", key=key, body=DRAFT | {"name": "Outra"})
    assert (again.status, again.problem) == (409, "survey-exists")
    assert gateway.call("GET /v1/surveys/{survey_id}", key=key).body == survey


def test_the_salt_of_person_ids_is_never_answered(gateway: Gateway, key: str, open_survey: dict[str, Any]) -> None:
    stored = composition.compose().surveys.read("demo")
    assert stored is not None
    assert "person_salt" not in open_survey
    for route in ("GET /v1/surveys", "GET /v1/surveys/{survey_id}"):
        assert stored.person_salt not in gateway.call(route, key=key).text


def test_a_change_replaces_what_is_given_and_leaves_the_rest(gateway: Gateway, key: str, survey: dict[str, Any]) -> None:
    changed = change(gateway, key, {"name": "Novo nome", "theme": {"dark": "always"}})
    assert changed.body == survey | {
        "name": "Novo nome",
        "theme": {"colour": "#0b5fff", "position": "corner", "dark": "always"},
        "revision": 2,
    }


def test_null_clears_an_optional_setting(gateway: Gateway, key: str, survey: dict[str, Any]) -> None:
    change(gateway, key, {"notice_url": "https://loja.example/privacidade"})
    assert change(gateway, key, {"notice_url": None}).body == survey | {"revision": 3}


@pytest.mark.parametrize("field", ["name", "locales", "theme", "touchpoints", "segments", "audience_minors"])
@pytest.mark.usefixtures("survey")
def test_null_does_not_clear_what_a_survey_needs(gateway: Gateway, key: str, field: str) -> None:
    refused = change(gateway, key, {field: None})
    assert refused.status == 422
    assert refused.body["errors"][0]["pointer"] == f"/{field}"


def test_a_change_that_changes_nothing_makes_no_revision(gateway: Gateway, key: str, survey: dict[str, Any]) -> None:
    assert change(gateway, key, {"name": READY["name"]}).body == survey
    assert change(gateway, key, {}).body == survey


@pytest.mark.usefixtures("survey")
def test_a_change_of_a_passed_revision_is_refused(gateway: Gateway, key: str) -> None:
    assert change(gateway, key, {"revision": 1, "name": "Primeira"}).status == 200
    late = change(gateway, key, {"revision": 1, "name": "Segunda"})
    assert (late.status, late.problem) == (409, "revision-passed")
    assert gateway.call("GET /v1/surveys/{survey_id}", key=key).body["name"] == "Primeira"


@pytest.mark.usefixtures("survey")
def test_changes_at_the_same_moment_are_both_kept(gateway: Gateway, key: str, between: Callable[[Callable[[], None]], None]) -> None:
    between(lambda: change(gateway, key, {"company": "Loja Verde"}))
    assert change(gateway, key, {"name": "Novo nome"}).status == 200
    after = gateway.call("GET /v1/surveys/{survey_id}", key=key).body
    assert (after["company"], after["name"], after["revision"]) == ("Loja Verde", "Novo nome", 3)


@pytest.mark.usefixtures("survey")
def test_a_change_of_a_revision_that_passes_at_the_same_moment_is_refused(
    gateway: Gateway, key: str, between: Callable[[Callable[[], None]], None]
) -> None:
    between(lambda: change(gateway, key, {"company": "Loja Verde"}))
    assert change(gateway, key, {"revision": 1, "name": "Novo nome"}).problem == "revision-passed"
    assert gateway.call("GET /v1/surveys/{survey_id}", key=key).body["name"] == READY["name"]


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Let something happen once, between a request's reading of the survey and its writing."""

    def arrange(happening: Callable[[], None]) -> None:
        surveys = composition.compose().surveys
        read, pending = surveys.read, [happening]

        def read_then_lose_time(survey_id: str) -> Survey | None:
            survey = read(survey_id)
            if pending:
                pending.pop()()
            return survey

        monkeypatch.setattr(surveys, "read", read_then_lose_time)

    return arrange


def test_a_survey_opens_closes_and_opens_again(gateway: Gateway, key: str, open_survey: dict[str, Any]) -> None:
    assert open_survey["status"] == "open"
    closed = gateway.call("POST /v1/surveys/{survey_id}/close", key=key).body
    assert (closed["status"], closed["opened_at"]) == ("closed", open_survey["opened_at"])
    assert closed["closed_at"] is not None
    again = gateway.call("POST /v1/surveys/{survey_id}/open", key=key).body
    assert (again["status"], again["opened_at"], again["closed_at"]) == ("open", open_survey["opened_at"], None)


@pytest.mark.parametrize("step", ["open", "close"])
def test_opening_and_closing_twice_is_the_same_as_once(gateway: Gateway, key: str, open_survey: dict[str, Any], step: str) -> None:
    assert open_survey["revision"] == 2
    once = gateway.call(f"POST /v1/surveys/{{survey_id}}/{step}", key=key)
    assert gateway.call(f"POST /v1/surveys/{{survey_id}}/{step}", key=key).body == once.body


@pytest.mark.usefixtures("survey")
def test_a_draft_cannot_be_closed(gateway: Gateway, key: str) -> None:
    assert gateway.call("POST /v1/surveys/{survey_id}/close", key=key).problem == "survey-never-opened"


@pytest.mark.parametrize("field", ["legal_basis", "retention_days", "encarregado"])
def test_a_survey_opens_only_with_what_the_law_asks(gateway: Gateway, key: str, field: str) -> None:
    gateway.call("POST /v1/surveys", key=key, body={name: value for name, value in DRAFT.items() if name != field})
    refused = gateway.call("POST /v1/surveys/{survey_id}/open", key=key)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, f"/{field}")


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({"touchpoints": []}, "/touchpoints"),
        ({"segments": [{"key": "plan", "values": ["pro"]}]}, "/segments"),
        ({"pairs": []}, "/pairs"),
        ({"time_zone": "Europe/Lisbon"}, "/time_zone"),
        ({"encarregado": None}, "/encarregado"),
        ({"legal_basis": {"kind": "consent"}}, "/legal_basis"),
        ({"retention_days": None}, "/retention_days"),
    ],
)
@pytest.mark.usefixtures("open_survey")
def test_an_open_survey_loses_nothing_that_counts(gateway: Gateway, key: str, settings: dict[str, Any], pointer: str) -> None:
    refused = change(gateway, key, settings)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
    assert gateway.call("GET /v1/surveys/{survey_id}", key=key).body["revision"] == 2


@pytest.mark.usefixtures("open_survey")
def test_an_open_survey_gains_values(gateway: Gateway, key: str) -> None:
    plans = [{"key": "plan", "values": ["free", "pro", "enterprise"]}, {"key": "region", "values": ["sul"]}]
    assert change(gateway, key, {"segments": plans}).body["segments"][0]["values"] == ["free", "pro", "enterprise"]


BAD_SURVEYS: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"company": "Loja"}, "/name"),
    "empty name": ({"name": ""}, "/name"),
    "name too long": ({"name": "x" * 121}, "/name"),
    "name with NUL": ({"name": "x\0"}, "/name"),
    "unknown field": ({"secret-field-name": 1}, ""),
    "unknown field inside": ({"theme": {"secret-field-name": 1}}, "/theme"),
    "id with capitals": ({"survey_id": "Demo"}, "/survey_id"),
    "id with a separator of ours": ({"survey_id": "a#b"}, "/survey_id"),
    "id with a path": ({"survey_id": "../demo"}, "/survey_id"),
    "id with a line break": ({"survey_id": "demo\n"}, "/survey_id"),
    "id too long": ({"survey_id": "a" * 41}, "/survey_id"),
    "id of ours": ({"survey_id": "#identity-pepper"}, "/survey_id"),
    "no buckets": ({"buckets": 0}, "/buckets"),
    "too many buckets": ({"buckets": 65}, "/buckets"),
    "buckets as text": ({"buckets": "4"}, "/buckets"),
    "buckets as truth": ({"buckets": True}, "/buckets"),
    "buckets with a point": ({"buckets": 4.0}, "/buckets"),
    "retention too short": ({"retention_days": 59}, "/retention_days"),
    "unknown locale": ({"locales": ["fr"]}, "/locales/0"),
    "no locale": ({"locales": []}, "/locales"),
    "default locale that is not there": ({"default_locale": "es"}, "/default_locale"),
    "unknown time zone": ({"time_zone": "Mars/Olympus"}, "/time_zone"),
    "time zone as a path": ({"time_zone": "../../etc/passwd"}, "/time_zone"),
    "51 values": ({"variants": [f"v{number}" for number in range(51)]}, "/variants"),
    "21 segments": ({"segments": [{"key": f"s{number}", "values": ["a"]} for number in range(21)], "pairs": []}, "/segments"),
    "a value twice": ({"channels": ["app", "app"]}, "/channels"),
    "the value other": ({"channels": ["other"]}, "/channels"),
    "a segment twice": ({"segments": [{"key": "plan", "values": ["a"]}] * 2}, "/segments"),
    "a value with a row separator": ({"channels": ["a=b"]}, "/channels/0"),
    "a value with a line break": ({"channels": ["app\n"]}, "/channels/0"),
    "a pair of unknown dimensions": ({"pairs": [["touchpoint", "segment.unknown"]]}, "/pairs"),
    "a pair of one": ({"pairs": [["touchpoint"]]}, "/pairs/0"),
    "origin with a path": ({"origins": ["https://loja.example/x"]}, "/origins/0"),
    "origin without TLS": ({"origins": ["http://loja.example"]}, "/origins/0"),
    "origin with a line break": ({"origins": ["https://loja.example\n"]}, "/origins/0"),
    "notice without TLS": ({"notice_url": "javascript:alert(1)"}, "/notice_url"),
    "colour that closes a style": ({"theme": {"colour": "red;}"}}, "/theme/colour"),
    "e-mail that is none": ({"encarregado": {"name": "Ana", "email": "ana"}}, "/encarregado/email"),
    "legal basis unknown": ({"legal_basis": {"kind": "because"}}, "/legal_basis/kind"),
}


@pytest.mark.parametrize("case", BAD_SURVEYS)
def test_a_survey_that_is_not_right_is_refused_with_where_and_how(gateway: Gateway, key: str, case: str) -> None:
    wrong, pointer = BAD_SURVEYS[case]
    body = {"company": "Loja"} | wrong if case == "no name" else DRAFT | wrong
    refused = gateway.call("POST /v1/surveys", key=key, body=body)
    assert (refused.status, refused.problem) == (422, "invalid")
    assert refused.body["errors"][0]["pointer"] == pointer
    assert gateway.call("GET /v1/surveys", key=key).body["surveys"] == []
    for value in wrong.values():
        said = json.dumps(value, ensure_ascii=False).strip('[]{}"')
        assert len(said) < 4 or case == "the value other" or said not in refused.text
    assert "secret-field-name" not in refused.text


UNREADABLE = [b"", b"[]", b"null", b'{"name":', b'{"name":"\xff"}', b'{"name":"\\ud800"}', b"[" * 9000, b"\xef\xbb\xbf{}"]


@pytest.mark.parametrize("route", ["POST /v1/surveys", "PATCH /v1/surveys/{survey_id}", "POST /v1/keys"])
@pytest.mark.usefixtures("survey")
def test_a_body_that_cannot_be_read_is_refused(gateway: Gateway, key: str, route: str) -> None:
    for raw in UNREADABLE:
        refused = gateway.call(route, key=key, raw=raw)
        assert (refused.status, refused.problem) == (400, "malformed"), raw
    assert gateway.call(route, key=key, raw=b'{"name":"' + b"x" * 16384 + b'"}').problem == "too-large"


HOSTILE_IDS = ["", " ", "nobody", "..", "demo#", "demo\n", "DEMO", "%2e", "#identity-pepper", "a" * 500, "dé", "\0", "{survey_id}"]


@pytest.mark.parametrize(
    "route",
    [
        "GET /v1/surveys/{survey_id}",
        "PATCH /v1/surveys/{survey_id}",
        "POST /v1/surveys/{survey_id}/open",
        "POST /v1/surveys/{survey_id}/close",
        "POST /v1/surveys/{survey_id}/signing-secret",
    ],
)
@pytest.mark.usefixtures("survey")
def test_no_survey_is_found_by_an_id_that_is_not_its_own(gateway: Gateway, key: str, route: str) -> None:
    for survey_id in HOSTILE_IDS:
        refused = gateway.call(route, key=key, body={}, survey_id=survey_id)
        assert (refused.status, refused.problem) == (404, "no-such-survey"), survey_id


# ── Signing secrets ──────────────────────────────────────────────────────────────────────────────────────────────────


def secrets_now(later: timedelta = timedelta(0)) -> list[str]:
    found = composition.compose().secrets.signing_secrets("demo", datetime.now(UTC) + later)
    return [secret.decode() for secret in found]


def make_secret(gateway: Gateway, key: str) -> dict[str, Any]:
    made = gateway.call("POST /v1/surveys/{survey_id}/signing-secret", key=key)
    assert (made.status, made.headers["cache-control"]) == (201, "no-store")
    return dict(made.body)


@pytest.mark.usefixtures("survey")
def test_a_signing_secret_has_256_bits_and_the_one_before_stays_for_a_day(gateway: Gateway, key: str) -> None:
    first, second = make_secret(gateway, key), make_secret(gateway, key)
    assert len(first["signing_secret"]) == 43
    assert first["previous_valid_until"] is None
    assert datetime.fromisoformat(second["previous_valid_until"]) > datetime.now(UTC) + timedelta(hours=23)
    assert secrets_now() == [second["signing_secret"], first["signing_secret"]]
    assert secrets_now(timedelta(hours=24, seconds=1)) == [second["signing_secret"]]


@pytest.mark.usefixtures("survey")
def test_making_two_more_ends_a_secret_at_once(gateway: Gateway, key: str) -> None:
    leaked, *_, third = [make_secret(gateway, key)["signing_secret"] for _ in range(3)]
    assert leaked not in secrets_now()
    assert secrets_now()[0] == third


@pytest.mark.usefixtures("survey")
def test_the_first_signing_secret_brings_the_key_of_identity_lookups_which_stays(gateway: Gateway, key: str) -> None:
    make_secret(gateway, key)
    pepper = composition.compose().secrets.identity_pepper()
    make_secret(gateway, key)
    composition.compose.cache_clear()
    assert composition.compose().secrets.identity_pepper() == pepper
    assert len(pepper) == 32


@pytest.mark.usefixtures("survey")
def test_while_others_replace_a_secret_the_client_is_asked_to_wait(gateway: Gateway, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save, others = RegistryItem.save, count()

    def save_after_another(item: RegistryItem, condition: Any = None) -> Any:  # noqa: ANN401 - as PynamoDB has it
        if item.pk == "secret" and item.sk == "demo":
            save(RegistryItem("secret", "demo", sealed=str(next(others))))
        return save(item, condition)

    monkeypatch.setattr(RegistryItem, "save", save_after_another)
    refused = gateway.call("POST /v1/surveys/{survey_id}/signing-secret", key=key)
    assert (refused.status, refused.problem) == (503, "too-busy")


# ── Secrets stay secret ──────────────────────────────────────────────────────────────────────────────────────────────


def test_no_secret_is_stored_or_logged_in_clear(gateway: Gateway, logged: Callable[[], str]) -> None:
    key = gateway.first_key()
    gateway.call("POST /v1/surveys", key=key, body=DRAFT)
    console = gateway.key_with("surveys", maker=key)
    secret = make_secret(gateway, key)["signing_secret"]
    pepper = composition.compose().secrets.identity_pepper()
    gateway.call("GET /v1/keys", key=key)
    gateway.call("GET /v1/surveys", key=console[:-1] + "A")
    stored = repr(boto3.client("dynamodb").scan(TableName="registry_table")["Items"])
    assert "survey created" in logged()
    for hidden in (key.split("_", 2)[2], console.split("_", 2)[2], secret, pepper.hex(), repr(pepper)):
        assert hidden not in stored
        assert hidden not in logged()


def test_only_allowed_fields_are_logged(gateway: Gateway, key: str, logged: Callable[[], str]) -> None:
    gateway.call("POST /v1/surveys", key=key, body=DRAFT)
    gateway.call("POST /v1/surveys/{survey_id}/open", key=key)
    change(gateway, key, {"company": "Loja Verde"})
    make_secret(gateway, key)
    gateway.key_with("surveys", maker=key)
    lines = [json.loads(line) for line in logged().splitlines()]
    powertools = {"level", "location", "message", "timestamp", "service"}
    assert {name for line in lines for name in line} - powertools <= {"survey_id", "key_id", "status", "revision", "replaced", "made"}


def test_what_breaks_is_logged_without_its_message_and_answered_without_detail(
    key: str, monkeypatch: pytest.MonkeyPatch, logged: Callable[[], str]
) -> None:
    def broken() -> None:
        raise RuntimeError("Maria da Silva, maria@cliente.example")

    allowed = {"key_id": key.split("_")[1], "scopes": "surveys"}
    monkeypatch.setattr(composition.compose().surveys, "list", broken)
    answered = invoke("GET /v1/surveys", allowed)
    assert (answered.status, answered.problem) == (500, "fault")
    line = json.loads(logged().splitlines()[-1])
    assert line["error_types"] == ["builtins.RuntimeError"]
    assert line["error_frames"][0].endswith(" broken")
    assert "Maria" not in json.dumps(line) + answered.text
