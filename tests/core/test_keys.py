"""Finding rows by key, and keys in addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.dialect import Dialect
from retouche.core.errors import AmbiguousRow, Malformed, NotFound
from retouche.core.keys import KeyIndex, format_key, parse_key
from retouche.core.table import Table
from tests.core.strategies import schema_of


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
