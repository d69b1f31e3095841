"""What is a change between two versions, and what is not."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from retouche.core import alignment, splice
from retouche.core.dialect import Dialect
from retouche.core.diff import TableDiff, diff
from retouche.core.operations import Cell, Delete, Insert, Operation, Update
from retouche.core.table import Table
from tests.core.strategies import schema_of
from tests.realdata import real_data

CSV = Dialect()


def changes(
    a: str,
    b: str,
    *,
    key: Sequence[str] = ("id",),
    missing: Sequence[str] = ("",),
    missing_a: Sequence[str] | None = None,
    dialect: Dialect = CSV,
) -> TableDiff:
    old, new = Table.parse(a.encode(), CSV), Table.parse(b.encode(dialect.encoding), dialect)
    names = tuple(dict.fromkeys((*new.header, *key)))
    schema = schema_of(names, key=key, missing_values=missing)
    schema_a = None if missing_a is None else schema_of(names, key=key, missing_values=missing_a)
    return diff(old, new, resource="r", schema=schema, schema_a=schema_a)


def update(key: str, old: dict[str, Cell], new: dict[str, Cell]) -> Update:
    return Update(resource="r", key=(key,), old=old, new=new)


def test_updates_deletes_and_inserts_are_told_by_key_and_cell() -> None:
    found = changes("id,a,b\n1,x,y\n2,x,y\n3,x,y\n", "id,a,b\n3,x,\n4,n,\n1,x,z\n")
    assert found.operations == (
        update("1", {"b": "y"}, {"b": "z"}),
        Delete(resource="r", key=("2",), old={"id": "2", "a": "x", "b": "y"}),
        update("3", {"b": "y"}, {"b": None}),
        Insert(resource="r", key=("4",), row={"id": "4", "a": "n", "b": None}),
    )
    assert found.counts == {"inserted": 1, "updated": 2, "deleted": 1}


@pytest.mark.parametrize(
    "other",
    [
        'id,a\n1,"x"\n"2","y, ""z"""\n',
        '"id","a"\n"1","x"\n"2","y, ""z"""',
        'id,a\r\n1,x\r\n2,"y, ""z"""\r\n',
        'id,a\r1,x\r2,"y, ""z"""\r',
        '\ufeffid,a\n1,x\n2,"y, ""z"""\n',
        'id,a\n\n1,x\n\n2,"y, ""z"""\n\n',
        'id,a\n2,"y, ""z"""\n1,x\n',
        'a,id\nx,1\n"y, ""z""",2\n',
        'id,a\n1,x\n2,"y, ""z"""',
    ],
)
def test_how_a_file_is_written_is_no_change(other: str) -> None:
    text = 'id,a\n1,x\n2,"y, ""z"""\n'
    assert changes(text, other).operations == ()
    assert changes(other, text).operations == ()


def test_another_delimiter_and_encoding_are_no_change() -> None:
    other = Dialect(";", encoding="cp1252")
    assert changes("id,a\n1,é\n", "id;a\n1;é\n", dialect=other).operations == ()


def test_two_ways_to_say_missing_are_no_change() -> None:
    assert (
        changes("id,a\n1,\n2,NA\n3\n", "id,a\n1,NA\n2\n3,\n", missing=("", "NA")).operations == ()
    )


def test_a_text_that_became_missing_by_the_schema_alone_is_no_change() -> None:
    text = "id,a,b\n1,NA,z\n2,NA,x\n"
    found = changes(text, text.replace("x", "y"), missing=("", "NA"), missing_a=("",))
    assert found.operations == (update("2", {"b": "x"}, {"b": "y"}),)


def test_fields_of_one_side_only_are_missing_on_the_other() -> None:
    found = changes("id,old,b\n1,x,y\n2,,y\n", "id,b,new\n1,y,\n2,y,n\n")
    assert (found.fields_added, found.fields_removed) == (("new",), ("old",))
    assert found.operations == (
        update("1", {"old": "x"}, {"old": None}),
        update("2", {"new": None}, {"new": "n"}),
    )


def test_a_row_with_another_key_and_the_same_cells_is_an_update() -> None:
    found = changes("id,a\n1,x\n", "id,a\n01,x\n")
    assert found.operations == (update("1", {"id": "1"}, {"id": "01"}),)
    moved = changes("id,a,b\n1,x,\n2,y,\n3,z,\n", "id,b,a\n3,,z\n9,,x\n2,,y\n")
    assert moved.operations == (update("1", {"id": "1"}, {"id": "9"}),)


def test_only_the_parts_of_a_key_that_changed_are_told() -> None:
    found = changes("id,a,b\n1,x,y\n", "id,a,b\n1,z,y\n", key=("id", "a"))
    assert found.operations == (
        Update(resource="r", key=("1", "x"), old={"a": "x"}, new={"a": "z"}),
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("1,x\n", "2,y\n"),  # another cell changed too
        ("1,\n", "2,\n"),  # no cell to know the row by
        ("1,x\n2,x\n", "3,x\n"),  # it could be either
        ("1,x\n", "2,x\n3,x\n"),
        ("1,x\n2,x\n", "3,x\n4,x\n"),
        ("1,x\n", ",x\n"),  # no key to find the row by
        (",x\n", "1,x\n"),
    ],
)
def test_a_new_key_is_not_guessed(a: str, b: str) -> None:
    found = changes("id,a\n" + a, "id,a\n" + b)
    assert found.counts == {"inserted": b.count("\n"), "updated": 0, "deleted": a.count("\n")}


def test_a_column_that_only_one_side_filled_makes_another_row() -> None:
    assert changes("id,a\n1,x\n", "id,a,b\n2,x,\n").counts["updated"] == 1
    assert changes("id,a\n1,x\n", "id,a,b\n2,x,n\n").counts["updated"] == 0


def test_all_keys_may_change_at_once() -> None:
    rows = range(30_000)
    text = "id,a,b\n" + "".join(f"{row},n{row},\n" for row in rows)
    other = "id,a,b\n" + "".join(f"k{row},n{row},\n" for row in rows)
    found = changes(text, other)
    assert found.counts == {"inserted": 0, "updated": 30_000, "deleted": 0}
    assert found.operations[7] == update("7", {"id": "7"}, {"id": "k7"})


def test_keys_may_have_several_parts() -> None:
    found = changes("id,a,b\n1,x,y\n1,z,y\n", "id,a,b\n1,z,n\n1,x,y\n", key=("id", "a"))
    assert found.operations == (
        Update(resource="r", key=("1", "z"), old={"b": "y"}, new={"b": "n"}),
    )


def test_rows_of_one_key_are_paired_identical_ones_first() -> None:
    a = "id,a\n1,x\n1,y\n1,z\n2,w\n"
    assert changes(a, 'id,a\n1,"z"\n2,w\n1,"x"\n1,"y"\n').operations == ()
    assert changes(a, "id,a\n1,z\n1,n\n1,m\n2,w\n").operations == (
        update("1", {"a": "x"}, {"a": "n"}),
        update("1", {"a": "y"}, {"a": "m"}),
    )
    assert changes(a, 'id,a\n1,"y"\n2,w\n').counts == {"inserted": 0, "updated": 0, "deleted": 2}
    assert changes("id,a\n1,y\n", a).counts == {"inserted": 3, "updated": 0, "deleted": 0}


def test_rows_without_a_key_are_compared_whole() -> None:
    found = changes("id,a\n,x\n,y\n1,z\n", "id,a\n1,z\n,y\n,x\n,w\n")
    assert found.operations == (Insert(resource="r", key=("",), row={"id": None, "a": "w"}),)


def test_a_table_without_primary_key_has_only_inserts_and_deletes() -> None:
    found = changes("a,b\n1,x\n2,y\n2,y\n3,z\n", 'b,a\n"x",1\ny,2\nw,3\n', key=())
    assert found.operations == (
        Delete(resource="r", key=(), old={"b": "y", "a": "2"}),
        Delete(resource="r", key=(), old={"b": "z", "a": "3"}),
        Insert(resource="r", key=(), row={"b": "w", "a": "3"}),
    )


def test_cells_beyond_the_header_have_no_name_and_are_not_compared() -> None:
    assert changes("id,a\n1,x,y\n", "id,a\n1,x,z\n").operations == ()


def test_everything_may_go_and_come() -> None:
    assert changes("id,a\n1,x\n2,y\n", "id,a\n").counts["deleted"] == 2
    assert changes("id,a", "id,a\n1,x\n2,y").counts["inserted"] == 2
    assert changes("id,a", "id,a\n").operations == ()


def numbered(rows: Sequence[int], *, changed: Sequence[int] = ()) -> str:
    body = (f"{row},{'new' if row in changed else 'old'},{row % 7}\n" for row in rows)
    return "id,a,b\n" + "".join(body)


@pytest.mark.parametrize("hops", [0, 1, 3, 4000])
def test_many_scattered_changes_are_all_found(monkeypatch: pytest.MonkeyPatch, hops: int) -> None:
    monkeypatch.setattr(alignment, "HOPS", hops)
    kept = [row for row in range(3000) if row not in (0, 700, 701, 2998, 2999)]
    moved = [*kept[500:], *range(5000, 5040), *kept[:500]]
    found = changes(numbered(range(3000)), numbered(moved, changed=(1, 5, 6, 7, 1500, 2997)))
    assert found.counts == {"inserted": 40, "updated": 6, "deleted": 5}
    block = [*range(1000), *range(5000, 5060), *range(1030, 3000)]
    found = changes(numbered(range(3000)), numbered(block))
    assert found.counts == {"inserted": 60, "updated": 0, "deleted": 30}


@pytest.mark.parametrize("hops", [0, 4000])
def test_identical_rows_are_counted(monkeypatch: pytest.MonkeyPatch, hops: int) -> None:
    monkeypatch.setattr(alignment, "HOPS", hops)
    text = "id,a\n1,x\n1,x\n2,y\n1,x\n"
    assert changes(text, "id,a\n2,y\n1,x\n").counts["deleted"] == 2
    assert changes("id,a\n2,y\n1,x\n", text).counts["inserted"] == 2


def test_a_file_that_changed_everywhere_is_read_by_columns() -> None:
    text = numbered(range(3000))
    other = text.replace(",old,", ',"old",').replace('\n7,"old"', "\n7,new")
    assert changes(text, other).operations == (update("7", {"a": "old"}, {"a": "new"}),)


def records(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def expected_counts(a: bytes, b: bytes, key: str) -> dict[str, int]:
    """The same, by the csv module and dictionaries; for unique keys."""
    old, new = ({row[key]: row for row in records(data)} for data in (a, b))
    assert len(old) == len(records(a))
    assert len(new) == len(records(b))
    names = {*next(iter(old.values())), *next(iter(new.values()))}

    def others(row: dict[str, str]) -> frozenset[tuple[str, str]]:
        return frozenset((name, text) for name, text in row.items() if text and name != key)

    went = Counter(others(old[one]) for one in old.keys() - new.keys())
    came = Counter(others(new[one]) for one in new.keys() - old.keys())
    # A row without a key is never known again, and counts when it is to be told from others.
    named = {others(old[one]) for one in old.keys() - new.keys() if one}
    named &= {others(new[one]) for one in new.keys() - old.keys() if one}
    moved = sum(1 for one in named if one and went[one] == came[one] == 1)
    return {
        "inserted": len(new.keys() - old.keys()) - moved,
        "updated": moved
        + sum(
            any((old[one].get(name) or "") != (new[one].get(name) or "") for name in names)
            for one in old.keys() & new.keys()
        ),
        "deleted": len(old.keys() - new.keys()) - moved,
    }


@pytest.mark.real_data
def test_real_commits_show_the_rows_that_changed_and_no_others() -> None:
    folder = real_data("bnlc-git-history")
    versions = [content(path) for path in sorted(folder.glob("20*"))]
    tables = [Table.parse(data, CSV) for data in versions]
    counts = []
    for a, b in pairwise(tables):
        schema = schema_of(b.header, key=("id_lieu",))
        found = diff(a, b, resource="r", schema=schema)
        counts.append(tuple(found.counts.values()))
        assert found.counts == expected_counts(a.data[:], b.data[:], "id_lieu")
        if any(one.key == ("",) for one in found.operations):
            continue  # one commit breaks a row in two, and half a row has no key to find it by
        after = splice.apply(a, found.operations, schema=schema)
        assert not diff(Table.parse(after, CSV), b, resource="r", schema=schema).operations
    assert (1, 105, 0) in counts  # c5071d0, as the collection's notes say
    assert len(counts) == 8


@pytest.mark.real_data
def test_a_long_range_difference_of_the_real_list_is_right() -> None:
    folder = real_data("france-services-lists")
    old = Table.parse((folder / "liste-fs-20221201.csv").read_bytes(), CSV)
    new = Table.parse((folder / "liste-fs-20240801.csv").read_bytes(), CSV)
    schema = schema_of(tuple(dict.fromkeys((*new.header, *old.header))), key=("id_fs",))
    found = diff(old, new, resource="r", schema=schema)
    assert found.counts == expected_counts(old.data[:], new.data[:], "id_fs")
    assert set(found.fields_added) == set(new.header) - set(old.header)
    assert set(found.fields_removed) == set(old.header) - set(new.header)


@pytest.mark.real_data
@pytest.mark.parametrize(
    "names",
    [
        ("bridges", "broken_bridges"),
        ("quote_me", "quote_me2"),
        ("waffle", "waffle2"),
        ("wide1", "wide2"),
    ],
)
def test_the_tables_of_daff_are_compared_without_a_crash(names: tuple[str, str]) -> None:
    folder = real_data("daff-tables")
    a, b = (Table.parse((folder / f"{name}.csv").read_bytes(), CSV) for name in names)
    for key in (a.header[:1], ()):
        schema = schema_of(tuple(dict.fromkeys((*b.header, *a.header))), key=key)
        found: Sequence[Operation] = diff(a, b, resource="r", schema=schema).operations
        back: Sequence[Operation] = diff(b, a, resource="r", schema=schema).operations
        assert len(found) == len(back)
        assert not diff(a, a, resource="r", schema=schema).operations
