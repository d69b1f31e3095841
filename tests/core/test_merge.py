"""Law 4: two people who change different cells both win, and a clash shows all three values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retouche.core import splice
from retouche.core.dialect import Dialect
from retouche.core.errors import AmbiguousRow, NotFound
from retouche.core.merge import Merge, merge, rebase
from retouche.core.operations import Cell, Delete, Insert, Operation, Update
from retouche.core.report import CellConflict
from retouche.core.table import Table
from tests.core.strategies import schema_of

CSV = Dialect()
BASE = "id,a,b\n1,x,y\n2,x,y\n3,x,y\n"
SCHEMA = schema_of(("id", "a", "b"), missing_values=("", "NA"))


def table(text: str) -> Table:
    return Table.parse(text.encode(), CSV)


def update(key: str, old: dict[str, Cell], new: dict[str, Cell]) -> Update:
    return Update(resource="r", key=(key,), old=old, new=new)


def insert(**row: Cell) -> Insert:
    return Insert(resource="r", key=(row["id"] or "",), row=row)


def delete(key: str, **old: Cell) -> Delete:
    return Delete(resource="r", key=(key,), old={"id": key, "a": "x", "b": "y", **old})


def brought(ours: str, *operations: Operation, base: str = BASE) -> Merge:
    """What is left to do and what clashes; where it comes from has a test of its own."""
    before, here = table(base), table(ours)
    return replace(
        rebase(operations, base=before, ours=here, resource="r", schema=SCHEMA), origins=()
    )


def result(ours: str, *operations: Operation, base: str = BASE) -> str:
    merged = brought(ours, *operations, base=base)
    assert not merged.conflicts
    return splice.apply(table(ours), merged.operations, schema=SCHEMA).decode()


def conflict(key: str, field: str | None, *values: Cell, kind: str = "edit_edit") -> CellConflict:
    base, ours, theirs = values
    return CellConflict(
        resource="r",
        row_key=(key,),
        field=field,
        base=base,
        ours=ours,
        theirs=theirs,
        kind=kind,  # type: ignore[arg-type]
    )


def test_what_was_made_against_the_published_file_stays_as_it_is() -> None:
    operations = (update("1", {"a": "x"}, {"a": "z"}), delete("2"), insert(id="4", a="n"))
    assert brought(BASE, *operations) == Merge(operations=operations)


def test_different_cells_of_one_row_both_win() -> None:
    ours = BASE.replace("1,x,y", "1,x,Y")
    merged = brought(ours, update("1", {"a": "x"}, {"a": "X"}))
    assert not merged.conflicts
    after = splice.apply(table(ours), merged.operations, schema=SCHEMA)
    assert after.decode() == BASE.replace("1,x,y", "1,X,Y")


@pytest.mark.fault(37)
def test_two_appends_and_neighbouring_edits_are_no_conflict() -> None:
    theirs = table(BASE.replace("2,x,y", "2,z,y") + "5,t,\n")
    ours = table(BASE.replace("1,x,y", "1,z,y").replace("3,x,y", "3,z,y") + "4,o,\n")
    merged = merge(table(BASE), ours, theirs, resource="r", schema=SCHEMA)
    assert not merged.conflicts
    assert splice.apply(ours, merged.operations, schema=SCHEMA).decode() == (
        "id,a,b\n1,z,y\n2,z,y\n3,z,y\n4,o,\n5,t,\n"
    )


def test_the_same_change_on_both_sides_disappears() -> None:
    ours = BASE.replace("1,x,y", "1,Z,y")
    assert brought(ours, update("1", {"a": "x"}, {"a": "Z"})) == Merge(operations=())
    partly = brought(ours, update("1", {"a": "x", "b": "y"}, {"a": "Z", "b": "W"}))
    assert partly == Merge(operations=(update("1", {"b": "y"}, {"b": "W"}),))


def test_the_same_cell_changed_in_two_ways_is_a_conflict_of_three_values() -> None:
    ours = BASE.replace("1,x,y", "1,ours,y")
    change = update("1", {"a": "x", "b": "y"}, {"a": "theirs", "b": "W"})
    assert brought(ours, change) == Merge(
        operations=(update("1", {"b": "y"}, {"b": "W"}),),
        conflicts=(conflict("1", "a", "x", "ours", "theirs"),),
    )


def test_missing_is_one_value_however_it_is_written() -> None:
    ours = BASE.replace("1,x,y", "1,NA,y")
    assert brought(ours, update("1", {"a": "x"}, {"a": None})) == Merge(operations=())
    change = update("1", {"a": None}, {"a": "z"})
    assert brought(ours, change, base=BASE.replace("1,x", "1,")).operations == (change,)


@pytest.mark.fault(37)
def test_update_of_a_deleted_row_is_a_conflict() -> None:
    ours = BASE.replace("2,x,y\n", "")
    assert brought(ours, update("2", {"a": "x"}, {"a": "u, v"})) == Merge(
        operations=(),
        conflicts=(conflict("2", None, "2,x,y", None, '2,"u, v",y', kind="delete_edit"),),
    )


@pytest.mark.fault(37)
def test_delete_of_an_edited_row_is_a_conflict() -> None:
    ours = BASE.replace("2,x,y", "2,x,n")
    assert brought(ours, delete("2")) == Merge(
        operations=(),
        conflicts=(conflict("2", None, "2,x,y", "2,x,n", None, kind="edit_delete"),),
    )


def test_a_row_deleted_on_both_sides_is_deleted() -> None:
    assert brought(BASE.replace("2,x,y\n", ""), delete("2")) == Merge(operations=())


def test_a_row_inserted_alike_on_both_sides_is_there_once() -> None:
    assert brought(BASE + '4,"n",\n', insert(id="4", a="n")) == Merge(operations=())


def test_two_rows_with_one_new_key_clash_cell_by_cell() -> None:
    assert brought(BASE + "4,o,q\n", insert(id="4", a="t", b="q")) == Merge(
        operations=(), conflicts=(conflict("4", "a", None, "o", "t", kind="insert_insert"),)
    )


def test_a_row_is_found_by_the_key_that_it_had() -> None:
    change = update("2", {"id": "2", "a": "x"}, {"id": "02", "a": "z"})
    ours = BASE.replace("2,x,y", "2,x,n")
    assert brought(ours, change) == Merge(operations=(change,))


def test_a_new_key_that_was_taken_meanwhile_is_a_conflict() -> None:
    change = update("2", {"id": "2"}, {"id": "4"})
    assert brought(BASE + "4,o,\n", change) == Merge(
        operations=(), conflicts=(conflict("4", None, None, "4,o,", "4,x,y", kind="insert_insert"),)
    )
    assert brought(BASE, update("2", {"id": "2"}, {"id": "3"})).conflicts == ()


def test_the_same_new_key_given_on_both_sides_disappears() -> None:
    change = update("2", {"id": "2", "a": "x"}, {"id": "02", "a": "z"})
    assert brought(BASE.replace("2,x,y", "02,z,y"), change) == Merge(operations=())
    assert brought(BASE.replace("2,x,y", "02,x,y"), change) == Merge(
        operations=(update("02", {"a": "x"}, {"a": "z"}),)
    )
    unlike = brought(BASE.replace("2,x,y", "02,o,y"), change)
    assert unlike.conflicts == (
        conflict("02", None, None, "02,o,y", "02,z,y", kind="insert_insert"),
    )


# Rows that can be told apart by their cells, so that a new key can be recognised.
UNLIKE = "id,a,b\n1,x,y\n2,v,w\n3,,u\n"
RENAMED = UNLIKE.replace("2,v,w", "22,v,w")
RENAMING = update("2", {"id": "2"}, {"id": "22"})


def test_a_new_key_and_another_cell_both_win_in_either_order() -> None:
    edit = update("2", {"a": "v"}, {"a": "e"})
    both = UNLIKE.replace("2,v,w", "22,e,w")
    assert result(RENAMED, edit, base=UNLIKE) == both
    assert result(UNLIKE.replace("2,v,w", "2,e,w"), RENAMING, base=UNLIKE) == both


def test_a_new_key_is_followed_when_the_row_moved_too() -> None:
    ours = "id,a,b\n3,,u\n22,v,w\n1,x,y\n4,n,n\n"
    edit = update("2", {"a": "v"}, {"a": "e"})
    assert result(ours, edit, base=UNLIKE) == ours.replace("22,v", "22,e")


def test_a_new_key_that_could_be_that_of_two_rows_is_not_followed() -> None:
    ours = BASE.replace("2,x,y", "22,x,y").replace("3,x,y", "33,x,y")
    assert [one.kind for one in brought(ours, update("2", {"a": "x"}, {"a": "e"})).conflicts] == [
        "delete_edit"
    ]


def test_the_same_new_key_disappears_beside_another_cell() -> None:
    both = update("2", {"id": "2", "a": "v"}, {"id": "22", "a": "e"})
    assert brought(RENAMED, both, base=UNLIKE) == Merge(
        operations=(update("22", {"a": "v"}, {"a": "e"}),)
    )
    assert brought(RENAMED, RENAMING, base=UNLIKE) == Merge(operations=())


def test_two_new_keys_of_one_row_are_a_conflict_of_three_values() -> None:
    other = update("2", {"id": "2", "a": "v"}, {"id": "02", "a": "e"})
    assert brought(RENAMED, other, base=UNLIKE) == Merge(
        operations=(update("22", {"a": "v"}, {"a": "e"}),),
        conflicts=(conflict("2", "id", "2", "22", "02"),),
    )


def test_parts_of_a_key_from_two_people_are_not_put_together() -> None:
    schema = schema_of(("id", "a", "b"), key=("id", "a"))
    change = Update(resource="r", key=("2", "v"), old={"id": "2"}, new={"id": "9"})
    merged = rebase(
        (change,),
        base=table(UNLIKE),
        ours=table(UNLIKE.replace("2,v,w", "2,V,w")),
        resource="r",
        schema=schema,
    )
    assert merged.operations == ()
    assert [
        (one.row_key, one.field, one.base, one.ours, one.theirs) for one in merged.conflicts
    ] == [
        (("2", "v"), "id", "2", "2", "9"),
        (("2", "v"), "a", "v", "V", "v"),
    ]


def test_delete_of_a_row_with_a_new_key_is_a_conflict_from_both_sides() -> None:
    gone = Delete(resource="r", key=("2",), old={"id": "2", "a": "v", "b": "w"})
    assert brought(RENAMED, gone, base=UNLIKE).conflicts == (
        conflict("2", None, "2,v,w", "22,v,w", None, kind="edit_delete"),
    )
    assert brought(UNLIKE.replace("2,v,w\n", ""), RENAMING, base=UNLIKE).conflicts == (
        conflict("2", None, "2,v,w", None, "22,v,w", kind="delete_edit"),
    )


def test_a_new_key_against_a_new_row_is_a_conflict_from_both_sides() -> None:
    for row in ("22,n,", "22,v,w"):
        _, a, b = row.split(",")
        inserted = insert(id="22", a=a, b=b or None)
        assert brought(RENAMED, inserted, base=UNLIKE).conflicts == (
            conflict("22", None, None, "22,v,w", row, kind="insert_insert"),
        )
        assert brought(UNLIKE + row + "\n", RENAMING, base=UNLIKE).conflicts == (
            conflict("22", None, None, row, "22,v,w", kind="insert_insert"),
        )


def test_a_new_key_given_to_two_rows_is_a_conflict_from_both_sides() -> None:
    other = update("3", {"id": "3"}, {"id": "22"})
    assert brought(RENAMED, other, base=UNLIKE).conflicts == (
        conflict("22", None, None, "22,v,w", "22,,u", kind="insert_insert"),
    )
    assert brought(UNLIKE.replace("3,,u", "22,,u"), RENAMING, base=UNLIKE).conflicts == (
        conflict("22", None, None, "22,,u", "22,v,w", kind="insert_insert"),
    )


def test_deleting_a_row_and_inserting_it_under_another_key_is_that_new_key() -> None:
    gone = Delete(resource="r", key=("2",), old={"id": "2", "a": "v", "b": "w"})
    assert brought(RENAMED, gone, insert(id="22", a="v", b="w"), base=UNLIKE) == Merge(
        operations=()
    )
    clash = brought(RENAMED, gone, insert(id="22", a="v", b="z"), base=UNLIKE)
    assert clash == Merge(
        operations=(),
        conflicts=(conflict("22", None, None, "22,v,w", "22,v,z", kind="insert_insert"),),
    )


def test_each_operation_says_which_one_it_comes_from() -> None:
    edits = (
        update("1", {"a": "x"}, {"a": "x"}),
        update("2", {"a": "v"}, {"a": "e"}),
        insert(id="5", a="n"),
    )
    merged = rebase(edits, base=table(UNLIKE), ours=table(RENAMED), resource="r", schema=SCHEMA)
    assert [one.key for one in merged.operations] == [("22",), ("5",)]
    assert merged.origins == (1, 2)


def test_a_key_that_became_ambiguous_is_refused() -> None:
    twice = BASE + "2,x,z\n"
    for operation in (update("2", {"a": "x"}, {"a": "z"}), delete("2"), insert(id="2", a="n")):
        for base, ours in ((BASE, twice), (twice, BASE), (twice, twice)):
            with pytest.raises(AmbiguousRow):
                brought(ours, operation, base=base)
    assert brought(twice, delete("1"), base=twice).operations == (delete("1"),)


def test_a_row_that_never_was_is_not_found() -> None:
    with pytest.raises(NotFound):
        brought(BASE, delete("9"))


def test_inserting_a_key_that_always_existed_is_the_verdicts_to_refuse() -> None:
    operation = insert(id="2", a="n")
    assert brought(BASE, operation) == Merge(operations=(operation,))


def test_an_operation_that_changes_nothing_disappears() -> None:
    assert brought(BASE, update("1", {"a": "x"}, {"a": "x"})) == Merge(operations=())


def test_a_column_removed_meanwhile_clashes_with_its_edit() -> None:
    ours = "id,b\n1,y\n2,y\n3,y\n"
    assert brought(ours, update("1", {"a": "x"}, {"a": "z"})).conflicts == (
        conflict("1", "a", "x", None, "z"),
    )
    added = "id,a,b,c\n1,x,y,n\n2,x,y,n\n3,x,y,n\n"
    assert brought(added, update("1", {"a": "x"}, {"a": "z"})).operations == (
        update("1", {"a": "x"}, {"a": "z"}),
    )


def test_all_that_clashes_is_told_at_once() -> None:
    ours = "id,a,b\n1,o,y\n3,o,y\n4,o,\n"
    theirs = "id,a,b\n1,t,y\n2,t,y\n4,t,\n"
    merged = merge(table(BASE), table(ours), table(theirs), resource="r", schema=SCHEMA)
    assert merged.operations == ()
    assert [(one.row_key, one.field, one.kind) for one in merged.conflicts] == [
        (("1",), "a", "edit_edit"),
        (("2",), None, "delete_edit"),
        (("3",), None, "edit_delete"),
        (("4",), "a", "insert_insert"),
    ]
