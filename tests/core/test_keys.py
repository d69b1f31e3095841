"""Finding rows by key, and keys in addresses."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core import keys
from retouche.core.dialect import Dialect
from retouche.core.edited import Edited
from retouche.core.errors import AmbiguousRow, Malformed, NotFound
from retouche.core.keys import KeyIndex, format_key, parse_key
from retouche.core.operations import Key
from retouche.core.schema import Schema
from retouche.core.succession import Cut, cuts_of
from retouche.core.table import Table
from tests.core.strategies import schema_of
from tests.core.test_succession import edits_of, outcome, untidy


def index_of(text: str, *key: str, missing: tuple[str, ...] = ("",)) -> KeyIndex:
    table = Table.parse(text.encode(), Dialect())
    return KeyIndex.build(table, schema_of(table.header, key=key, missing_values=missing))


def test_a_key_is_exact_text() -> None:
    index = index_of("id,a\n1,x\n01,y\n 1,z\n", "id")
    assert [index.find((key,)) for key in ("1", "01", " 1")] == [0, 1, 2]
    assert len(index) == 3
    assert ("1",) in index
    assert ("2",) not in index
    assert list(index) == [(" 1",), ("01",), ("1",)] or set(index) == {("1",), ("01",), (" 1",)}


def test_a_key_may_have_several_parts() -> None:
    index = index_of("a,b,c\n1,x,_\n1,y,_\n2,x,_\n,x,_\n3,\n", "b", "a")
    assert index.find(("x", "1")) == 0
    assert index.find(("y", "1")) == 1
    assert index.get(("1", "x")) is None
    assert index.get(("x",)) is None
    assert len(index) == 3


def test_an_unknown_key_is_not_found() -> None:
    index = index_of("id,a\n1,x\n", "id")
    for key in (("2",), (), ("1", "2"), ("",)):
        assert index.get(key) is None
        assert index.positions(key) == ()
        with pytest.raises(NotFound) as refused:
            index.find(key)
        assert refused.value.reason == "unknown_row"


def test_a_key_of_several_rows_is_ambiguous_and_listed() -> None:
    index = index_of("id,a\n1,x\n2,y\n1,z\n3,\n1,w\n", "id")
    with pytest.raises(AmbiguousRow):
        index.find(("1",))
    assert index.duplicates == {("1",): (0, 2, 4)}
    assert index.positions(("1",)) == (0, 2, 4)
    assert index.positions(("2",)) == (1,)
    assert (index.get(("1",)), len(index)) == (0, 3)


def test_rows_that_lack_a_part_of_their_key_are_not_indexed() -> None:
    index = index_of("id,a\n,x\nNA,y\n,z\n1,w\n", "id", missing=("", "NA"))
    assert list(index) == [("1",)]
    assert index.duplicates == {}
    pairs = index_of("id,a\nNA,y\nNA,y\n1,w\n1\n", "id", "a", missing=("NA",))
    assert list(pairs) == [("1", "w")]
    assert pairs.duplicates == {}


def test_a_table_without_its_key_columns_has_no_keys() -> None:
    table = Table.parse(b"a,b\n1,2\n", Dialect())
    assert len(KeyIndex.build(table, schema_of(("id", "b")))) == 0
    assert len(KeyIndex.build(table, schema_of(("a", "b"), key=()))) == 0


def oracle(table: Table, schema: Schema) -> dict[Key, list[int]]:
    """Where each whole key stands, read row by row."""
    found: dict[Key, list[int]] = {}
    missing = {"", *schema.missing_values}
    places = [table.header.index(name) for name in schema.primary_key]
    for position, row in enumerate(table.rows()):
        key = tuple(row[at] if at < len(row) else "" for at in places)
        if not missing.intersection(key):
            found.setdefault(key, []).append(position)
    return found


def assert_as_expected(
    index: KeyIndex, expected: dict[Key, list[int]], strangers: set[Key]
) -> None:
    assert list(index) == list(expected)
    assert len(index) == len(expected)
    several = {key: tuple(rows) for key, rows in expected.items() if len(rows) > 1}
    assert index.duplicates == several
    for key, rows in expected.items():
        assert index.positions(key) == tuple(rows)
        assert index.get(key) == rows[0]
        assert key in index
        if len(rows) == 1:
            assert index.find(key) == rows[0]
    for key in strangers - set(expected):
        assert index.get(key) is None
        assert index.positions(key) == ()
        assert key not in index


def same_hash_for_all(view: Any, begins: Any, stops: Any) -> Any:
    return np.full(len(begins), 7, np.uint64)


@pytest.mark.parametrize("colliding", [False, True])
@settings(max_examples=120)
@given(seed=st.integers(0, 2**32))
def test_an_index_is_what_reading_row_by_row_finds_also_after_edits(
    colliding: bool, seed: int
) -> None:
    chance = random.Random(seed)
    schema = schema_of(
        ("id", "name", "note"),
        key=chance.choice([("id",), ("name",), ("note", "name")]),
        missing_values=chance.choice([("",), ("NA", ""), ("a",)]),
    )
    parent = outcome(untidy(chance))
    if parent is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        if colliding:  # keys that only their texts tell apart
            patch.setattr(keys, "hashes", same_hash_for_all)
            patch.setattr(keys, "hash_of", lambda _: 7)
        index, strangers = KeyIndex.build(parent, schema), set[Key]()
        for _ in range(4):
            expected = oracle(parent, schema)
            assert_as_expected(index, expected, strangers)
            again = KeyIndex.of_part(index.part(), parent, schema)
            assert_as_expected(again, expected, strangers)
            strangers |= set(expected)
            edits = edits_of(parent, chance)
            data = bytes(Edited(parent.data, "", edits))
            found = Table.succeed(parent.part(), data, Dialect(), cuts_of(edits))
            if found is None:
                return
            parent, succession = found
            index = KeyIndex.succeed(index.part(), parent, schema, succession)


def test_an_index_is_taken_over_where_no_key_changed() -> None:
    table = Table.parse(b"id,a\n1,x\n2,y\n3,z\n", Dialect())
    schema = schema_of(table.header, key=("id",))
    index = KeyIndex.build(table, schema)
    data = b"id,a\n1,x\n2,other\n3,z\n"
    found = Table.succeed(table.part(), data, Dialect(), (Cut(11, 12, 5),))
    assert found is not None
    assert KeyIndex.succeed(index.part(), *found[:1], schema, found[1]).part() is index.part()


def test_keys_that_only_look_alike_are_told() -> None:
    composed, decomposed = "\u00e9t\u00e9", "e\u0301te\u0301"
    index = index_of(f"id,a\n{composed},1\nx,2\n{decomposed},3\n", "id")
    assert len(index) == 3
    (twins,) = index.twins()
    assert set(twins) == {(composed,), (decomposed,)}
    assert index_of("id\nx\ny\n", "id").twins() == []


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (("12",), "12"),
        (("a", "b"), "a,b"),
        (("a,b", "c/d"), "a%2Cb,c%2Fd"),
        (("é ?#%+&",), "%C3%A9%20%3F%23%25%2B%26"),
        (("a-b._~",), "a-b._~"),
    ],
)
def test_a_key_is_written_as_one_segment_of_an_address(key: tuple[str, ...], text: str) -> None:
    assert format_key(key) == text
    assert parse_key(text) == key


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1).map(tuple))
def test_any_key_comes_back_from_its_address(key: tuple[str, ...]) -> None:
    written = format_key(key)
    assert written.isascii()
    assert not set(written) & set("/?# &+")
    assert parse_key(written) == key


def test_bytes_that_are_no_text_are_no_key() -> None:
    with pytest.raises(Malformed) as refused:
        parse_key("a,%ff")
    assert refused.value.reason == "malformed_key"
