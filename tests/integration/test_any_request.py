"""Any request to any protected route: answered as documented, never with a 500."""

import json
import os
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from functions.channels import composition as channels
from functions.manage import composition
from shared.access import EVERY_SCOPE
from shared.alerts.signature import new_secret
from shared.api.routes import BY_KEY, ROUTES
from tests.fakes.channels import channel_of
from tests.fakes.samples import survey_of
from tests.integration.gateway import PATHS, invoke

A_DAY = "2026-03-14T15:00:00Z"
CHANNEL = replace(channel_of(), channel_id="ch_" + "a" * 16)
PROTECTED = sorted(route.key for route in ROUTES if route.scope)
OPEN = sorted(route.key for route in ROUTES if route.function in {"privacy", "pages", "session"} and not route.scope)
ALL_SCOPES = {"key_id": "tester", "scopes": " ".join(EVERY_SCOPE)}
TEXT = st.text(max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def bodies(route_key: str) -> st.SearchStrategy[bytes]:
    request = BY_KEY[route_key].request
    names = [field.encode_name for field in msgspec.structs.fields(request)] if request else ["x"]
    right = {
        "name": "Nome",
        "company": "Loja",
        "scopes": ["keys"],
        "kind": "sns_sms",
        "phone": "+5511999990000",
        "customer_id": "cliente-1",
        "reason": "Caso 7",
        "legal_reference": "LGPD art. 16",
        "type": "access",
        "answer_id": "019cd843-1180-7000-8000-000000000001",
        "survey_id": "demo",
        "code": "12345678",
        "from": A_DAY,
        "to": A_DAY,
        "email": "ana@loja.example",
        "role": "cs",
        "password": "correct-horse-battery",
        "challenge_token": "x" * 40,
    }
    given = st.dictionaries(st.sampled_from(names) | TEXT, JSON | st.sampled_from(list(right.values())), max_size=5)
    mended = given.map(lambda body: body | {name: value for name, value in right.items() if name in names})
    return st.binary(max_size=100) | given.map(_encoded) | mended.map(_encoded)


def _encoded(body: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps(body).encode()


@pytest.mark.parametrize("route_key", PROTECTED)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.usefixtures("pool")
def test_any_request_is_answered_as_documented(route_key: str, data: st.DataObject) -> None:
    composition.compose().surveys.create(survey_of("demo"))
    channels.compose().registering.register.create(CHANNEL, "https://10.0.0.1/", new_secret(os.urandom))  # calls to it are refused
    names = st.sampled_from([parameter.name for parameter in BY_KEY[route_key].query] or ["x"])
    days = st.dates().map(str)
    values = TEXT | days | st.sampled_from(["checkout", "plan:pro", "other", A_DAY, "failed"])
    query = data.draw(st.dictionaries(names | TEXT, values, max_size=3))
    known = st.sampled_from(["demo", "a" * 16, CHANNEL.channel_id])
    path = {name: data.draw(known | TEXT) for name in PATHS}
    reply = invoke(route_key, ALL_SCOPES, body=data.draw(bodies(route_key)), query=query, path=path)
    assert reply.status < 500


@pytest.mark.parametrize("route_key", OPEN)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.usefixtures("pool")
def test_any_request_of_anybody_is_answered(route_key: str, data: st.DataObject) -> None:
    composition.compose().surveys.create(survey_of("demo"))
    names = st.sampled_from(
        ["type", "email", "code", "token", "format", "lang", "score", "comment", "answer_id", "edit_key", "consent", "t"]
    )
    fields = st.dictionaries(names | TEXT, st.just("9") | TEXT, max_size=5)
    body = data.draw(bodies(route_key) | fields.map(lambda form: urlencode(form, errors="surrogatepass").encode()))
    media = data.draw(st.sampled_from(["application/x-www-form-urlencoded", "application/json"]) | TEXT)
    headers = {"content-type": media, "accept-language": data.draw(TEXT), "authorization": data.draw(st.just("Bearer x") | TEXT)}
    path = {name: data.draw(st.sampled_from(["demo", usual]) | TEXT) for name, usual in PATHS.items()}
    query = data.draw(
        st.dictionaries(st.sampled_from(["lang", "format", "score", "t", "kiosk", "locale"]) | TEXT, st.just("9") | TEXT, max_size=2)
    )
    reply = invoke(route_key, None, headers=headers, body=body, query=query, path=path)
    assert reply.status < 500
