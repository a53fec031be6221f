"""What happened on some days, written down by staff, over HTTP."""

import json
from typing import Any

import pytest

from functions.manage import annotations, composition
from shared.store.annotations import Annotations
from shared.store.registry import SurveyStore
from tests.fakes.samples import survey_of
from tests.integration.gateway import Reply, invoke

ALL = "/v1/surveys/{survey_id}/annotations"
ONE = f"{ALL}/{{annotation_id}}"
STAFF = {"key_id": "staff", "scopes": "surveys scores:read"}
READER = {"key_id": "reader", "scopes": "scores:read"}
RELEASE = {"day": "2026-03-10", "kind": "release", "text": "Novo checkout"}


@pytest.fixture(autouse=True)
def _survey(aws: None) -> None:  # noqa: ARG001 - where it is stored
    composition.compose()
    for survey_id in ("demo", "outra"):
        assert SurveyStore().create(survey_of(survey_id))


def post(body: object, survey_id: str = "demo") -> Reply:
    return invoke(f"POST {ALL}", STAFF, body=encoded(body), path={"survey_id": survey_id})


def patch(annotation_id: str, body: object, survey_id: str = "demo") -> Reply:
    return invoke(f"PATCH {ONE}", STAFF, body=encoded(body), path={"survey_id": survey_id, "annotation_id": annotation_id})


def delete(annotation_id: str, survey_id: str = "demo") -> Reply:
    return invoke(f"DELETE {ONE}", STAFF, path={"survey_id": survey_id, "annotation_id": annotation_id})


def listed(survey_id: str = "demo") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = invoke(f"GET {ALL}", READER, path={"survey_id": survey_id}).body["annotations"]
    return found


def encoded(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def test_an_annotation_is_written_listed_changed_and_deleted() -> None:
    reply = post(RELEASE)
    assert reply.status == 201
    made = reply.body
    assert {name: made[name] for name in ("from", "to", "kind", "text")} == {
        "from": "2026-03-10",
        "to": "2026-03-10",
        "kind": "release",
        "text": "Novo checkout",
    }
    assert listed() == [made]
    assert listed("outra") == []
    changed = patch(made["annotation_id"], {"to": "2026-03-12", "kind": "incident"}).body
    assert changed == made | {"to": "2026-03-12", "kind": "incident"}
    assert patch(made["annotation_id"], {"day": "2026-04-01"}).body["to"] == "2026-04-01"
    assert patch(made["annotation_id"], {"text": "Outro"}).body["text"] == "Outro"
    assert delete(made["annotation_id"]).status == 204
    assert listed() == []
    assert delete(made["annotation_id"]).problem == "no-such-annotation"


def test_they_are_listed_by_their_first_day() -> None:
    for first, last in (("2026-05-01", "2026-05-03"), ("2025-12-31", "2026-12-31"), ("2026-05-01", "2026-05-02")):
        post({"from": first, "to": last, "text": last})
    assert [each["to"] for each in listed()] == ["2026-12-31", "2026-05-02", "2026-05-03"]
    assert {each["kind"] for each in listed()} == {"other"}


@pytest.mark.parametrize("text", ["a", "ção 🙂" * 33, "<script>alert(1)</script>", "=1+1", "x" * 200, " a "])
def test_any_text_of_200_characters_comes_back_as_it_was(text: str) -> None:
    assert post(RELEASE | {"text": text}).body["text"] == text
    assert listed()[0]["text"] == text


BAD: dict[str, tuple[object, int, str | None]] = {
    "no body": (b"", 400, None),
    "no object": (b"[]", 400, None),
    "no JSON": (b"{", 400, None),
    "nothing": ({}, 422, "/text"),
    "no day": ({"text": "a"}, 422, ""),
    "only a first day": ({"from": "2026-03-10", "text": "a"}, 422, ""),
    "a day and days": (RELEASE | {"from": "2026-03-10", "to": "2026-03-11"}, 422, "/day"),
    "reversed": ({"from": "2026-03-11", "to": "2026-03-10", "text": "a"}, 422, "/to"),
    "more than a year": ({"from": "2026-01-01", "to": "2027-01-02", "text": "a"}, 422, "/to"),
    "a day that is none": (RELEASE | {"day": "2026-02-30"}, 422, "/day"),
    "an instant": (RELEASE | {"day": "2026-03-10T00:00:00Z"}, 422, "/day"),
    "a number for a day": (RELEASE | {"day": 20260310}, 422, "/day"),
    "no text": (RELEASE | {"text": ""}, 422, "/text"),
    "only spaces": (RELEASE | {"text": " \n\t"}, 422, "/text"),
    "201 characters": (RELEASE | {"text": "x" * 201}, 422, "/text"),
    "a NUL": (RELEASE | {"text": "a\0b"}, 422, "/text"),
    "a list for a text": (RELEASE | {"text": ["a"]}, 422, "/text"),
    "null for a text": (RELEASE | {"text": None}, 422, "/text"),
    "an unknown kind": (RELEASE | {"kind": "secret-value"}, 422, "/kind"),
    "an unknown field": (RELEASE | {"secret-value": 1}, 422, ""),
    "an id of its own": (RELEASE | {"annotation_id": "ann_" + "a" * 16}, 422, ""),
    "17 KB": (RELEASE | {"text": "x" * 17_000}, 413, None),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_annotation_is_refused(case: str) -> None:
    body, status, pointer = BAD[case]
    refused = post(body)
    assert refused.status == status
    assert "secret-value" not in refused.text
    if pointer is not None:
        assert refused.body["errors"][0]["pointer"] == pointer
    assert listed() == []


@pytest.mark.parametrize(
    "change", [{"to": "2026-03-09"}, {"from": "2026-03-11"}, {"to": "2027-03-11"}, {"day": "2026-03-10", "to": "2026-03-11"}]
)
def test_a_change_that_leaves_wrong_days_is_refused_and_changes_nothing(change: dict[str, str]) -> None:
    made = post(RELEASE).body
    assert patch(made["annotation_id"], change).status == 422
    assert listed() == [made]


@pytest.mark.parametrize("annotation_id", ["", "ann_" + "b" * 16, "..", "a\0b", "ann_" + "a" * 3000, "#"])
def test_an_annotation_that_is_not_there_is_not_found(annotation_id: str) -> None:
    post(RELEASE)
    assert patch(annotation_id, {"text": "a"}).problem == "no-such-annotation"
    assert delete(annotation_id).problem == "no-such-annotation"
    assert len(listed()) == 1


def test_an_annotation_of_another_survey_is_not_found() -> None:
    made = post(RELEASE, "outra").body
    assert patch(made["annotation_id"], {"text": "a"}).problem == "no-such-annotation"
    assert delete(made["annotation_id"]).problem == "no-such-annotation"
    assert listed("outra") == [made]


@pytest.mark.parametrize("survey_id", ["", "nobody", "demo#", "\0", "a" * 500])
def test_a_survey_that_is_not_there_is_not_found(survey_id: str) -> None:
    assert post(RELEASE, survey_id).problem == "no-such-survey"
    assert patch("ann_x", {"text": "a"}, survey_id).problem == "no-such-survey"
    assert delete("ann_x", survey_id).problem == "no-such-survey"
    assert invoke(f"GET {ALL}", READER, path={"survey_id": survey_id}).problem == "no-such-survey"


@pytest.mark.parametrize("route", [f"POST {ALL}", f"PATCH {ONE}", f"DELETE {ONE}"])
def test_a_reader_of_scores_reads_them_and_writes_none(route: str) -> None:
    assert invoke(route, READER, body=encoded(RELEASE)).problem == "scope-missing"
    assert invoke(f"GET {ALL}", {"key_id": "other", "scopes": "surveys"}).problem == "scope-missing"


def test_a_survey_has_500_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotations, "MOST_OF_A_SURVEY", 2)
    made = [post(RELEASE) for _ in range(3)]
    assert [reply.status for reply in made] == [201, 201, 409]
    assert made[2].problem == "too-many-annotations"
    assert post(RELEASE, "outra").status == 201


def test_two_changes_at_once_are_both_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made = post(RELEASE).body
    replace = Annotations.replace
    passed: list[None] = []

    def interrupted(self: Annotations, *arguments: Any) -> bool:  # noqa: ANN401 - as the store has it
        if not passed:
            passed.append(None)
            assert patch(made["annotation_id"], {"kind": "incident"}).status == 200
        return replace(self, *arguments)

    monkeypatch.setattr(Annotations, "replace", interrupted)
    assert patch(made["annotation_id"], {"text": "Outro"}).status == 200
    assert [(each["kind"], each["text"]) for each in listed()] == [("incident", "Outro")]
