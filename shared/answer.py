"""An answer, what it should count as (its target) and what it has been counted as (its mark)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from shared import answer_id as ids
from shared.periods import local_day
from shared.scoring import NpsClass, classify
from shared.survey import Survey

EDIT_WINDOW: Final = timedelta(days=30)
TOMBSTONE_MARGIN: Final = timedelta(days=2)
LEAST_NOTICE: Final = timedelta(days=8)
NO_DIMENSIONS: Final[Mapping[str, str]] = MappingProxyType({})
NOBODY: Final = "-"
"""Stands where an anonymised answer had its person, and where it had its edit key: no id and no hash is spelled like that."""


class Standing(StrEnum):
    """Whether the answer counts. Only `valid` ones do; withdrawn and superseded ones never will again."""

    VALID = "valid"
    QUARANTINED = "quarantined"
    """Set aside by us, as suspicious, until a person has looked at it."""
    EXCLUDED = "excluded"
    """Set aside by a person, who may think better of it."""
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


FINAL: Final = frozenset({Standing.WITHDRAWN, Standing.SUPERSEDED})
_OPEN: Final = frozenset(Standing) - FINAL
_BEFORE: Final[Mapping[Standing, frozenset[Standing]]] = MappingProxyType(
    {
        Standing.VALID: frozenset({Standing.QUARANTINED, Standing.EXCLUDED}),
        Standing.QUARANTINED: frozenset({Standing.VALID}),
        Standing.EXCLUDED: frozenset({Standing.VALID, Standing.QUARANTINED}),
        Standing.SUPERSEDED: frozenset({Standing.VALID}),
    }
)


class SuspicionReason(StrEnum):
    """Why an answer was set aside."""

    HONEYPOT = "honeypot"
    """It fills in a field that no person sees."""
    TOO_FAST = "too_fast"
    """It was given sooner than anybody can read the question."""
    NETWORK = "network"
    """More came from its network than the survey expects."""


class AnswerKey(NamedTuple):
    """Where an answer lies: the partition of Answers and its id."""

    partition: str
    answer_id: str

    @classmethod
    def of(cls, survey: Survey, answer_id: ids.AnswerId) -> Self:
        """The key of an answer of `survey`, found from its id alone."""
        bucket = ids.bucket_of(answer_id.text, survey.buckets)
        return cls(ids.partition_of(survey.survey_id, answer_id.instant.date(), bucket), answer_id.text)

    @property
    def survey_id(self) -> str:
        """The survey the partition belongs to."""
        return self.partition.rsplit("#", 2)[0]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one answer adds to the rollups: one to bin `score` of each of `rows` on `day` (the survey's local day, ISO)."""

    score: int
    day: str
    rows: tuple[str, ...]

    @property
    def nps_class(self) -> NpsClass:
        """The class of the counted score."""
        return classify(self.score)


@dataclass(frozen=True, slots=True)
class Mark:
    """What revision `rev` of the answer has been counted as (None: as nothing, once withdrawn), and the class counted before that."""

    rev: int
    contribution: Contribution | None
    previous_class: NpsClass | None = None

    @property
    def nps_class(self) -> NpsClass | None:
        """The class it is counted in, if in any."""
        return self.contribution.nps_class if self.contribution else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One stored answer. Nothing a person typed, nothing that identifies by itself (Answers is the streamed table)."""

    key: AnswerKey
    score: int
    person_id: str
    edit_key_hash: str
    changed_at: datetime
    dimensions: Mapping[str, str] = field(default=NO_DIMENSIONS)
    finished: bool = False
    commented: bool = False
    """Whether a comment came with it. The comment itself is in People alone."""
    standing: Standing = Standing.VALID
    suspicions: tuple[SuspicionReason, ...] = ()
    """Why it was set aside, in their order; they stay when a person lets it count, so it is not set aside again."""
    rev: int = 1
    pending: bool = True
    mark: Mark | None = None
    expires_at: datetime | None = None
    anonymised_at: datetime | None = None
    """The day on which it was parted from its person (LGPD art. 16 IV); it counts on, and nobody can change what it says."""
    forgotten: bool = False
    """Whether it was withdrawn in doing so (`on_erasure: forget_score`)."""
    imported: bool = False
    """Whether it came from a file of past answers: nobody is ever told of it, whatever becomes of it."""

    @property
    def instant(self) -> datetime:
        """When it was given, as its id says."""
        return ids.parse(self.key.answer_id).instant

    @property
    def nps_class(self) -> NpsClass | None:
        """The class of the score; None once it no longer counts."""
        return classify(self.score) if self.standing is Standing.VALID else None

    def has_expired(self, now: datetime) -> bool:
        """Whether its retention is over, though the table's TTL may not have removed it yet."""
        return self.expires_at is not None and self.expires_at <= now

    def may_be_edited(self, now: datetime) -> bool:
        """Whether its respondent may still change it: not withdrawn, nobody else's, not expired and at most 30 days old."""
        return may_change(self, now, EDITED) and now <= self.instant + EDIT_WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A countable or announceable change; what is None stays as it is."""

    score: int | None = None
    dimensions: Mapping[str, str] | None = None
    finished: bool | None = None
    commented: bool | None = None
    standing: Standing | None = None
    suspicions: tuple[SuspicionReason, ...] = ()

    @property
    def standings_before(self) -> frozenset[Standing]:
        """The standings that an answer may have for this change to be made."""
        return _OPEN if self.standing is None else _BEFORE.get(self.standing, _OPEN)

    @property
    def is_edit(self) -> bool:
        """Whether it changes what the person said, which nobody can once the answer is no longer theirs."""
        return any(given is not None for given in (self.score, self.dimensions, self.finished, self.commented))


REOPENED: Final = Change()
"""The change that changes nothing but asks for the answer to be settled again."""
EDITED: Final = Change(finished=True)
"""Some change by the respondent."""


SUPERSEDED: Final = Change(standing=Standing.SUPERSEDED)
"""The change that has a later answer of the same person take its place."""


def quarantined_for(*reasons: SuspicionReason) -> Change:
    """The change that sets an answer aside."""
    return Change(standing=Standing.QUARANTINED, suspicions=reasons)


def changed(answer: Answer, change: Change, now: datetime) -> Answer:
    """The answer after `change`: rule 1 of counting (`rev + 1`, pending, no expiry while pending)."""
    return replace(
        answer,
        score=answer.score if change.score is None else change.score,
        dimensions=answer.dimensions if change.dimensions is None else change.dimensions,
        finished=answer.finished if change.finished is None else change.finished,
        commented=answer.commented if change.commented is None else change.commented,
        standing=answer.standing if change.standing is None else change.standing,
        suspicions=change.suspicions or answer.suspicions,
        rev=answer.rev + 1,
        pending=True,
        expires_at=None,
        changed_at=now,
    )


def may_change(answer: Answer, now: datetime, change: Change = REOPENED) -> bool:
    """Whether a countable write may touch it.

    It has a standing that the change may follow on, and has not expired. Nobody edits what is anonymised, and what was suspected before is
    not set aside again: a person may have looked at it since.
    """
    is_open = answer.anonymised_at is None or not change.is_edit
    is_new_suspicion = change.standing is not Standing.QUARANTINED or not answer.suspicions
    return is_open and is_new_suspicion and answer.standing in change.standings_before and not answer.has_expired(now)


def anonymised(answer: Answer, now: datetime, *, withdraw: bool) -> Answer:
    """The answer without its person: no id, no edit key, the time of its last change to the day.

    While it is pending it keeps that time, which its event tells and by which the sweep finds it (`coarsened` is for later). With
    `withdraw` it no longer counts either, by rule 1 of counting, if it still did.
    """
    if withdraw and may_change(answer, now):
        answer = replace(changed(answer, Change(standing=Standing.WITHDRAWN), now), forgotten=True)
    return coarsened(replace(answer, person_id=NOBODY, edit_key_hash=NOBODY, anonymised_at=day_of(now)))


def coarsened(answer: Answer) -> Answer:
    """The anonymised answer with its time to the day, unless it is pending."""
    return answer if answer.pending else replace(answer, changed_at=day_of(answer.changed_at))


def day_of(instant: datetime) -> datetime:
    """The beginning of its day (UTC)."""
    return instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def target_of(answer: Answer, survey: Survey) -> Contribution | None:
    """What the answer should be counted as: None unless it is valid."""
    if answer.standing is not Standing.VALID:
        return None
    day = local_day(answer.instant, survey.settings.time_zone).isoformat()
    return Contribution(answer.score, day, survey.rows_of(answer.dimensions))


def expiry_of(answer: Answer, survey: Survey, now: datetime) -> datetime:
    """When the settled answer may go.

    After the survey's retention, never sooner than its day can be sealed; a withdrawn one stays as a tombstone until its id can no longer
    be accepted, so that a late retry of its POST cannot bring it back.
    """
    if answer.standing is Standing.WITHDRAWN:
        return max(answer.instant + ids.OLDEST + TOMBSTONE_MARGIN, now + TOMBSTONE_MARGIN)
    return max(answer.instant + timedelta(days=survey.retention_days), now + LEAST_NOTICE)
