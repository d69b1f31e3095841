"""A reviewer's choice changes the cell it is about, and nothing else, in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core import splice
from retouche.core.dialect import Dialect
from retouche.core.errors import Malformed
from retouche.core.merge import rebase
from retouche.core.operations import Cell, Cells, Delete, Insert, Operation, Update
from retouche.core.settling import Take, fields_of, narrowed, settled
from retouche.core.table import Table
from tests.core.strategies import schema_of

FIELDS = ("a", "b", "c")
SCHEMA = schema_of(("id", *FIELDS))
TAKES: tuple[Take, ...] = ("ours", "theirs", "base")
BASE: dict[str, Cell] = {"id": "1", "a": "x", "b": "y", "c": "z"}


def table(*rows: Cells) -> Table:
    lines = [",".join(("id", *FIELDS))]
    lines += [",".join(row.get(name) or "" for name in ("id", *FIELDS)) for row in rows]
    return Table.parse(("\n".join(lines) + "\n").encode(), Dialect())


def published(operation: Operation, takes: dict[str | None, Take], *ours: Cells) -> bytes:
    """The file after a proposal made on `BASE` meets `ours`, by these choices."""
    before, here = table(BASE), table(*ours)

    def carried(one: Operation) -> tuple[tuple[Operation, ...], tuple[object, ...]]:
        merged = rebase([one], base=before, ours=here, resource="r", schema=SCHEMA)
        return merged.operations, merged.conflicts

    clashes = rebase([operation], base=before, ours=here, resource="r", schema=SCHEMA).conflicts
    present = next((one for one in ours if one["id"] == operation.key[0]), {})
    wanted = {one.field: takes[one.field] for one in clashes}
    found = settled(operation, clashes, wanted, base=BASE, ours=present, schema=SCHEMA)
    operations: tuple[Operation, ...] = () if found.ours is None else (found.ours,)
    if found.base is not None:
        again, left = carried(found.base)
        assert not left  # what was chosen does not clash any more
        operations += again
    return bytes(splice.apply(here, operations, schema=SCHEMA))


values = st.sampled_from(["x", "y", "z", "p", "q", None])
changes = st.dictionaries(st.sampled_from(FIELDS), values, min_size=1)


@given(
    theirs=changes,
    ours=changes,
    takes=st.fixed_dictionaries({f: st.sampled_from(TAKES) for f in FIELDS}),
)
def test_each_cell_is_what_was_chosen_for_it(
    theirs: dict[str, Cell], ours: dict[str, Cell], takes: dict[str | None, Take]
) -> None:
    new = {name: cell for name, cell in theirs.items() if cell != BASE[name]}
    if not new:
        return
    operation = Update(resource="r", key=("1",), old={name: BASE[name] for name in new}, new=new)
    present = {**BASE, **ours}
    expected = dict(present)
    for name, cell in new.items():
        if present[name] == BASE[name]:
            expected[name] = cell
        elif present[name] != cell:
            expected[name] = {"ours": present[name], "theirs": cell, "base": BASE[name]}[
                takes[name]
            ]
    assert published(operation, takes, present) == table(expected).data[:]


@given(theirs=changes, takes=st.permutations(FIELDS))
def test_choices_commute(theirs: dict[str, Cell], takes: list[str]) -> None:
    """One after the other, in any order, they give what they give together."""
    new = {name: cell for name, cell in theirs.items() if cell not in (BASE[name], "ours")}
    present = {**BASE, **dict.fromkeys(new, "ours")}
    together = dict(present)
    for name in takes:
        if name not in new:
            continue
        one = Update(resource="r", key=("1",), old={name: BASE[name]}, new={name: new[name]})
        after = published(one, {name: "theirs"}, together)
        together |= {name: new[name]}
        assert after == table(together).data[:]
    if new:
        whole = Update(resource="r", key=("1",), old={name: BASE[name] for name in new}, new=new)
        assert published(whole, dict.fromkeys(new, "theirs"), present) == table(together).data[:]


OTHER: dict[str, Cell] = {"id": "2", "a": "o", "b": "o", "c": "o"}


@pytest.mark.parametrize(
    ("take", "rows"),
    [
        ("ours", [OTHER]),
        ("theirs", [OTHER, {**BASE, "a": "new"}]),
        ("base", [OTHER, BASE]),
    ],
)
def test_an_edit_of_a_row_that_was_deleted(take: Take, rows: list[Cells]) -> None:
    operation = Update(resource="r", key=("1",), old={"a": "x"}, new={"a": "new"})
    assert published(operation, {None: take}, OTHER) == table(*rows).data[:]


@pytest.mark.parametrize(
    ("take", "rows"),
    [("ours", [{**BASE, "b": "new"}, OTHER]), ("theirs", [OTHER]), ("base", [BASE, OTHER])],
)
def test_a_removal_of_a_row_that_was_edited(take: Take, rows: list[Cells]) -> None:
    operation = Delete(resource="r", key=("1",), old=BASE)
    present = {**BASE, "b": "new"}
    assert published(operation, {None: take}, present, OTHER) == table(*rows).data[:]


def test_two_new_rows_with_one_key_become_one() -> None:
    theirs = Insert(resource="r", key=("2",), row={"id": "2", "a": "t", "b": "o"})
    takes: dict[str | None, Take] = {"a": "theirs", "c": "ours"}
    assert published(theirs, takes, BASE, OTHER) == table(BASE, {**OTHER, "a": "t"}).data[:]
    with pytest.raises(Malformed, match="choice_not_possible"):
        published(theirs, {"a": "base", "c": "ours"}, BASE, OTHER)


def test_a_key_that_was_changed_meanwhile_stays() -> None:
    theirs = Update(
        resource="r", key=("1",), old={"id": "1", "a": "x"}, new={"id": "7", "a": "new"}
    )
    renamed = {**BASE, "id": "8"}
    found = published(theirs, {"id": "ours"}, renamed)
    assert found == table({**renamed, "a": "new"}).data[:]
    with pytest.raises(Malformed, match="choice_not_possible"):
        published(theirs, {"id": "theirs"}, renamed)


@given(new=changes, kept=st.sets(st.sampled_from(FIELDS)))
def test_a_part_of_the_cells_is_the_file_with_these_and_no_other(
    new: dict[str, Cell], kept: set[str]
) -> None:
    whole = Update(resource="r", key=("1",), old={one: BASE[one] for one in new}, new=new)
    part = narrowed(whole, kept, SCHEMA)
    expected = BASE | {name: cell for name, cell in new.items() if name in kept}
    operations = () if part is None else (part,)
    after = splice.apply(table(BASE, OTHER), operations, schema=SCHEMA)
    assert bytes(after) == table(expected, OTHER).data[:]
    assert set(() if part is None else fields_of(part)) == kept & set(new)


@pytest.mark.parametrize(
    ("operation", "fields", "reason"),
    [
        (Delete(resource="r", key=("1",), old=BASE), ("a",), "removal_is_whole"),
        (Insert(resource="r", key=("2",), row={"id": "2", "a": "x"}), ("a",), "key_is_one"),
    ],
)
def test_what_is_one_is_not_cut(operation: Operation, fields: tuple[str, ...], reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        narrowed(operation, fields, SCHEMA)


def test_a_key_of_two_parts_is_not_cut_either() -> None:
    schema = schema_of(("id", *FIELDS), key=("id", "a"))
    whole = Update(
        resource="r",
        key=("1", "x"),
        old={"id": "1", "a": "x", "b": "y"},
        new={"id": "2", "a": "w", "b": "v"},
    )
    with pytest.raises(Malformed, match="key_is_one"):
        narrowed(whole, ("id", "b"), schema)
    assert narrowed(whole, ("b",), schema) == Update(
        resource="r", key=("1", "x"), old={"b": "y"}, new={"b": "v"}
    )
