"""Columns from the bytes of files, held against plain Python on every kind of cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.coded.columns import Column
from retouche.core.coded.folding import casefolded, fold, folded
from retouche.core.coded.lexing import Lexing
from retouche.core.coded.texts import Texts
from retouche.core.coded.typed import read_number, typing_of
from retouche.core.dialect import Dialect
from retouche.core.spans import Cells
from retouche.core.table import Table
from tests.core.plainly import coded, column_of, content, field_of
from tests.core.strategies import File, files

KINDS: list[tuple[str, dict[str, Any]]] = [
    *((kind, {}) for kind in ("string", "number", "integer", "date", "datetime", "time", "year")),
    ("number", {"decimalChar": ","}),
    ("number", {"decimalChar": ",", "groupChar": " "}),
    ("number", {"bareNumber": False}),
    ("date", {"format": "%d/%m/%Y"}),
    ("datetime", {"format": "%d/%m/%Y %H:%M"}),
    ("boolean", {}),
    ("duration", {}),
]
DAYS = st.builds(
    "{}-{}-{}".format,
    st.sampled_from(["0000", "0001", "1900", "1969", "2000", "2023", "2024", "9999", "20"]),
    st.sampled_from(["00", "01", "02", "2", "12", "13"]),
    st.sampled_from(["00", "01", "1", "28", "29", "30", "31", "3x"]),
)
TIMES = st.sampled_from(["00:00", "23:59:59", "24:00:00", "12:00:00Z", "10:00:00+02:00", "1:00"])
LONG = st.builds(
    lambda size, end: "x" * size + end,
    st.sampled_from([31, 64, 70]),
    st.sampled_from(["", "a", "é"]),
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                "NA",
                "1",
                "1.0",
                "01",
                "1e0",
                "+1",
                "10e-1",
                "-0",
                "0",
                "1.",
                ".5",
                ".",
                "-",
                "e",
            ),
            *("9007199254740993", "9007199254740992", "123456789012345.1", "0.1000000000000000055"),
            *("0.1", "1e400", "1e401", "-1e400", "1e-400", "1,5", "1 000,5", "1.5€", "1e99999"),
            *("true", "false", "P1D", "PT1H", "2020", "inf", "nan", "1_000", " 1", "٣"),
            *("Élan", "elan", "élan", "ELAN", "œuf", "oeuf", "’", "'", "ǆ", "ß", "ﬁ", "\u0301"),
            *("31/12/1999", "29/02/2023", "29/02/2024", "1/2/2020", "31/12/1999 10:00"),
        ]
    ),
    st.text("aAéÉ€\N{GRINNING FACE}日\ud800", max_size=4),
    st.text("0123456789+-.,eE", max_size=8),
    st.text("0123456789.", min_size=14, max_size=36),
    DAYS,
    TIMES,
    st.builds("{}{}{}".format, DAYS, st.sampled_from(["T", " ", "x"]), TIMES),
    LONG,
)


@settings(max_examples=250, deadline=None)
@given(st.lists(TEXTS, max_size=40), st.sampled_from(KINDS))
def test_a_column_is_as_plain_python_makes_it(
    texts: list[str], kind: tuple[str, dict[str, Any]]
) -> None:
    field = field_of(kind[0], **kind[1])
    column = column_of(field, texts)
    assert content(column) == coded(field, texts, ("", "NA"))
    assert column.texts == set(texts) - {"", "NA"}
    read = typing_of(field).read if column.typing.numeric else read_number
    assert read is not None
    plain = [np.nan if (order := read(text)) is None else float(order) for text in column.values]
    expected = [number if np.isfinite(number) else np.nan for number in plain]
    assert np.array_equal(column.numbers(), np.array(expected), equal_nan=True)
    again = Column.of_part(field, column.part())
    assert content(again) == content(column)


@settings(max_examples=150, deadline=None)
@given(files(), st.sampled_from(["string", "number"]))
def test_columns_of_a_file_are_its_cells(file: File, kind: str) -> None:
    table = file.table
    field, missing = field_of(kind), file.schema.missing_values
    for place, cells in enumerate(table.cells(range(5))):
        texts = [row[place] if place < len(row) else "" for row in file.rows]
        assert table.column(place) == texts
        column = Column.read(field, cells, missing=missing)
        assert content(column) == coded(field, texts, missing)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("odd", ['"a"b', '"a"b"', '"""é"" d\'œuvre"', '""""', 'é"x', "", '"\n"'])
def test_cells_with_quotes_within_are_read_as_the_csv_module_does(odd: str, encoding: str) -> None:
    data = f'id,a\n1,"say ""hé"""\n2,{odd}\n3,é\n4\n5,"",z\n'.encode(encoding)
    table = Table.parse(data, Dialect(encoding=encoding))
    expected = [row[1] if len(row) > 1 else "" for row in table.rows()]
    assert table.column(1) == expected
    (cells,) = table.cells((1,))
    column = Column.read(field_of(), cells, missing=("",))
    assert [column.cell(row) or "" for row in range(5)] == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, max_size=20))
def test_texts_are_folded_together_as_one_by_one(texts: list[str]) -> None:
    assert list(folded(Texts.of(texts))) == [fold(text) for text in texts]
    assert list(casefolded(Texts.of(texts))) == [text.casefold() for text in texts]


def test_quotes_of_several_bytes_are_taken_away_too() -> None:
    data = "id¦a\n1¦“x¦““y““”“\n2¦”z\n3¦““\n".encode()
    table = Table.parse(data, Dialect(delimiter="¦", quote="“"))
    assert table.column(1) == [row[1] for row in table.rows()] == ["x¦“y“”", "”z", ""]


def test_every_sign_is_folded_alike_among_many_and_alone() -> None:
    signs = [chr(code) for code in (*range(1, 0x3400), *range(0xF900, 0x10000), 0x1E921)]
    texts = [*signs, *map("".join, zip(signs, reversed(signs), strict=True))]
    assert list(folded(Texts.of(texts))) == [fold(text) for text in texts]
    assert list(casefolded(Texts.of(texts))) == [text.casefold() for text in texts]


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, max_size=20), st.sampled_from(KINDS))
def test_what_is_read_in_bulk_is_what_is_read_one_by_one(
    texts: list[str], kind: tuple[str, dict[str, Any]]
) -> None:
    typing = typing_of(field_of(kind[0], **kind[1]))
    lexing: Lexing | None = typing.lexing
    if lexing is None or typing.read is None:
        return
    # Layouts are not read within the first bytes of a view.
    heap = Texts.of(["-" * 40, *texts])
    reading = lexing(Cells(heap.heap, heap.starts[1:], heap.stops[1:]))
    for at, text in enumerate(texts):
        order = typing.read(text)
        if reading.known[at]:
            found = reading.orders[at]
            assert np.isnan(found) if order is None else found == float(order)


def test_usual_numbers_and_days_are_read_in_bulk() -> None:
    for kind, texts in (
        ("number", ["-1.5", "48.85661400000001", "1e5", "x", "12 000"]),
        ("date", ["2024-12-31", "1900-01-01"]),
        ("datetime", ["2024-12-31T10:00:00", "2024-12-31T10:00:00Z"]),
    ):
        lexing = typing_of(field_of(kind)).lexing
        assert lexing is not None
        heap = Texts.of(["-" * 40, *texts])
        assert lexing(Cells(heap.heap, heap.starts[1:], heap.stops[1:])).known.all()
