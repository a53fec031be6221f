import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.importing.dialect import Dialect, FileFormat, dialect_of
from shared.importing.problems import FileProblem, FileRefusedError, Reason
from shared.importing.reading import LONGEST_RECORD, Place, Record, records
from tests.importing.sources import Bytes

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=12)
BEGINNING = Place(0, 0)
COMMAS = Dialect(FileFormat.CSV, "auto", ",", b"\n", 0, 0)
JSON = Dialect(FileFormat.JSON_LINES, "auto", ",", b"\n", 0, 0)


def read(data: bytes, dialect: Dialect = COMMAS, place: Place = BEGINNING, most: int = 1 << 18) -> list[Record]:
    return list(records(Bytes(data, most), dialect, place))


def written(rows: list[list[str]], line_end: str = "\r\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end).writerows(rows)
    return text.getvalue().encode()


@given(ROWS, st.integers(1, 30))
def test_what_was_written_is_read_again_however_few_bytes_come_at_a_time(rows: list[list[str]], most: int) -> None:
    assert [list(record.cells) for record in read(written(rows), most=most)] == rows


@given(ROWS, st.data())
def test_reading_goes_on_after_any_record_as_if_it_had_never_stopped(rows: list[list[str]], data: st.DataObject) -> None:
    whole = read(written(rows))
    if whole:
        last = data.draw(st.sampled_from(whole))
        assert read(written(rows), place=last.next) == whole[last.row :]


def test_a_cell_may_have_line_breaks_and_quotation_marks() -> None:
    [heads, one, two] = read(b'id,comment\n1,"Bom,\nmas ""caro"""\n2,ok\n')
    assert heads.cells == ("id", "comment")
    assert one.cells == ("1", 'Bom,\nmas "caro"')
    assert (two.row, two.cells) == (3, ("2", "ok"))


def test_a_quotation_mark_that_nothing_closes_costs_one_line_and_no_more() -> None:
    found = read(b'1,ok\n2,"open\n3,ok\n4,ok\n')
    assert [record.problem for record in found] == [None, Reason.RECORD_TOO_LONG, None, None]
    assert [record.cells for record in found if not record.problem] == [("1", "ok"), ("3", "ok"), ("4", "ok")]


def test_a_quotation_mark_in_the_middle_of_a_cell_is_only_that() -> None:
    assert [record.cells for record in read(b'1,tela de 5" boa\n2,ok\n')] == [("1", 'tela de 5" boa'), ("2", "ok")]


def test_a_line_that_is_far_too_long_is_passed_over() -> None:
    found = read(b"1,ok\n2," + b"x" * (3 * LONGEST_RECORD) + b"\n3,ok\n", most=1000)
    assert [record.problem for record in found] == [None, Reason.RECORD_TOO_LONG, None]
    assert found[-1].cells == ("3", "ok")


def test_what_is_not_utf_8_is_windows_1252_line_by_line() -> None:
    found = read("1,avaliação\n".encode() + "2,péssimo\n".encode("cp1252") + b"3,\x81\n")
    assert [record.cells[1] for record in found[:2]] == ["avaliação", "péssimo"]
    assert found[2].problem is Reason.UNREADABLE


def test_a_declared_encoding_is_taken_at_its_word() -> None:
    utf_8 = Dialect(FileFormat.CSV, "utf-8", ",", b"\n", 0, 0)
    assert [record.problem for record in read("1,ok\n2,péssimo\n3,ok\n".encode("latin-1"), utf_8)] == [None, Reason.UNREADABLE, None]


def test_a_nul_is_no_text() -> None:
    assert [record.problem for record in read(b"1,a\0b\n2,ok\n")] == [Reason.UNREADABLE, None]


def test_the_last_line_needs_no_end_and_blank_ones_count_as_rows() -> None:
    found = read(b"1,a\n\n ,\n2,b")
    assert [(record.row, record.is_blank) for record in found] == [(1, False), (2, True), (3, True), (4, False)]


def test_json_lines_are_objects_and_what_lies_in_objects_has_a_path() -> None:
    found = read(b'{"id":"1","person":{"email":"a@x.example","tags":["x"]}}\n\n[1]\nnot json\n{"id":2}', JSON)
    assert found[0].heads == ("id", "person.email")
    assert found[0].cells == ("1", "a@x.example")
    assert [record.problem for record in found[1:]] == [None, Reason.UNREADABLE, Reason.UNREADABLE, None]
    assert found[1].is_blank


def test_json_that_is_nested_without_end_is_only_unreadable() -> None:
    assert read(b'{"a":' * 30_000 + b"1\n", JSON)[0].problem is not None
    assert read(json.dumps({"a": "\ud800"}).encode() + b"\n", JSON)[0].problem is Reason.UNREADABLE


# ── How a file is written ──────────────────────────────────────────────────────────────────────────────────────────────

KNOWN = {"id", "score", "date"}


def sniff(head: bytes, file_format: FileFormat = FileFormat.CSV, delimiter: str | None = None) -> Dialect:
    return dialect_of(head, file_format, "auto", delimiter, lambda name: name.strip() in KNOWN)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_known_columns(delimiter: str) -> None:
    heads = delimiter.join(["id", "score", "date", '"a, b; c | d"'])
    assert sniff(f"{heads}\n1{delimiter}9".encode()).delimiter == delimiter


def test_excel_may_name_the_delimiter_before_the_heads() -> None:
    found = sniff(b"sep=;\r\nid;score\r\n")
    assert (found.delimiter, found.begins_at, found.rows_before) == (";", 7, 1)


def test_a_byte_order_mark_is_no_part_of_the_first_head() -> None:
    dialect = sniff("\ufeffid,score\n1,9\n".encode())
    [heads, _] = read("\ufeffid,score\n1,9\n".encode(), dialect, Place(dialect.begins_at, 0))
    assert heads.cells == ("id", "score")


def test_lines_may_end_as_on_old_macs() -> None:
    dialect = sniff(b"id,score\r1,9\r2,8\r")
    assert [record.cells for record in read(b"id,score\r1,9\r2,8\r", dialect)] == [("id", "score"), ("1", "9"), ("2", "8")]


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (b"", FileProblem.EMPTY),
        (b"\xef\xbb\xbf\r\n", FileProblem.EMPTY),
        ("id;score".encode("utf-16"), FileProblem.UTF_16),
        ("id;score".encode("utf-16-le"), FileProblem.UTF_16),
    ],
)
def test_what_is_no_text_file_is_refused_as_a_whole(head: bytes, problem: FileProblem) -> None:
    with pytest.raises(FileRefusedError) as refused:
        sniff(head)
    assert refused.value.problem is problem
