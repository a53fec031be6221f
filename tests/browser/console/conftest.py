"""A survey with answers that the console's tests share, and somebody of each role, signed in once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from infra.local.stack import Stack
from shared.access import Role
from tests.browser.console.console import Console, at_console
from tests.e2e.staff import PASSWORD, member
from tests.e2e.survey import Device, OpenSurvey, wait_until

SCORES = [10, 9, 3, 8, 10, 9, 6, 10, 7, 9, 10, 0, 9, 8, 10, 9, 5, 10, 9, 10, 8, 9, 10, 2]
COMMENTS = {3: "Demorou, e ninguém avisou.", 0: "O pedido não chegou.", 10: "Adorei o pão!"}


@dataclass(frozen=True)
class Staff:
    """Somebody who may sign in."""

    email: str
    password: str = PASSWORD


@pytest.fixture(scope="session")
def answered(stack: Stack) -> OpenSurvey:
    """A survey that two dozen people answered on the last days, some of them known by name. Tests only read it."""
    survey = OpenSurvey(stack, name="Clientes da Padaria", pairs=[["touchpoint", "segment.plan"]], goal=40)
    for place, score in enumerate(SCORES):
        device = Device.new(timedelta(days=place % 12, hours=1))
        token = {"respondent_token": survey.token(sub=f"c-{place}", name=f"Ana {place}")} if place % 3 == 0 else {}
        given = {"touchpoint": ("checkout", "support")[place % 2], "segments": {"plan": ("free", "pro")[place % 2]}, "channel": "widget"}
        comment = {"comment": COMMENTS[score]} if score in COMMENTS else {}
        assert survey.post(device.body(score=score, finished=True, **given, **token, **comment)).status == 201
    wait_until(lambda: survey.score()["answers"] == len(SCORES), 60)
    return survey


@pytest.fixture(scope="session")
def staff(stack: Stack) -> Callable[[Role], Staff]:
    """Somebody of a role, invited once."""
    known: dict[Role, Staff] = {}

    def of(role: Role) -> Staff:
        if role not in known:
            known[role] = Staff(member(stack, role).user["email"])
        return known[role]

    return of


@pytest.fixture(scope="session")
def signed_in(browser: Browser, stack: Stack, staff: Callable[[Role], Staff]) -> Iterator[Callable[[Role], Console]]:
    """A browser of somebody of a role, who signed in once; tests open what they need in it."""
    with ExitStack() as all_of_them:
        at: dict[Role, Console] = {}

        def of(role: Role) -> Console:
            if role not in at:
                console = all_of_them.enter_context(at_console(browser, stack))
                console.open()
                console.sign_in(staff(role).email, staff(role).password)
                console.page.get_by_role("navigation").wait_for()
                at[role] = console
            return at[role]

        yield of


@pytest.fixture
def manager(signed_in: Callable[[Role], Console]) -> Iterator[Console]:
    """A manager, in front of nothing yet. Nothing may go wrong in a test."""
    console = signed_in(Role.MANAGER)
    yield console
    assert console.errors == []


@pytest.fixture
def anybody(browser: Browser, stack: Stack) -> Iterator[Console]:
    """Somebody at the door, with a browser of their own."""
    with at_console(browser, stack) as console:
        yield console
