"""What comes in may be anything: it is refused as it should be, nothing is kept of it, and nothing of it is said back."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.collect import handler as collect
from shared import answer_id as ids
from tests.events import api_request
from tests.fakes.reception import KEY, token
from tests.integration.asking import FORM, PATCH, POST, PREFLIGHTS, SHOP, ask, everything, keep, named, new_id, survey_of
from tests.integration.gateway import Reply

pytestmark = pytest.mark.usefixtures("survey")
one_place = partial(settings, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
MARK: Final = "Xq7Planted"
HASH: Final = "0" * 64


@pytest.fixture
def survey(aws: None) -> None:  # noqa: ARG001 - what it is kept in
    keep(survey_of())


def dumped(**body: object) -> str:
    return json.dumps({"score": 9} | body)


NOW: Final = datetime.now(UTC)
INVALID, MALFORMED, LARGE, STALE, SIGNED = (
    (422, "invalid"),
    (400, "malformed"),
    (413, "too-large"),
    (422, "answer-id-out-of-time"),
    (422, "token-refused"),
)
ANY_BODY: Final = {
    "nothing": ("", MALFORMED),
    "no JSON": (MARK, MALFORMED),
    "half a document": ('{"score": 9', MALFORMED),
    "two documents": ('{"score": 9}{"score": 9}', MALFORMED),
    "a comma too many": ('{"score": 9,}', MALFORMED),
    "a comment in the JSON": ('{"score": 9} // ' + MARK, MALFORMED),
    "null": ("null", MALFORMED),
    "a list": (f'[{{"score": 9, "comment": "{MARK}"}}]', MALFORMED),
    "a text": (f'"{MARK}"', MALFORMED),
    "a number": ("9", MALFORMED),
    "a byte order mark": ("\ufeff" + dumped(), MALFORMED),
    "a lone surrogate, escaped": ('{"score": 9, "comment": "\\ud83d"}', MALFORMED),
    "a lone surrogate, raw": ('{"score": 9, "comment": "\ud83d"}', MALFORMED),
    "a bare control character": ('{"score": 9, "comment": "a\nb"}', MALFORMED),
    "score NaN": ('{"score": NaN}', MALFORMED),
    "score Infinity": ('{"score": -Infinity}', MALFORMED),
    "a score of 5,000 digits": ('{"score": ' + "9" * 5000 + "}", INVALID),
    "a score with an exponent": ('{"score": 9e0}', INVALID),
    "a score beyond any float": ('{"score": 1e999999}', INVALID),
    "nested deeply": ('{"score": ' + "[" * 8000 + "]" * 8000 + "}", INVALID),
    "nested deeply in what is not known": ('{"score": 9, "x": ' + '{"a":' * 2600 + "1" + "}" * 2600 + "}", INVALID),
    "17 KB of spaces": (dumped() + " " * 17_000, LARGE),
    "a byte too many": (dumped(comment="") + " " * (16 * 1024 + 1 - len(dumped(comment=""))), LARGE),
    "score true": (dumped(score=True), INVALID),
    "score false": (dumped(score=False), INVALID),
    "score 9.0": ('{"score": 9.0}', INVALID),
    "score 8.5": (dumped(score=8.5), INVALID),
    "score as a text": (dumped(score="9"), INVALID),
    "score null": (dumped(score=None), INVALID),
    "score -1": (dumped(score=-1), INVALID),
    "score 11": (dumped(score=11), INVALID),
    "score in a list": (dumped(score=[9]), INVALID),
    "an unknown field": (dumped(**{MARK: 1}), INVALID),
    "an unknown field of a message's form": (dumped(**{f"x` - at `$.{MARK}": 1}), INVALID),
    "a comment of 5,001": (dumped(comment="x" * 5001), INVALID),
    "a comment that is a number": (dumped(comment=7), INVALID),
    "a comment with NUL": (dumped(comment=f"{MARK}\0"), INVALID),
    "finished as a text": (dumped(finished="true"), INVALID),
    "finished as 1": (dumped(finished=1), INVALID),
}
POSTED: Final = ANY_BODY | {
    "no score": ('{"comment": "' + MARK + '"}', INVALID),
    "the last score counts, and is wrong": ('{"score": 9, "score": 11}', INVALID),
    "finished null": (dumped(finished=None), INVALID),
    "an identity that is ours to say": (dumped(identity="identified"), INVALID),
    "an identity as a segment": (dumped(segments={"identity": "identified"}), INVALID),
    "an id without a hash": (dumped(answer_id=new_id()), INVALID),
    "a hash without an id": (dumped(edit_key_hash=HASH), INVALID),
    "an id that is short": (dumped(answer_id="x", edit_key_hash=HASH), INVALID),
    "an id that is no UUID": (dumped(answer_id="x" * 36, edit_key_hash=HASH), INVALID),
    "an id in capitals": (dumped(answer_id=new_id().upper().replace("0", "A"), edit_key_hash=HASH), INVALID),
    "an id of version 4": (dumped(answer_id="019cd8a5-6c80-4abc-9def-0123456789ab", edit_key_hash=HASH), INVALID),
    "an id beyond the calendar": (dumped(answer_id="ffffffff-ffff-7fff-bfff-ffffffffffff", edit_key_hash=HASH), INVALID),
    "an id that is a number": (dumped(answer_id=7, edit_key_hash=HASH), INVALID),
    "an id of last month": (dumped(answer_id=ids.mint(NOW - timedelta(days=31), 1), edit_key_hash=HASH), STALE),
    "an id of the day after tomorrow": (dumped(answer_id=ids.mint(NOW + timedelta(days=2), 1), edit_key_hash=HASH), STALE),
    "an id of 1970": (dumped(answer_id="00000000-0000-7000-8000-000000000000", edit_key_hash=HASH), STALE),
    "a hash in capitals": (dumped(answer_id=new_id(), edit_key_hash="A" * 64), INVALID),
    "a hash that is short": (dumped(answer_id=new_id(), edit_key_hash="0" * 63), INVALID),
    "a hash with a line break": (dumped(answer_id=new_id(), edit_key_hash="0" * 64 + "\n"), INVALID),
    "a key in place of its hash": (dumped(answer_id=new_id(), edit_key_hash=KEY), INVALID),
    "an empty touchpoint": (dumped(touchpoint=""), INVALID),
    "a long touchpoint": (dumped(touchpoint=MARK * 21), INVALID),
    "a channel with NUL": (dumped(channel=f"{MARK}\0"), INVALID),
    "a locale that is a list": (dumped(locale=[MARK]), INVALID),
    "a segment that is not declared": (dumped(segments={MARK: MARK}), INVALID),
    "a segment that only tokens may say": (dumped(segments={"tier": "gold"}), INVALID),
    "a segment that is a number": (dumped(segments={"plan": 1}), INVALID),
    "a segment with NUL": (dumped(segments={"plan": "\0"}), INVALID),
    "segments as a list": (dumped(segments=[MARK]), INVALID),
    "21 segments": (dumped(segments={f"s{number}": MARK for number in range(21)}), INVALID),
    "a token of nothing": (dumped(respondent_token=""), INVALID),
    "a token that is none": (dumped(respondent_token=MARK), SIGNED),
    "a token that is too long": (dumped(respondent_token="x" * 8193), INVALID),
    "a token as an object": (dumped(respondent_token={"sub": MARK}), INVALID),
    "a token that has expired": (dumped(comment=MARK, respondent_token=token(sub=MARK, exp=NOW - timedelta(hours=1))), SIGNED),
    "a token of another secret": (dumped(respondent_token=token(b"the-signing-secret-of-another-survey", sub=MARK)), SIGNED),
    "a token without a subject": (dumped(comment=MARK, respondent_token=token(sub=None)), SIGNED),
}
CHANGED: Final = ANY_BODY | {
    "nothing to change": ("{}", INVALID),
    "finished false": ('{"finished": false}', INVALID),
    "comment null": ('{"comment": null}', INVALID),
    "what only a new answer may say": ('{"touchpoint": "checkout"}', INVALID),
    "an identity and no more": ('{"respondent_token": "' + token(sub=MARK) + '"}', INVALID),
    "the id itself": (dumped(answer_id=new_id()), INVALID),
}


def refusals(send: Callable[[str], Reply], bodies: dict[str, tuple[str, tuple[int, str]]]) -> dict[str, tuple[int, str]]:
    """What each body is refused with. None of them says anything back of what came in, and a page may read each."""
    found = {}
    for name, (raw, _) in bodies.items():
        reply = send(raw)
        assert MARK not in reply.text + str(reply.headers), name
        assert reply.headers["access-control-allow-origin"] == SHOP, name
        found[name] = (reply.status, reply.problem)
    return found


def test_no_bad_body_of_a_new_answer_gets_through() -> None:
    before = everything()
    wanted = {name: refusal for name, (_, refusal) in POSTED.items()}
    assert refusals(lambda raw: ask(POST, raw=raw, headers={"origin": SHOP}), POSTED) == wanted
    assert everything() == before


def test_no_bad_body_of_a_change_gets_through() -> None:
    answer_id = new_id()
    ask(POST, named(answer_id))
    before = everything()
    wanted = {name: refusal for name, (_, refusal) in CHANGED.items()}
    change = partial(ask, PATCH, bearer=KEY, answer_id=answer_id, headers={"origin": SHOP})
    assert refusals(lambda raw: change(raw=raw), CHANGED) == wanted
    assert everything() == before


def in_base64(raw: bytes) -> str:
    return b64encode(raw).decode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (in_base64(b'{"score": 9}'), 201),
        (in_base64('{"score": 9, "comment": "Olá"}'.encode("latin-1")), 400),
        (in_base64('{"score": 9}'.encode("utf-16")), 400),
        (in_base64(b'{"score": 9, "comment": "\xed\xa0\xbd"}'), 400),
        (in_base64(b'{"score": 9, "comment": "\xc0\x80"}'), 400),
        (in_base64(b'{"score": 9}' + b" " * 16_384), 413),
        ("not base64!", 400),
        ("é", 400),
        (in_base64(b'{"score": 9}')[:-1], 400),
        ('{"score": 9}', 400),
    ],
)
def test_a_body_said_to_be_base64_is_that_or_is_refused(body: str, status: int) -> None:
    assert ask(POST, raw=body, base64=True).status == status


def test_the_longest_comment_and_the_largest_body_are_taken() -> None:
    assert ask(POST, raw='{"score": 9, "comment": "' + "á" * 5000 + '"}').status == 201
    assert ask(POST, raw=dumped(comment="") + " " * (16 * 1024 - len(dumped(comment="")))).status == 201


def test_of_a_field_given_twice_the_last_counts() -> None:
    assert ask(POST, raw='{"score": 0, "score": 9}').body["class"] == "promoter"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KNOWN: Final = ("score", "comment", "finished", "touchpoint", "channel", "locale", "variant", "segments", "answer_id", "edit_key_hash")
bodies = st.one_of(
    st.binary(max_size=200),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(st.sampled_from([*KNOWN, "respondent_token"]), json_values, max_size=6).map(lambda value: json.dumps(value).encode()),
)
texts = st.text(st.characters(), max_size=40)


def assert_refused_or_taken(event: dict[str, Any]) -> None:
    response = collect.handle(event, None)
    assert response["statusCode"] in {200, 201, 204, 304, 400, 401, 403, 404, 409, 413, 422}, response
    assert json.dumps(response)


@one_place(max_examples=300)
@given(bodies, st.sampled_from([POST, PATCH]))
def test_whatever_the_body_it_is_taken_or_refused(body: bytes, route: str) -> None:
    event = api_request(route, in_base64(body), path={"answer_id": new_id()}, headers={"authorization": f"Bearer {KEY}"}, base64=True)
    assert_refused_or_taken(event)


@one_place(max_examples=300)
@given(
    st.sampled_from([FORM, POST, PATCH, *PREFLIGHTS]),
    st.fixed_dictionaries({}, optional={"survey_id": texts, "answer_id": texts}),
    st.dictionaries(st.sampled_from(["locale", "x"]), texts),
    st.dictionaries(st.sampled_from(["origin", "host", "authorization", "if-none-match", "content-type", "x-forwarded-for"]), texts),
    st.sampled_from(["", '{"score": 9}']),
)
def test_whatever_path_query_and_headers_say_it_is_answered(
    route: str, path: dict[str, str], query: dict[str, str], headers: dict[str, str], body: str
) -> None:
    event = api_request(route, body, path={"answer_id": new_id()}, query=query, headers=headers)
    event["pathParameters"] |= path
    assert_refused_or_taken(event)


@pytest.mark.parametrize("missing", ["version", "routeKey", "headers", "pathParameters", "requestContext", "body", "isBase64Encoded"])
def test_an_event_without_what_it_should_have_never_raises(missing: str) -> None:
    event = api_request(POST, '{"score": 9}')
    del event[missing]
    assert collect.handle(event, None)["statusCode"] in {201, 400, 404, 500}
