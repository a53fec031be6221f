"""Annotations over the wire."""

from datetime import date, datetime, timedelta
from typing import Self

from msgspec import UNSET, UnsetType, field

from shared.annotation import MOST_DAYS, Annotation, AnnotationKind, AnnotationText
from shared.api.body import FieldRuleError
from shared.api.messages import RequestBody, ResponseBody
from shared.phrase import Phrase


class NewAnnotation(RequestBody, frozen=True, kw_only=True):
    """What happened: on a `day`, or from `from` to `to`, both included (a year at most). Do not name customers in the text."""

    day: date | UnsetType = UNSET
    first: date | UnsetType = field(name="from", default=UNSET)
    last: date | UnsetType = field(name="to", default=UNSET)
    kind: AnnotationKind = AnnotationKind.OTHER
    text: AnnotationText

    def __post_init__(self) -> None:
        """Refuse what says of no day, or of some twice, when it was."""
        if self.day is UNSET and (self.first is UNSET or self.last is UNSET):
            raise FieldRuleError("", "day, or from and to, are expected")
        _refuse_two_ways(self.day, self.first, self.last)
        if self.first is not UNSET and self.last is not UNSET:
            refuse_wrong_days(self.first, self.last)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        if self.first is not UNSET and self.last is not UNSET:
            return self.first, self.last
        if self.day is UNSET:
            raise AssertionError("__post_init__ lets none through without days")
        return self.day, self.day


class AnnotationChange(RequestBody, frozen=True, kw_only=True):
    """A change of an annotation; what is left out stays."""

    day: date | UnsetType = UNSET
    first: date | UnsetType = field(name="from", default=UNSET)
    last: date | UnsetType = field(name="to", default=UNSET)
    kind: AnnotationKind | UnsetType = UNSET
    text: AnnotationText | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse what says twice when it was."""
        _refuse_two_ways(self.day, self.first, self.last)


class AnnotationView(ResponseBody, frozen=True, kw_only=True):
    """An annotation, of the local days `from` to `to`, both included."""

    annotation_id: str
    first: date = field(name="from")
    last: date = field(name="to")
    kind: AnnotationKind
    text: str
    created_at: datetime

    @classmethod
    def of(cls, annotation: Annotation) -> Self:
        """As it is read."""
        return cls(**{name: getattr(annotation, name) for name in cls.__struct_fields__})


class AnnotationList(ResponseBody, frozen=True, kw_only=True):
    """The annotations of a survey, by their first day."""

    survey_id: str
    annotations: tuple[AnnotationView, ...]


def refuse_wrong_days(first: date, last: date) -> None:
    """Refuse days that are the wrong way round, or more than a year. Raises `FieldRuleError`."""
    if first > last:
        raise FieldRuleError("/to", "a day that is not before from is expected")
    if last - first >= timedelta(days=MOST_DAYS):
        raise FieldRuleError("/to", Phrase("at most {most} days are expected", most=MOST_DAYS))


def _refuse_two_ways(day: date | UnsetType, first: date | UnsetType, last: date | UnsetType) -> None:
    if day is not UNSET and (first is not UNSET or last is not UNSET):
        raise FieldRuleError("/day", "either day, or from and to, is expected")
