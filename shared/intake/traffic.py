"""How many answers come from one network: watched in two tiers, so that ordinary traffic writes nothing (docs/decisions/0026).

A container remembers the first answer of a network in memory alone, but for the very first that it takes: a flood starts containers, and
one that ends after a single answer would remember it in vain. From the second on it puts their ids into a bucket that all containers
share, a set, so an id counts once however often it is put there. When a bucket holds more than the survey expects, whoever put the last one
in sets all of them aside, and everybody who meets the full bucket remembers it until the span is over.

An answer is stored before it is put into its bucket: every id in a full bucket is an answer that can be set aside, and a bucket that
cannot be reached loses none.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from hmac import digest
from typing import Final, NamedTuple

from shared.intake.ports import TrafficStore
from shared.intake.suspicion import network_of, span_begin
from shared.survey import Survey

MOST_NETWORKS: Final = 2_000
"""How many a container remembers: about half a megabyte."""
_SETS_ASIDE_WITHIN: Final = timedelta(seconds=30)
"""Longer than any request lives; whoever filled the bucket has set its answers aside by then, or has ended before."""


class Sender(NamedTuple):
    """Of which survey an answer is, and which network it came from."""

    survey: Survey
    network: str
    most: int


class Flood(NamedTuple):
    """More came than the survey expects: which answers are to be set aside now, and the bucket to be settled afterwards, if any."""

    answer_ids: frozenset[str]
    bucket: str | None = None


@dataclass(slots=True)
class _Seen:
    """What this container knows of one network in this span."""

    unsent: set[str] = field(default_factory=set)
    is_shared: bool = False
    is_flooded: bool = False
    look_again_at: datetime | None = None
    """When to see whether what is in the full bucket has really been set aside; None once it has."""


def sender_of(survey: Survey, source_ip: str | None) -> Sender | None:
    """Whom to watch; nobody where the survey takes any number (a kiosk) or the address is not known."""
    network, most = network_of(source_ip), survey.settings.most_per_network
    return None if network is None or most is None else Sender(survey, network, most)


class Watch:
    """One container's watch. Addresses are in its memory for ten minutes at most, and nowhere else."""

    def __init__(self, store: TrafficStore, most_networks: int = MOST_NETWORKS) -> None:
        """Buckets are in `store`."""
        self._store = store
        self._most_networks = most_networks
        self._span = datetime.min.replace(tzinfo=UTC)
        self._networks: OrderedDict[tuple[str, str], _Seen] = OrderedDict()
        self._key: tuple[date, bytes] | None = None
        self._has_begun = False

    def knows_flood(self, sender: Sender, now: datetime) -> bool:
        """Whether this container has met a full bucket of theirs in this span. Asks nobody."""
        return self._seen(sender, now).is_flooded

    def note(self, sender: Sender, answer_id: str, now: datetime) -> Flood | None:
        """Take note of a stored answer; the flood that it turns out to be part of, if any. Raises `TrafficUnavailableError`."""
        seen = self._seen(sender, now)
        if seen.is_flooded and (seen.look_again_at is None or now < seen.look_again_at):
            return None
        seen.unsent.add(answer_id)
        has_begun, self._has_begun = self._has_begun, True
        if has_begun and not seen.is_shared and len(seen.unsent) == 1 and sender.most > 1:
            return None
        name = self._bucket_of(sender)
        bucket = self._store.add(name, frozenset(seen.unsent), sender.most, self._span, now)
        unsent, seen.unsent, seen.is_shared = frozenset(seen.unsent), set(), True
        if len(bucket.answer_ids) <= sender.most:
            return None
        seen.is_flooded, seen.look_again_at = True, None if bucket.is_settled else now + _SETS_ASIDE_WITHIN
        was_left = not bucket.is_settled and bucket.changed_at <= now - _SETS_ASIDE_WITHIN
        if bucket.is_added or was_left:
            return Flood(bucket.answer_ids | unsent, name)
        return Flood(unsent)

    def settle(self, flood: Flood) -> None:
        """What was in the bucket has been set aside. Raises `TrafficUnavailableError`."""
        if flood.bucket is not None:
            self._store.settle(flood.bucket, self._span)

    def _seen(self, sender: Sender, now: datetime) -> _Seen:
        span = span_begin(now)
        if span != self._span:
            self._span = span
            self._networks.clear()
        key = (sender.survey.survey_id, sender.network)
        seen = self._networks.setdefault(key, _Seen())
        self._networks.move_to_end(key)
        if len(self._networks) > self._most_networks:
            self._networks.popitem(last=False)
        return seen

    def _bucket_of(self, sender: Sender) -> str:
        """A keyed hash: whoever reads buckets learns no address, and tomorrow's key makes other ones of the same."""
        day = self._span.date()
        if self._key is None or self._key[0] != day:
            self._key = (day, self._store.key_of(day))
        return digest(self._key[1], f"{sender.survey.survey_id}|{sender.network}".encode(), sha256).hex()
