"""Annotations of surveys, in Registry under `annotation#SURVEY`."""

from functools import partial
from typing import Final

import msgspec

from shared.annotation import Annotation
from shared.store.registry import find_item, written
from shared.store.tables import RegistryItem

_UNDER: Final = "annotation#"


class Annotations:
    """The repository of annotations."""

    def list(self, survey_id: str, *, strong: bool = False) -> tuple[Annotation, ...]:
        """All of a survey, by their first day. They are few: `MOST_OF_A_SURVEY`."""
        items = RegistryItem.query(_UNDER + survey_id, consistent_read=strong)
        return tuple(sorted(map(_annotation_of, items), key=lambda each: (each.first, each.last, each.annotation_id)))

    def read(self, survey_id: str, annotation_id: str) -> Annotation | None:
        """One as it is now; None where there is none."""
        item = find_item(_UNDER + survey_id, annotation_id)
        return _annotation_of(item) if item else None

    def create(self, survey_id: str, annotation: Annotation) -> None:
        """Store a new one; a call repeated after a time-out finds its own."""
        written(partial(_item_of(survey_id, annotation).save, RegistryItem.pk.does_not_exist()))

    def replace(self, survey_id: str, annotation: Annotation, seen: int) -> bool:
        """Store a changed one in place of revision `seen`; False, and nothing written, where that is no longer the present one."""
        saved = written(partial(_item_of(survey_id, annotation).save, RegistryItem.revision == seen))
        return saved or self.read(survey_id, annotation.annotation_id) == annotation

    def delete(self, survey_id: str, annotation_id: str) -> bool:
        """Delete one; False where there was none."""
        return written(partial(RegistryItem(_UNDER + survey_id, annotation_id).delete, RegistryItem.pk.exists()))


def _item_of(survey_id: str, annotation: Annotation) -> RegistryItem:
    document = msgspec.json.encode(annotation).decode()
    return RegistryItem(_UNDER + survey_id, annotation.annotation_id, document=document, revision=annotation.revision)


def _annotation_of(item: RegistryItem) -> Annotation:
    return msgspec.json.decode(item.document, type=Annotation)
