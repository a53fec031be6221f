"""The OpenAPI document."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from infra import openapi
from shared.api.routes import BY_KEY, ROUTES


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{method.upper()} {path}": operation for path, methods in document["paths"].items() for method, operation in methods.items()}


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_the_committed_document_is_what_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert openapi.main(["--check"]) == 0, capsys.readouterr().err


def test_drift_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ANN401 - a path
    monkeypatch.setattr(openapi, "DOCUMENT", tmp_path / "docs" / "openapi.json")
    assert openapi.main(["--check"]) == 1
    assert openapi.main([]) == 0
    assert openapi.main(["--check"]) == 0
    changed = json.loads(openapi.DOCUMENT.read_text())
    changed["info"]["version"] = "0"
    openapi.DOCUMENT.write_text(json.dumps(changed))
    assert openapi.main(["--check"]) == 1
    assert "make openapi" in capsys.readouterr().err


def test_it_has_every_route_but_preflights(document: dict[str, Any]) -> None:
    assert set(operations(document)) == {route.key for route in ROUTES if route.method != "OPTIONS" and not route.is_page}
    assert len({operation["operationId"] for operation in operations(document).values()}) == len(operations(document))


def test_a_protected_route_says_which_scope_it_needs(document: dict[str, Any]) -> None:
    for key, operation in operations(document).items():
        scope = BY_KEY[key].scope
        if scope is None:
            assert operation["security"] in ([], [{"edit_key": []}], [{}, {"edit_key": []}], [{"request_token": []}], [{"session": []}])
        else:
            assert operation["security"] == [{"api_key": []}]
            assert scope in operation["description"]
            assert "scope-missing" in operation["responses"]["403"]["content"]["application/problem+json"]["examples"]


def test_every_path_parameter_is_described(document: dict[str, Any]) -> None:
    for key, operation in operations(document).items():
        described = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
        assert described == {part.strip("{}") for part in key.split("/") if part.startswith("{")}


def test_requests_refuse_unknown_fields_and_problems_are_problems(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in ("NewAnswer", "AnswerChange", "NewSurvey", "SurveyChange", "NewKey"):
        assert schemas[name]["additionalProperties"] is False
    for operation in operations(document).values():
        assert "500" in operation["responses"]
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]
                assert list(response["headers"]) == ["Content-Language"]


def test_no_hash_nor_salt_is_in_a_response(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in ("KeyView", "KeyMade", "SurveyView", "Form", "AnswerReceived"):
        assert not {"secret_hash", "person_salt", "edit_key_hash"} & set(schemas[name]["properties"])
