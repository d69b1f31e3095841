"""Parquet downloads, read back by pyarrow: typed where nothing is lost, text where it would be."""

from __future__ import annotations

import importlib
import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.errors import UnknownField, Unsupported
from retouche.core.reading.query import Query
from retouche.core.reading.selection import select
from retouche.core.reading.snapshot import Snapshot
from retouche.services.exports import parquet, to_parquet
from tests.snapshots import one_column, snapshot_of

pyarrow_parquet: Any = pytest.importorskip("pyarrow.parquet")


def written(snapshot: Snapshot, *query: tuple[str, str], **options: Any) -> bytes:
    selection = select(snapshot, Query.parse(query, snapshot.fields))
    return b"".join(to_parquet(snapshot, selection, **options))


def table(data: bytes) -> Any:
    return pyarrow_parquet.read_table(io.BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "options", "texts", "type", "values"),
    [
        ("integer", {}, ["1", "-20", ""], "int64", [1, -20, None]),
        ("integer", {}, ["1", "007"], "string", ["1", "007"]),
        ("integer", {}, ["1", "-0"], "string", ["1", "-0"]),
        ("integer", {}, ["9223372036854775808"], "string", ["9223372036854775808"]),
        ("integer", {"groupChar": " "}, ["1 000"], "int64", [1000]),
        ("number", {}, ["1.5", "2", "-0.25"], "double", [1.5, 2.0, -0.25]),
        ("number", {"decimalChar": ","}, ["1,5"], "double", [1.5]),
        ("number", {}, ["1.5", "about 2"], "string", ["1.5", "about 2"]),
        ("number", {}, ["0.12345678901234567"], "string", ["0.12345678901234567"]),
        ("boolean", {}, ["true", "0", ""], "bool", [True, False, None]),
        ("boolean", {"trueValues": ["oui"], "falseValues": ["non"]}, ["non", "oui"], "bool",
         [False, True]),
        ("boolean", {}, ["true", "oui"], "string", ["true", "oui"]),
        ("date", {}, ["2020-02-29", ""], "date32[day]", [date(2020, 2, 29), None]),
        ("date", {}, ["2021-02-29"], "string", ["2021-02-29"]),
        ("date", {"format": "%d/%m/%Y"}, ["01/12/2020"], "date32[day]", [date(2020, 12, 1)]),
        ("date", {"format": "%d/%m/%Y"}, ["1/12/2020"], "string", ["1/12/2020"]),
        ("date", {}, ["0001-01-01"], "date32[day]", [date(1, 1, 1)]),
        ("date", {}, ["20200102"], "string", ["20200102"]),
        ("date", {"format": "%Y"}, ["2020"], "string", ["2020"]),
        ("date", {"format": "%d/%m"}, ["01/12"], "string", ["01/12"]),
        ("string", {}, ["01033", "é"], "string", ["01033", "é"]),
        ("year", {}, ["2020"], "string", ["2020"]),
        ("integer", {}, ["", ""], "int64", [None, None]),
    ],
)  # fmt: skip
def test_a_column_has_its_type_where_no_cell_loses_anything(
    kind: str, options: dict[str, Any], texts: list[str], type: str, values: list[Any]
) -> None:
    found = table(written(one_column(texts, kind, **options)))
    assert str(found.schema.field("f").type) == type
    assert found.column("f").to_pylist() == values


def test_a_type_is_that_of_the_file_whatever_rows_are_asked_for() -> None:
    snapshot = one_column(["1", "x", "2"], "integer")
    found = table(written(snapshot, ("f__exact", "2")))
    assert str(found.schema.field("f").type) == "string"
    assert found.column("f").to_pylist() == ["2"]


def test_metadata_says_what_it_is_and_personal_fields_are_in_no_part_of_it() -> None:
    fields: list[dict[str, Any]] = [
        {"name": "id"}, {"name": "n", "type": "integer"},
        {"name": "owner", "retouche": {"personal": True}},
    ]  # fmt: skip
    snapshot = snapshot_of(fields, [["a", "1", "secret"]], primaryKey="id")
    data = written(snapshot, about={"revision": "c" * 40, "licenses": [{"name": "etalab-2.0"}]})
    assert b"secret" not in data
    assert b"owner" not in data
    told = table(data).schema.metadata
    assert json.loads(told[b"retouche.revision"]) == "c" * 40
    assert json.loads(told[b"retouche.licenses"])[0]["name"] == "etalab-2.0"
    schema = json.loads(told[b"retouche.table_schema"])
    assert [one["name"] for one in schema["fields"]] == ["id", "n"]
    assert schema["primaryKey"] == ["id"]
    with pytest.raises(UnknownField):
        written(snapshot, columns=["owner"])
    assert table(written(snapshot, columns=["n"])).column_names == ["n"]


def test_rows_come_in_groups_and_the_same_rows_give_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parquet, "GROUP", 3)
    snapshot = one_column([str(at % 4) for at in range(8)], "integer")
    data = written(snapshot, ("f__sort", "desc"))
    assert data == written(snapshot, ("f__sort", "desc"))
    assert pyarrow_parquet.ParquetFile(io.BytesIO(data)).num_row_groups == 3
    assert table(data).column("f").to_pylist() == [3, 3, 2, 2, 1, 1, 0, 0]


def test_a_file_without_rows_has_its_columns() -> None:
    found = table(written(snapshot_of([{"name": "f", "type": "number"}], [])))
    assert (found.num_rows, found.column_names) == (0, ["f"])


def test_without_the_extra_it_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(Unsupported) as refused:
        written(one_column(["1"], "integer"))
    assert refused.value.values["extra"] == "parquet"


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(CELLS | st.integers().map(str) | st.floats().map(str), max_size=5),
    st.sampled_from(["string", "integer", "number", "boolean", "date"]),
)
def test_no_cell_is_lost(texts: list[str], kind: str) -> None:
    found = table(written(one_column(texts, kind))).column("f").to_pylist()
    for text, value in zip(texts, found, strict=True):
        assert (value is None) == (text == "")
        if isinstance(value, str):
            assert value == text
        elif isinstance(value, bool):
            assert text in (parquet.TRUE if value else parquet.FALSE)
        elif isinstance(value, int | float):
            assert float(text) == value
