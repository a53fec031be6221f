"""Surveys and their signing secret."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import UNSET, Meta, UnsetType, defstruct
from msgspec.structs import asdict, fields, replace

from shared.api.messages import RequestBody, ResponseBody
from shared.survey import Survey, SurveyId, SurveySettings, SurveyStatus


class NewSurvey(SurveySettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A survey to make. Without `survey_id` it gets a random one. `buckets` (partitions a day) is fixed for ever."""

    survey_id: SurveyId | None = None
    buckets: Annotated[int, Meta(ge=1, le=64)] = 4


class SurveyView(SurveySettings, frozen=True, kw_only=True):
    """A survey as it is read."""

    survey_id: str
    status: SurveyStatus
    buckets: int
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    revision: int


def settings_of(new: SurveySettings) -> SurveySettings:
    """The settings alone of a message that carries more."""
    return SurveySettings(**{name: getattr(new, name) for name in SurveySettings.__struct_fields__})


def view_of(survey: Survey) -> SurveyView:
    """The survey as it is read: without the salt of its person ids."""
    own = {name: getattr(survey, name) for name in SurveyView.__struct_fields__ if name in Survey.__struct_fields__}
    return SurveyView(**asdict(survey.settings), **own)


class SurveyList(ResponseBody, frozen=True, kw_only=True):
    """All surveys, by id."""

    surveys: tuple[SurveyView, ...]


if TYPE_CHECKING:

    class SurveyChange(RequestBody, frozen=True, kw_only=True):
        """A change of some settings; the type below has every field of `SurveySettings`, each of which may be left out."""

        revision: int | UnsetType = UNSET

else:
    SurveyChange = defstruct(
        "SurveyChange",
        [
            ("revision", Annotated[int, Meta(ge=1)] | UnsetType, UNSET),
            *((setting.name, setting.type | UnsetType, UNSET) for setting in fields(SurveySettings)),
        ],
        bases=(RequestBody,),
        module=__name__,
        namespace={
            "__doc__": "A change: each top-level field that is there replaces the present one; null clears an optional one. "
            "With `revision` (as read) it is refused if the survey has changed since."
        },
        frozen=True,
        forbid_unknown_fields=True,
        kw_only=True,
    )


def changed_settings(settings: SurveySettings, change: SurveyChange) -> SurveySettings:
    """The settings with what the change gives in place of what was there."""
    given = {name: getattr(change, name) for name in SurveySettings.__struct_fields__}
    return replace(settings, **{name: value for name, value in given.items() if value is not UNSET})


class SigningSecret(ResponseBody, frozen=True, kw_only=True):
    """The key of the survey's respondent tokens (HS256). It is shown here only; the one before stays valid until `previous_valid_until`."""

    survey_id: str
    signing_secret: str
    previous_valid_until: datetime | None
