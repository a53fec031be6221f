"""Which column says what: as the mapping names them or, where it does not, as other systems call them.

Names are compared without regard to accents, case, spaces and punctuation. Delighted's are those of its API (`survey_responses`, with
`expand[]=person`) and, of its CSV, the same words as heads; ours are those of our own export.
"""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType, field

from shared import dimension as dim
from shared.importing.problems import FileProblem, FileRefusedError
from shared.survey import Key, Locale, SurveySettings
from shared.texts.export import export_texts

type Head = Annotated[str, Meta(max_length=200)]

_EMAIL: Final = ("email", "emailaddress", "enderecodeemail", "correo", "correoelectronico")
_DELIGHTED: Final[Mapping[str, Sequence[str]]] = {
    "id": ("id", "responseid", "surveyresponseid"),
    "score": ("score", "npsscore"),
    "answered_at": ("createdat", "respondedat", "responsecreatedat", "surveyrespondedat", "responsedate"),
    "comment": ("comment",),
    "email": ("personemail", *_EMAIL),
    "name": ("personname", "name"),
    "customer_id": ("personpropertiescustomerid", "propertiescustomerid", "customerid"),
    "channel": ("personpropertieschannel", "propertieschannel", "channel", "source"),
    "touchpoint": ("personpropertiestouchpoint", "propertiestouchpoint", "touchpoint"),
    "variant": ("personpropertiesvariant", "propertiesvariant", "variant"),
    "locale": ("personpropertieslocale", "propertieslocale", "locale"),
    "survey_type": ("surveytype",),
}
_ANY: Final[Mapping[str, Sequence[str]]] = {
    "id": ("id", "answerid", "responseid", "idresposta", "idderesposta", "iddaresposta", "identificador", "idrespuesta", "idderespuesta"),
    "score": ("score", "npsscore", "nota", "notanps", "nps", "rating", "pontuacao", "puntuacion", "puntaje", "calificacion"),
    "answered_at": (
        *("answeredat", "createdat", "respondedat", "submittedat", "timestamp", "date", "datetime", "data", "datahora", "dataehora"),
        *("datadaresposta", "respondidoem", "respondidaem", "fecha", "fechahora", "fechayhora", "fechaderespuesta"),
    ),
    "comment": ("comment", "comments", "comentario", "comentarios", "feedback", "verbatim"),
    "email": _EMAIL,
    "name": ("name", "fullname", "nome", "nomecompleto", "nombre", "nombrecompleto"),
    "customer_id": ("customerid", "customer", "cliente", "idcliente", "iddocliente", "codigodocliente", "externalid", "iddelcliente"),
    "touchpoint": ("touchpoint", "pontodecontato", "puntodecontacto"),
    "channel": ("channel", "canal"),
    "variant": ("variant", "variante"),
    "locale": ("locale", "language", "idioma"),
}
_SEGMENT_PREFIXES: Final = ("segment", "segmento", "segments", "personproperties", "properties", "")
OWN_LOCALES: Final[tuple[Locale, ...]] = ("pt-BR", "en", "es")


class Preset(StrEnum):
    """Whose names are known."""

    DELIGHTED = "delighted"
    RECOMENDA = "recomenda"


class ColumnMapping(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where each thing stands, by the name of a column; null: nowhere; left out: where it is usually called so.

    An id may be made of several columns. In JSON lines, `outer.inner` names what lies in an object.
    """

    id: Head | Annotated[tuple[Head, ...], Meta(min_length=1, max_length=5)] | UnsetType = UNSET
    score: Head | UnsetType = UNSET
    answered_at: Head | UnsetType = UNSET
    comment: Head | UnsetType | None = UNSET
    email: Head | UnsetType | None = UNSET
    name: Head | UnsetType | None = UNSET
    customer_id: Head | UnsetType | None = UNSET
    touchpoint: Head | UnsetType | None = UNSET
    channel: Head | UnsetType | None = UNSET
    variant: Head | UnsetType | None = UNSET
    locale: Head | UnsetType | None = UNSET
    segments: dict[Key, Head | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands in a row: `id`, `score`, …, `segment.KEY`. Only what is there."""

    places: Mapping[str, int]
    id_places: tuple[int, ...]
    ignored: tuple[str, ...]
    """The columns that say nothing we know."""

    def cell(self, cells: Sequence[Any], name: str) -> Any:  # noqa: ANN401 - JSON has any values
        """What stands there; None where nothing does."""
        place = self.places.get(name)
        return cells[place] if place is not None and place < len(cells) else None


class Finder:
    """Finds columns by a preset, a mapping and the survey's own segments."""

    def __init__(self, preset: Preset | None, mapping: ColumnMapping, settings: SurveySettings) -> None:
        """Take what says how columns are called."""
        self._mapping = mapping
        names = _names_of(preset, settings)
        segments = {
            dim.SEGMENT + segment.key: tuple(prefix + plain(segment.key) for prefix in _SEGMENT_PREFIXES) for segment in settings.segments
        }
        self._names: dict[str, Sequence[str]] = {**names, **segments}
        self._given = {name: given for name in _ANY if name != "id" and (given := getattr(mapping, name)) is not UNSET}
        self._given |= {dim.SEGMENT + key: head for key, head in mapping.segments.items()}
        self.find = lru_cache(maxsize=256)(self._find)

    def knows(self, head: str) -> bool:
        """Whether a column of that name is looked for."""
        looked_for = plain(head)
        given = (*self._given.values(), *self._id_heads())
        return bool(looked_for) and (head.strip() in given or any(looked_for in names for names in self._names.values()))

    def _id_heads(self) -> tuple[str, ...]:
        given = self._mapping.id
        return () if isinstance(given, UnsetType) else (given,) if isinstance(given, str) else given

    def _find(self, heads: tuple[str, ...]) -> Columns:
        """The columns under these heads; the first of a name is taken."""
        trimmed = [head.strip().removeprefix("\ufeff") for head in heads]
        exact = {head: place for place, head in reversed(list(enumerate(trimmed)))}
        plainly = {plain(head): place for place, head in reversed(list(enumerate(trimmed)))}
        places: dict[str, int] = {}
        for name, usual in self._names.items():
            if name in self._given:
                continue
            place = next((plainly[each] for each in usual if each and each in plainly), None)
            if place is not None:
                places[name] = place
        places |= {name: exact[head] for name, head in self._given.items() if head is not None and head in exact}
        id_heads = self._id_heads()
        if id_heads:
            places.pop("id", None)
            id_places = tuple(exact[head] for head in id_heads) if all(head in exact for head in id_heads) else ()
        else:
            id_places = (places["id"],) if "id" in places else ()
        taken = {*places.values(), *id_places}
        return Columns(places, id_places, tuple(head for place, head in enumerate(trimmed) if place not in taken and head))

    def check(self, heads: Collection[str]) -> Columns:
        """The columns of a whole file. Raises `FileRefusedError` where something that every answer needs is nowhere."""
        trimmed = {head.strip() for head in heads}
        if not any(trimmed):
            raise FileRefusedError(FileProblem.NO_HEADS)
        named = {head for head in (*self._given.values(), *self._id_heads()) if head is not None}
        if not named <= trimmed:
            raise FileRefusedError(FileProblem.NO_SUCH_COLUMN)
        columns = self._find(tuple(heads))
        needed = (
            (bool(columns.id_places), FileProblem.NO_ID_COLUMN),
            ("score" in columns.places, FileProblem.NO_SCORE_COLUMN),
            ("answered_at" in columns.places, FileProblem.NO_DATE_COLUMN),
        )
        for is_there, problem in needed:
            if not is_there:
                raise FileRefusedError(problem)
        return columns


def _names_of(preset: Preset | None, settings: SurveySettings) -> Mapping[str, Sequence[str]]:
    """By what they say, how columns are called. Ours have the time zone of their dates in a head: one of another zone is not ours."""
    if preset is Preset.DELIGHTED:
        return _DELIGHTED
    if preset is None:
        return _ANY
    said = [export_texts(locale).columns for locale in OWN_LOCALES]
    own = {**dict.fromkeys(_ANY), "standing": None, "id": "answer_id"}
    inside = {"email": "personemail", "name": "personname", "customer_id": "personcustomerid"}
    return {
        name: (
            *(plain(columns[key or name].format(time_zone=settings.time_zone)) for columns in said),
            *(each for each in (plain(key or name), inside.get(name)) if each),
        )
        for name, key in own.items()
    }


def plain(text: str) -> str:
    """Letters and digits alone, without accents, in lower case."""
    return "".join(each for each in unicodedata.normalize("NFKD", text).casefold() if each.isalnum())
