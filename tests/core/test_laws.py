"""The laws of the table core, for any file and any edit."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core import splice
from retouche.core.dialect import Dialect
from retouche.core.diff import diff
from retouche.core.errors import UnreadableFile
from retouche.core.merge import merge, rebase
from retouche.core.operations import Delete, Insert, Operation, Update
from retouche.core.report import CellConflict
from retouche.core.table import Table
from retouche.core.tokenizer import Marks
from tests.core.strategies import (
    ALPHABET,
    HEADER,
    File,
    cells_by_key,
    cells_by_name,
    files,
    operations,
    written_file,
)

many = settings(max_examples=180)
some = settings(max_examples=100)

MIRRORED = {
    "edit_edit": "edit_edit",
    "edit_delete": "delete_edit",
    "delete_edit": "edit_delete",
    "insert_insert": "insert_insert",
}


def csv_rows(text: str, dialect: Dialect) -> list[list[str]]:
    source = io.StringIO(text, newline="")
    if dialect.quote is None:
        reader = csv.reader(source, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(source, delimiter=dialect.delimiter, quotechar=dialect.quote)
    return [row for row in reader if row]


@st.composite
def soups(draw: st.DrawFn) -> tuple[bytes, Dialect]:
    """Bytes with quotes, delimiters and line ends anywhere."""
    delimiter = draw(st.sampled_from([",", ";", "¦", "é"]))
    quote = draw(st.sampled_from(['"', '"', '"', "'", "“", None]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "cp1252"]))
    common = [delimiter, quote or '"', quote or '"', "\n", "\r", "\r\n", "a"]
    part = st.sampled_from(common) | st.sampled_from(ALPHABET)
    text = "".join(draw(st.lists(part, max_size=40)))
    text = f"h{delimiter}k\n" + text.encode(encoding, "ignore").decode(encoding)
    if quote is not None and draw(st.booleans()):
        text = f"{quote}h{quote}{text[1:]}"
    mark = b"\xef\xbb\xbf" if encoding == "utf-8" and draw(st.booleans()) else b""
    return mark + text.encode(encoding), Dialect(delimiter, quote, encoding)


@many
@given(soups())
def test_values_are_those_of_the_csv_module(soup: tuple[bytes, Dialect]) -> None:
    data, dialect = soup
    text = data.removeprefix(b"\xef\xbb\xbf").decode(dialect.encoding)
    if csv_rows(text + "\nlast", dialect)[-1] != ["last"]:
        with pytest.raises(UnreadableFile) as refused:
            Table.parse(data, dialect)
        assert refused.value.reason == "quote"
        return
    table = Table.parse(data, dialect)
    expected = csv_rows(text, dialect)[1:]
    assert [list(row) for row in table.rows()] == expected
    assert [list(table.row(place)) for place in range(len(table))] == expected
    width = max(map(len, expected), default=0) + 1
    columns = [[row[at] if at < len(row) else "" for row in expected] for at in range(width)]
    assert table.columns(range(width)) == columns


@many
@given(soups())
def test_spans_of_cells_cover_their_record(soup: tuple[bytes, Dialect]) -> None:
    data, dialect = soup
    try:
        table = Table.parse(data, dialect)
    except UnreadableFile:
        return
    delimiter = Marks.of(dialect).delimiter
    for place in range(len(table)):
        raw = [data[begin:end] for begin, end in table.cell_spans(place)]
        assert delimiter.join(raw) == table.content(place)
        assert len(raw) == len(table.row(place))
        start, stop, end = table.record_span(place)
        assert data[start:stop] == table.content(place)
        assert data[stop:end] in (b"\n", b"\r\n", b"\r", b"")


@many
@given(files())
def test_writing_what_was_parsed_gives_the_same_bytes(file: File) -> None:
    table = file.table
    assert tuple(table.rows()) == file.rows
    start, stop, end = table.header_span
    pieces, done = [file.data[:start], file.data[start:stop], file.data[stop:end]], end
    for place in range(len(table)):
        start, stop, end = table.record_span(place)
        between = file.data[done:start]
        assert between.strip(b"\r\n") == b""
        pieces += [between, table.content(place), file.data[stop:end]]
        done = end
    assert b"".join([*pieces, file.data[done:]]) == file.data
    assert splice.apply(table, (), schema=file.schema) == file.data


@many
@given(files())
def test_lines_are_counted_as_a_person_would(file: File) -> None:
    table = file.table
    for place in range(len(table)):
        start, _, _ = table.record_span(place)
        before = file.data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        assert table.line(place) == before.count(b"\n") + 1


def without_edited_cells(table: Table, edited: dict[int, set[int]]) -> bytes:
    pieces, done = [], 0
    for place in sorted(edited):
        spans = table.cell_spans(place)
        for column in sorted(edited[place]):
            begin, end = spans[column]
            pieces.append(table.data[done:begin])
            done = end
    return b"".join([*pieces, table.data[done:]])


@many
@given(st.data())
def test_an_edit_changes_the_bytes_of_its_cells_and_no_others(data: st.DataObject) -> None:
    file = data.draw(files(ragged=False))
    changes = data.draw(operations(file, inserts=False, deletes=False))
    table = file.table
    after = Table.parse(splice.apply(table, changes, schema=file.schema), file.dialect)
    places = {row[0]: place for place, row in enumerate(file.rows)}
    edited = {
        places[one.key[0]]: {
            HEADER.index(name) for name, new in one.new.items() if new != one.old[name]
        }
        for one in changes
        if isinstance(one, Update)
    }
    assert without_edited_cells(after, edited) == without_edited_cells(table, edited)


@many
@given(st.data())
def test_an_edit_gives_the_values_it_names(data: st.DataObject) -> None:
    file = data.draw(files())
    changes = data.draw(operations(file))
    expected = cells_by_key(file.table, file.schema)
    for one in changes:
        if isinstance(one, Delete):
            del expected[one.key[0]]
        else:
            new = one.new if isinstance(one, Update) else one.row
            expected[one.key[0]] = {**expected.get(one.key[0], {}), **new}
    after = Table.parse(splice.apply(file.table, changes, schema=file.schema), file.dialect)
    assert cells_by_key(after, file.schema) == expected
    assert [row[0] for row in after.rows()] == list(expected)


@many
@given(st.data())
def test_a_file_without_final_line_ending_stays_so(data: st.DataObject) -> None:
    file = data.draw(files())
    table = file.table
    after = splice.apply(table, data.draw(operations(file)), schema=file.schema)
    if not table.blank_lines:
        assert after.endswith((b"\n", b"\r")) == file.data.endswith((b"\n", b"\r"))


def assert_leads_to(
    other: Table, file: File, changes: tuple[Operation, ...], made: tuple[Operation, ...]
) -> None:
    """The same bytes, and where a row has a new key the same cells: that row may stand elsewhere,
    as a new key and a deletion with an insertion cannot always be told apart."""
    after = splice.apply(file.table, changes, schema=file.schema)
    cells = cells_by_key(Table.parse(after, file.dialect), file.schema)
    assert cells == cells_by_key(other, file.schema)
    if not any(isinstance(one, Update) and "id" in one.new for one in (*changes, *made)):
        assert after == other.data


@many
@given(st.data())
def test_applying_a_difference_gives_the_other_file(data: st.DataObject) -> None:
    file = data.draw(files())
    a, made = file.table, data.draw(operations(file))
    b = Table.parse(splice.apply(a, made, schema=file.schema), file.dialect)
    changes = diff(a, b, resource="r", schema=file.schema).operations
    assert_leads_to(b, file, changes, made)


@some
@given(st.data())
def test_applying_the_difference_of_any_two_files_gives_the_cells(data: st.DataObject) -> None:
    one = data.draw(files(ragged=False))
    rows = [row for row in one.rows if data.draw(st.booleans())]
    rows += [("other", "1", "", "x")]
    rows = [(row[0], *data.draw(st.permutations(row[1:]))) for row in rows]
    other = data.draw(written_file(one.dialect, data.draw(st.permutations(rows))))
    a, b = one.table, Table.parse(other, one.dialect)
    changes = diff(a, b, resource="r", schema=one.schema).operations
    after = Table.parse(splice.apply(a, changes, schema=one.schema), one.dialect)
    assert cells_by_key(after, one.schema) == cells_by_key(b, one.schema)
    assert not diff(after, b, resource="r", schema=one.schema).operations


@some
@given(st.data())
def test_the_same_rows_written_otherwise_and_in_another_order_are_no_difference(
    data: st.DataObject,
) -> None:
    file = data.draw(files())
    rows = data.draw(st.permutations(file.rows))
    again = Table.parse(data.draw(written_file(file.dialect, rows)), file.dialect)
    assert diff(file.table, again, resource="r", schema=file.schema).operations == ()


def brought_over(
    changes: tuple[Operation, ...], *, base: File, ours: Table
) -> tuple[Table, tuple[CellConflict, ...]]:
    merged = rebase(changes, base=base.table, ours=ours, resource="r", schema=base.schema)
    after = splice.apply(ours, merged.operations, schema=base.schema)
    return Table.parse(after, base.dialect), merged.conflicts


@some
@given(st.data(), st.booleans())
def test_changes_of_different_cells_commute(data: st.DataObject, same_rows: bool) -> None:
    file = data.draw(files())
    half = len(file.rows) // 2
    if same_rows:
        one = data.draw(operations(file, fields=("a",), deletes=False, prefix="one"))
        two = data.draw(operations(file, fields=("b", "c"), deletes=False, prefix="two"))
    else:
        one = data.draw(operations(file, positions=range(half), prefix="one"))
        two = data.draw(operations(file, positions=range(half, len(file.rows)), prefix="two"))
    a = Table.parse(splice.apply(file.table, one, schema=file.schema), file.dialect)
    b = Table.parse(splice.apply(file.table, two, schema=file.schema), file.dialect)
    one_two, clashes = brought_over(two, base=file, ours=a)
    two_one, others = brought_over(one, base=file, ours=b)
    assert clashes == others == ()
    assert cells_by_key(one_two, file.schema) == cells_by_key(two_one, file.schema)


@some
@given(st.data())
def test_updates_and_deletes_of_different_rows_commute_byte_for_byte(data: st.DataObject) -> None:
    file = data.draw(files(ragged=False))
    half = len(file.rows) // 2
    first, second = range(half), range(half, len(file.rows))
    one = data.draw(operations(file, positions=first, inserts=False, fill=False))
    two = data.draw(operations(file, positions=second, inserts=False, fill=False))
    a = Table.parse(splice.apply(file.table, one, schema=file.schema), file.dialect)
    b = Table.parse(splice.apply(file.table, two, schema=file.schema), file.dialect)
    one_two, _ = brought_over(two, base=file, ours=a)
    two_one, _ = brought_over(one, base=file, ours=b)
    assert one_two.data == two_one.data


@some
@given(st.data(), st.booleans())
def test_merging_a_change_twice_changes_nothing_more(data: st.DataObject, new_keys: bool) -> None:
    file = data.draw(files())
    changes = data.draw(operations(file, new_keys=new_keys))
    after = Table.parse(splice.apply(file.table, changes, schema=file.schema), file.dialect)
    once = rebase(changes, base=file.table, ours=after, resource="r", schema=file.schema)
    assert (once.operations, once.conflicts) == ((), ())
    again = merge(file.table, after, after, resource="r", schema=file.schema)
    assert (again.operations, again.conflicts) == ((), ())
    fresh = merge(file.table, file.table, after, resource="r", schema=file.schema)
    assert_leads_to(after, file, fresh.operations, changes)


@some
@given(st.data())
def test_a_new_key_and_edits_of_other_cells_commute(data: st.DataObject) -> None:
    file = data.draw(files())
    rows = [tuple(cells_by_name(row, file.schema).values())[1:] for row in file.rows]
    known = [place for place, row in enumerate(rows) if any(row) and rows.count(row) == 1]
    chosen = data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
    one = tuple(
        Update(
            resource="r",
            key=(file.rows[place][0],),
            old={"id": file.rows[place][0]},
            new={"id": f"key{place}"},
        )
        for place in chosen
    )
    two = data.draw(operations(file, deletes=False))
    a = Table.parse(splice.apply(file.table, one, schema=file.schema), file.dialect)
    b = Table.parse(splice.apply(file.table, two, schema=file.schema), file.dialect)
    one_two, clashes = brought_over(two, base=file, ours=a)
    two_one, others = brought_over(one, base=file, ours=b)
    assert clashes == others == ()
    assert cells_by_key(one_two, file.schema) == cells_by_key(two_one, file.schema)
    assert len(one_two) == len(two_one) == len(b)
    assert diff(file.table, a, resource="r", schema=file.schema).counts["updated"] == len(one)
    again, repeated = brought_over(one, base=file, ours=a)
    assert (again.data, repeated) == (a.data, ())


@many
@given(st.data(), st.booleans())
def test_conflicts_are_the_same_from_both_sides(data: st.DataObject, new_keys: bool) -> None:
    file = data.draw(files())
    one = data.draw(operations(file, new_keys=new_keys))
    two = data.draw(operations(file, new_keys=new_keys))
    a = Table.parse(splice.apply(file.table, one, schema=file.schema), file.dialect)
    b = Table.parse(splice.apply(file.table, two, schema=file.schema), file.dialect)
    there = merge(file.table, a, b, resource="r", schema=file.schema)
    back = merge(file.table, b, a, resource="r", schema=file.schema)

    def flat(one: CellConflict, *, mirrored: bool = False) -> tuple[object, ...]:
        place = (one.row_key, one.field or "", one.base)
        if mirrored:
            return (*place, one.theirs, one.ours, MIRRORED[one.kind])
        return (*place, one.ours, one.theirs, one.kind)

    assert {flat(one) for one in there.conflicts} == {
        flat(one, mirrored=True) for one in back.conflicts
    }
    if not there.conflicts:
        merged = splice.apply(a, there.operations, schema=file.schema)
        mirrored = splice.apply(b, back.operations, schema=file.schema)
        assert cells_by_key(Table.parse(merged, file.dialect), file.schema) == cells_by_key(
            Table.parse(mirrored, file.dialect), file.schema
        )
    edited = {one.key for one in one if not isinstance(one, Insert)}
    assert all(
        clash.row_key in edited for clash in there.conflicts if clash.kind != "insert_insert"
    )


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@settings(max_examples=40)
@given(soup=soups())
def test_where_blocks_are_cut_does_not_matter(soup: tuple[bytes, Dialect], size: int) -> None:
    from retouche.core import tokenizer

    data, dialect = soup
    whole = tokenizer.scan(data, dialect)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokenizer, "BLOCK", size)
        parts = tokenizer.scan(data, dialect)
    for name in ("starts", "stops", "ends", "lines"):
        assert getattr(whole, name).tolist() == getattr(parts, name).tolist()
    assert whole.unclosed == parts.unclosed
