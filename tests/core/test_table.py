"""Reading a table: rows, columns, spans and lines, on small files and on torture sets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from retouche.core.dialect import Dialect
from retouche.core.errors import BadDataset, UnreadableFile
from retouche.core.table import Table
from tests.realdata import real_data

CSV = Dialect()


def table(text: str, dialect: Dialect = CSV) -> Table:
    return Table.parse(text.encode(dialect.encoding), dialect)


def test_a_table_has_a_header_and_rows_of_text() -> None:
    one = table('id,nom\n01,"Fort, ""le"""\n2,\n')
    assert one.header == ("id", "nom")
    assert len(one) == 2
    assert list(one.rows()) == [("01", 'Fort, "le"'), ("2", "")]
    assert one.row(0) == ("01", 'Fort, "le"')
    assert one.column(1) == ['Fort, "le"', ""]
    assert one.columns((1, 0)) == [['Fort, "le"', ""], ["01", "2"]]
    assert list(one.rows_at([1, 0, 1])) == [one.row(1), one.row(0), one.row(1)]


def test_spans_show_every_byte_of_a_row() -> None:
    one = table('id,nom\r\n1,"é,"\r\n')
    start, stop, end = one.record_span(0)
    assert one.data[start:stop] == one.content(0) == '1,"é,"'.encode()
    assert one.data[stop:end] == b"\r\n"
    assert [one.data[a:b] for a, b in one.cell_spans(0)] == [b"1", '"é,"'.encode()]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert table('\ufeffid,"a"\n1,2\n').header == ("id", "a")
    assert table('\ufeff"id",a\n1,2\n').header == ("id", "a")


def test_a_first_name_may_be_quoted_behind_the_mark_in_an_untidy_file() -> None:
    one = table('\ufeff"i\nd",a\n1,x"y\n')
    assert one.header == ("i\nd", "a")
    assert list(one.rows()) == [("1", 'x"y')]


def test_rows_may_be_short_or_long() -> None:
    one = table("id,a,b\n1\n2,x,y,z\n")
    assert [len(row) for row in one.rows()] == [1, 4]
    assert one.column(1) == ["", "x"]
    assert one.column(3) == ["", "z"]
    assert one.column(9) == ["", ""]


def test_blank_lines_are_no_rows_but_count_as_lines() -> None:
    one = table('id,a\n\n1,"x\ny"\n\n\n2,y\n\n')
    assert [row[0] for row in one.rows()] == ["1", "2"]
    assert [one.line(0), one.line(1)] == [3, 7]
    assert one.blank_lines == (2, 5, 6, 8)


def test_an_empty_quoted_cell_alone_is_a_row() -> None:
    assert list(table('id\n""\n\nx\n').rows()) == [("",), ("x",)]


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\u0085", "\u2028", "\u2029"])
def test_only_cr_and_lf_end_lines(sign: str) -> None:
    one = table(f"id,a\n1,x{sign}y\n2,{sign}\n")
    assert list(one.rows()) == [("1", f"x{sign}y"), ("2", sign)]
    assert one.line(1) == 3


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(ends: str) -> None:
    one = table(f'id,a{ends}1,"x{ends}y"{ends}2,z')
    assert list(one.rows()) == [("1", f"x{ends}y"), ("2", "z")]
    assert [one.line(0), one.line(1)] == [2, 4]


def test_a_header_alone_is_a_table_without_rows() -> None:
    for text in ("id,a", "id,a\n"):
        one = table(text)
        assert (len(one), list(one.rows()), one.column(0)) == (0, [], [])


def test_a_delimiter_may_take_several_bytes() -> None:
    one = table('id¦a\n1¦«x»\n2¦"y¦"¦é\n', Dialect("¦"))
    assert list(one.rows()) == [("1", "«x»"), ("2", "y¦", "é")]
    assert one.column(1) == ["«x»", "y¦"]
    assert list(table("id¦a\n1¦é\n", Dialect("¦", encoding="cp1252")).rows()) == [("1", "é")]


def test_a_mark_that_the_encoding_lacks_is_refused() -> None:
    with pytest.raises(BadDataset):
        Table.parse(b"id\n", Dialect("→", encoding="cp1252"))
    with pytest.raises(BadDataset):
        Table.parse(b"id\n", Dialect(quote="→", encoding="cp1252"))


def test_a_cell_may_be_larger_than_what_the_csv_module_reads() -> None:
    long = "é" * 140_000  # the csv module stops at 131,072 unless told otherwise
    one = table(f'id,a\n1,"{long}"""\n2,x\n')
    assert list(one.rows()) == [("1", long + '"'), ("2", "x")]
    assert one.row(0)[1] == one.column(1)[0] == long + '"'


def test_positions_outside_the_table_are_an_index_error() -> None:
    one = table("id\n1\n")
    for position in (-1, 1):
        with pytest.raises(IndexError):
            one.row(position)
        with pytest.raises(IndexError):
            one.line(position)


def test_offsets_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        table("id\n1\n").starts[0] = 7


def test_more_rows_than_one_block_holds_are_read_alike() -> None:
    lines = [f'{n},"a{n}","é, {n}",{"" if n % 7 else "x"}' for n in range(30_000)]
    lines[20_000] = '20000,st"ray,"d""e"f'
    text = "id,a,b,c\n" + "\n".join(lines) + "\n"
    one = table(text)
    expected = [tuple(row) for row in csv.reader(io.StringIO(text))][1:]
    assert list(one.rows()) == expected
    assert one.columns((1, 2)) == [[row[1] for row in expected], [row[2] for row in expected]]
    assert one.column(3) == [row[3] if len(row) > 3 else "" for row in expected]
    assert one.line(29_999) == 30_001


# Without location_coordinates, where the expected JSON is not of the same rows as the CSV.
SPECTRUM = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
]


@pytest.mark.real_data
@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_is_read_as_it_says(name: str) -> None:
    folder = real_data("csv-spectrum")
    one = Table.parse((folder / "csvs" / f"{name}.csv").read_bytes(), CSV)
    expected = json.loads((folder / "json" / f"{name}.json").read_text("utf-8"))
    assert [dict(zip(one.header, row, strict=True)) for row in one.rows()] == expected


def parsed(data: bytes, dialect: Dialect) -> Table | str:
    """The table, or the reason why there is none."""
    try:
        return Table.parse(data, dialect)
    except UnreadableFile as problem:
        return problem.reason


def real_csv(folder: str) -> list[Path]:
    return sorted(path for path in real_data(folder).rglob("*.csv") if path.is_file())


@pytest.mark.real_data
@pytest.mark.parametrize(
    "folder", ["daff-tables", "frictionless-fixtures", "france-services-lists", "csv-spectrum"]
)
def test_real_files_are_read_like_the_csv_module_does_or_refused_with_a_reason(folder: str) -> None:
    for path in real_csv(folder):
        data = path.read_bytes()
        for encoding in ("utf-8", "iso8859-1"):
            dialect = Dialect(encoding=encoding)
            one = parsed(data, dialect)
            if isinstance(one, str):
                assert one in {"encoding", "header", "empty_file", "not_csv"}, path
                continue
            text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
            rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline="")) if row]
            assert [one.header, *one.rows()] == rows, path
            columns = one.columns(range(len(one.header)))
            padded = [
                [row[at] if at < len(row) else "" for row in rows[1:]] for at in range(len(columns))
            ]
            assert columns == padded, path
