"""Law 1 on the real files: a corrected cell changes the lines of its record and nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Callable

import pytest

from retouche.core import splice
from retouche.core.dialect import Dialect
from retouche.core.keys import KeyIndex
from retouche.core.operations import Update
from retouche.core.table import Table
from tests.core.strategies import schema_of
from tests.realdata import real_data

CSV = Dialect()


def varied_cells(table: Table) -> list[tuple[int, int]]:
    """Thirty cells of all kinds: quoted, bare, with newlines, leading zeros, empty; first, last."""
    last = len(table) - 1
    chosen = [(0, 0), (0, 5), (0, 4), (0, 8), (last, 0), (last, 6), (last, 23), (last, 18)]
    kinds: dict[str, Callable[[bytes], bool]] = {
        "newline": lambda raw: b"\n" in raw,
        "comma": lambda raw: b"," in raw,
        "accent": lambda raw: not raw.isascii(),
        "zero": lambda raw: raw.startswith(b'"0'),
        "quoted": lambda raw: raw.startswith(b'"'),
        "empty": lambda raw: not raw,
        "bare": lambda raw: not raw.startswith(b'"'),
    }
    wanted = {"newline": 6, "comma": 2, "accent": 2, "zero": 3, "quoted": 3, "empty": 3, "bare": 3}
    for place in range(5, last):
        for column, (begin, end) in enumerate(table.cell_spans(place)):
            raw = table.data[begin:end]
            kind = next(one for one, is_such in kinds.items() if is_such(raw))
            if wanted[kind] and (kind == "newline" or (place + column) % 7 == 0):
                wanted[kind] -= 1
                chosen.append((place, column))
                break
    assert not any(wanted.values())
    assert len(chosen) == 30
    return chosen


@pytest.mark.real_data
@pytest.mark.parametrize("value", ["Nouvelle valeur", 'deux\nlignes, "citées"', None])
def test_thirty_cells_of_the_real_list_change_one_record_each(value: str | None) -> None:
    data = real_data("france-services-lists/liste-fs-20240801.csv").read_bytes()
    table = Table.parse(data, CSV)
    schema = schema_of(table.header, key=("id_fs",))
    index = KeyIndex.build(table, schema)
    for place, column in varied_cells(table):
        row, name = table.row(place), table.header[column]
        old = schema.to_cell(row[column])
        change = Update(resource="r", key=(row[0],), old={name: old}, new={name: value})
        after = splice.apply(table, [change], schema=schema, index=index)
        start, _, end = table.record_span(place)
        begin, finish = table.cell_spans(place)[column]
        tail = len(data) - finish
        assert after[:begin] == data[:begin]
        assert after[len(after) - tail :] == data[finish:]
        assert Table.parse(after, CSV).row(place) == (
            *row[:column],
            value or "",
            *row[column + 1 :],
        )
        lines, lines_after = data.split(b"\n"), after.split(b"\n")
        first = data.count(b"\n", 0, start)
        spanned = data.count(b"\n", start, end)
        spanned_after = len(lines_after) - len(lines) + spanned
        # difflib is slow on the whole file, and outside this window every line is the same.
        window = slice(max(first - 3, 0), first + spanned + 3)
        window_after = slice(window.start, first + spanned_after + 3)
        assert lines[: window.start] == lines_after[: window.start]
        assert lines[window.stop :] == lines_after[window_after.stop :]
        codes = difflib.SequenceMatcher(
            None, lines[window], lines_after[window_after], autojunk=False
        ).get_opcodes()
        touched = [code for code in codes if code[0] != "equal"]
        if old == value:
            assert touched == []
            continue
        assert sum(code[2] - code[1] for code in touched) <= spanned
        assert sum(code[4] - code[3] for code in touched) <= spanned_after
        if spanned == spanned_after == 1:
            assert [(code[0], code[2] - code[1], code[4] - code[3]) for code in touched] == [
                ("replace", 1, 1)
            ]


@pytest.mark.real_data
@pytest.mark.parametrize("folder", ["daff-tables", "csv-spectrum/csvs", "france-services-lists"])
def test_one_cell_of_each_real_file_changes_and_no_other_byte(folder: str) -> None:
    for path in sorted(real_data(folder).glob("*.csv")):
        table = Table.parse(path.read_bytes(), CSV)
        schema = schema_of(table.header, key=table.header[:1])
        index = KeyIndex.build(table, schema)
        keys = [key for key in index if key not in index.duplicates]
        for key in keys[:1] + keys[-1:]:
            place = index.find(key)
            for column, (begin, end) in enumerate(table.cell_spans(place)):
                name, old = table.header[column], schema.to_cell(table.row(place)[column])
                change = Update(resource="r", key=key, old={name: old}, new={name: "9"})
                after = splice.apply(table, [change], schema=schema, index=index)
                tail = len(table.data) - end
                assert after[:begin] == table.data[:begin]
                assert after[len(after) - tail :] == table.data[end:]
                assert after[begin : len(after) - tail] in (b"9", b'"9"')
