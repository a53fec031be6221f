"""Waves over the gateway."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.manage import composition
from tests.integration.gateway import Gateway, Reply

WAVES = "/v1/surveys/{survey_id}/waves"
WAVE = f"{WAVES}/{{wave_id}}"
LATE_ON_THE_NINTH = datetime(2026, 3, 10, 1, tzinfo=UTC)
"""Ten in the evening in São Paulo."""


class Waves:
    """Somebody who plans waves of one survey."""

    def __init__(self, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gateway = gateway
        self.admin = gateway.first_key()
        self.key = gateway.key_with("surveys", maker=self.admin)
        made = gateway.call("POST /v1/surveys", key=self.key, body={"name": "Compra", "company": "Loja", "survey_id": "loja"})
        assert made.status == 201, made.text
        monkeypatch.setattr(composition, "_now", lambda: LATE_ON_THE_NINTH)
        composition.compose.cache_clear()

    def call(self, route: str, body: object = None, wave_id: str | None = None, survey_id: str = "loja") -> Reply:
        return self.gateway.call(route, key=self.key, body=body, survey_id=survey_id, wave_id=wave_id or "")

    def begin(self, **body: object) -> Any:  # noqa: ANN401 - JSON
        begun = self.call(f"POST {WAVES}", body)
        assert begun.status == 201, begun.text
        return begun.body

    def listed(self) -> Any:  # noqa: ANN401 - JSON
        return self.call(f"GET {WAVES}").body["waves"]


@pytest.fixture
def waves(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Waves:
    return Waves(gateway, monkeypatch)


def test_a_wave_begins_today_by_the_surveys_own_day_and_is_closed_today(waves: Waves) -> None:
    begun = waves.begin(name="Março")
    assert (begun["name"], begun["first_day"], begun["last_day"]) == ("Março", "2026-03-09", None)
    assert waves.listed() == [begun]
    closed = waves.call(f"POST {WAVE}/close", wave_id=begun["wave_id"])
    assert (closed.status, closed.body["last_day"]) == (200, "2026-03-09")
    assert waves.call(f"POST {WAVE}/close", wave_id=begun["wave_id"]).body == closed.body
    assert waves.listed() == [closed.body]


def test_past_waves_are_entered_closed_and_listed_by_their_days(waves: Waves) -> None:
    waves.begin(name="Março")
    waves.begin(name="Janeiro", first_day="2026-01-05", last_day="2026-01-18")
    assert [each["name"] for each in waves.listed()] == ["Janeiro", "Março"]
    assert waves.call(f"POST {WAVES}", {"name": "Outra", "first_day": "2026-01-18", "last_day": "2026-01-19"}).status == 422


def test_a_wave_is_renamed_and_its_end_moved(waves: Waves) -> None:
    begun = waves.begin(name="Marco", first_day="2026-03-01")
    renamed = waves.call(f"PATCH {WAVE}", {"name": "Março"}, begun["wave_id"])
    assert (renamed.status, renamed.body["name"]) == (200, "Março")
    moved = waves.call(f"POST {WAVE}/close", {"last_day": "2026-03-31"}, begun["wave_id"])
    assert (moved.status, moved.body["last_day"]) == (200, "2026-03-31")


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        ({"name": "Outra"}, "/first_day", "close that one first"),
        ({"name": ""}, "/name", "1 to 120"),
        ({"name": "x" * 121}, "/name", "1 to 120"),
        ({"name": "Outra", "first_day": "2026-02-30"}, "/first_day", "YYYY-MM-DD"),
        ({"name": "Outra", "first_day": 20260301}, "/first_day", "YYYY-MM-DD"),
        ({"name": "Outra", "first_day": "2026-03-01T00:00:00Z"}, "/first_day", "YYYY-MM-DD"),
        ({"name": "Outra", "first_day": "2026-02-01", "last_day": "2026-01-01"}, "/last_day", "not before"),
        ({"name": "Outra", "first_day": "2026-02-01", "last_day": "2026-03-09"}, "/first_day", "another wave"),
        ({"name": "Outra", "last_day": "9999-12-31"}, "/first_day", "ahead"),
        ({"name": "Outra", "wave_id": "0" * 16}, "", "only these fields"),
    ],
)
def test_a_wave_that_is_not_right_is_refused_with_where_and_how(waves: Waves, body: dict[str, object], pointer: str, says: str) -> None:
    there = waves.begin(name="Março")
    refused = waves.call(f"POST {WAVES}", body)
    assert refused.status == 422
    assert refused.body["errors"][0]["pointer"] == pointer
    assert says in refused.body["errors"][0]["detail"]
    assert waves.listed() == [there]


@pytest.mark.parametrize("route", [f"GET {WAVES}", f"POST {WAVES}", f"PATCH {WAVE}", f"POST {WAVE}/close"])
def test_no_wave_is_found_by_an_id_that_is_not_its_own(waves: Waves, route: str) -> None:
    there = waves.begin(name="Março")
    body = {"name": "Outra"} if "close" not in route and not route.startswith("GET") else None
    assert waves.call(route, body, there["wave_id"], survey_id="outra").status == 404
    if "{wave_id}" in route:
        assert waves.call(route, body, "0" * 16).body["type"].endswith("no-such-wave")
    assert waves.listed() == [there]


def test_a_change_of_settings_keeps_the_waves(waves: Waves) -> None:
    there = waves.begin(name="Março")
    waves.gateway.call("PATCH /v1/surveys/{survey_id}", key=waves.key, body={"name": "Compras"}, survey_id="loja")
    assert waves.listed() == [there]


@pytest.mark.parametrize("scope", ["scores:read", "answers:read", "channels"])
def test_only_who_manages_surveys_sees_or_plans_waves(waves: Waves, scope: str) -> None:
    key = waves.gateway.key_with(scope, maker=waves.admin)
    assert waves.gateway.call(f"GET {WAVES}", key=key, survey_id="loja").status == 403
    assert waves.gateway.call(f"POST {WAVES}", key=key, body={"name": "Onda"}, survey_id="loja").status == 403
