"""Annotations: what happened at a company on some days, told beside its scores. Written by staff, about no respondent."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta, Struct, field

from shared.periods import Period

ID: Final = re.compile(r"ann_[a-z2-7]{16}")
LONGEST_TEXT: Final = 200
MOST_DAYS: Final = 366
MOST_OF_A_SURVEY: Final = 500
AnnotationText = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")]


class AnnotationKind(StrEnum):
    """What kind of thing happened."""

    RELEASE = "release"
    CAMPAIGN = "campaign"
    INCIDENT = "incident"
    OTHER = "other"


class Annotation(Struct, frozen=True, kw_only=True):
    """One annotation of a survey, of the local days `first` to `last`, both included."""

    annotation_id: str
    first: date = field(name="from")
    last: date = field(name="to")
    kind: AnnotationKind
    text: str
    created_at: datetime
    revision: int = 1

    def touches(self, period: Period) -> bool:
        """Whether one of its days lies in the period."""
        return self.first <= period.last and period.first <= self.last
