"""Snapshots: cells, rows by key, fields that the file or the schema lacks, personal fields."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from retouche.core.coded.columns import Column
from retouche.core.dialect import Dialect
from retouche.core.errors import AmbiguousRow, NotFound, UnknownField, UnreadableFile
from retouche.core.package import Resource
from retouche.core.reading import derivation as module
from retouche.core.reading.query import Query
from retouche.core.reading.selection import facets, select
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Field, Schema
from retouche.core.spans import Cells
from tests.realdata import real_data
from tests.snapshots import asked, one_column, snapshot_of

FIELDS: list[dict[str, Any]] = [
    {"name": "id"},
    {"name": "phone", "retouche": {"personal": True}},
    {"name": "size", "type": "integer"},
    {"name": "later"},
]


def shops() -> Snapshot:
    return snapshot_of(
        FIELDS,
        [
            ["1", "3", "04 00", "kept"],
            ["2", "NA", "", ""],
            ["2", "5", "04 11", "x"],
            ["", "7", "04 22", "x"],
        ],
        header=["id", "size", "phone", "extra"],
        primaryKey="id",
        missingValues=["", "NA"],
    )


def test_fields_follow_the_file_and_end_with_those_it_lacks() -> None:
    assert [one.name for one in shops().all_fields] == ["id", "size", "phone", "extra", "later"]
    assert [one.name for one in shops().fields] == ["id", "size", "extra", "later"]
    assert shops().fields[1].type == "integer"
    assert shops().fields[2].type == "string"


def test_cells_are_texts_or_none_and_personal_ones_are_left_out() -> None:
    assert shops().cells(0) == {"id": "1", "size": "3", "extra": "kept", "later": None}
    assert shops().cells(1) == {"id": "2", "size": None, "extra": None, "later": None}
    assert shops().cells(0, personal=True)["phone"] == "04 00"
    with pytest.raises(IndexError):
        shops().cells(4)


def test_a_row_is_found_by_its_key() -> None:
    snapshot = shops()
    assert snapshot.row(("1",))["extra"] == "kept"
    assert snapshot.row(("1",)) == snapshot.cells(snapshot.index.find(("1",)))
    for key in (("9",), ("",), (), ("1", "2")):
        with pytest.raises(NotFound):
            snapshot.row(key)
    with pytest.raises(AmbiguousRow):
        snapshot.row(("2",))


def test_rows_without_a_key_cannot_be_named() -> None:
    with pytest.raises(NotFound):
        one_column(["a"]).row(("a",))


def test_columns_know_their_rows() -> None:
    snapshot = shops()
    assert set(snapshot.values("size")) == {"3", "5", "7"}
    assert "NA" not in snapshot.values("size")
    assert set(snapshot.values("phone")) == {"04 00", "04 11", "04 22"}
    assert set(snapshot.values("later")) == set()
    assert snapshot.positions("id", "2").tolist() == [1, 2]
    assert snapshot.positions("id", "3").tolist() == []
    assert snapshot.positions("size", "NA").tolist() == []
    assert snapshot.positions("later", "").tolist() == []


def test_unknown_columns_are_refused() -> None:
    for call in (shops().column, shops().shown, shops().values):
        with pytest.raises(UnknownField):
            call("nope")
    with pytest.raises(UnknownField):
        shops().prepare(["id", "nope"])


PERSONAL: list[tuple[str, str]] = [
    ("phone__exact", "04 00"),
    ("phone__isnull", ""),
    ("phone__sort", "asc"),
    ("columns", "id,phone"),
]


@pytest.mark.parametrize("parameter", PERSONAL)
def test_a_personal_field_is_unknown_to_readers(parameter: tuple[str, str]) -> None:
    with pytest.raises(UnknownField):
        asked(shops(), parameter)


def test_a_personal_field_is_neither_served_nor_found_nor_counted() -> None:
    snapshot = shops()
    assert all("phone" not in row for row in asked(snapshot))
    assert asked(snapshot, ("q", "04")) == []
    with pytest.raises(UnknownField):
        facets(snapshot, Query(), ["phone"])
    with pytest.raises(UnknownField):
        snapshot.rows(select(snapshot, Query()).positions, columns=["phone"])


def test_short_records_read_as_empty_cells_and_long_ones_are_cut() -> None:
    resource = Resource(
        name="r", path="r.csv", schema=Schema.from_descriptor({"fields": [{"name": "a"}]})
    )
    snapshot = Snapshot(resource, b"a,b\n1\n1,2,3\n")
    assert [snapshot.cells(at) for at in range(2)] == [{"a": "1", "b": None}, {"a": "1", "b": "2"}]
    assert snapshot.column("b").codes.tolist() == [-1, 0]


def test_an_empty_cell_is_a_value_where_the_schema_says_so() -> None:
    snapshot = one_column(["", "-", "a"], missing=["-"])
    assert [snapshot.cells(at)["f"] for at in range(3)] == ["", None, "a"]
    assert set(snapshot.values("f")) == {"", "a"}


def test_other_dialects_and_encodings_read_alike() -> None:
    dialect = Dialect(delimiter=";", encoding="cp1252")
    snapshot = snapshot_of([{"name": "été"}], [["œuvre; 5 €"], ["a\nb"]], dialect=dialect)
    assert [snapshot.cells(at)["été"] for at in range(2)] == ["œuvre; 5 €", "a\nb"]
    assert len(asked(snapshot, ("q", "oeuvre"))) == 1


def test_a_file_that_cannot_be_read_says_so_each_time() -> None:
    resource = Resource(
        name="r", path="r.csv", schema=Schema.from_descriptor({"fields": [{"name": "a"}]})
    )
    snapshot = Snapshot(resource, b"a\n\xff\n")
    for _ in range(2):
        with pytest.raises(UnreadableFile):
            len(snapshot)


def test_columns_prepared_in_several_readings_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[str(row * at) for at in range(7)] for row in range(5)]
    fields = [{"name": f"f{at}"} for at in range(7)]
    one, other = snapshot_of(fields, rows), snapshot_of(fields, rows)
    names = [one["name"] for one in fields]
    one.prepare(names)
    monkeypatch.setattr(module, "CELLS_AT_ONCE", 10)
    other.prepare(names)
    for name in names:
        assert list(one.column(name).values) == list(other.column(name).values)
        assert one.column(name).codes.tolist() == other.column(name).codes.tolist()


def test_threads_share_what_is_derived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = snapshot_of(FIELDS, [[str(at), "", "1", "a"] for at in range(500)], primaryKey="id")
    made: list[str] = []
    real = Column.read

    def counted(field: Field, cells: Cells, *, missing: tuple[str, ...]) -> Column:
        made.append(field.name)
        return real(field, cells, missing=missing)

    monkeypatch.setattr(Column, "read", counted)
    together = Barrier(8)

    def read(number: int) -> int:
        together.wait()
        calls: list[Callable[[], int]] = [
            lambda: len(snapshot.search.rows_with("a")),
            lambda: len(snapshot.column("size")),
            lambda: len(snapshot.index),
            lambda: len(snapshot),
        ]
        return sum(calls[(number + at) % 4]() for at in range(4))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(8))) == {4 * 500}
    assert sorted(made) == ["id", "later", "size"]


def test_size_counts_what_is_held() -> None:
    snapshot = shops()
    sizes = [snapshot.approximate_size]
    for derive in (lambda: snapshot.index, lambda: snapshot.search):
        derive()
        sizes.append(snapshot.approximate_size)
    assert sizes == sorted(set(sizes))
    assert sizes[0] == len(snapshot.data)


@pytest.mark.real_data
def test_the_real_list_is_searched_filtered_and_placed() -> None:
    data = real_data("france-services-lists/liste-fs-20240801.csv").read_bytes()
    names = Snapshot(
        Resource(
            name="x", path="x.csv", schema=Schema.from_descriptor({"fields": [{"name": "id_fs"}]})
        ),
        data,
    ).table.header
    numbers = {"latitude": "number", "longitude": "number"}
    schema = Schema.from_descriptor(
        {
            "fields": [{"name": one, "type": numbers.get(one, "string")} for one in names],
            "primaryKey": "id_fs",
        }
    )
    snapshot = Snapshot(Resource(name="structures", path="x.csv", schema=schema), data)
    assert 2500 < len(snapshot) < 3500
    assert snapshot.row(("1",))["code_postal"] == "01200"

    rows = asked(snapshot, ("q", "valserhone papetiers"))
    assert [row["id_fs"] for row in rows] == ["1"]

    near = asked(snapshot, ("near", "46.1060711578546,5.8260084241619"), ("radius", "30000"))
    assert near[0]["id_fs"] == "1"
    assert [row["_distance"] for row in near] == sorted(row["_distance"] for row in near)
    assert near[-1]["_distance"] <= 30000

    ain = asked(snapshot, ("insee_dep__exact", "01"), ("lib_com__sort", "desc"))
    assert 5 < len(ain) < 60
    assert {row["insee_dep"] for row in ain} == {"01"}
    north = asked(snapshot, ("latitude__greater", "50.5"), ("insee_dep__in", "59,62"))
    assert north
    assert all(float(row["latitude"]) >= 50.5 for row in north)
    counted = facets(snapshot, Query(), ["format_fs", "insee_dep"])
    assert sum(one["count"] for one in counted["insee_dep"]) == len(snapshot)
    assert counted["format_fs"][0]["count"] >= counted["format_fs"][-1]["count"]
