"""Who sets answers aside and lets them count: a person, looking at one after the other, and what notices floods, many at once."""

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Change, Standing, SuspicionReason, quarantined_for
from shared.counting.reach import needs_announcing
from tests.counting.world import World

_FLOOD = quarantined_for(SuspicionReason.NETWORK)


class Reviewers:
    """Everybody who decides whether answers count."""

    def __init__(self, world: World) -> None:
        self.world = world

    def include(self) -> None:
        """A person lets an answer count that was set aside."""
        self._decide("include", Standing.VALID, [Standing.QUARANTINED, Standing.EXCLUDED])

    def exclude(self) -> None:
        """A person sets an answer aside, or confirms that it was right to."""
        self._decide("exclude", Standing.EXCLUDED, [Standing.VALID, Standing.QUARANTINED])

    def include_all(self) -> None:
        """A person looks through the whole list."""
        for answer in [each for each in self.world.memory.answers() if each.standing is Standing.QUARANTINED]:
            self._start("include", answer.key, Change(standing=Standing.VALID))

    def flood(self) -> None:
        """More came from one network than the survey expects: what came of it lately is set aside, counted already or not."""
        for answer in self._lately(8):
            self._start("flood", answer.key, _FLOOD)

    def _decide(self, name: str, standing: Standing, usually: list[Standing]) -> None:
        """Mostly about an answer that it makes a difference for; now and then about any, and whatever became of it since it was seen."""
        random = self.world.random
        seen = self._lately(40)
        fitting = [answer for answer in seen if answer.standing in usually]
        some = fitting if fitting and random.random() < 0.8 else seen
        if some:
            self._start(name, random.choice(some).key, Change(standing=standing))

    def _lately(self, most: int) -> list[Answer]:
        return sorted(self.world.memory.answers(), key=lambda answer: answer.key.answer_id)[-most:]

    def _start(self, name: str, key: AnswerKey, change: Change) -> None:
        done = {"include": "included", "exclude": "excluded"}.get(name, "flooded")
        self.world.start(name, lambda: self._change(done, key, change))

    def _change(self, done: str, key: AnswerKey, change: Change) -> None:
        now = self.world.now
        if needs_announcing(ids.parse(key.answer_id), now):
            self.world.ledger.touch(key.partition, now)
        if self.world.answers.change(key, change, now):
            self.world.happened[done] += 1
