"""What must be true of erasing: at every write to an answer, and once all is quiet."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from shared.answer import NOBODY, Answer, AnswerKey, Standing, day_of
from shared.identity import lookup_of
from shared.privacy.erasure import Erasure, Step, TellingStatus
from shared.privacy.passing_on import TELL_FOR
from shared.privacy.steps import SECOND, SECOND_LOOK
from tests.erasing.world import World
from tests.fakes.house import FAR_AHEAD, LONG_AGO
from tests.fakes.memory import Kind, Write

_LATEST = timedelta(hours=3)
"""For so long after it might an erasure take its next step."""


class Broken(AssertionError):  # noqa: N818 - it says what is wrong with erasing, not with a program
    """A rule of erasing does not hold."""


class Auditor:
    """Watches the answers, and looks at everything in the end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.owners: dict[AnswerKey, str] = {}
        """Whom each answer named when it was stored."""
        self.secrets: set[str] = set()
        self.touched_when_refused: set[str] = set()
        self.acknowledged: set[tuple[str, str]] = set()
        world.memory.watchers.append(self.watch)

    def watch(self, write: Write) -> None:
        """One write."""
        for key, before, after in write.answers:
            if not isinstance(after, Answer):
                raise Broken(f"gone: {key.answer_id}")
            if write.kind is Kind.ADD:
                self.owners[key] = after.person_id
            if isinstance(before, Answer) and before.anonymised_at is not None:
                self._check_left_alone(before, after)

    def _check_left_alone(self, before: Answer, after: Answer) -> None:
        if (before.score, before.finished, before.commented, before.person_id) != (
            after.score,
            after.finished,
            after.commented,
            after.person_id,
        ):
            raise Broken(f"an answer that is nobody's was edited: {before.key.answer_id}")

    def check_quiet(self) -> None:
        """Once every erasure has come to its end, everything is settled and nobody writes any more."""
        world = self.world
        erased: dict[str, Erasure] = {}
        for erasure_id, person_id in world.asked.items():
            erasure = world.ledger.erasures[erasure_id]
            self._check_record(erasure)
            if erasure.refusal is None:
                erased[person_id] = erasure
        for person_id, erasure in erased.items():
            self._check_gone(person_id)
            self._check_counts(person_id, erasure)
            self._check_told(person_id, erasure)
        self._check_answers(erased)
        self._check_others(set(erased))
        self._check_counters()
        self._check_ledger()

    def _check_record(self, erasure: Erasure) -> None:
        if erasure.step is not Step.DONE or erasure.person_id is not None or erasure.next_at is not None or erasure.done_at is None:
            raise Broken(f"never done: {erasure}")
        if self.world.ledger.notes[erasure.erasure_id]:
            raise Broken(f"notes of answers are kept: {erasure.erasure_id}")
        receipts = [each for each in self.world.receipts.signed.values() if each.erasure_id == erasure.erasure_id]
        if erasure.refusal is not None:
            if receipts:
                raise Broken("a refusal has a receipt")
            return
        if len(receipts) != 1 or receipts[0].receipt_id != erasure.receipt_id:
            raise Broken(f"{len(receipts)} receipts of one erasure")
        if receipts[0].counts != erasure.counts or receipts[0].done_at != erasure.done_at:
            raise Broken("the receipt says something else than the record")
        if erasure.marked_at is None or not SECOND_LOOK <= erasure.done_at - erasure.marked_at <= TELL_FOR + SECOND_LOOK + _LATEST:
            raise Broken(f"done at an odd time: {erasure}")

    def _check_gone(self, person_id: str) -> None:
        people = self.world.people
        if people.items_of(person_id) or not people.persons[person_id].erased:
            raise Broken(f"held of an erased person: {people.items_of(person_id)}")
        if person_id in people.keys.salts:
            raise Broken("an erased person's key is there")

    def _check_counts(self, person_id: str, erasure: Erasure) -> None:
        theirs = {key for key, owner in self.owners.items() if owner == person_id}
        forgotten = sum(self.world.answer(key).forgotten for key in theirs)
        about_them = {key.answer_id for key in theirs}
        truth = Counter(self.world.people.deleted[person_id])
        truth["keys"] = self.world.people.keys.destroyed[person_id]
        truth["answers.anonymised"], truth["answers.withdrawn"] = len(theirs), forgotten
        truth["outbox.messages"] = sum(answer_id in about_them for answer_id in self.world.emptying.forgotten.values())
        said: Counter[str] = Counter()
        for name, count in erasure.counts.items():
            if name != "suppressions":
                said[name.removeprefix(SECOND)] += count
        if +truth != +said:
            raise Broken(f"counted {said}, truly {+truth}")

    def _check_told(self, person_id: str, erasure: Erasure) -> None:
        known = self.world.ledger.known[erasure.erasure_id]
        if set(known) != self.world.people.ever_shared[person_id]:
            raise Broken(f"receivers noted: {set(known)}")
        about = {key.answer_id for key, owner in self.owners.items() if owner == person_id}
        for channel_id, recipient in known.items():
            sent = self.world.telling.sent[erasure.erasure_id, channel_id]
            if len(sent) != 1 or recipient.message_id not in sent:
                raise Broken(f"told under {sent}")
            if recipient.status is TellingStatus.WAITING:
                raise Broken("a receiver waits for ever")
            if (erasure.erasure_id, channel_id) in self.acknowledged and recipient.status is not TellingStatus.ACKNOWLEDGED:
                raise Broken("an acknowledgement was lost")
            begun_at = self.world.telling.begun_at[str(recipient.message_id)]
            if any(at > begun_at for at in self._heard_of(about, channel_id)):
                raise Broken("a receiver got data after it was told to delete them")

    def _heard_of(self, about: set[str], channel_id: str) -> Iterator[datetime]:
        for heard in self.world.caller.heard:
            data: Any = heard.body["data"]
            if heard.channel_id == channel_id and data.get("answer_id") in about and data.get("person"):
                yield heard.at

    def _check_answers(self, erased: dict[str, Erasure]) -> None:
        for key, owner in self.owners.items():
            answer = self.world.answer(key)
            if (answer.anonymised_at is not None) != (owner in erased):
                raise Broken(f"anonymised or not: {answer}")
            if answer.anonymised_at is None:
                continue
            if (answer.person_id, answer.edit_key_hash) != (NOBODY, NOBODY):
                raise Broken(f"names somebody: {answer}")
            by_the_job = answer.forgotten and answer.changed_at >= (erased[owner].marked_at or answer.changed_at)
            if answer.anonymised_at != day_of(answer.anonymised_at) or not (by_the_job or answer.changed_at == day_of(answer.changed_at)):
                raise Broken(f"times are not to the day: {answer}")
            if answer.forgotten != (key.survey_id == "posto") or answer.forgotten != (answer.standing is Standing.WITHDRAWN):
                raise Broken(f"withdrawn or not: {answer}")
            if any(message.answer == key for message in self.world.deliveries.messages.values()):
                raise Broken(f"a message about an erased person's answer: {key}")

    def _check_others(self, erased: set[str]) -> None:
        people = self.world.people
        for person_id in people.deleted | people.keys.destroyed:
            if person_id not in erased and (people.deleted[person_id] or people.keys.destroyed[person_id]):
                raise Broken("something of somebody else was deleted")
        for person_id, person in people.persons.items():
            if person_id in erased:
                continue
            if person.erased:
                raise Broken("somebody else was marked")
            customer = person.known.get("customer_id")
            if customer and people.owners.get(lookup_of("customer_id", customer, people.pepper)) != person_id:
                raise Broken("somebody else is no longer found")

    def _check_counters(self) -> None:
        for survey in self.world.surveys.values():
            answers = [answer for answer in self.world.memory.answers() if answer.key.survey_id == survey.survey_id]
            if any(answer.pending for answer in answers):
                raise Broken("pending for ever")
            wanted = Counter(answer.score for answer in answers if answer.standing is Standing.VALID)
            held: Counter[int] = Counter()
            for bins in self.world.rollups.sums(survey, ["all"], LONG_AGO, FAR_AHEAD).values():
                held.update(bins)
            if +held != +wanted:
                raise Broken(f"counted {held}, should be {wanted}")

    def _check_ledger(self) -> None:
        ledger = self.world.ledger
        kept = repr((ledger.erasures, ledger.known, self.world.deliveries.messages, self.world.receipts.signed))
        if any(secret in kept for secret in self.secrets):
            raise Broken("personal data outside People")
        if any(person_id in repr((ledger.erasures, ledger.known)) for person_id in self.world.asked.values()):
            raise Broken("the ledger still says who was erased")
