"""The cells of blocks of records are those of the rows, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.cellgrid import CellGrid
from retouche.core.dialect import Dialect
from retouche.core.judging.missing import Missing
from retouche.core.table import Table
from tests.core.strategies import File, files


def a_grid(table: Table) -> CellGrid:
    return CellGrid(table.data, table.dialect, starts=table.starts, stops=table.stops)


def columns_of(table: Table, *, size: int) -> list[list[str]]:
    grid = a_grid(table)
    found: list[list[str]] = [[] for _ in table.header]
    for block in grid.blocks(size=size):
        for column, texts in enumerate(found):
            cells = block.cells(column)
            texts.extend(grid.texts(cells))
            settled = grid.settled(cells)
            assert settled.awkward is None
            assert grid.texts(settled) == grid.texts(cells)
    return found


@settings(max_examples=200, deadline=None)
@given(files(), st.sampled_from([1, 30, 1 << 20]))
def test_columns_are_those_of_the_rows(file: File, size: int) -> None:
    rows = list(file.table.rows())
    expected = [
        [row[at] if at < len(row) else "" for row in rows] for at in range(len(file.table.header))
    ]
    assert columns_of(file.table, size=size) == expected
    counts = [count for block in a_grid(file.table).blocks() for count in block.counts.tolist()]
    assert counts == [len(row) for row in rows]


@pytest.mark.parametrize(
    ("record", "texts"),
    [
        ('"a,b",c', ["a,b", "c"]),
        ('"a""b",""', ['a"b', ""]),
        ('a"b",c"', ['a"b"', 'c"']),
        ('"a"b,c', ["ab", "c"]),
        ('""NA,"""NA"""', ["NA", '"NA"']),
        ('"a\nb","\n"', ["a\nb", "\n"]),
    ],
)
def test_quotes_are_followed_as_csv_does(record: str, texts: list[str]) -> None:
    table = Table.parse(f"x,y\n{record}\n".encode(), Dialect())
    assert [one for column in columns_of(table, size=1) for one in column] == texts
    assert list(table.row(0)) == texts


def test_missing_values_are_found_however_they_are_quoted() -> None:
    lines = ['"NA"', "NA", '""NA', '"N"A', "NAN", '"N""A"', "x", '""', '"long missing value"']
    table = Table.parse(("x\n" + "\n".join(lines) + "\n").encode(), Dialect())
    grid = a_grid(table)
    missing = Missing(["NA", 'N"A', "", "long missing value"], grid)
    cells = next(grid.blocks()).cells(0)
    expected = [True, True, True, True, False, True, False, True, True]
    assert missing(cells).tolist() == expected


def test_places_of_bytes_are_known() -> None:
    table = Table.parse(b'x,y\n"a,!",b\nc,d!\n', Dialect())
    block = next(a_grid(table).blocks())
    offsets = np.flatnonzero(np.frombuffer(bytes(table.data), np.uint8) == ord("!"))
    rows, columns = block.places_of(offsets)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 0), (1, 1)]
