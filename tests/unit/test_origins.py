import json
from collections.abc import Mapping
from typing import Final

import pytest

from shared.api.http import Request, Response, json_response
from shared.api.origins import for_pages, headers_for, preflight
from shared.api.problem import AnswerTaken, NoSuchSurvey, OriginRefused
from shared.survey import Survey
from tests.fakes.samples import settings_of, survey_of

SHOP: Final = "https://loja.example"
SURVEY: Final = survey_of(settings=settings_of(origins=(SHOP, "http://localhost:8000")))
HOST: Final = "abc123.execute-api.sa-east-1.amazonaws.com"
WIDGET_READS: Final = "access-control-allow-origin"


def asking(**headers: str) -> Request:
    return Request(route_key="POST /", headers={"host": HOST} | headers)


@pytest.mark.parametrize("origin", [SHOP, "http://localhost:8000", f"https://{HOST}"])
def test_a_page_of_a_named_site_or_of_our_own_may_read(origin: str) -> None:
    assert headers_for(asking(origin=origin), SURVEY) == {
        "vary": "origin",
        "access-control-allow-origin": origin,
        "access-control-expose-headers": "etag",
    }


def test_a_request_that_no_page_sends_is_taken_as_it_is() -> None:
    assert headers_for(asking(), SURVEY) == {"vary": "origin"}


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "*",
        f"{SHOP}/",
        f"{SHOP}.evil.example",
        f"https://evil.example#{SHOP}",
        f"{SHOP}:8443",
        SHOP.upper(),
        "http://loja.example",
        "https://sub.loja.example",
        f"{SHOP},{SHOP}",
        f"{SHOP} {SHOP}",
        "http://localhost:8001",
        f"https://{HOST}:8443",
        f"https://{HOST}.evil.example",
        f"ftp://{HOST}",
        f"://{HOST}",
        HOST,
    ],
)
def test_a_page_of_any_other_site_is_refused(origin: str) -> None:
    with pytest.raises(OriginRefused):
        headers_for(asking(origin=origin), SURVEY)


def test_without_a_host_no_origin_is_our_own() -> None:
    with pytest.raises(OriginRefused):
        headers_for(Request(route_key="POST /", headers={"origin": "https://"}), SURVEY)
    with pytest.raises(OriginRefused):
        headers_for(Request(route_key="POST /", headers={"origin": "https://", "host": ""}), SURVEY)


def test_a_survey_that_names_no_site_is_for_pages_of_our_own_only() -> None:
    with pytest.raises(OriginRefused):
        headers_for(asking(origin=SHOP), survey_of())


def test_a_preflight_says_what_a_page_may_send_and_for_how_long() -> None:
    response = preflight(asking(origin=SHOP), SURVEY)
    assert (response["statusCode"], response["body"]) == (204, "")
    assert {name: response["headers"][name] for name in response["headers"] if name.startswith("access-control-")} == {
        "access-control-allow-origin": SHOP,
        "access-control-allow-methods": "GET, POST, PATCH",
        "access-control-allow-headers": "authorization, content-type, if-none-match",
        "access-control-expose-headers": "etag",
        "access-control-max-age": "7200",
    }


def test_a_preflight_of_another_site_is_refused() -> None:
    with pytest.raises(OriginRefused):
        preflight(asking(origin="https://evil.example"), SURVEY)


def found(_: Request) -> Survey:
    return SURVEY


def taken(_: Request, survey: Survey) -> Response:
    return json_response(201, {"survey": survey.survey_id}, headers={"etag": '"1"'})


def refusing(_: Request, __: Survey) -> Response:
    raise AnswerTaken


def headers_of(response: Response) -> Mapping[str, str]:
    headers: Mapping[str, str] = response["headers"]
    return headers


def test_a_page_may_read_what_it_is_answered_and_the_answer_keeps_its_headers() -> None:
    response = for_pages(found, taken)(asking(origin=SHOP))
    assert (response["statusCode"], json.loads(response["body"])) == (201, {"survey": "loja"})
    assert headers_of(response)[WIDGET_READS] == SHOP
    assert headers_of(response)["etag"] == '"1"'


def test_a_page_may_read_why_it_is_refused() -> None:
    response = for_pages(found, refusing)(asking(origin=SHOP))
    assert (response["statusCode"], headers_of(response)["content-type"]) == (409, "application/problem+json")
    assert headers_of(response)[WIDGET_READS] == SHOP


def test_nothing_is_done_for_a_page_of_another_site() -> None:
    def never(_: Request, __: Survey) -> Response:
        raise AssertionError("the handler was called")

    with pytest.raises(OriginRefused):
        for_pages(found, never)(asking(origin="https://evil.example"))


def test_where_there_is_no_survey_no_page_may_read() -> None:
    def missing(_: Request) -> Survey:
        raise NoSuchSurvey

    with pytest.raises(NoSuchSurvey):
        for_pages(missing, taken)(asking(origin=SHOP))
