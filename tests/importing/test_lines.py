from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.ports import PersonFacts
from shared.answer import Standing
from shared.api.export_files import CsvLines
from shared.importing.columns import ColumnMapping, Finder, Preset
from shared.importing.dialect import FileFormat, dialect_of
from shared.importing.lines import LineError, PastAnswer, Reader, Terms
from shared.importing.problems import FileProblem, FileRefusedError, Reason, text_of
from shared.importing.reading import Place, records
from shared.intake.ports import Claims
from shared.reading.page import Row
from shared.survey import Locale, SurveySettings, Touchpoint
from tests.fakes.samples import NOON, answer_of, settings_of, survey_of
from tests.importing.sources import Bytes

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
NO_MAPPING = ColumnMapping()
SETTINGS = settings_of(touchpoints=(Touchpoint(key="checkout", label="Finalização da compra"),))


def reader(preset: Preset | None = None, *, takes_personal: bool = True, settings: SurveySettings = SETTINGS) -> Reader:
    return Reader(Terms(settings, ZoneInfo("America/Sao_Paulo"), None, preset, takes_personal))


def read(row: dict[str, Any], preset: Preset | None = None, mapping: ColumnMapping = NO_MAPPING, **terms: Any) -> PastAnswer:  # noqa: ANN401
    columns = Finder(preset, mapping, SETTINGS).find(tuple(row))
    return reader(preset, **terms).read(2, tuple(row.values()), columns, NOW)


GOOD: dict[str, Any] = {"id": "r1", "score": "9", "date": "2024-03-25 14:30"}


def reason_of(**changes: Any) -> Reason:  # noqa: ANN401 - any cell
    with pytest.raises(LineError) as refused:
        read(GOOD | changes)
    return refused.value.reason


def test_a_line_says_who_answered_what_when() -> None:
    line = read(
        {
            "ID da resposta": "r1",
            "Nota": "9",
            "Data/hora": "25/03/2024 14:30",
            "Comentário": " Ótimo ",
            "E-mail": "ana@x.example",
            "Nome": "Ana",
            "ID do cliente": "c1",
            "Ponto de contato": "finalizacao da compra",
            "Canal": "E-mail",
            "Plan": "PRO",
        }
    )
    assert (line.file_id, line.score, line.comment) == ("r1", 9, "Ótimo")
    assert line.instant == datetime(2024, 3, 25, 17, 30, tzinfo=UTC)
    assert line.claims == Claims(customer_id="c1", email="ana@x.example", name="Ana")
    assert line.dimensions == {"touchpoint": "checkout", "channel": "email", "segment.plan": "pro"}


@pytest.mark.parametrize(("cell", "score"), [("0", 0), ("10", 10), (" 7 ", 7), ("9.0", 9), ("9,00", 9), (9, 9), (9.0, 9), ("07", 7)])
def test_scores_are_taken_as_spreadsheets_write_them(cell: object, score: int) -> None:
    assert read(GOOD | {"score": cell}).score == score


@pytest.mark.parametrize("cell", ["11", "-1", "9.5", "9,5", "nine", "true", True, 9.5, "1e1", "٩", "100", float("nan"), float("inf")])
def test_what_is_no_whole_number_from_0_to_10_is_no_score(cell: object) -> None:
    assert reason_of(score=cell) is Reason.SCORE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": " "}, Reason.NO_ID),
        ({"id": "x" * 201}, Reason.ID_TOO_LONG),
        ({"score": None}, Reason.NO_SCORE),
        ({"date": ""}, Reason.NO_DATE),
        ({"date": "03/04/2024"}, Reason.AMBIGUOUS_DATE),
        ({"comment": "x" * 5001}, Reason.COMMENT_TOO_LONG),
        ({"email": "nobody"}, Reason.EMAIL),
        ({"name": "x" * 201}, Reason.NAME),
        ({"customer_id": "c\x07"}, Reason.CUSTOMER_ID),
        ({"comment": "a\x00b"}, Reason.UNREADABLE),
    ],
)
def test_a_line_that_is_wrong_says_why(changes: dict[str, Any], reason: Reason) -> None:
    assert reason_of(**changes) is reason
    assert all(text_of(reason, locale) for locale in ("pt-BR", "en", "es"))


def test_every_problem_has_a_text_in_every_language() -> None:
    for problem in (*Reason, *FileProblem):
        assert len({text_of(problem, locale) for locale in ("pt-BR", "en", "es")}) == 3


def test_what_the_survey_does_not_declare_counts_as_other_and_is_named() -> None:
    line = read(GOOD | {"canal": "fax", "segment.plan": "platinum", "tamanho": "G"})
    assert line.dimensions == {"channel": "other", "segment.plan": "other"}
    assert line.undeclared == ("channel", "segment.plan")


def test_whether_somebody_is_identified_is_not_a_columns_to_say() -> None:
    assert "identity" not in read(GOOD | {"identity": "identified"}).dimensions


def test_a_name_alone_identifies_nobody() -> None:
    assert read(GOOD | {"name": "Ana"}).claims is None


def test_without_consent_to_our_text_nobody_is_named() -> None:
    line = read(GOOD | {"email": "ana@x.example", "comment": "Ótimo"}, takes_personal=False)
    assert (line.claims, line.comment, line.score) == (None, None, 9)


def test_nothing_personal_shows_in_a_repr() -> None:
    shown = repr(read(GOOD | {"id": "ana@x.example", "email": "ana@x.example", "comment": "segredo"}))
    assert "ana" not in shown
    assert "segredo" not in shown


# ── Delighted ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_delighteds_api_is_known() -> None:
    line = read(
        {
            "id": "5435",
            "person.id": "42",
            "person.email": "ana@x.example",
            "person.name": "Ana",
            "survey_type": "nps",
            "score": 3,
            "comment": "Demorou",
            "created_at": 1713497396,
            "updated_at": None,
            "person_properties.Plan": "pro",
            "person_properties.Customer ID": "c9",
            "permalink": "https://x.example/r/1",
        },
        Preset.DELIGHTED,
    )
    assert (line.file_id, line.score, line.comment) == ("5435", 3, "Demorou")
    assert line.claims == Claims(customer_id="c9", email="ana@x.example", name="Ana")
    assert line.dimensions == {"segment.plan": "pro"}
    assert line.instant == datetime(2024, 4, 19, 3, 29, 56, tzinfo=UTC)


def test_delighteds_other_kinds_of_survey_have_other_scales() -> None:
    with pytest.raises(LineError) as refused:
        read({"id": "1", "score": "4", "created_at": "1713497396", "survey_type": "csat"}, Preset.DELIGHTED)
    assert refused.value.reason is Reason.NOT_NPS


# ── Our own export ─────────────────────────────────────────────────────────────────────────────────────────────────────


def exported(locale: Locale, standing: Standing = Standing.VALID) -> bytes:
    """An answer as our own export writes it."""
    survey = survey_of(settings=SETTINGS)
    answer = answer_of(survey, 1, 3, {"touchpoint": "checkout", "segment.plan": "pro", "channel": "email"}, standing=standing)
    row = Row(answer, PersonFacts(comment="Bom; mas", customer_id="c1", email="ana@x.example", name="Ana"))
    lines = CsvLines(survey, locale)
    return lines.head() + lines.of([row])


@pytest.mark.parametrize("locale", ["pt-BR", "en", "es"])
def test_what_we_exported_is_read_again(locale: Locale) -> None:
    data = exported(locale)
    finder = Finder(Preset.RECOMENDA, NO_MAPPING, SETTINGS)
    dialect = dialect_of(data, FileFormat.CSV, "auto", None, finder.knows)
    heads, row = records(Bytes(data), dialect, Place(dialect.begins_at, 0))
    line = reader(Preset.RECOMENDA).read(2, row.cells, finder.check(heads.cells), NOW)
    assert (line.score, line.comment, line.instant) == (3, "Bom; mas", NOON)
    assert line.claims == Claims(customer_id="c1", email="ana@x.example", name="Ana")
    assert line.dimensions == {"touchpoint": "checkout", "segment.plan": "pro", "channel": "email"}


def test_what_did_not_count_is_not_imported() -> None:
    data = exported("pt-BR", Standing.EXCLUDED)
    finder = Finder(Preset.RECOMENDA, NO_MAPPING, SETTINGS)
    heads, row = records(Bytes(data), dialect_of(data, FileFormat.CSV, "auto", None, finder.knows), Place(3, 0))
    with pytest.raises(LineError) as refused:
        reader(Preset.RECOMENDA).read(2, row.cells, finder.check(heads.cells), NOW)
    assert refused.value.reason is Reason.COUNTS_NOT


# ── Mapping ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mapping_names_columns_and_takes_them_away() -> None:
    mapping = ColumnMapping(score="P1", comment=None, segments={"plan": "Carteira"})
    line = read({"id": "1", "P1": "8", "nota": "2", "data": "2024-01-02", "comentario": "x", "Carteira": "free"}, mapping=mapping)
    assert (line.score, line.comment, line.dimensions) == (8, None, {"segment.plan": "free"})


def test_an_id_may_be_made_of_several_columns() -> None:
    row = {"mail": "a@x.example", "data": "2024-01-02", "nota": "8"}
    one = read(row, mapping=ColumnMapping(id=("mail", "data")))
    other = read(row | {"data": "2024-01-03"}, mapping=ColumnMapping(id=("mail", "data")))
    assert one.file_id != other.file_id


@pytest.mark.parametrize(
    ("heads", "mapping", "problem"),
    [
        (("nota", "data"), ColumnMapping(), FileProblem.NO_ID_COLUMN),
        (("id", "data"), ColumnMapping(), FileProblem.NO_SCORE_COLUMN),
        (("id", "nota"), ColumnMapping(), FileProblem.NO_DATE_COLUMN),
        (("id", "nota", "data"), ColumnMapping(score="P1"), FileProblem.NO_SUCH_COLUMN),
        (("id", "nota", "data"), ColumnMapping(id=("id", "mail")), FileProblem.NO_SUCH_COLUMN),
        (("", " "), ColumnMapping(), FileProblem.NO_HEADS),
    ],
)
def test_a_file_without_what_every_answer_needs_is_refused(heads: tuple[str, ...], mapping: ColumnMapping, problem: FileProblem) -> None:
    with pytest.raises(FileRefusedError) as refused:
        Finder(None, mapping, SETTINGS).check(heads)
    assert refused.value.problem is problem


def test_columns_that_say_nothing_we_know_are_named() -> None:
    columns = Finder(None, ColumnMapping(), SETTINGS).check(("id", "nota", "data", "Gerente", "nps"))
    assert columns.ignored == ("Gerente", "nps")


@given(
    st.dictionaries(st.sampled_from([*GOOD, "email", "comment", "canal"]), st.text(max_size=20) | st.integers() | st.floats() | st.none())
)
def test_any_cells_are_an_answer_or_refused(cells: dict[str, Any]) -> None:
    try:
        line = read(GOOD | cells)
    except LineError:
        return
    assert 0 <= line.score <= 10
