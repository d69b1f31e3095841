"""Versions derived from their parent are what a look at the whole file would have found."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.dialect import Dialect
from retouche.core.differences import differences
from retouche.core.edited import Edit, Edited
from retouche.core.errors import UnreadableFile
from retouche.core.succession import Cut, Succession, Window, cuts_of
from retouche.core.table import Table

CSV = Dialect()
CELLS = ["", "a", "b1", "é", "00", '"q"', '"x,y"', '"d""e"', 'st"ray', '"l\nm"', '"l\r\nm"', "zz"]
BYTES = [b"x", b",", b'"', b"\n", b"\r", b"\r\n", b"", b"7,7\n", b'"a\nb",c\n', "é".encode(), b'""']


def untidy(chance: random.Random) -> bytes:
    """A CSV file of a few rows, often untidy."""
    ending = chance.choice(["\n", "\n", "\n", "\r\n", "\r"])
    mixed, blanks = chance.random() < 0.2, chance.random() < 0.15
    cells = CELLS[:5] if chance.random() < 0.4 else CELLS
    records = ["id,name,note"]
    for number in range(chance.randint(0, 40)):
        width = 3 if chance.random() < 0.9 else chance.randint(1, 5)
        records.append(",".join([str(number), *(chance.choice(cells) for _ in range(width - 1))]))
        if blanks and chance.random() < 0.2:
            records.append("")
    endings = [chance.choice(["\n", "\r\n", "\r"]) if mixed else ending for _ in records]
    if chance.random() < 0.3:
        endings[-1] = ""
    text = "".join(one + end for one, end in zip(records, endings, strict=True))
    return ("\ufeff" if chance.random() < 0.2 else "").encode() + text.encode()


def edits_of(table: Table, chance: random.Random) -> tuple[Edit, ...]:
    """A few edits: of cells, of whole rows, or of any bytes at all."""
    found: list[Edit] = []
    size, rows = len(table.data), len(table)
    for _ in range(chance.randint(1, 4)):
        kind = chance.random()
        content = chance.choice(BYTES) * chance.randint(1, 2)
        if kind < 0.35 and rows:
            start, end = chance.choice(table.cell_spans(chance.randrange(rows)))
            found.append(Edit(start, end, chance.choice(CELLS).encode()))
        elif kind < 0.5 and rows:
            start, _, end = table.record_span(chance.randrange(rows))
            found.append(Edit(start, end, b""))
        elif kind < 0.65:
            found.append(Edit(size, size, b"9,new,row\n"))
        elif kind < 0.75 and rows:
            start = table.record_span(chance.randrange(rows))[0]
            found.append(Edit(start, start, content))
        else:
            start = chance.randint(0, size)
            found.append(Edit(start, min(size, start + chance.randint(0, 12)), content))
    found.sort(key=lambda one: (one.start, one.end))
    kept: list[Edit] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def outcome(data: bytes) -> Table | None:
    try:
        return Table.parse(data, CSV)
    except UnreadableFile:
        return None


def assert_same(found: Table, expected: Table) -> None:
    assert found.header == expected.header
    assert found.header_span == expected.header_span
    assert found.blank_lines == expected.blank_lines
    for name in ("starts", "stops", "ends"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist(), name
    lines = [[one.line(row) for row in range(len(one))] for one in (found, expected)]
    assert lines[0] == lines[1]
    assert list(found.rows()) == list(expected.rows())


def assert_follows(succession: Succession, parent: Table, child: Table) -> None:
    """Rows outside the windows are the parent's, byte for byte and in order."""
    assert (succession.old_length, succession.new_length) == (len(parent), len(child))
    gone, fresh = set(succession.gone_rows.tolist()), set(succession.fresh_rows.tolist())
    stay = np.array([row for row in range(len(parent)) if row not in gone], np.int64)
    there = succession.moved(stay)
    assert there.tolist() == [row for row in range(len(child)) if row not in fresh]
    for old, new in zip(stay.tolist(), there.tolist(), strict=True):
        spans = [one.record_span(row) for one, row in ((parent, old), (child, new))]
        whole = [one.data[a:b] for one, (a, _, b) in zip((parent, child), spans, strict=True)]
        assert whole[0] == whole[1]
    numbers = succession.carry(np.arange(len(parent)), np.full(len(fresh), -1))
    assert [one for one in numbers.tolist() if one >= 0] == stay.tolist()


@settings(max_examples=600)
@given(st.integers(0, 2**32))
def test_a_table_that_follows_from_its_parent_is_the_one_that_is_parsed(seed: int) -> None:
    chance = random.Random(seed)
    parent = outcome(untidy(chance))
    if parent is None:
        return
    for _ in range(3):  # children of children too
        edits = edits_of(parent, chance)
        data = bytes(Edited(parent.data, "", edits))
        expected = outcome(data)
        found = Table.succeed(parent.part(), data, CSV, cuts_of(edits))
        if found is not None:
            assert expected is not None, "passed the gate though the whole file would not"
            assert_same(found[0], expected)
            assert_follows(found[1], parent, found[0])
            again = Succession.of_part(found[1].part())
            assert again.windows == found[1].windows
        if expected is None:
            return
        parent = expected if found is None else found[0]


PLAIN = b"id,a,b\n" + b"".join(b"%d,x%d,y\n" % (n, n) for n in range(200))


@pytest.mark.parametrize(
    ("start", "end", "content", "windows"),
    [
        (16, 18, b"changed", [Window(1, 2, 1, 2)]),
        (7, 8, b"zero", [Window(0, 1, 0, 1)]),
        (len(PLAIN), len(PLAIN), b"200,x,y\n201,x,y\n", [Window(200, 200, 200, 202)]),
        (7, 14, b"", [Window(0, 1, 0, 0)]),
        (14, 14, b"new,x,y\n", [Window(1, 1, 1, 2)]),
        (16, 18, b'"o\np"', [Window(1, 2, 1, 2)]),
        (13, 14, b",", [Window(0, 2, 0, 1)]),
        (16, 18, b'st"ray', [Window(1, 2, 1, 2)]),
    ],
)
def test_only_the_rows_that_changed_are_looked_at(
    start: int, end: int, content: bytes, windows: list[Window]
) -> None:
    parent = Table.parse(PLAIN, CSV)
    data = PLAIN[:start] + content + PLAIN[end:]
    found = Table.succeed(parent.part(), data, CSV, (Cut(start, end, len(content)),))
    assert found is not None
    assert_same(found[0], Table.parse(data, CSV))
    assert list(found[1].windows) == windows


@pytest.mark.parametrize(
    ("start", "content"),
    [
        (16, b'"'),  # opens a cell that nothing closes
        (16, b"\0"),
        (16, b"\xff"),
        (14, b"<<<<<<< ours\n"),
        (14, b"\n"),  # a blank line
        (2, b"x"),  # the header
        (0, b"\xef\xbb\xbf"),
    ],
)
def test_what_is_doubtful_is_left_to_a_look_at_the_whole_file(start: int, content: bytes) -> None:
    parent = Table.parse(PLAIN, CSV)
    data = PLAIN[:start] + content + PLAIN[start:]
    assert Table.succeed(parent.part(), data, CSV, (Cut(start, start, len(content)),)) is None


def test_a_quote_that_swallows_rows_is_followed_to_where_it_is_closed() -> None:
    parent = Table.parse(PLAIN.replace(b"20,x20,y", b'20,x20,"y"'), CSV)
    data = parent.data[:]
    for old, new in ((b"15,x15,y", b'15,"x15,y'), (b'20,x20,"y"', b'20,x20",y')):
        data = data[: data.find(old)] + new + data[data.find(old) + len(old) :]
    found = Table.succeed(parent.part(), data, CSV, differences(parent.data, data))
    assert found is not None
    assert_same(found[0], Table.parse(data, CSV))
    assert len(found[0]) == len(parent) - 5
    assert found[0].line(16) == 23


@settings(max_examples=200)
@given(st.integers(0, 2**32))
def test_differences_turn_one_version_into_the_other(seed: int) -> None:
    chance = random.Random(seed)
    old = untidy(chance) * chance.choice([1, 1, 30])
    new = bytearray(old)
    for _ in range(chance.randint(0, 6)):
        at = chance.randint(0, len(new))
        new[at : at + chance.randint(0, 30)] = chance.choice(BYTES) * chance.randint(0, 3)
    cuts = differences(old, bytes(new))
    made, done_old, done_new = b"", 0, 0
    for cut in cuts:
        same = old[done_old : cut.start]
        start = done_new + len(same)
        made += same + bytes(new[start : start + cut.length])
        done_old, done_new = cut.end, start + cut.length
    made += old[done_old:]
    assert made == bytes(new)
    if old == bytes(new):
        assert cuts == ()


def test_differences_far_apart_are_told_apart() -> None:
    rows = [b"%d,x%d,y\n" % (n, n) for n in range(5000)]
    changed = [*rows]
    changed[10] = b"10,other,y\n"
    changed[3000:3001] = []
    changed[4000:4000] = [b"a,b,c\n"]
    cuts = differences(b"".join(rows), b"".join(changed))
    assert len(cuts) == 3
    assert sum(one.end - one.start for one in cuts) < 100
