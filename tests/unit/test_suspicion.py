"""What is suspicious about an answer, and how floods from one network are noticed and set aside."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.answer import Answer, Change, Standing, SuspicionReason
from shared.intake.suspicion import SPAN, network_of, span_begin, suspicions_of
from shared.intake.traffic import Watch
from shared.survey import Survey
from tests.fakes.reception import Crash, Reception, token
from tests.fakes.samples import NOON, settings_of, survey_of

HOME, OTHER = "203.0.113.7", "198.51.100.1"
NETWORK = (SuspicionReason.NETWORK,)


def survey_with(most: int | None) -> Survey:
    return survey_of(settings=settings_of(most_per_network=most))


class Doors(Reception):
    """Several containers that take answers of one survey, with one Traffic table behind them."""

    def __init__(self, most: int | None = 3, containers: int = 1) -> None:
        super().__init__(survey=survey_with(most))
        self.watches = [Watch(self.traffic) for _ in range(containers)]
        self.posts = 0

    def post(self, container: int = 0, source_ip: str | None = HOME, **body: Any) -> Answer:  # noqa: ANN401 - any field
        """A new answer through one container."""
        self.posts += 1
        return self.post_again(self.posts, container, source_ip, **body)

    def post_again(self, number: int, container: int = 0, source_ip: str | None = HOME, **body: Any) -> Answer:  # noqa: ANN401 - likewise
        """The answer of that number, sent again."""
        object.__setattr__(self.intake, "watch", self.watches[container])
        return self.receive(self.new(number, **body), source_ip).answer

    def standings(self) -> Sequence[Standing]:
        """Of all answers, in the order of their ids."""
        return [answer.standing for answer in sorted(self.stored(), key=lambda answer: answer.key.answer_id)]


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        ({}, ()),
        ({"website": "", "took_ms": 300}, ()),
        ({"took_ms": 299}, (SuspicionReason.TOO_FAST,)),
        ({"took_ms": 0, "website": "https://x.example"}, (SuspicionReason.HONEYPOT, SuspicionReason.TOO_FAST)),
    ],
)
def test_an_answer_tells_against_itself(body: dict[str, Any], reasons: tuple[SuspicionReason, ...]) -> None:
    assert suspicions_of(Reception().new(**body)) == reasons


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::1", "::/64"),
        (None, None),
        ("", None),
        ("203.0.113.7, 198.51.100.1", None),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_a_network_is_an_address_or_the_part_of_one_that_its_owner_cannot_choose(address: str | None, network: str | None) -> None:
    assert network_of(address) == network


@given(st.datetimes().map(lambda naive: naive.replace(tzinfo=NOON.tzinfo)))
def test_every_instant_lies_in_one_span(now: Any) -> None:  # noqa: ANN401 - drawn
    begin = span_begin(now)
    assert begin <= now < begin + SPAN
    assert begin.minute % 10 == begin.second == begin.microsecond == 0


def test_what_is_suspicious_is_stored_and_answered_as_anything_else() -> None:
    plain, odd = Reception(), Reception()
    received = [plain.receive(plain.new(comment="Demorou")), odd.receive(odd.new(comment="Demorou", website="x"))]
    assert [(each.created, each.identified, each.commented, each.edit_token, each.answer.score) for each in received] == [
        (True, False, True, None, 9)
    ] * 2
    [stored] = odd.stored()
    assert (stored.standing, stored.suspicions, stored.pending) == (Standing.QUARANTINED, (SuspicionReason.HONEYPOT,), True)


def test_the_first_answer_of_a_network_writes_nothing_to_traffic_but_for_a_containers_very_first() -> None:
    doors = Doors()
    for number in range(200):
        doors.post(source_ip=f"203.0.113.{number}")
    assert doors.traffic.calls == 2  # the day's key, and the first answer's bucket
    assert set(doors.standings()) == {Standing.VALID}


def test_what_the_survey_expects_of_a_network_is_let_in_and_one_more_sets_all_aside() -> None:
    doors = Doors(most=3)
    for _ in range(3):
        doors.post()
    assert doors.standings() == [Standing.VALID] * 3
    doors.post()
    assert doors.standings() == [Standing.QUARANTINED] * 4
    calls = doors.traffic.calls
    assert doors.post().suspicions == NETWORK
    assert doors.traffic.calls == calls  # a known flood costs nothing more
    assert [answer.suspicions for answer in doors.stored()] == [NETWORK] * 5


def test_others_are_let_in_while_a_flood_is_going_on() -> None:
    doors = Doors(most=2)
    for _ in range(5):
        doors.post()
    assert doors.post(source_ip=OTHER).standing is Standing.VALID
    assert doors.post(source_ip=None).standing is Standing.VALID


@given(st.lists(st.integers(0, 2), min_size=12, max_size=30))
def test_whichever_containers_a_flood_comes_through_what_met_in_the_bucket_is_set_aside(containers: list[int]) -> None:
    doors = Doors(most=4, containers=3)
    for container in containers:
        doors.post(container)
    assert set(doors.standings()) == {Standing.QUARANTINED}


def test_containers_that_take_one_answer_each_and_end_are_seen_through() -> None:
    doors = Doors(most=4, containers=12)
    for container in range(12):
        doors.post(container)
    assert set(doors.standings()) == {Standing.QUARANTINED}


def test_a_repeat_uses_up_nothing() -> None:
    doors = Doors(most=2, containers=2)
    doors.post()
    for container in (0, 1) * 5:
        doors.post_again(1, container)
        doors.post_again(1, container, comment="Demorou")
    doors.post()
    assert doors.standings() == [Standing.VALID] * 2


def test_a_proven_person_is_never_part_of_a_flood_and_adds_to_none() -> None:
    doors = Doors(most=2)
    for number in range(6):
        assert doors.post(respondent_token=token(sub=f"cliente-{number}")).standing is Standing.VALID
    assert doors.traffic.calls == 0
    for _ in range(3):
        doors.post()
    assert doors.post(respondent_token=token()).standing is Standing.VALID


def test_a_survey_that_takes_any_number_takes_any_number() -> None:
    doors = Doors(most=None)
    for _ in range(30):
        doors.post()
    assert set(doors.standings()) == {Standing.VALID}
    assert doors.traffic.calls == 0


def test_ten_minutes_later_a_network_begins_anew_and_another_day_has_another_key() -> None:
    doors = Doors(most=1)
    doors.post()
    doors.post()
    doors.now += SPAN
    assert doors.post().standing is Standing.VALID
    doors.now += timedelta(days=1)
    doors.post()
    assert len({bucket for bucket, _ in doors.traffic.buckets}) == 2
    assert not any(HOME in bucket for bucket, _ in doors.traffic.buckets)


def test_a_store_that_is_down_loses_no_answer_and_it_is_told() -> None:
    doors = Doors(most=1)
    doors.traffic.is_down = True
    received = [doors.receive(doors.new(number), HOME) for number in (1, 2, 3)]
    assert [each.weighed for each in received] == [False] * 3
    assert doors.standings() == [Standing.VALID] * 3
    doors.traffic.is_down = False
    assert doors.receive(doors.new(4), HOME).weighed
    assert doors.standings() == [Standing.QUARANTINED] * 4  # nothing was forgotten meanwhile


def test_what_a_person_has_let_in_stays_in_though_the_flood_goes_on() -> None:
    doors = Doors(most=2, containers=2)
    for _ in range(3):
        doors.post()
    first = min(doors.stored(), key=lambda answer: answer.key.answer_id)
    assert doors.answers.change(first.key, Change(standing=Standing.VALID), doors.now)
    for _ in range(3):
        doors.post(1)
    assert doors.standings() == [Standing.VALID] + [Standing.QUARANTINED] * 5


@pytest.mark.parametrize(("container", "posts"), [(0, 1), (1, 2)])
def test_whoever_fills_a_bucket_and_ends_before_setting_it_aside_is_followed_by_another(container: int, posts: int) -> None:
    doors = Doors(most=2, containers=2)
    doors.post()
    doors.post()
    with pytest.raises(Crash), doors.crashing_at(5):  # add, twice; then before the first change's effect
        doors.post()
    assert Standing.VALID in doors.standings()
    doors.now += timedelta(minutes=1)
    for _ in range(posts):
        doors.post(container)
    assert set(doors.standings()) == {Standing.QUARANTINED}


def test_a_container_remembers_so_many_networks_and_no_more() -> None:
    doors = Doors()
    doors.watches = [Watch(doors.traffic, most_networks=2)]
    for address in (HOME, OTHER, "192.0.2.1", HOME):
        doors.post(source_ip=address)
    assert doors.traffic.calls == 2
