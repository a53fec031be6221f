"""`make demo-data`, a fortnight of it: surveys, waves, annotations and answers through the doors of the deployed stack."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from secrets import token_hex

from rich.console import Console

from infra.demo.__main__ import load
from infra.demo.answers import year_of
from infra.demo.surveys import ACCOUNTS, APP
from infra.local.stack import Stack
from shared.periods import local_day


def test_a_part_of_the_year_is_loaded_once_however_often_it_is_sent(stack: Stack) -> None:
    survey_id = f"demo-{token_hex(4)}"
    survey = replace(APP, settings={**APP.settings, "survey_id": survey_id}, days=14)
    today = local_day(datetime.now(UTC), "America/Sao_Paulo")
    sent = len(list(year_of(survey, today)))
    counts = [load(stack, survey, today, Console(file=StringIO()))["counts"] for _ in range(2)]
    assert [(each["imported"], each["already_there"], each["refused"]) for each in counts] == [(sent, 0, 0), (0, sent, 0)]
    report = stack.request("GET", f"/v1/surveys/{survey_id}/nps", key=stack.api_key).json()
    assert (report["answers"], report["goal"]["nps"]) == (sent, 50)
    assert len(stack.request("GET", f"/v1/surveys/{survey_id}/annotations", key=stack.api_key).json()["annotations"]) == 2


def test_a_survey_in_waves_has_the_year_s(stack: Stack) -> None:
    survey_id = f"demo-{token_hex(4)}"
    survey = replace(ACCOUNTS, settings={**ACCOUNTS.settings, "survey_id": survey_id}, days=120, a_day=0.3)
    load(stack, survey, local_day(datetime.now(UTC), "America/Sao_Paulo"), Console(file=StringIO()))
    waves = stack.request("GET", f"/v1/surveys/{survey_id}/waves", key=stack.api_key).json()["waves"]
    assert len(waves) >= 2
    assert [wave["last_day"] for wave in waves].count(None) == 1
