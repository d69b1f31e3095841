"""Taking accepted changes back: everything of theirs, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core import splice
from retouche.core.dialect import Dialect
from retouche.core.diff import diff, new_keys
from retouche.core.operations import Cell, Delete, Insert, Key, Operation, Update
from retouche.core.schema import Schema
from retouche.core.table import Table
from retouche.core.undoing import Undone, Written, forms_of, undo
from tests.core.strategies import HEADER, cells_by_key, files, operations, schema_of
from tests.core.strategies import File as StrategyFile

CSV = Dialect()
SCHEMA = schema_of()


def written(
    before: Table,
    after: Table,
    schema: Schema,
    place: int = 0,
    renamed: Callable[[], Mapping[Key, Key]] | None = None,
) -> Written:
    """What made one version of the other, as the history tells it."""
    made = diff(before, after, resource="r", schema=schema).operations
    forms = forms_of(made, table=before, schema=schema)
    return Written(
        place=place, operations=made, forms=forms, **({"renamed": renamed} if renamed else {})
    )


def table(text: str) -> Table:
    return Table.parse(text.encode(), CSV)


def undone(*versions: str, taken: Sequence[int], schema: Schema = SCHEMA) -> Undone:
    """Take back the steps of the given numbers: step 0 makes version 1 of version 0."""
    tables = [table(one) for one in versions]
    parts = [
        written(
            tables[one],
            tables[one + 1],
            schema,
            one,
            lambda one=one: new_keys(tables[one + 1], tables[-1], schema=schema),  # type: ignore[misc]
        )
        for one in taken
    ]
    return undo(parts, resource="r", table=tables[-1], schema=schema)


def after(*versions: str, taken: Sequence[int], schema: Schema = SCHEMA) -> str:
    found = undone(*versions, taken=taken, schema=schema)
    return splice.apply(table(versions[-1]), found.operations, schema=schema).decode()


def reasons(found: Undone) -> list[tuple[str, Key, str | None, Cell]]:
    return [(one.why, one.key, one.field, one.present) for one in found.kept]


@st.composite
def chains(
    draw: st.DrawFn, *, inserts: bool, deletes: bool, new_keys: bool
) -> tuple[StrategyFile, list[Table]]:
    """A file, and versions of it that proposals made of each other."""
    file = draw(files(ragged=False))
    tables = [file.table]
    for number in range(draw(st.integers(1, 3))):
        present = tables[-1]
        like = StrategyFile(present.data[:], file.dialect, tuple(present.rows()), file.schema)
        patch = draw(
            operations(
                like,
                inserts=inserts,
                deletes=deletes,
                new_keys=new_keys,
                prefix=f"new{number}",
            )
        )
        data = splice.apply(present, patch, schema=file.schema)
        tables.append(Table.parse(data, file.dialect))
    return file, tables


@given(chain=chains(inserts=False, deletes=False, new_keys=False), data=st.data())
@settings(max_examples=500)
def test_updates_are_taken_back_byte_for_byte(
    chain: tuple[StrategyFile, list[Table]], data: st.DataObject
) -> None:
    file, tables = chain
    steps = [
        written(before, then, file.schema, place)
        for place, (before, then) in enumerate(pairwise(tables))
    ]
    shuffled = data.draw(st.permutations(steps))
    found = undo(shuffled, resource="r", table=tables[-1], schema=file.schema)
    assert found.kept == ()
    data_after = splice.apply(tables[-1], found.operations, schema=file.schema)
    versions = [cells_by_key(one, file.schema) for one in tables]
    assert cells_by_key(Table.parse(data_after, file.dialect), file.schema) == versions[0]
    # A cell that they set back themselves is not changed: it may stand in other quotes.
    if not any(
        versions[0][key][name] == versions[-1][key][name] != one[key][name]
        for one in versions
        for key in one
        for name in HEADER
    ):
        assert data_after == file.data
    assert found == undo(steps, resource="r", table=tables[-1], schema=file.schema)


@given(chain=chains(inserts=True, deletes=True, new_keys=True), data=st.data())
@settings(max_examples=300)
def test_rows_that_came_and_went_are_as_they_were(
    chain: tuple[StrategyFile, list[Table]], data: st.DataObject
) -> None:
    file, tables = chain
    steps = [
        written(before, then, file.schema, place)
        for place, (before, then) in enumerate(pairwise(tables))
    ]
    found = undo(
        data.draw(st.permutations(steps)), resource="r", table=tables[-1], schema=file.schema
    )
    assert found.kept == ()
    data_after = splice.apply(tables[-1], found.operations, schema=file.schema)
    result = Table.parse(data_after, file.dialect)
    assert cells_by_key(result, file.schema) == cells_by_key(file.table, file.schema)


@given(chain=chains(inserts=False, deletes=False, new_keys=False))
@settings(max_examples=200)
def test_what_others_changed_later_is_never_overwritten(
    chain: tuple[StrategyFile, list[Table]],
) -> None:
    """The first step is theirs, what follows is not."""
    file, tables = chain
    found = undo(
        [written(tables[0], tables[1], file.schema)],
        resource="r",
        table=tables[-1],
        schema=file.schema,
    )
    data = splice.apply(tables[-1], found.operations, schema=file.schema)
    first, theirs, last, result = (
        cells_by_key(one, file.schema)
        for one in (tables[0], tables[1], tables[-1], Table.parse(data, file.dialect))
    )
    kept = {(one.key[0], one.field) for one in found.kept}
    for key, row in result.items():
        for name in HEADER:
            was, wrote, is_now = first[key][name], theirs[key][name], last[key][name]
            changed = was != wrote
            back = changed and is_now == wrote
            assert row[name] == (was if back else is_now)
            assert ((key, name) in kept) == (changed and is_now not in (wrote, was))


@given(chain=chains(inserts=True, deletes=True, new_keys=True))
@settings(max_examples=100)
def test_an_undo_can_be_taken_back(chain: tuple[StrategyFile, list[Table]]) -> None:
    file, tables = chain
    last = tables[-1]
    steps = [
        written(before, then, file.schema, place)
        for place, (before, then) in enumerate(pairwise(tables))
    ]
    found = undo(steps, resource="r", table=last, schema=file.schema)
    back = Table.parse(splice.apply(last, found.operations, schema=file.schema), file.dialect)
    again = undo([written(last, back, file.schema)], resource="r", table=back, schema=file.schema)
    data = splice.apply(back, again.operations, schema=file.schema)
    result = Table.parse(data, file.dialect)
    assert cells_by_key(result, file.schema) == cells_by_key(last, file.schema)


FIRST = 'id,a,b,c\n1,x,y,\n2,"x",y,z\n'


def test_quotes_that_a_cell_had_or_had_not_come_back() -> None:
    spam = FIRST.replace("1,x", '1,"x, spam"').replace('"x"', '""')
    assert after(FIRST, spam, taken=[0]) == FIRST
    assert after(FIRST, FIRST.replace("y,\n", "y,spam\n"), taken=[0]) == FIRST
    stray = 'id,a,b,c\n1,say "a" b,y,\n'
    assert after(stray, "id,a,b,c\n1,spam,y,\n", taken=[0]) == stray


def test_the_way_a_missing_value_was_written_comes_back() -> None:
    schema = schema_of(missing_values=("", "NA"))
    first = "id,a,b,c\n1,NA,,\n2,,,\n"
    assert after(first, first.replace("NA", "spam"), taken=[0], schema=schema) == first


def test_a_form_that_says_something_else_is_not_written() -> None:
    for form in ("other", '"open', "x,y", "x\ny", '"x"y"', "x\0", "€" * 3):
        one = Update(resource="r", key=("1",), old={"a": "x"}, new={"a": "n"}, written={"a": form})
        assert splice.apply(table(FIRST), [one], schema=SCHEMA).decode() == FIRST.replace(
            "1,x", "1,n"
        )


def test_several_changes_of_a_cell_fold_to_the_first_value() -> None:
    steps = [FIRST, FIRST.replace("1,x", "1,one"), FIRST.replace("1,x", "1,two")]
    found = undone(*steps, taken=[1, 0])
    assert found.operations == (
        Update(resource="r", key=("1",), old={"a": "two"}, new={"a": "x"}, written={"a": "x"}),
    )


def test_what_somebody_else_wrote_between_stays() -> None:
    steps = [FIRST, *(FIRST.replace("1,x", f"1,{one}") for one in ("bad", "good", "worse"))]
    assert after(*steps, taken=[0, 2]) == steps[2]
    assert reasons(undone(*steps, taken=[0, 2])) == [("changed_since", ("1",), "a", "good")]


def test_a_row_of_theirs_goes_as_long_as_nobody_changed_it() -> None:
    more = FIRST + "3,spam,,\n"
    assert after(FIRST, more, taken=[0]) == FIRST
    touched = more.replace("3,spam,", "3,spam,mended")
    assert after(FIRST, more, touched, taken=[0]) == touched
    assert reasons(undone(FIRST, more, touched, taken=[0])) == [
        ("row_changed_since", ("3",), None, None)
    ]
    assert after(FIRST, more, touched, taken=[0, 1]) == FIRST
    assert undone(FIRST, more, FIRST, taken=[0]) == Undone(())


def test_a_removed_row_comes_back_unless_its_key_does() -> None:
    less = "id,a,b,c\n1,x,y,\n"
    assert after(FIRST, less, taken=[0]) == "id,a,b,c\n1,x,y,\n2,x,y,z\n"
    again = less + "2,new,,\n"
    assert after(FIRST, less, again, taken=[0]) == again
    assert reasons(undone(FIRST, less, again, taken=[0])) == [("row_back", ("2",), None, None)]
    # Both were theirs: the row gets its cells back in its place.
    assert after(FIRST, less, again, taken=[0, 1]) == FIRST.replace('"x"', "x")


def test_a_row_that_was_corrected_and_then_removed_comes_back_as_it_was() -> None:
    steps = [FIRST, FIRST.replace('2,"x"', "2,spam"), "id,a,b,c\n1,x,y,\n"]
    assert after(*steps, taken=[0, 1]) == "id,a,b,c\n1,x,y,\n2,x,y,z\n"
    assert reasons(undone(*steps, taken=[0])) == [("row_gone", ("2",), None, None)]


def test_a_new_key_goes_back_unless_another_row_has_the_old_one() -> None:
    moved = FIRST.replace("2,", "9,")
    assert after(FIRST, moved, taken=[0]) == FIRST
    taken = moved + "2,new,,\n"
    assert after(FIRST, moved, taken, taken=[0]) == taken
    assert reasons(undone(FIRST, moved, taken, taken=[0])) == [("key_taken", ("9",), "id", "9")]


def test_changes_before_and_after_a_new_key_are_of_one_row() -> None:
    steps = [FIRST, FIRST.replace('"x"', "one"), FIRST.replace('2,"x"', "9,one")]
    steps.append(steps[-1].replace("one,y", "one,spam"))
    assert after(*steps, taken=[2, 0, 1]) == FIRST
    assert after(*steps, taken=[1]) == steps[-1].replace("9,", "2,")


def test_a_row_that_somebody_else_gave_a_new_key_is_found() -> None:
    steps = [FIRST, FIRST.replace("z", "spam"), FIRST.replace("z", "spam").replace("2,", "7,")]
    assert after(*steps, taken=[0]) == FIRST.replace("2,", "7,")


def test_a_row_whose_key_could_not_go_back_is_not_taken_for_the_other_one() -> None:
    steps = [FIRST, FIRST.replace("z", "spam"), FIRST.replace("z", "spam").replace("2,", "7,")]
    steps.append(steps[-1] + "2,,,spam\n")
    assert after(*steps, taken=[0, 1]) == steps[-1].replace("spam\n2", "z\n2")


def test_a_key_of_several_rows_is_left_alone() -> None:
    steps = [FIRST, FIRST.replace("z", "spam"), FIRST.replace("z", "spam") + "2,,,\n"]
    assert reasons(undone(*steps, taken=[0])) == [("ambiguous", ("2",), None, None)]
    assert after(*steps, taken=[0]) == steps[-1]


def test_a_column_that_is_gone_is_told() -> None:
    steps = [FIRST, FIRST.replace("z", "spam"), "id,a,b\n1,x,y\n2,x,y\n"]
    assert reasons(undone(*steps, taken=[0])) == [("column_gone", ("2",), "c", None)]
    less = ["id,a,b,c\n1,x,y,z\n2,x,y,z\n", "id,a,b,c\n1,x,y,z\n", "id,a,b\n1,x,y\n"]
    assert after(*less, taken=[0]) == "id,a,b\n1,x,y\n2,x,y\n"
    assert reasons(undone(*less, taken=[0])) == [("column_gone", ("2",), "c", None)]


@pytest.mark.parametrize(
    "operation",
    [
        Update(resource="r", key=("7",), old={"a": "x"}, new={"a": "y"}),
        Insert(resource="r", key=("7",), row={"id": "7"}),
    ],
)
def test_a_row_that_is_not_there_is_never_made(operation: Operation) -> None:
    found = undo(
        [Written(place=0, operations=(operation,))],
        resource="r",
        table=table(FIRST),
        schema=SCHEMA,
    )
    assert found.operations == ()


def test_a_deletion_is_told_back_with_all_cells() -> None:
    one = Delete(resource="r", key=("7",), old={"id": "7", "a": "x", "b": None, "c": "z"})
    found = undo(
        [Written(place=0, operations=(one,))], resource="r", table=table(FIRST), schema=SCHEMA
    )
    assert found.operations == (
        Insert(resource="r", key=("7",), row={"id": "7", "a": "x", "c": "z"}),
    )
