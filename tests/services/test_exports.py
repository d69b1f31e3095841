"""Downloads, read back by other readers: nothing lost, nothing run, nothing personal."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.dialect import Dialect
from retouche.core.errors import Malformed, TooLarge, UnknownField
from retouche.core.messages.exports import WORDS
from retouche.core.reading.query import Query
from retouche.core.reading.selection import Selection, records, select
from retouche.core.reading.snapshot import Snapshot
from retouche.services.exports import rows as plain
from retouche.services.exports import to_csv, to_geojson, to_json, to_xlsx, workbook
from tests.snapshots import snapshot_of

FIELDS: list[dict[str, Any]] = [
    {"name": "id"},
    {"name": "name", "title": "Nom", "retouche": {"label": {"en": "Name", "fr": "Nom usuel"}}},
    {"name": "latitude", "type": "number"},
    {"name": "longitude", "type": "number"},
    {"name": "owner", "retouche": {"personal": True}},
    {"name": "later"},
]
ROWS = [
    ["01", 'Café, "l’été"\nbis', "48.5", "2.25", "secret", ""],
    ["02", "NA", "", "", "secret", ""],
    ["03", "=HYPERLINK(1)", "-8", "-1.50", "secret", ""],
]


def shops(**options: Any) -> Snapshot:
    rows = [row[:5] for row in ROWS]
    header = [one["name"] for one in FIELDS[:5]]
    return snapshot_of(FIELDS, rows, header=header, missingValues=["", "NA"], **options)


def selected(snapshot: Snapshot, *args: tuple[str, str]) -> Selection:
    return select(snapshot, Query.parse(args, snapshot.fields))


def test_json_is_the_rows_of_the_api() -> None:
    snapshot = shops()
    selection = selected(snapshot, ("near", "48,2"))
    rows = orjson.loads(b"".join(to_json(snapshot, selection)))
    assert rows == list(records(snapshot, selection))
    assert rows[0]["name"] == ROWS[0][1]
    assert "owner" not in rows[0]
    assert set(rows[0]) == {"id", "name", "latitude", "longitude", "later", "_distance"}


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8])
def test_json_in_batches_is_one_array(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "BATCH", 4)
    snapshot = snapshot_of([{"name": "f"}], [[str(at)] for at in range(count)])
    chunks = list(to_json(snapshot, selected(snapshot)))
    assert orjson.loads(b"".join(chunks)) == [{"f": str(at)} for at in range(count)]


def test_geojson_has_points_longitude_first_and_null_where_there_is_none() -> None:
    snapshot = shops()
    found = orjson.loads(b"".join(to_geojson(snapshot, selected(snapshot), columns=["id"])))
    assert found == {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": geometry, "properties": {"id": id}}
            for id, geometry in [
                ("01", {"type": "Point", "coordinates": [2.25, 48.5]}),
                ("02", None),
                ("03", {"type": "Point", "coordinates": [-1.5, -8.0]}),
            ]
        ],
    }


def test_geojson_of_rows_without_any_place_is_refused() -> None:
    snapshot = snapshot_of([{"name": "f"}], [["a"]])
    with pytest.raises(Malformed) as refused:
        to_geojson(snapshot, selected(snapshot))
    assert refused.value.reason == "no_position"


def read_csv(data: bytes, delimiter: str = ",") -> list[list[str]]:
    text = io.StringIO(data.decode(), newline="")
    return list(csv.reader(text, delimiter=delimiter, strict=True))


def test_csv_gives_the_file_s_own_texts() -> None:
    snapshot = shops(dialect=Dialect(delimiter=";", encoding="cp1252"))
    data = b"".join(to_csv(snapshot, selected(snapshot, ("id__sort", "desc"))))
    assert read_csv(data, ";") == [
        ["id", "name", "latitude", "longitude"],
        *[row[:4] for row in reversed(ROWS)],
    ]
    assert data.endswith(b"\r\n")


def test_csv_of_chosen_columns_may_hold_one_that_the_file_lacks() -> None:
    snapshot = shops()
    data = b"".join(to_csv(snapshot, selected(snapshot), columns=["later", "id"]))
    assert read_csv(data) == [["later", "id"], ["", "01"], ["", "02"], ["", "03"]]


def test_csv_of_short_records_and_of_one_empty_column_keeps_every_row() -> None:
    snapshot = snapshot_of([{"name": "a"}, {"name": "b"}], [["1"], ["", ""], ["3", "4", "5"]])
    assert read_csv(b"".join(to_csv(snapshot, selected(snapshot)))) == [
        ["a", "b"], ["1", ""], ["", ""], ["3", "4"],
    ]  # fmt: skip
    alone = b"".join(to_csv(snapshot, selected(snapshot), columns=["b"]))
    assert read_csv(alone) == [["b"], [""], [""], ["4"]]


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1",
            "－1", "＠x", "-", "+33 4 50 00"]  # fmt: skip
HARMLESS = ["", "a=1", "-1", "+1", "-1.5", "-1,5", "+1e5", "'=1", " =1", "1-2", "é"]


@pytest.mark.attack("formulas")
def test_for_spreadsheets_formulas_are_disarmed_and_numbers_are_not() -> None:
    rows = [[one, "x"] for one in FORMULAS + HARMLESS]
    snapshot = snapshot_of([{"name": "=f"}, {"name": "x"}], rows)
    plain = b"".join(to_csv(snapshot, selected(snapshot)))
    guarded = b"".join(to_csv(snapshot, selected(snapshot), spreadsheet=True))
    assert guarded.startswith(b"\xef\xbb\xbf'=f,x\r\n")
    assert [row[0] for row in read_csv(plain)] == ["=f", *FORMULAS, *HARMLESS]
    assert [row[0] for row in read_csv(guarded)][1:] == ["'" + one for one in FORMULAS] + HARMLESS


DIALECTS = {one: Dialect(delimiter=one) for one in ",;\t|"}
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=6), st.sampled_from(sorted(DIALECTS)))
def test_any_texts_come_back_from_csv(rows: list[tuple[str, str]], delimiter: str) -> None:
    snapshot = snapshot_of([{"name": "a"}, {"name": "b"}], rows, dialect=DIALECTS[delimiter])
    data = b"".join(to_csv(snapshot, selected(snapshot)))
    assert [tuple(row) for row in read_csv(data, delimiter)] == [("a", "b"), *rows]


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_xlsx(data: bytes, sheet: int = 1) -> list[dict[str, str | float]]:
    """The cells of a sheet by address; numbers as floats, texts as texts."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert "xl/externalLinks" not in " ".join(book.namelist())
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    assert root.find(f".//{SHEET}f") is None, "a formula"
    assert root.find(f".//{SHEET}hyperlink") is None
    rows: list[dict[str, str | float]] = []
    for row in root.iter(f"{SHEET}row"):
        cells: dict[str, str | float] = {}
        for cell in row.iter(f"{SHEET}c"):
            column = re.sub("[0-9]", "", cell.attrib["r"])
            if cell.get("t") == "inlineStr":
                text = "".join(one.text or "" for one in cell.iter(f"{SHEET}t"))
                cells[column] = re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text)
            else:
                cells[column] = float(cell.findtext(f"{SHEET}v") or "nan")
        rows.append(cells)
    return rows


def test_a_workbook_has_labels_texts_and_lossless_numbers() -> None:
    snapshot = shops()
    rows = read_xlsx(to_xlsx(snapshot, selected(snapshot), locale="en"))
    assert rows == [
        {"A": "id", "B": "Name", "C": "latitude", "D": "longitude", "E": "later"},
        {"A": "01", "B": ROWS[0][1], "C": 48.5, "D": 2.25},
        {"A": "02"},
        {"A": "03", "B": "=HYPERLINK(1)", "C": -8.0, "D": -1.5},
    ]
    french = read_xlsx(to_xlsx(snapshot, selected(snapshot), locale="fr", columns=["name"]))
    assert french[0] == {"A": "Nom usuel"}


@pytest.mark.attack("formulas")
@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("12", {}, 12.0),
        ("-0.5", {}, -0.5),
        ("007", {}, "007"),
        ("1e5", {}, "1e5"),
        ("+3", {}, "+3"),
        ("-0", {}, "-0"),
        ("1234567890123456", {}, "1234567890123456"),
        ("0.12345678901234567", {}, "0.12345678901234567"),
        ("12 €", {"bareNumber": False}, "12 €"),
        ("x", {}, "x"),
        ("1,5", {"decimalChar": ","}, 1.5),
        ("1.5", {"decimalChar": ","}, "1.5"),
        ("1.234,5", {"decimalChar": ",", "groupChar": "."}, 1234.5),
        ("5", {"type": "string"}, "5"),
        ("2020", {"type": "year"}, "2020"),
    ],
)
def test_only_what_a_spreadsheet_shows_as_it_is_becomes_a_number(
    text: str, options: dict[str, Any], expected: str | float
) -> None:
    snapshot = snapshot_of([{"name": "f", "type": "number", **options}], [[text]])
    rows = read_xlsx(to_xlsx(snapshot, selected(snapshot), locale="fr"))
    assert rows[1] == {"A": expected}


@pytest.mark.attack("formulas")
def test_odd_texts_survive_a_workbook() -> None:
    texts = ["http://x.example", "internal:a!b", "{=1}", "  spaced  ", "a\x01b\x1f", "<&>\"'",
             "_x0041_", "\ufffe\uffff", "😀", "x" * 40_000]  # fmt: skip
    snapshot = snapshot_of([{"name": "f"}], [[text] for text in texts])
    rows = read_xlsx(to_xlsx(snapshot, selected(snapshot), locale="fr"))
    assert [row["A"] for row in rows[1:-1]] == texts[:-1]
    assert rows[-1]["A"] == "x" * 32_766 + "…"


def test_the_same_rows_give_the_same_workbook() -> None:
    snapshot = shops()
    one, other = (to_xlsx(snapshot, selected(snapshot), locale="fr") for _ in range(2))
    assert one == other


def test_a_workbook_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = shops()
    monkeypatch.setattr(workbook, "XLSX_CELLS", 14)
    with pytest.raises(TooLarge) as refused:
        to_xlsx(snapshot, selected(snapshot), locale="fr")
    assert refused.value.reason == "too_many_cells"
    monkeypatch.setattr(workbook, "XLSX_ROWS", 2)
    with pytest.raises(TooLarge) as refused:
        to_xlsx(snapshot, selected(snapshot), locale="fr")
    assert refused.value.reason == "too_many_rows"


@pytest.mark.attack("formulas")
def test_a_legend_says_what_columns_and_values_mean_and_runs_nothing() -> None:
    values = {"=1+1": {"label": {"en": "@SUM(1)", "fr": "somme"}}, "b": {"color": "#123456"}}
    fields: list[dict[str, Any]] = [
        {"name": "=f", "title": "+cmd|' /C calc'!A0", "description": "http://x.example",
         "retouche": {"display": {"values": values, "unit": {"en": "=km", "fr": "km"}}}},
        {"name": "n", "type": "integer"},
    ]  # fmt: skip
    snapshot = snapshot_of(fields, [["=1+1", "1"], ["b", "2"]])
    data = to_xlsx(snapshot, selected(snapshot), locale="en")
    rows = read_xlsx(data)
    assert rows[0] == {"A": "+cmd|' /C calc'!A0", "B": "n"}
    assert rows[1] == {"A": "=1+1", "B": 1.0}, "cells stay those of the file"
    assert read_xlsx(data, 2) == [
        dict(zip("ABCDEFG", WORDS["en"], strict=True)),
        {"A": "+cmd|' /C calc'!A0", "B": "=f", "C": "text", "D": "=km", "E": "http://x.example"},
        {"A": "+cmd|' /C calc'!A0", "B": "=f", "F": "=1+1", "G": "@SUM(1)"},
        {"A": "+cmd|' /C calc'!A0", "B": "=f", "F": "b", "G": "b"},
        {"A": "n", "B": "n", "C": "whole number"},
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b'name="Legend"' in book.read("xl/workbook.xml")
    alone = to_xlsx(snapshot, selected(snapshot), locale="en", legend=False)
    with zipfile.ZipFile(io.BytesIO(alone)) as book:
        assert "xl/worksheets/sheet2.xml" not in book.namelist()


@pytest.mark.parametrize(("name", "sheet"), [("history", "history_"), ("legend", "legend"),
                                             ("a" * 60, "a" * 31)])  # fmt: skip
def test_a_sheet_has_a_name_that_spreadsheets_take(name: str, sheet: str) -> None:
    snapshot = shops()
    renamed = Snapshot(dataclasses.replace(snapshot.resource, name=name), snapshot.data)
    data = to_xlsx(renamed, selected(renamed), locale="en")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert names == [sheet, "Legend (2)" if name == "legend" else "Legend"]


def test_geojson_with_labels_says_what_readers_call_fields_and_values() -> None:
    fields: list[dict[str, Any]] = [
        {"name": "a", "title": "Même"}, {"name": "b", "title": "Même"},
        {"name": "c", "title": "État", "retouche": {"display": {"values": {
            "x": {"label": {"fr": "Ouvert", "en": "Open"}}}}}},
        {"name": "lat", "type": "number"}, {"name": "lon", "type": "number"},
    ]  # fmt: skip
    snapshot = snapshot_of(fields, [["1", "2", "x", "48", "2"], ["3", "4", "y", "", ""]])
    found = orjson.loads(b"".join(to_geojson(snapshot, selected(snapshot), labels="en")))
    assert [one["properties"] for one in found["features"]] == [
        {"Même (a)": "1", "Même (b)": "2", "État": "Open", "lat": "48", "lon": "2"},
        {"Même (a)": "3", "Même (b)": "4", "État": "y", "lat": None, "lon": None},
    ]


def test_a_workbook_without_rows_has_its_header() -> None:
    snapshot = snapshot_of([{"name": "f"}], [])
    assert read_xlsx(to_xlsx(snapshot, selected(snapshot), locale="fr")) == [{"A": "f"}]


def test_personal_fields_are_refused_and_found_in_no_download() -> None:
    snapshot = shops()
    everything = selected(snapshot)
    for make in (to_json, to_geojson, to_csv):
        assert b"secret" not in b"".join(make(snapshot, everything))
        with pytest.raises(UnknownField):
            make(snapshot, everything, columns=["owner"])
    assert "secret" not in str(read_xlsx(to_xlsx(snapshot, everything, locale="fr")))
    with pytest.raises(UnknownField):
        to_xlsx(snapshot, everything, locale="fr", columns=["owner"])
