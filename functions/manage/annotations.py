"""`…/annotations`: each function is one route."""

from base64 import b32encode
from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from functions.manage.composition import compose, logger
from shared.annotation import ID, MOST_OF_A_SURVEY, Annotation
from shared.api.annotation_messages import (
    AnnotationChange,
    AnnotationList,
    AnnotationView,
    NewAnnotation,
    refuse_wrong_days,
)
from shared.api.body import FieldRuleError, decode
from shared.api.http import Request, Response, empty_response, json_response
from shared.api.problem import NoSuchAnnotation, NoSuchSurvey, RevisionPassed, TooManyAnnotations, invalid

_ID_BYTES: Final = 10
_TRIES: Final = 3


def list_all(request: Request) -> Response:
    """All annotations of a survey."""
    survey_id = _survey_id(request)
    found = compose().annotations.list(survey_id, strong=True)
    return json_response(200, AnnotationList(survey_id=survey_id, annotations=tuple(map(AnnotationView.of, found))))


def create(request: Request) -> Response:
    """A new annotation."""
    managing, new, survey_id = compose(), decode(request.body, NewAnnotation), _survey_id(request)
    if len(managing.annotations.list(survey_id, strong=True)) >= MOST_OF_A_SURVEY:
        raise TooManyAnnotations
    annotation_id = "ann_" + b32encode(managing.random_bytes(_ID_BYTES)).decode().lower()
    first, last = new.days
    made = Annotation(annotation_id=annotation_id, first=first, last=last, kind=new.kind, text=new.text, created_at=managing.now())
    managing.annotations.create(survey_id, made)
    logger.info("annotation made", survey_id=survey_id, annotation_id=annotation_id, key_id=request.key_id)
    return json_response(201, AnnotationView.of(made))


def change(request: Request) -> Response:
    """Another day, kind or text."""
    wanted, survey_id, annotation_id = decode(request.body, AnnotationChange), _survey_id(request), _annotation_id(request)
    for _ in range(_TRIES):
        before = compose().annotations.read(survey_id, annotation_id)
        if before is None:
            raise NoSuchAnnotation
        after = _changed(before, wanted)
        if after == before or compose().annotations.replace(survey_id, replace(after, revision=before.revision + 1), before.revision):
            logger.info("annotation changed", survey_id=survey_id, annotation_id=before.annotation_id, key_id=request.key_id)
            return json_response(200, AnnotationView.of(after))
    raise RevisionPassed


def delete(request: Request) -> Response:
    """Delete one, for good."""
    survey_id, annotation_id = _survey_id(request), _annotation_id(request)
    if not compose().annotations.delete(survey_id, annotation_id):
        raise NoSuchAnnotation
    logger.info("annotation deleted", survey_id=survey_id, annotation_id=annotation_id, key_id=request.key_id)
    return empty_response(204)


def _changed(before: Annotation, wanted: AnnotationChange) -> Annotation:
    """The annotation with what is wanted in place of what was there. Raises `Invalid`."""
    first, last = (wanted.day, wanted.day) if wanted.day is not UNSET else (wanted.first, wanted.last)
    given = {"first": first, "last": last, "kind": wanted.kind, "text": wanted.text}
    after = replace(before, **{name: value for name, value in given.items() if value is not UNSET})
    try:
        refuse_wrong_days(after.first, after.last)
    except FieldRuleError as error:
        raise invalid(error.pointer, error.detail) from None
    return after


def _survey_id(request: Request) -> str:
    survey = compose().surveys.find(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey.survey_id


def _annotation_id(request: Request) -> str:
    """An id that an annotation can have: nothing else reaches the store."""
    annotation_id = request.path["annotation_id"]
    if not ID.fullmatch(annotation_id):
        raise NoSuchAnnotation
    return annotation_id


_ALL: Final = "/v1/surveys/{survey_id}/annotations"
_ONE: Final = f"{_ALL}/{{annotation_id}}"
ROUTES: Final = {f"GET {_ALL}": list_all, f"POST {_ALL}": create, f"PATCH {_ONE}": change, f"DELETE {_ONE}": delete}
