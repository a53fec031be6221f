"""On the deployed stack: of forty customers twenty are erased, while answers keep coming and functions are killed.

Of those nothing is left anywhere, of the others everything, counters are exact, and the receipts verify.
"""

import os
import secrets
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import jwt
import pytest

from infra.local.receiver import Receiver
from infra.local.stack import Stack
from shared.privacy.sealing import BrokenSealError
from shared.scoring import classify
from tests.e2e.customers import Customer, ask_on_the_page, ask_with_the_key, erase_for_the_controller
from tests.e2e.listeners import Inbox, Room, TestedChannel
from tests.e2e.survey import Device, OpenSurvey, scan, unsealed, wait_until
from tests.planted import spellings
from tests.tool_limits import slack

PEOPLE = 40
MOST_KILLED = 12
MOST_COMING = 60
"""Alerts of more answers would only keep what the receivers are told of the erased waiting, the longer the slower the machine is."""
SECONDS_FOR_ALL = 240


@pytest.mark.timeout(600)
def test_of_those_who_were_erased_nothing_is_left_and_of_the_others_everything(
    start_stack: Callable[[Path], AbstractContextManager[Stack]], tmp_path: Path
) -> None:
    customers = [Customer(number) for number in range(PEOPLE)]
    by_page, by_controller, others = customers[0::4], customers[2::4], customers[1::2]
    erased = by_page + by_controller
    inbox, echo = Inbox(), Inbox()
    with start_stack(tmp_path) as stack, Room(slack.check) as room, Receiver(inbox.take) as receiver, Receiver(echo.take) as second:
        keeps, forgets = OpenSurvey(stack), OpenSurvey(stack)
        change = {"on_erasure": "forget_score"}
        assert stack.request("PATCH", forgets.path, change, key=stack.api_key).status == 200
        everything = ["comment", "first_name", "email", "customer_id"]
        TestedChannel.webhook(stack, receiver, include=everything, mask_comment=False, wait_seconds=0)
        TestedChannel.webhook(stack, second, wait_seconds=0)  # is given nothing personal, so it has nobody to be told of
        TestedChannel.room(stack, "slack", room, include=["comment", "first_name"], wait_seconds=0)
        for customer in customers:
            customer.answer(keeps, customer.number % 11)
            customer.answer(forgets, customer.number % 7)
        alerted = sum(score <= 6 for customer in customers for *_, score in customer.answers)
        wait_until(lambda: len({alert.data["answer_id"] for alert in inbox.alerts}) == alerted, 90)
        copy = scan(stack, "PeopleTable")
        assert {text for item in copy for text in unsealed(stack, item).values()} >= {customer.comment for customer in customers}

        with answers_coming(keeps) as came:
            for customer in by_page:
                (ask_with_the_key if customer.is_anonymous else ask_on_the_page)(stack, customer)
            for customer in by_controller:
                opened = erase_for_the_controller(stack, customer)
                assert opened.status == 202, opened.body
            with killing_the_eraser(tmp_path) as killed:
                done = wait_for_all(stack, sum(len(customer.persons) for customer in erased))
        assert killed
        assert all(each["refusal"] is None for each in done)

        told = [alert for alert in inbox.alerts if alert.type == "subject.erased"]
        gone = {device.answer_id for customer in erased for _, device, score in customer.answers if score <= 6}
        assert {answer_id for alert in told for answer_id in alert.data["answer_ids"]} == gone
        assert len({alert.message_id for alert in told}) == sum(
            any(score <= 6 for score in scores) for customer in erased for scores in customer.persons
        )
        assert not [alert for alert in echo.alerts if alert.type == "subject.erased"]
        assert not room.faults

        kept = {customer.mark for customer in others if not customer.is_anonymous}
        shown = {text for item in scan(stack, "PeopleTable") for text in unsealed(stack, item).values()}
        assert shown >= {customer.comment for customer in others}
        assert {customer.mark for customer in customers if customer.email in shown} == kept
        assert readable(stack, copy) == {customer.comment for customer in others}
        for customer in others:
            for survey, device, score in customer.answers:
                found = shown_answer(survey, device)
                assert (found["score"], found["comment"]) == (score, customer.comment)
                assert (found["person"] or {}).get("email") == (None if customer.is_anonymous else customer.email)
        for customer in erased:
            survey, device, score = customer.answers[0]
            found = shown_answer(survey, device)
            assert (found["score"], found["comment"], found["person"]) == (score, None, None)
            assert survey.patch(device, score=10).status in {404, 409}

        scores = Counter(score for customer in customers for *_, score in customer.answers[:1])
        assert_counted(keeps, scores + Counter(came))
        assert_counted(forgets, Counter(score for customer in others for *_, score in customer.answers[1:]))
        said = [each for customer in erased for each in ([(1, 0), (1, 1)] if customer.is_anonymous else [(2, 1)])]
        assert Counter(receipts_that_verify(stack, done)) == Counter(said)
    assert_nowhere(tmp_path, erased)


def shown_answer(survey: OpenSurvey, device: Device) -> dict[str, Any]:
    """An answer as Customer Success sees it."""
    answer = survey.stack.request("GET", f"{survey.path}/answers/{device.answer_id}", key=survey.stack.api_key)
    assert answer.status == 200, answer.body
    shown: dict[str, Any] = answer.json()
    return shown


@contextmanager
def answers_coming(survey: OpenSurvey) -> Iterator[list[int]]:
    """Somebody answers all the time."""
    came: list[int] = []
    stop = threading.Event()

    def answer() -> None:
        while not stop.wait(0.4) and len(came) < MOST_COMING:
            score = secrets.randbelow(11)
            if survey.post(Device.new().body(score=score, finished=True)).status == 201:
                came.append(score)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield came
    finally:
        stop.set()
        thread.join()


@contextmanager
def killing_the_eraser(home: Path) -> Iterator[list[int]]:
    """Some of the eraser's processes are killed, whatever they are at; the clock brings what they left."""
    killed: list[int] = []
    stop = threading.Event()

    def kill() -> None:
        while not stop.wait(1.5) and len(killed) < MOST_KILLED:
            for process in processes_of("erase", home):
                os.kill(process, signal.SIGKILL)
                killed.append(process)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        stop.set()
        thread.join()


def processes_of(function: str, home: Path) -> list[int]:
    """Those that run a function of this deployment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name, environment = (process / "comm").read_text().strip(), (process / "environ").read_bytes()
        except OSError:
            continue
        if name == function and str(home).encode() in environment:
            found.append(int(process.name))
    return found


def wait_for_all(stack: Stack, expected: int) -> list[dict[str, Any]]:
    """Until every erasure has its receipt; the clock brings what a killed function left."""

    def done() -> list[dict[str, Any]]:
        listed = stack.request("GET", "/v1/privacy/erasures", key=stack.api_key).json()["erasures"]
        return [each for each in listed if each["step"] == "done"]

    deadline = time.monotonic() + SECONDS_FOR_ALL
    while len(done()) < expected:
        assert time.monotonic() < deadline, stack.request("GET", "/v1/privacy/erasures", key=stack.api_key).body
        stack.aws.lambda_.invoke(FunctionName=stack.outputs["EraseFunction"], Payload=b"{}")
        time.sleep(1)
    return done()


def readable(stack: Stack, copy: list[dict[str, Any]]) -> set[str]:
    """The comments of an old copy of People that can still be opened, with all the keys that there are now."""
    found: set[str] = set()
    for item in copy:
        try:
            found |= {text for name, text in unsealed(stack, item).items() if name == "text"}
        except (KeyError, BrokenSealError):
            continue
    return found


def assert_counted(survey: OpenSurvey, scores: Counter[int]) -> None:
    wait_until(lambda: survey.score().get("distribution") == [scores[score] for score in range(11)], 30)
    report = survey.score()
    classes = Counter(classify(score).value for score in scores.elements())
    assert (report["promoters"], report["passives"], report["detractors"]) == (
        classes["promoter"],
        classes["passive"],
        classes["detractor"],
    )


def receipts_that_verify(stack: Stack, done: list[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """How many answers each says were anonymised, and withdrawn; verified by the public keys alone, as anybody could."""
    keys = jwt.PyJWKSet.from_dict(stack.request("GET", "/v1/privacy/receipt-keys").json())
    for erasure in done:
        answer = stack.request("GET", f"/v1/privacy/receipts/{erasure['receipt_id']}")
        assert answer.status == 200
        receipt = answer.json()["receipt"]
        claims = jwt.decode(receipt, keys[jwt.get_unverified_header(receipt)["kid"]], algorithms=["EdDSA"], options={"verify_aud": False})
        assert claims["receipt_id"] == erasure["receipt_id"]
        yield claims["counts"]["answers.anonymised"], claims["counts"].get("answers.withdrawn", 0)


def assert_nowhere(home: Path, erased: list[Customer]) -> None:
    """Not in all that the emulated AWS saved, nor in any log; the mailbox of the letters aside, which is the customers' own."""
    saved = [path for path in (*(home / "state").iterdir(), *home.glob("*.log")) if path.is_file()]  # in the folders lies code alone
    hay = {path.name: without_letters(path.read_bytes().lower()) for path in saved if path.name != "ses.json"}
    assert {"dynamodb.json", "sqs.json", "cloudwatch_logs.json", "emulator.log"} <= hay.keys()
    looked_for = {spelling.lower(): text for customer in erased for text in customer.planted for spelling in spellings(text)}
    assert not {(name, text) for spelling, text in looked_for.items() for name, content in hay.items() if spelling in content}


def without_letters(content: bytes) -> bytes:
    """Without what the emulator itself logs of a letter that it was given to send."""
    return b"\n".join(line for line in content.splitlines() if b" info [ses" not in line)
