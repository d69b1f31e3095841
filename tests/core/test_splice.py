"""Law 1: only the bytes of the edited cells change."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from retouche.core import splice
from retouche.core.dialect import Dialect
from retouche.core.edited import Edit
from retouche.core.errors import (
    AmbiguousRow,
    Conflict,
    Invalid,
    Malformed,
    NotFound,
    UnknownField,
)
from retouche.core.keys import KeyIndex
from retouche.core.operations import Cell, Delete, Insert, Operation, Update
from retouche.core.table import Table
from tests.core.strategies import schema_of

CSV = Dialect()


def update(key: str, old: dict[str, Cell], new: dict[str, Cell]) -> Update:
    return Update(resource="r", key=(key,), old=old, new=new)


def insert(**row: Cell) -> Insert:
    return Insert(resource="r", key=(row.get("id") or "",), row=row)


def delete(key: str, **old: Cell) -> Delete:
    return Delete(resource="r", key=(key,), old={"id": key, **old})


def applied(
    text: str,
    *operations: Operation,
    dialect: Dialect = CSV,
    missing: Sequence[str] = ("",),
    key: str = "id",
) -> str:
    table = Table.parse(text.encode(dialect.encoding), dialect)
    schema = schema_of(table.header, key=(key,), missing_values=missing)
    after = splice.apply(table, operations, schema=schema)
    Table.parse(after, dialect)
    return after.decode(dialect.encoding)


CORPUS = {
    "LF": "id,a,b\n1,x,y\n2,x,y\n3,x,y\n",
    "no final newline": "id,a,b\n1,x,y\n2,x,y\n3,x,y",
    "CRLF": "id,a,b\r\n1,x,y\r\n2,x,y\r\n3,x,y\r\n",
    "mixed line ends": "id,a,b\r\n1,x,y\n2,x,y\r\n3,x,y\n",
    "BOM": "\ufeffid,a,b\n1,x,y\n2,x,y\n3,x,y\n",
    "CR only": "id,a,b\r1,x,y\r2,x,y\r3,x,y\r",
    "look-alikes of line ends": "id,a,b\n1,\x0b,\u2028\n2,x,\u0085\n3,\x0c,y\n",
    "stray quotes": 'id,a,b\n1,a"b"c,"d"e\n2,x,y\n3,"a""b"c"d,y\n',
    "quoted newline": 'id,a,b\n1,"x\ny","\r\n"\n2,x,y\n3,"\n",y\n',
    "ragged": "id,a,b\n1\n2,x,y\n3,x,y,z\n",
    "blank lines": "id,a,b\n\n1,x,y\n2,x,y\n\n\n3,x,y\n\n",
    "text that looks like numbers": "id,a,b\n1,NA,null\n2,x,y\n3,01,007\n",
    "quoting of every kind": 'id,"a",b\n"1",x,"y"\n2,x,y\n3,"x",""\n',
}


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)
def test_one_cell_changes_and_no_other_byte(text: str) -> None:
    assert applied(text, update("2", {"a": "x"}, {"a": "né"})) == text.replace("2,x,", "2,né,")


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)
def test_a_deleted_row_leaves_no_trace(text: str) -> None:
    table = Table.parse(text.encode(), CSV)
    start, _, end = table.record_span(1)
    expected = table.data[:start] + table.data[end:]
    assert applied(text, delete("2")).encode() == expected


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)
def test_an_inserted_row_only_adds_to_the_end(text: str) -> None:
    after = applied(text, insert(id="9", a="n"))
    assert after.startswith(text)
    assert after[len(text) :].strip("\r\n") in ("9,n,", '9,n,""')


def test_a_bare_cell_stays_bare_and_a_quoted_one_quoted() -> None:
    text = 'id,a,b\n1,x,"y"\n'
    change = update("1", {"a": "x", "b": "y"}, {"a": "é", "b": "1"})
    assert applied(text, change) == 'id,a,b\n1,é,"1"\n'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a,b", '"a,b"'),
        ('a"b', '"a""b"'),
        ("a\nb", '"a\nb"'),
        ("a\rb", '"a\rb"'),
        ("a;b", "a;b"),
        (" a ", " a "),
        ("=1+1", "=1+1"),
        ("\u2028", "\u2028"),
        ("'", "'"),
    ],
)
def test_a_bare_cell_gets_quotes_only_if_its_value_needs_them(value: str, written: str) -> None:
    change = update("1", {"a": "x"}, {"a": value})
    assert applied("id,a\n1,x\n2,y\n", change) == f"id,a\n1,{written}\n2,y\n"


def test_an_unchanged_cell_is_not_rewritten() -> None:
    text = 'id,a,b\n1,x"y,"z"w\n2,NA,\n'
    same: dict[str, Cell] = {"a": 'x"y', "b": "zw"}
    assert applied(text, update("1", same, same)) == text
    nothing: dict[str, Cell] = {"a": None, "b": None}
    assert applied(text, update("2", nothing, nothing), missing=("", "NA")) == text
    assert applied(text, update("2", nothing, {"a": "NA", "b": "NA"}), missing=("", "NA")) == text


def test_an_emptied_cell_looks_like_the_missing_cells_of_its_column() -> None:
    text = 'id,a,b,c\n1,"x",y,"z"\n2,,"",w\n3,"",,"v"\n4,,"",\n'
    change = update("1", {"a": "x", "b": "y", "c": "z"}, {"a": None, "b": None, "c": None})
    assert applied(text, change).splitlines()[1] == '1,,"",'


def test_a_filled_cell_looks_like_the_filled_cells_of_its_column() -> None:
    text = 'id,a,b\n1,"x",2\n2,"y",3\n3,,\n4,z,"4"\n5,"",\n'
    change = update("3", {"a": None, "b": None}, {"a": "n", "b": "5"})
    assert applied(text, change).splitlines()[3] == '3,"n",5'
    assert applied(text, update("5", {"a": None}, {"a": "n"})).splitlines()[5] == '5,"n",'


def test_what_is_written_for_a_missing_value_is_the_schemas_to_say() -> None:
    assert (
        applied("id,a\n1,x\n2,-\n", update("1", {"a": "x"}, {"a": None}), missing=("-", "NA"))
        == "id,a\n1,-\n2,-\n"
    )


def test_a_single_column_never_gets_a_blank_line() -> None:
    text = "id,a\n1,x\n2\n"
    assert applied("a\nx\ny\n", update("x", {"a": "x"}, {"a": None}), key="a") == 'a\n""\ny\n'
    assert applied("a\nx\n", Insert(resource="r", key=("",), row={"a": None}), key="a") == (
        'a\nx\n""\n'
    )
    assert applied(text, update("2", {"id": "2"}, {"id": None})) == 'id,a\n1,x\n""\n'


def test_a_short_row_is_padded_as_far_as_needed() -> None:
    text = "id,a,b,c\n1\n2,x\n"
    change = update("1", {"b": None, "c": None}, {"b": "n", "c": None})
    assert applied(text, change) == "id,a,b,c\n1,,n\n2,x\n"
    assert applied(text, change, missing=("NA",)) == "id,a,b,c\n1,NA,n\n2,x\n"
    both = update("2", {"a": "x", "c": None}, {"a": "y", "c": "z"})
    assert applied(text, both) == "id,a,b,c\n1\n2,y,,z\n"


def test_a_part_of_the_key_may_change() -> None:
    assert applied("id,a\n1,x\n", update("1", {"id": "1"}, {"id": "01"})) == "id,a\n01,x\n"


def test_inserted_rows_follow_the_majority_of_the_file() -> None:
    text = 'id,a,b\n1,"x",\r\n2,"y",\r\n"3",z,""\r\n'
    after = applied(text, insert(id="4", a="n"), insert(id="5", a="m", b="w"))
    assert after == text + '4,"n",\r\n5,"m",w\r\n'


def test_cells_that_must_be_quoted_do_not_make_a_habit() -> None:
    text = 'id,a\n1,"x, y"\n2,"x, z"\n3,w\n'
    assert applied(text, insert(id="4", a="v")) == text + "4,v\n"


def test_rows_inserted_into_an_empty_table_follow_its_header() -> None:
    assert applied('"id","a"\r\n', insert(id="1", a="x")) == '"id","a"\r\n"1","x"\r\n'
    assert applied("id,a", insert(id="1", a="x")) == "id,a\n1,x"


def test_a_file_without_final_newline_stays_so() -> None:
    text = "id,a\r\n1,x\r\n2,y"
    assert applied(text, insert(id="3")) == text + "\r\n3,"
    assert applied(text, delete("2")) == "id,a\r\n1,x"
    assert applied(text, delete("1")) == "id,a\r\n2,y"
    assert applied(text, delete("2"), insert(id="3")) == "id,a\r\n1,x\r\n3,"
    assert applied(text, delete("1"), delete("2")) == "id,a"
    assert applied(text, delete("2"), update("1", {"a": "x"}, {"a": "z"})) == "id,a\r\n1,z"
    assert applied("id,a\n1,x\n\n2,y", delete("2")) == "id,a\n1,x\n\n"


def test_all_rows_may_go_and_the_header_stays() -> None:
    assert applied("\ufeffid,a\n1,x\n2,y\n", delete("2"), delete("1")) == "\ufeffid,a\n"


def test_several_operations_are_one_splice() -> None:
    text = "id,a\n1,x\n2,y\n3,z\n"
    operations: list[Operation] = [
        insert(id="4", a="w"),
        delete("2"),
        update("3", {"a": "z"}, {"a": "Z"}),
    ]
    assert applied(text, *operations) == "id,a\n1,x\n3,Z\n4,w\n"
    assert applied(text, *reversed(operations)) == "id,a\n1,x\n3,Z\n4,w\n"
    assert applied(text) == text


def test_two_operations_on_one_row_are_refused() -> None:
    for second in (delete("1"), insert(id="1"), update("1", {"a": "x"}, {"a": "z"})):
        with pytest.raises(Malformed) as refused:
            applied("id,a\n1,x\n", update("1", {"a": "x"}, {"a": "y"}), second)
        assert refused.value.reason == "two_operations_one_row"
        assert refused.value.pointer == "/operations/1"


def test_two_rows_may_be_inserted_without_a_key() -> None:
    assert applied("id,a\n", insert(a="x"), insert(a="x")) == "id,a\n,x\n,x\n"


def test_a_row_that_is_not_there_cannot_be_changed() -> None:
    for operation in (update("9", {"a": "x"}, {"a": "y"}), delete("9")):
        with pytest.raises(NotFound) as refused:
            applied("id,a\n1,x\n", operation)
        assert refused.value.reason == "unknown_row"


def test_a_row_that_shares_its_key_cannot_be_changed_but_others_can() -> None:
    text = "id,a\n1,x\n1,y\n2,z\n"
    for operation in (update("1", {"a": "x"}, {"a": "n"}), delete("1")):
        with pytest.raises(AmbiguousRow):
            applied(text, operation)
    assert applied(text, delete("2")) == "id,a\n1,x\n1,y\n"


def test_inserting_a_key_that_exists_is_the_verdicts_to_refuse() -> None:
    assert applied("id,a\n1,x\n", insert(id="1", a="y")) == "id,a\n1,x\n1,y\n"


def test_a_value_that_changed_meanwhile_is_a_conflict() -> None:
    with pytest.raises(Conflict) as refused:
        applied("id,a,b\n1,x,y\n", update("1", {"a": "old", "b": "y"}, {"a": "new", "b": "z"}))
    (clash,) = refused.value.conflicts
    assert (clash.field, clash.base, clash.ours, clash.theirs) == ("a", "old", "x", "new")
    assert (clash.kind, clash.row_key) == ("edit_edit", ("1",))


def test_deleting_a_row_that_changed_meanwhile_is_a_conflict() -> None:
    with pytest.raises(Conflict) as refused:
        applied("id,a\n1,x\n", delete("1", a="old"))
    (clash,) = refused.value.conflicts
    assert (clash.field, clash.base, clash.ours, clash.theirs) == (None, "1,old", "1,x", None)
    assert clash.kind == "edit_delete"


def test_an_update_must_say_what_it_replaces() -> None:
    with pytest.raises(Malformed) as refused:
        applied("id,a\n1,x\n", update("1", {}, {"a": "y"}))
    assert refused.value.reason == "old_missing"


def test_a_column_that_the_file_lacks_cannot_be_written() -> None:
    with pytest.raises(UnknownField):
        applied("id,a\n1,x\n", update("1", {"z": None}, {"z": "y"}))
    with pytest.raises(UnknownField):
        applied("id,a\n1,x\n", insert(id="2", z="y"))
    assert applied("id,a\n1,x\n", update("1", {"z": None}, {"z": None})) == "id,a\n1,x\n"


@pytest.mark.parametrize(
    ("value", "dialect", "character"),
    [
        ("naïve €", Dialect(encoding="iso8859-1"), "€"),
        ("\ud800", CSV, "\ud800"),
        ("a\0", CSV, "\0"),
        ("→", Dialect(encoding="cp1252"), "→"),
    ],
)
def test_a_value_that_the_encoding_lacks_is_an_error_at_its_cell(
    value: str, dialect: Dialect, character: str
) -> None:
    operations: list[Operation] = [update("1", {"a": "x"}, {"a": value}), insert(id="2", a=value)]
    with pytest.raises(Invalid) as refused:
        applied("id,a\n1,x\n", *operations, dialect=dialect)
    assert [error.operation for error in refused.value.errors] == [0, 1]
    error = refused.value.errors[0]
    assert (error.code, error.rule) == ("encoding-error", "encoding")
    assert (error.row_key, error.field, error.value) == (("1",), "a", value)
    assert error.values == {"encoding": dialect.encoding, "character": character}


def test_other_encodings_are_written_in_their_bytes() -> None:
    for encoding in ("cp1252", "iso8859-15"):
        dialect = Dialect(";", encoding=encoding)
        text = "id;a\n1;é\n"
        assert (
            applied(text, update("1", {"a": "é"}, {"a": "5 €"}), dialect=dialect) == "id;a\n1;5 €\n"
        )


def test_a_file_without_quotes_refuses_what_would_need_them() -> None:
    bare = Dialect(quote=None)
    assert applied("id,a\n1,x\n", update("1", {"a": "x"}, {"a": '"y"'}), dialect=bare) == (
        'id,a\n1,"y"\n'
    )
    for value in ("a,b", "a\nb"):
        with pytest.raises(Invalid) as refused:
            applied("id,a\n1,x\n", update("1", {"a": "x"}, {"a": value}), dialect=bare)
        assert refused.value.errors[0].code == "dialect-error"
    with pytest.raises(Invalid):
        applied("a\nx\n", update("x", {"a": "x"}, {"a": None}), dialect=bare, key="a")


def test_no_proposal_can_make_the_file_look_like_an_unfinished_merge() -> None:
    rows = [insert(id="<<<<<<< x"), insert(id="======="), insert(id=">>>>>>> x")]
    after = applied("id\n1\n", *rows)
    assert after == 'id\n1\n"<<<<<<< x"\n"======="\n">>>>>>> x"\n'
    whole = "a\n<<<<<<< x\n=======\n>>>>>>> y\n"
    assert applied("id,a\n1,x\n", update("1", {"a": "x"}, {"a": whole})).endswith(f'"{whole}"\n')


def test_the_list_of_edits_is_as_small_as_the_change() -> None:
    table = Table.parse(b"id,a,b\n1,x,y\n2,x,y\n", CSV)
    schema = schema_of(table.header)
    index = KeyIndex.build(table, schema)
    changes: list[Operation] = [
        update("2", {"a": "x", "b": "y"}, {"a": "n", "b": "m"}),
        delete("1"),
    ]
    assert splice.edits(table, changes, schema=schema, index=index) == [
        Edit(7, 13, b""),
        Edit(15, 16, b"n"),
        Edit(17, 18, b"m"),
    ]
