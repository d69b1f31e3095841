"""Computed columns: read, filtered, sorted, counted and searched like those of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from retouche.core.errors import UnknownField
from retouche.core.operations import Cell
from retouche.core.reading.computed import ComputedSnapshot
from retouche.core.reading.query import Query
from retouche.core.reading.selection import facets, select
from retouche.core.reading.snapshot import Snapshot
from tests.snapshots import asked, snapshot_of

FIELDS: list[dict[str, Any]] = [
    {"name": "id"},
    {"name": "near", "type": "integer", "retouche": {"derived": {"indicator": "near"}}},
    {"name": "town", "retouche": {"derived": {"indicator": "town"}}},
    {"name": "size", "type": "integer"},
]
ROWS = [["1", "9", "3"], ["2", "9", ""], ["3", "9", "7"], ["4", "9", "12"]]


@dataclass
class Given:
    """Cells that are there, and how often they were asked for."""

    listed: Sequence[Cell]
    asked: list[int] = field(default_factory=list)

    def cell(self, position: int) -> Cell:
        self.asked.append(position)
        return self.listed[position]

    def cells(self) -> Sequence[Cell]:
        return self.listed


NEAR: list[Cell] = ["10", "2", None, "2"]
TOWN: list[Cell] = ["Évron", None, "Apt", "L'Isle"]


def shops(near: Given | None = None, town: Given | None = None) -> ComputedSnapshot:
    """`near` is in the file, with figures that do not count; `town` is not."""
    stored = snapshot_of(FIELDS, ROWS, header=["id", "near", "size"], primaryKey="id")
    return ComputedSnapshot(
        stored, {"near": lambda: near or Given(NEAR), "town": lambda: town or Given(TOWN)}
    )


def test_fields_stand_where_the_schema_has_them() -> None:
    assert [one.name for one in shops().fields] == ["id", "near", "town", "size"]
    assert [one.name for one in shops().present] == ["id", "near", "town", "size"]
    assert [one.name for one in shops().stored.present] == ["id", "near", "size"]


def test_a_field_that_the_file_has_before_those_of_the_schema_stays_there() -> None:
    stored = snapshot_of(FIELDS, [["x", "1", "3"]], header=["extra", "id", "size"])
    computed = ComputedSnapshot(
        stored, {"near": lambda: Given(["2"]), "town": lambda: Given(["y"])}
    )

    assert [one.name for one in computed.fields] == ["extra", "id", "near", "town", "size"]
    assert computed.cells(0) == {"extra": "x", "id": "1", "near": "2", "town": "y", "size": "3"}


def test_cells_are_the_computed_ones_and_not_those_of_the_file() -> None:
    assert shops().cells(0) == {"id": "1", "near": "10", "town": "Évron", "size": "3"}
    assert shops().row(("2",)) == {"id": "2", "near": "2", "town": None, "size": None}
    assert shops().stored.cells(0) == {"id": "1", "near": "9", "town": None, "size": "3"}


def test_rows_ask_for_no_cell_that_they_do_not_show() -> None:
    near, town = Given(NEAR), Given(TOWN)

    rows = list(shops(near, town).rows(np.array([3, 0]), columns=["town", "id"]))

    assert rows == [{"town": "L'Isle", "id": "4"}, {"town": "Évron", "id": "1"}]
    assert (near.asked, town.asked) == ([], [3, 0])


def test_texts_are_those_of_a_file_that_had_the_columns() -> None:
    computed = shops()
    texts = computed.texts_at(np.array([1, 2]), computed.present)

    assert list(texts) == [["2", "2", "", ""], ["3", "", "Apt", "7"]]


def test_a_column_that_is_not_known() -> None:
    with pytest.raises(UnknownField):
        shops().column("nope")
    with pytest.raises(UnknownField):
        shops().rows(np.array([0]), columns=["nope"])


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (("near__exact", "2"), ["2", "4"]),
        (("near__greater", "3"), ["1"]),
        (("near__isnull", ""), ["3"]),
        (("near__sort", "asc"), ["2", "4", "1", "3"]),
        (("town__sort", "desc"), ["4", "1", "3", "2"]),
        (("town__contains", "isle"), ["4"]),
        (("q", "evron"), ["1"]),
        (("q", "9"), []),
        (("q", "12"), ["4"]),
    ],
)
def test_rows_are_found_by_computed_columns(query: tuple[str, str], ids: list[str]) -> None:
    assert [row["id"] for row in asked(shops(), query)] == ids


def test_facets_of_a_computed_column() -> None:
    counted = facets(shops(), Query(), ["near", "size"])

    assert counted["near"] == [
        {"value": "2", "count": 2},
        {"value": "10", "count": 1},
        {"value": None, "count": 1},
    ]
    assert len(counted["size"]) == 4


def test_a_column_is_as_one_read_from_a_file() -> None:
    """Whatever the texts, a computed column and a stored one with them answer alike."""
    cells: list[Cell] = ["10", "9", "1.0", "1", "x", None, "-3", "", "é" * 40, "9"]
    fields: list[dict[str, Any]] = [{"name": "id"}, {"name": "f", "type": "number"}]
    rows = [[str(at), cell or ""] for at, cell in enumerate(cells)]
    stored = snapshot_of(fields, rows)
    computed = ComputedSnapshot(snapshot_of(fields, rows), {"f": lambda: Given(cells)})

    one, other = stored.column("f"), computed.column("f")

    assert list(one.values) == list(other.values)
    assert one.codes.tolist() == other.codes.tolist()
    assert one.fitting == other.fitting


def test_places_may_be_computed() -> None:
    fields = [{"name": "id"}, {"name": "latitude", "type": "number"}, {"name": "longitude"}]
    stored = snapshot_of(fields, [["1"], ["2"]], header=["id"])
    computed = ComputedSnapshot(
        stored,
        {
            "latitude": lambda: Given(["44.0", None]),
            "longitude": lambda: Given(["6.0", "7.0"]),
        },
    )

    assert [row["id"] for row in asked(computed, ("near", "44,6"), ("radius", "10"))] == ["1"]


def test_a_resource_without_rows() -> None:
    empty = ComputedSnapshot(snapshot_of(FIELDS, [], header=["id"]), {"near": lambda: Given([])})

    assert len(select(empty, Query()).positions) == 0
    assert empty.column("near").codes.tolist() == []
    assert facets(empty, Query(), ["near"])["near"] == []


def test_what_is_held_is_measured() -> None:
    computed: Snapshot = shops()
    before = computed.approximate_size

    computed.column("town")

    assert computed.approximate_size > before
