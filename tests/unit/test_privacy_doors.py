"""Asking, confirming and answering, on stores in memory: what must hold whatever breaks in between."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity import lookup_of
from shared.privacy.answering import Answering, Handled, handle_request
from shared.privacy.asking import Asking, NotConfirmedError, NotOpenError, Proven, ask, ask_as, confirm, is_request_id, opened_with
from shared.privacy.codes import DIGITS, MOST_MAILS, TRIES, admits, code_of
from shared.privacy.erasure import Refusal, Step
from shared.privacy.holds import Hold
from shared.privacy.letter import letter_of
from shared.privacy.opening import Opening
from shared.privacy.requests import PrivacyRequest, RequestType
from shared.survey import Locale
from tests.fakes.doors import (
    PEPPER,
    KnownPeople,
    Mailbox,
    MemoryEraseQueue,
    MemoryHolds,
    MemoryRequests,
    OpenedErasures,
    instant,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.privacy.ports import Ledger, PeopleToErase

MARIA: Final = "maria@cliente.example"
LOCALES: Final[tuple[Locale, ...]] = ("pt-BR", "en", "es")


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Doors:
    """Everything in memory, and a clock."""

    now: datetime = field(default_factory=instant)

    def __post_init__(self) -> None:
        self.people, self.ledger, self.requests = KnownPeople(), OpenedErasures(), MemoryRequests()
        self.holds, self.queue, self.mailbox = MemoryHolds(self.now), MemoryEraseQueue(), Mailbox()
        self._drawn = 0
        self.people.add("p-maria", email=MARIA, customer_id="c-1")

    @property
    def asking(self) -> Asking:
        people, ledger = cast("PeopleToErase", self.people), cast("Ledger", self.ledger)
        opening = Opening(people, ledger, self.holds, self.queue, lambda: self.now)
        return Asking(self.requests, opening, lambda: PEPPER, self._random)

    def _random(self, count: int) -> bytes:
        self._drawn += 1
        return self._drawn.to_bytes(count)

    def handle(self, request_id: str) -> Handled:
        people = cast("PeopleToErase", self.people)
        return handle_request(request_id, Answering(self.requests, people, self.mailbox, lambda: PEPPER, list, lambda: self.now))

    def asked(self, type_: RequestType = RequestType.DELETION) -> PrivacyRequest:
        request = ask(type_, MARIA, "pt-BR", self.asking)
        assert self.handle(request.request_id) is Handled.MAILED
        return request


def test_asking_looks_nobody_up() -> None:
    doors = Doors()
    ask(RequestType.ACCESS, MARIA, "pt-BR", doors.asking)
    ask(RequestType.ACCESS, "ninguem@cliente.example", "pt-BR", doors.asking)
    assert doors.people.asked == []
    assert [set(message) for message in doors.queue.sent] == [{"request_id"}] * 2


@pytest.mark.parametrize("call", ["open", "erase", "confirm"])
@pytest.mark.parametrize("after", [False, True])
def test_whatever_breaks_while_a_code_is_taken_the_erasure_is_opened_once(call: str, *, after: bool) -> None:
    doors = Doors()
    request = doors.asked()
    code = code_of(request.request_id, PEPPER)
    where: object = {"open": doors.ledger, "erase": doors.queue, "confirm": doors.requests}[call]
    right: Callable[..., object] = getattr(where, call)

    def breaking(*given: object) -> object:
        setattr(where, call, right)
        if after:
            right(*given)
        raise Crash

    setattr(where, call, breaking)
    with pytest.raises(Crash):
        confirm(request.request_id, code, doors.asking)
    if call == "confirm" and after:
        with pytest.raises(NotConfirmedError):  # it was taken, though nobody heard
            confirm(request.request_id, code, doors.asking)
    else:
        confirm(request.request_id, code, doors.asking)
    assert len(doors.ledger.erasures) == 1
    assert {"erasure_id": next(iter(doors.ledger.erasures))} in doors.queue.sent


def test_a_letter_that_was_refused_goes_out_with_the_same_code_the_next_time() -> None:
    doors = Doors()
    request = ask(RequestType.ACCESS, MARIA, "pt-BR", doors.asking)
    send, refused = doors.mailbox.send, []

    def refusing(to: str, letter: object) -> None:
        refused.append(letter)
        raise ConnectionError(to)

    doors.mailbox.send = refusing  # type: ignore[method-assign]  # for once
    with pytest.raises(ConnectionError):
        doors.handle(request.request_id)
    doors.mailbox.send = send  # type: ignore[method-assign]
    assert doors.handle(request.request_id) is Handled.MAILED
    assert [letter for _, letter in doors.mailbox.letters] == refused


def test_a_person_on_hold_is_not_erased_and_told_why_and_the_others_are() -> None:
    doors = Doors()
    doors.people.add("p-joana", email=MARIA, customer_id="c-2")
    held = lookup_of("customer_id", "c-2", PEPPER)
    doors.holds.place(Hold(hold_id="hold_1", lookup=held, reason="Processo", legal_reference="CPC", placed_at=doors.now))
    request = doors.asked()
    confirm(request.request_id, code_of(request.request_id, PEPPER), doors.asking)
    refused, opened = sorted(doors.ledger.erasures.values(), key=lambda erasure: erasure.refusal is None)
    assert (refused.refusal, refused.step, refused.reason, refused.person_id) == (Refusal.LEGAL_HOLD, Step.DONE, "Processo", None)
    assert (opened.refusal, opened.step, opened.person_id) == (None, Step.MARK, "p-maria")
    assert [message["erasure_id"] for message in doors.queue.sent if "erasure_id" in message] == [opened.erasure_id]


def test_a_confirmed_deletion_forgets_whose_it_was() -> None:
    doors = Doors()
    request = doors.asked()
    confirm(request.request_id, code_of(request.request_id, PEPPER), doors.asking)
    assert doors.requests.requests[request.request_id].persons == ()


def test_nobody_is_found_to_be_nobody() -> None:
    doors = Doors()
    for type_ in RequestType:
        confirmed = ask_as(Proven(()), type_, "en", doors.asking)
        assert opened_with(confirmed.request.request_id, confirmed.token, doors.asking) == confirmed.request
    assert doors.ledger.erasures == {}


@pytest.mark.parametrize(("type_", "lives"), [(RequestType.ACCESS, timedelta(hours=1)), (RequestType.DELETION, timedelta(days=30))])
def test_a_token_lives_as_long_as_what_it_opens(type_: RequestType, lives: timedelta) -> None:
    doors = Doors()
    confirmed = ask_as(Proven(("p-maria",)), type_, "en", doors.asking)
    doors.now += lives - timedelta(seconds=1)
    assert opened_with(confirmed.request.request_id, confirmed.token, doors.asking) == confirmed.request
    doors.now += timedelta(seconds=1)
    with pytest.raises(NotOpenError):
        opened_with(confirmed.request.request_id, confirmed.token, doors.asking)


def test_an_unconfirmed_request_opens_with_no_token() -> None:
    doors = Doors()
    request = doors.asked()
    for token in ("", "None", "0" * 64):
        with pytest.raises(NotOpenError):
            opened_with(request.request_id, token, doors.asking)


@given(st.text(max_size=40))
def test_only_the_code_itself_is_taken(text: str) -> None:
    assert admits(text, "req_1", PEPPER) is (text == code_of("req_1", PEPPER))


def test_codes_have_eight_digits_spread_evenly_and_follow_from_request_and_key() -> None:
    codes = [code_of(f"req_{number}", PEPPER) for number in range(20_000)]
    assert {len(code) for code in codes} == {DIGITS}
    assert len(set(codes)) > 19_980
    expected = 20_000 * DIGITS / 10
    chi_square = sum((count - expected) ** 2 / expected for count in Counter("".join(codes)).values())
    assert chi_square < 27.88  # 9 degrees of freedom, 1 in 1,000; the codes are the same in every run
    assert code_of("req_1", PEPPER) != code_of("req_1", b"another key")


def test_a_guesser_has_one_chance_in_millions_an_hour() -> None:
    assert MOST_MAILS * TRIES / 10**DIGITS < 1 / 3_000_000


@given(st.text(max_size=60))
def test_whatever_is_asked_for_as_an_id_is_answered(text: str) -> None:
    doors = Doors()
    assert not is_request_id(text) or text.startswith("req_")
    with pytest.raises(NotOpenError):
        opened_with(text, text, doors.asking)
    with pytest.raises(NotConfirmedError):
        confirm(text, text, doors.asking)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("type_", RequestType)
def test_a_letter_has_its_code_in_text_and_html_and_none_in_its_subject(type_: RequestType, locale: Locale) -> None:
    letter = letter_of(type_, "12345678", ["Loja"], locale)
    assert "1234 5678" in letter.text
    assert "1234 5678" in letter.html
    assert "15" in letter.text
    assert not any(digit.isdigit() for digit in letter.subject)
    assert "{" not in letter.text + letter.html
    assert "http" not in letter.text + letter.html.replace("http-equiv", "")


def test_letters_say_from_whom_they_come_and_run_nothing() -> None:
    letter = letter_of(RequestType.ACCESS, "12345678", ["A\r\nBcc: x", "<b>B</b>", "C"], "pt-BR")
    assert "A Bcc: x, <b>B</b> e C" in letter.text
    assert "A Bcc: x, &lt;b&gt;B&lt;/b&gt; e C" in letter.html
    assert letter_of(RequestType.ACCESS, "12345678", [], "en").text.endswith("Satisfaction survey\n")


def test_the_languages_of_a_letter_differ() -> None:
    letters = [letter_of(RequestType.ACCESS, "12345678", [], locale) for locale in LOCALES]
    assert len({(letter.subject, letter.text, letter.html) for letter in letters}) == len(LOCALES)


def test_a_code_is_taken_15_minutes_after_its_letter_whenever_that_was() -> None:
    doors = Doors()
    request = ask(RequestType.ACCESS, MARIA, "pt-BR", doors.asking)
    doors.now += timedelta(minutes=14)
    doors.handle(request.request_id)
    doors.now += timedelta(minutes=14)
    confirmed = confirm(request.request_id, code_of(request.request_id, PEPPER), doors.asking)
    assert confirmed.request.persons == ("p-maria",)


def test_without_a_profile_that_can_be_read_nothing_is_mailed() -> None:
    doors = Doors()
    doors.people.profiles["p-maria"] = replace(doors.people.profiles["p-maria"], email=None)
    request = ask(RequestType.ACCESS, MARIA, "pt-BR", doors.asking)
    assert doors.handle(request.request_id) is Handled.UNKNOWN
    assert doors.handle(request.request_id) is Handled.GONE
