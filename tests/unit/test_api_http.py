"""API Gateway's payload v2 in and out."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api import protected
from shared.api.http import Handler, Request, Response, answer, empty_response, json_response, problem_response
from shared.api.problem import FieldError, Invalid, NoSuchSurvey, ParameterError, Refused
from shared.api.routes import ROUTES

EVENT: dict[str, Any] = {
    "version": "2.0",
    "routeKey": "PATCH /v1/surveys/{survey_id}",
    "rawPath": "/v1/surveys/demo",
    "headers": {"Authorization": "Bearer abc", "origin": "https://loja.example", "content-type": "application/json"},
    "queryStringParameters": {"a": "1,2"},
    "pathParameters": {"survey_id": "demo"},
    "requestContext": {"authorizer": {"lambda": {"key_id": "k1", "scopes": "surveys keys"}}, "http": {"method": "PATCH"}},
    "body": '{"name":"é"}',
    "isBase64Encoded": False,
}


class Log:
    """Remembers what was logged."""

    def __init__(self) -> None:
        self.errors: list[tuple[object, Mapping[str, object]]] = []

    def error(self, msg: object, /, *, extra: Mapping[str, object]) -> None:
        self.errors.append((msg, extra))


def test_a_request_is_read_from_its_event() -> None:
    assert Request.from_event(EVENT) == Request(
        route_key="PATCH /v1/surveys/{survey_id}",
        path={"survey_id": "demo"},
        query={"a": "1,2"},
        headers={"authorization": "Bearer abc", "origin": "https://loja.example", "content-type": "application/json"},
        body='{"name":"é"}'.encode(),
        scopes=frozenset({"surveys", "keys"}),
        key_id="k1",
    )


def test_origin_and_bearer_are_read_from_the_headers() -> None:
    request = Request.from_event(EVENT)
    assert (request.origin, request.bearer) == ("https://loja.example", "abc")


@pytest.mark.parametrize("absent", [{}, {"requestContext": {}}, {"requestContext": {"authorizer": None}, "headers": None, "body": None}])
def test_what_an_event_does_not_have_is_empty(absent: dict[str, Any]) -> None:
    request = Request.from_event({"routeKey": "GET /", **absent})
    assert request == Request(route_key="GET /")
    assert (request.origin, request.bearer) == (None, None)


def test_a_body_in_base64_is_decoded() -> None:
    encoded = EVENT | {"body": b64encode(b"\xff\x00").decode(), "isBase64Encoded": True}
    assert Request.from_event(encoded).body == b"\xff\x00"


@pytest.mark.parametrize("body", ["not base64!", "a", "YQ", "YQ==\n", "é"])
def test_a_body_that_is_not_the_base64_it_is_said_to_be_is_refused(body: str) -> None:
    response = answer(EVENT | {"body": body, "isBase64Encoded": True}, {EVENT["routeKey"]: returning(200)}, Log())
    assert response["statusCode"] == 400


@given(st.text(alphabet=st.characters(codec=None), max_size=20))
def test_any_body_becomes_bytes(body: str) -> None:
    assert isinstance(Request.from_event(EVENT | {"body": body}).body, bytes)


@pytest.mark.parametrize(
    ("header", "bearer"),
    [("Bearer abc", "abc"), ("bearer abc", "abc"), ("Bearer", None), ("Bearer ", None), ("Basic abc", None), ("abc", None), ("", None)],
)
def test_only_a_bearer_is_a_bearer(header: str, bearer: str | None) -> None:
    assert Request(route_key="GET /", headers={"authorization": header}).bearer == bearer


def test_a_response_is_not_stored_nor_guessed_at_unless_said() -> None:
    assert json_response(201, {"é": [1, None]}) == {
        "statusCode": 201,
        "headers": {"cache-control": "no-store", "x-content-type-options": "nosniff", "content-type": "application/json"},
        "body": '{"é":[1,null]}',
        "isBase64Encoded": False,
    }
    assert json_response(200, {}, headers={"cache-control": "public"})["headers"]["cache-control"] == "public"
    assert empty_response(204)["body"] == ""


def test_a_refusal_becomes_its_problem() -> None:
    errors: list[FieldError | ParameterError] = [
        FieldError("/score", "a whole number from 0 to 10 is expected"),
        ParameterError("from", "a day is expected"),
    ]
    response = problem_response(Invalid(errors=errors, server_time="2026-03-10T12:00:00+00:00"), Request(route_key="GET /"))
    assert response["statusCode"] == 422
    assert response["headers"]["content-type"] == "application/problem+json"
    assert json.loads(response["body"]) == {
        "type": "urn:recomenda:problem:invalid",
        "title": "Something is not as expected",
        "status": 422,
        "detail": "Put right what `errors` lists and send it again.",
        "errors": [
            {"pointer": "/score", "detail": "a whole number from 0 to 10 is expected"},
            {"parameter": "from", "detail": "a day is expected"},
        ],
        "server_time": "2026-03-10T12:00:00+00:00",
    }


def returning(status: int) -> Handler:
    return lambda _: empty_response(status)


def raising(error: Exception) -> Handler:
    def handler(_: Request) -> Response:
        raise error

    return handler


def test_each_route_key_has_its_handler() -> None:
    log = Log()
    assert answer(EVENT, {"GET /": returning(200), EVENT["routeKey"]: returning(204)}, log)["statusCode"] == 204
    assert answer(EVENT, {"GET /": returning(200)}, log)["statusCode"] == 404
    assert answer(EVENT | {"routeKey": "$default"}, {EVENT["routeKey"]: returning(204)}, log)["statusCode"] == 404
    assert log.errors == []


def test_a_refusal_is_answered_and_not_logged_as_an_error() -> None:
    log = Log()
    assert answer(EVENT, {EVENT["routeKey"]: raising(NoSuchSurvey())}, log)["statusCode"] == 404
    assert log.errors == []


def test_what_breaks_is_answered_without_detail_and_logged_without_its_message() -> None:
    log = Log()
    error = RuntimeError("maria@cliente.example")
    error.__cause__ = KeyError("maria@cliente.example")
    response = answer(EVENT, {EVENT["routeKey"]: raising(error)}, log)
    assert response["statusCode"] == 500
    [(message, fields)] = log.errors
    assert message == "request failed"
    assert fields["error_types"] == ["builtins.RuntimeError", "builtins.KeyError"]
    assert "maria" not in repr(log.errors) + response["body"]


@pytest.mark.parametrize(
    "event", [{}, {"headers": 7}, {"routeKey": None}, {"requestContext": {"authorizer": {"lambda": {"scopes": None}}}}]
)
def test_an_event_of_another_shape_is_answered_all_the_same(event: dict[str, Any]) -> None:
    assert answer(event, {}, Log())["statusCode"] in {404, 500}


# ── Protected routes ─────────────────────────────────────────────────────────────────────────────────────────────────


def with_scopes(scopes: str) -> dict[str, Any]:
    return EVENT | {"requestContext": {"authorizer": {"lambda": {"key_id": "k1", "scopes": scopes}}}}


def test_a_protected_handler_is_called_with_its_scope_only() -> None:
    handlers = {EVENT["routeKey"]: returning(204)}
    assert protected.answer(with_scopes("surveys"), handlers, Log())["statusCode"] == 204
    refused = protected.answer(with_scopes("keys users"), handlers, Log())
    assert refused["statusCode"] == 403
    assert "surveys" in json.loads(refused["body"])["detail"]


def test_a_public_route_is_not_answered_by_a_function_of_protected_ones() -> None:
    route = next(route.key for route in ROUTES if route.scope is None)
    assert protected.answer(with_scopes("surveys") | {"routeKey": route}, {route: returning(204)}, Log())["statusCode"] == 404


def test_a_handler_of_no_route_in_the_table_is_never_called() -> None:
    assert protected.answer(EVENT | {"routeKey": "GET /x"}, {"GET /x": returning(204)}, Log())["statusCode"] == 500


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({"cookies": ["a=1", "__Secure-recomenda=x.y=z"]}, "x.y=z"),
        ({"headers": {"Cookie": "a=1; __Secure-recomenda=x"}}, "x"),
        ({"cookies": ["__Secure-recomenda=x"], "headers": {"cookie": "__Secure-recomenda=y"}}, "x"),
        ({"cookies": ["__Secure-recomenda=x", "__Secure-recomenda=y"]}, "x"),
        ({"cookies": ["__Secure-recomenda="]}, ""),
        ({"cookies": ["x__Secure-recomenda=x", "__Secure-recomenda-x=y"]}, None),
        ({"cookies": None, "headers": {"cookie": ""}}, None),
        ({}, None),
    ],
)
def test_a_cookie_is_found_by_its_whole_name_wherever_the_gateway_puts_it(event: dict[str, Any], found: str | None) -> None:
    assert Request.from_event(event).cookie("__Secure-recomenda") == found


# ── The tree of refusals ─────────────────────────────────────────────────────────────────────────────────────────────


def every_refusal() -> list[type[Refused]]:
    return sorted(Refused.__subclasses__(), key=lambda refusal: refusal.__name__)


def test_each_refusal_has_a_type_of_its_own_and_says_what_to_do() -> None:
    kinds = [refusal.kind for refusal in every_refusal()]
    assert len({kind.slug for kind in kinds}) == len(kinds)
    assert len({kind.title for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert 400 <= kind.status < 600
        assert kind.detail.rstrip("…").endswith((".", " "))
        assert kind.type == f"urn:recomenda:problem:{kind.slug}"


def test_no_refusal_is_left_that_no_route_documents() -> None:
    documented = {refusal for route in ROUTES for refusal in route.refusals}
    everywhere = {"Fault", "ScopeMissing", "NoSuchRoute"}
    assert {refusal.__name__ for refusal in every_refusal()} - {refusal.__name__ for refusal in documented} == everywhere
