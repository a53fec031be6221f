"""Bodies of requests: what is refused, where it says so, and that nothing of what came in comes back."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.body import LARGEST, decode
from shared.api.key_messages import NewKey
from shared.api.messages import AnswerChange, NewAnswer
from shared.api.problem import Invalid, Malformed, Refused, TooLarge
from shared.api.survey_messages import NewSurvey, SurveyChange, changed_settings
from shared.survey import SurveySettings
from tests.fakes.samples import settings_of

REQUESTS = [NewAnswer, AnswerChange, NewSurvey, SurveyChange, NewKey]
SECRET = "maria@cliente.example"
ID, HASH = "019cd7a5-0000-7000-8000-000000000000", "a" * 64


def refusal_of(body: bytes, kind: type[msgspec.Struct]) -> Refused:
    with pytest.raises(Refused) as raised:
        decode(body, kind)
    return raised.value


def errors_of(body: object, kind: type[msgspec.Struct]) -> list[tuple[str, str]]:
    refused = refusal_of(json.dumps(body).encode(), kind)
    assert isinstance(refused, Invalid)
    return [(error[0], error.detail) for error in refused.errors]


BAD_ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "no score": ({}, "/score"),
    "score null": ({"score": None}, "/score"),
    "score true": ({"score": True}, "/score"),
    "score false": ({"score": False}, "/score"),
    "score with a point": ({"score": 9.0}, "/score"),
    "score with a fraction": ({"score": 9.5}, "/score"),
    "score as text": ({"score": "9"}, "/score"),
    "score below": ({"score": -1}, "/score"),
    "score above": ({"score": 11}, "/score"),
    "score enormous": ({"score": 10**40}, "/score"),
    "score in a list": ({"score": [9]}, "/score"),
    "unknown field": ({"score": 9, SECRET: 1}, ""),
    "field in another case": ({"score": 9, "Comment": "x"}, ""),
    "comment too long": ({"score": 9, "comment": "x" * 5001}, "/comment"),
    "comment that is none": ({"score": 9, "comment": {"text": SECRET}}, "/comment"),
    "comment with NUL": ({"score": 9, "comment": f"{SECRET}\0"}, "/comment"),
    "finished as text": ({"score": 9, "finished": "true"}, "/finished"),
    "finished as number": ({"score": 9, "finished": 1}, "/finished"),
    "id without hash": ({"score": 9, "answer_id": ID}, "/edit_key_hash"),
    "hash without id": ({"score": 9, "edit_key_hash": HASH}, "/answer_id"),
    "id too short": ({"score": 9, "answer_id": "x", "edit_key_hash": HASH}, "/answer_id"),
    "id too long": ({"score": 9, "answer_id": ID + "0", "edit_key_hash": HASH}, "/answer_id"),
    "hash in capitals": ({"score": 9, "answer_id": ID, "edit_key_hash": "A" * 64}, "/edit_key_hash"),
    "hash with a line break": ({"score": 9, "answer_id": ID, "edit_key_hash": HASH + "\n"}, "/edit_key_hash"),
    "hash too short": ({"score": 9, "answer_id": ID, "edit_key_hash": "a" * 63}, "/edit_key_hash"),
    "touchpoint empty": ({"score": 9, "touchpoint": ""}, "/touchpoint"),
    "touchpoint too long": ({"score": 9, "touchpoint": "x" * 201}, "/touchpoint"),
    "segments as a list": ({"score": 9, "segments": ["plan"]}, "/segments"),
    "segment value that is no text": ({"score": 9, "segments": {SECRET: 1}}, "/segments"),
    "segment value too long": ({"score": 9, "segments": {SECRET: "x" * 201}}, "/segments"),
    "segment key too long": ({"score": 9, "segments": {SECRET * 20: "x"}}, "/segments"),
    "segment with NUL": ({"score": 9, "segments": {"plan\0": "x"}}, "/segments"),
    "21 segments": ({"score": 9, "segments": {f"s{number}": "x" for number in range(21)}}, "/segments"),
    "token empty": ({"score": 9, "respondent_token": ""}, "/respondent_token"),
    "token that is none": ({"score": 9, "respondent_token": {"sub": SECRET}}, "/respondent_token"),
}


@pytest.mark.parametrize("case", BAD_ANSWERS)
def test_an_answer_that_is_not_right_is_refused_with_where(case: str) -> None:
    body, pointer = BAD_ANSWERS[case]
    [(where, how)] = errors_of(body, NewAnswer)
    assert where == pointer
    assert SECRET not in how


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"score": None}, "/score"),
        ({"comment": None}, "/comment"),
        ({"finished": False}, "/finished"),
        ({"finished": None}, "/finished"),
        ({"score": 5, "touchpoint": "x"}, ""),
        ({"score": 11, "finished": True}, "/score"),
    ],
)
def test_a_change_of_an_answer_that_is_not_right_is_refused_with_where(body: dict[str, Any], pointer: str) -> None:
    [(where, _)] = errors_of(body, AnswerChange)
    assert where == pointer


@pytest.mark.parametrize("size", [0, 1, 4999, 5000])
def test_a_comment_may_have_5000_characters_however_many_bytes_they_take(size: int) -> None:
    text = "é" * size
    decoded = decode(json.dumps({"score": 9, "comment": text}, ensure_ascii=False).encode(), NewAnswer)
    assert decoded.comment == text


def test_what_is_expected_is_said_in_plain_words() -> None:
    assert errors_of({"score": 11}, NewAnswer) == [("/score", "a whole number from 0 to 10 is expected")]
    assert errors_of({}, NewAnswer) == [("/score", "this field is required")]
    assert errors_of({"score": 1, "comment": 1}, NewAnswer) == [("/comment", "a text of at most 5000 characters is expected")]
    assert errors_of({"finished": 1}, AnswerChange) == [("/finished", "true or false is expected")]
    assert errors_of({"x": 1}, AnswerChange) == [
        ("", "only these fields are allowed: score, comment, finished, consent_version, respondent_token, invitation")
    ]
    assert errors_of({"revision": 0}, SurveyChange) == [("/revision", "a whole number from 1 is expected")]
    assert errors_of({"name": "x", "scopes": []}, NewKey) == [("/scopes", "a list of 1 to 10 entries is expected")]
    [(_, scopes)] = errors_of({"name": "x", "scopes": ["x"]}, NewKey)
    assert scopes.startswith("one of scores:read, answers:read, ")
    assert errors_of({"locales": ["fr"]}, SurveyChange) == [("/locales/0", "one of en, es, pt-BR is expected")]
    assert errors_of({"pairs": [["a"]]}, SurveyChange) == [("/pairs/0", "a list of 2 entries is expected")]
    assert errors_of({"pairs": [["a", 1]]}, SurveyChange) == [("/pairs/0/1", "a text is expected")]
    assert errors_of({"wording": {"fr": {}}}, SurveyChange) == [("/wording", "one of en, es, pt-BR is expected as each name")]
    assert errors_of({"wording": {"en": {"question": 1}}}, SurveyChange) == [
        ("/wording", "in its entries, a text of 1 to 500 characters is expected")
    ]
    assert errors_of({"segments": [{"values": ["a"]}]}, SurveyChange) == [("/segments/0/key", "this field is required")]
    assert errors_of({"theme": []}, SurveyChange) == [("/theme", "an object is expected")]


@pytest.mark.parametrize("kind", REQUESTS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"true",
        b"7",
        b'"score"',
        b"[]",
        b'[{"score":9}]',
        b"{",
        b'{"score"}',
        b"{'score':9}",
        b'{"score":9,}',
        b"score=9",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b'{"comment":"\xed\xa0\x80"}',
        b'{"comment":"\\ud800"}',
        b'{"comment":"\\udc00\\ud800"}',
        b'{"name":"\\ud83d"}',
        b'{"name":"\xc3\x28"}',
        b'{"comment":"a\nb"}',
        b"[" * LARGEST,
        b'{"a":' * (LARGEST // 5),
    ],
)
def test_what_is_not_one_json_object_in_utf_8_is_refused(kind: type[msgspec.Struct], body: bytes) -> None:
    assert isinstance(refusal_of(body, kind), Malformed | Invalid)
    if body[:1] != b"{":
        assert isinstance(refusal_of(body, kind), Malformed)


@pytest.mark.parametrize("text", [b"\\ud800", b"\\udc00", b"\\ud800x", b"\\ud800\\u0041", b"\xed\xa0\x80"])
def test_a_text_with_a_lone_surrogate_is_no_text(text: bytes) -> None:
    assert isinstance(refusal_of(b'{"score":9,"comment":"' + text + b'"}', NewAnswer), Malformed)


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_body_over_16_kb_is_refused_unread(kind: type[msgspec.Struct]) -> None:
    assert isinstance(refusal_of(b"\xff" * (LARGEST + 1), kind), TooLarge)
    assert not isinstance(refusal_of(b"\xff" * LARGEST, kind), TooLarge)


def test_the_words_backslash_u0000_are_no_nul() -> None:
    assert decode(rb'{"score":9,"comment":"\\u0000"}', NewAnswer).comment == r"\u0000"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


def fields_of(kind: type[msgspec.Struct]) -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from([field.encode_name for field in msgspec.structs.fields(kind)])
    return st.dictionaries(names | st.text(max_size=10), JSON, max_size=6)


@pytest.mark.parametrize("kind", REQUESTS)
@given(data=st.data())
def test_anything_is_decoded_or_refused_and_never_fails(kind: type[msgspec.Struct], data: st.DataObject) -> None:
    body = data.draw(st.binary(max_size=200) | fields_of(kind).map(lambda given: json.dumps(given).encode()))
    try:
        decode(body, kind)
    except Refused as refused:
        assert refused.kind.status in {400, 422}  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("kind", REQUESTS)
@given(data=st.data())
def test_no_value_or_name_that_came_in_comes_back(kind: type[msgspec.Struct], data: st.DataObject) -> None:
    """Planted in the places where msgspec's own messages would repeat it, imitations of those messages included."""
    planted = data.draw(st.sampled_from([SECRET, f"x` - at `$.{SECRET}", f"x` - at `key` in `$.score[{SECRET}]`", f"`{SECRET}`"]))
    name = data.draw(st.sampled_from([field.encode_name for field in msgspec.structs.fields(kind)]))
    wrong: list[object] = [{planted: 1}, {planted: {planted: planted}}, [planted], [[planted, planted]], {"x": {planted: planted}}, planted]
    body = data.draw(st.sampled_from([{planted: 1}, *({name: value} for value in wrong)]))
    try:
        decode(json.dumps(body).encode(), kind)
    except Refused as refused:
        assert SECRET not in json.dumps(refused.to_problem(), default=str)  # noqa: PT017 - either outcome is right


# ── Changing settings ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_knows_every_setting() -> None:
    assert set(SurveyChange.__struct_fields__) - {"revision"} == set(SurveySettings.__struct_fields__)


def test_what_a_change_leaves_out_stays() -> None:
    before = settings_of()
    assert changed_settings(before, decode(b"{}", SurveyChange)) == before
    after = changed_settings(before, decode(b'{"name":"Nova","retention_days":null}', SurveyChange))
    assert (after.name, after.retention_days, after.touchpoints) == ("Nova", None, before.touchpoints)
