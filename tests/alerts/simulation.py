"""One run: bursts of everything at once, leaps of time between them, and at last quiet, in which all must come right."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from shared.alerts.channel import Channel, ChannelStatus, QuietHours, Rules
from shared.alerts.message import MessageStatus
from shared.alerts.replaying import replay, replay_span, send_test
from shared.alerts.retrying import WELL
from tests.alerts.auditor import Broken
from tests.alerts.receivers import MOODS
from tests.alerts.respondents import Respondents
from tests.alerts.world import LONGEST_CALL, World
from tests.fakes.channels import channel_of
from tests.fakes.samples import NOON

_ROUNDS: Final = 100_000
ALL: Final = ("comment", "first_name", "email", "customer_id")


def some_channels() -> Sequence[Channel]:
    """One of each kind of wish."""
    night = QuietHours(begins="22:00", ends="07:00", urgent_at_most=1)
    return [
        channel_of("tudo", include=ALL),
        channel_of("espera", wait_seconds=120, include=("comment",), mask_comment=False),
        channel_of("graves", rules=Rules(score_at_most=2, segments={"plan": ("pro",)})),
        channel_of("palavras", rules=Rules(words=("cancelar", "procon")), include=("comment", "email"), wait_seconds=60),
        channel_of("noite", rules=Rules(quiet_hours=night), include=("first_name",)),
        channel_of("hora", rules=Rules(digest="hourly", quiet_hours=night), include=("comment", "first_name"), wait_seconds=30),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a run goes. `weights` says how often what happens; what is not in it never does."""

    answers: int = 25
    bursts: int = 12
    stirs: int = 60
    """How many things happen in a burst."""
    step: timedelta = timedelta(seconds=2)
    """The longest time between two of them."""
    leap: timedelta = timedelta(hours=20)
    """The longest pause between bursts."""
    weights: dict[str, int]
    crash_rate: float = 0.0
    outage_rate: float = 0.0
    channels: Callable[[], Sequence[Channel]] = field(default=some_channels)
    hourly: bool = False
    """Whether bursts begin just before a full hour, when digests go out."""
    most_in_digest: int = 3


def run(seed: int, plan: Plan) -> Counter[str]:
    """One run; what happened in it, by name. Raises `Broken` at the first thing that is wrong."""
    world = World(seed, plan.channels())
    world.deliveries.most_in_digest = plan.most_in_digest
    stage = Stage(world, plan)
    try:
        for _ in range(plan.bursts):
            stage.burst()
            stage.leap()
        stage.quieten()
    except Broken as broken:
        broken.add_note(f"seed {seed}")
        raise
    world.happened["answers"] = len(world.auditor.truths)
    world.happened["calls"] = len(world.caller.heard)
    world.happened["accepted"] = sum(heard.accepted for heard in world.caller.heard)
    world.happened["hops"] = world.auditor.hops
    world.happened["crashes"] = world.scheduler.crashes
    world.happened["steps"] = world.scheduler.steps
    return world.happened


class Stage:
    """Leads a run through its bursts."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.world = world
        self.plan = plan
        self.respondents = Respondents(world, plan.answers)
        self.happenings: dict[str, Callable[[], None]] = {
            "post": self.respondents.post,
            "change": self.respondents.change,
            "decide": self.respondents.decide,
            "flood": self.respondents.flood,
            "erase": self.respondents.erase,
            "event": world.bring_event,
            "check": world.bring_check,
            "message": world.bring_message,
            "repeat": self.respondents.repeat_event,
            "mood": self.mood,
            "pause": self.pause,
            "replay": self.replay,
            "test": self.test,
        }
        self.names, self.chances = list(plan.weights), list(plan.weights.values())

    def mood(self) -> None:
        """A receiver becomes otherwise."""
        random = self.world.random
        name = random.choice(list(MOODS))
        self.world.moods[random.choice(list(self.world.channels.channels))] = lambda: MOODS[name](random)

    def pause(self) -> None:
        """A manager pauses a channel, or has it go on and what it missed sent."""
        channel_id, status = self._channel()
        if status is ChannelStatus.ACTIVE:
            self.world.channels.change(channel_id, status=ChannelStatus.PAUSED)
        else:
            self._resume(channel_id)

    def _channel(self) -> tuple[str, ChannelStatus]:
        channel = self.world.random.choice(list(self.world.channels.channels.values()))
        return channel.channel_id, channel.status

    def _resume(self, channel_id: str) -> None:
        world = self.world
        world.channels.change(channel_id, status=ChannelStatus.ACTIVE, disabled_at=None, status_reason=None)
        untold = frozenset({MessageStatus.HELD, MessageStatus.FAILED})
        world.scheduler.turn = lambda _name: None  # type: ignore[method-assign]  # the manager is not interrupted
        replay_span(channel_id, NOON, world.now, untold, world.deliveries, world.outbox, world.now)
        del world.scheduler.turn

    def replay(self) -> None:
        """A manager has some message sent again."""
        messages = list(self.world.deliveries.messages)
        if messages:
            replay(self.world.random.choice(messages), self.world.deliveries, self.world.outbox, self.world.now)

    def test(self) -> None:
        """A manager wants to see whether a channel works."""
        channel_id, _ = self._channel()
        send_test(self.world.channels.channels[channel_id], self.world.deliveries, self.world.outbox, self.world.now)

    def burst(self) -> None:
        """Some minutes in which all happens at once."""
        world, random = self.world, self.world.random
        world.scheduler.crash_rate = self.plan.crash_rate
        for name in random.choices(self.names, self.chances, k=self.plan.stirs):
            world.now += self.plan.step * random.random()
            self.happenings[name]()
            world.outage_rate = self.plan.outage_rate
            for _ in range(random.randint(1, 12)):
                if world.scheduler.workers:
                    world.scheduler.step()
            world.outage_rate = 0.0
            world.scheduler.crash_all(began_before=world.now - LONGEST_CALL)

    def leap(self) -> None:
        """Time passes in which nobody comes; what is due in it is brought, each thing at its time."""
        world = self.world
        world.scheduler.crash_rate = 0
        world.run_to_end()
        until = world.now + self.plan.leap * world.random.random()
        if self.plan.hourly:
            until = until.replace(minute=0, second=0) + timedelta(hours=1, seconds=-60 * world.random.random())
        self._pass(lambda due: due > until)
        world.now = max(world.now, until)

    def quieten(self) -> None:
        """No more crashes, and every receiver takes everything: what can be told is told."""
        world = self.world
        world.moods.clear()
        for _ in range(3):
            for channel_id in world.channels.channels:
                world.deliveries.breakers[channel_id] = WELL
                self._resume(channel_id)
            self._pass(lambda _due: False)
        world.auditor.check_quiet(crashes=world.scheduler.crashes + world.happened["outages"])

    def _pass(self, enough: Callable[..., bool]) -> None:
        world = self.world
        for _ in range(_ROUNDS):
            due = world.next_due()
            if due is None or enough(due):
                return
            world.now = max(world.now, due)
            for bring in (world.bring_event, world.bring_check, world.bring_message):
                bring()
                world.run_to_end()
        raise Broken("it goes on for ever")
