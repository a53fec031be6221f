"""Without any one of these rules something is told wrongly, or never: a simulation that finds nothing then would prove nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import pytest

from shared.alerts import notify, saying
from shared.alerts.message import Message, MessageStatus
from shared.alerts.saying import Matter
from tests.alerts.auditor import Broken
from tests.alerts.plans import HASTY, TROUBLED
from tests.alerts.simulation import Plan, run
from tests.fakes.deliveries import MemoryDeliveries

_RUNS: Final = 40
type Patch = pytest.MonkeyPatch


def _only_new_messages_are_enqueued(patch: Patch) -> None:
    """As if a receipt said that its message is on its way."""
    patch.setattr(notify, "_opened", lambda _receipt: ())


def _what_was_dropped_stays_dropped(patch: Patch) -> None:
    patch.setattr(Message, "may_be_sent", property(lambda message: message.status is MessageStatus.WAITING))


def _a_call_counts_when_it_has_ended(patch: Patch) -> None:
    lease, release = MemoryDeliveries.lease, MemoryDeliveries.release

    def uncounted(self: MemoryDeliveries, message_id: str, now: datetime, until: datetime) -> Message | None:
        leased = lease(self, message_id, now, until)
        if leased is not None:
            self.messages[message_id] = replace(leased, calls=leased.calls - 1)
        return leased

    def counted(self: MemoryDeliveries, message: Message, *args: Any, **named: Any) -> None:  # noqa: ANN401 - as it is
        there = self.messages[message.message_id]
        if there.lease_until == message.lease_until:
            self.messages[message.message_id] = replace(there, calls=there.calls + 1)
        release(self, message, *args, **named)

    patch.setattr(MemoryDeliveries, "lease", uncounted)
    patch.setattr(MemoryDeliveries, "release", counted)


def _nothing_waits_for_an_alert_that_is_being_sent(patch: Patch) -> None:
    patch.setattr(Message, "held_until", lambda _message, _now: None)


def _withdrawals_are_always_said(patch: Patch) -> None:
    patch.setattr(saying, "_more_on", lambda subject, _saying, _now: Matter(subject.message, (subject,)))


def _quiet_hours_are_not_looked_at_again(patch: Patch) -> None:
    patch.setattr(saying, "quiet_until", lambda _rules, _now: None)


def _sharings_are_written_once(patch: Patch) -> None:
    shared_with = saying._Part.shared_with  # noqa: SLF001 - the rule itself
    written: set[tuple[str, str]] = set()

    def once(self: Any, channel: Any, people: Any, now: datetime) -> Any:  # noqa: ANN401 - as it is
        key = (self.subject.answer.person_id, channel.channel_id)
        if key in written:
            return self
        written.add(key)
        return shared_with(self, channel, people, now)

    patch.setattr(saying._Part, "shared_with", once)  # noqa: SLF001 - the rule itself


def _many_runs(plan: Plan) -> None:
    for seed in range(_RUNS):
        run(seed, plan)


@pytest.mark.parametrize(
    ("without", "plan"),
    [
        (_only_new_messages_are_enqueued, HASTY),
        (_what_was_dropped_stays_dropped, HASTY),
        (_a_call_counts_when_it_has_ended, HASTY),
        (_nothing_waits_for_an_alert_that_is_being_sent, HASTY),
        (_withdrawals_are_always_said, TROUBLED),
        (_quiet_hours_are_not_looked_at_again, TROUBLED),
        (_sharings_are_written_once, TROUBLED),
    ],
)
def test_without_a_rule_something_breaks(without: Callable[[Patch], None], plan: Plan) -> None:
    with pytest.MonkeyPatch.context() as patch:
        without(patch)
        with pytest.raises(Broken):
            _many_runs(plan)
