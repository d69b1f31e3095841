"""Deltas as edits: what is written is what git reads, and putting edits together loses nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.edited import Edit, pieces
from retouche.forges.deltas import (
    LONGEST_COPY,
    Delta,
    Piece,
    between,
    composed,
    decoded,
    difference,
    encoded,
    exchanged,
    layered,
)


def done(base: bytes, edits: Sequence[Edit]) -> bytes:
    return b"".join(pieces(base, edits))


def joined(base: bytes, pieces: Sequence[Piece]) -> bytes:
    return b"".join(one if isinstance(one, bytes) else base[slice(*one)] for one in pieces)


@st.composite
def pieces_of(draw: st.DrawFn, size: int) -> tuple[Piece, ...]:
    points = st.tuples(st.integers(0, size), st.integers(0, size))
    spans = points.map(lambda two: (min(two), max(two)))
    return tuple(draw(st.lists(spans | st.binary(max_size=3), max_size=6)))


@st.composite
def edits_of(draw: st.DrawFn, size: int) -> tuple[Edit, ...]:
    points = sorted(draw(st.lists(st.integers(0, size), max_size=8, unique=True)))
    if len(points) % 2:
        points.pop()
    contents = st.binary(max_size=5) | st.binary(min_size=120, max_size=300)
    return tuple(
        Edit(start, end, draw(contents))
        for start, end in zip(points[::2], points[1::2], strict=True)
    )


@settings(max_examples=300)
@given(st.data(), st.binary(max_size=60))
def test_a_delta_that_is_read_back_makes_the_same_bytes(data: st.DataObject, base: bytes) -> None:
    edits = data.draw(edits_of(len(base)))
    read = decoded(encoded(edits, len(base)))
    assert (read.base_size, read.size) == (len(base), len(done(base, edits)))
    assert read.edits is not None
    assert done(base, read.edits) == done(base, edits)


@settings(max_examples=300)
@given(st.data(), st.binary(max_size=60))
def test_edits_of_edits_are_edits_of_the_base(data: st.DataObject, base: bytes) -> None:
    first = data.draw(edits_of(len(base)))
    middle = done(base, first)
    second = data.draw(edits_of(len(middle)))
    both = composed(first, second, len(base))
    assert done(base, both) == done(middle, second)
    back = difference(first, both, len(base))
    assert back is None or done(middle, back) == done(middle, second)


@settings(max_examples=300)
@given(st.data(), st.binary(max_size=60))
def test_pieces_of_pieces_are_pieces_of_the_base_in_any_order(
    data: st.DataObject, base: bytes
) -> None:
    below = data.draw(pieces_of(len(base)))
    middle = joined(base, below)
    above = data.draw(pieces_of(len(middle)))
    delta = Delta(len(middle), len(joined(middle, above)), above)
    assert joined(base, layered(below, delta)) == joined(middle, above)
    with pytest.raises(ValueError, match="another base"):
        layered((*below, b"x"), delta)


@settings(max_examples=300)
@given(st.data(), st.binary(max_size=60))
def test_what_two_versions_exchange_makes_one_of_the_other(
    data: st.DataObject, base: bytes
) -> None:
    both = pieces_of(len(base))
    common = data.draw(st.tuples(both, both))
    old, new = (common[0] + data.draw(both) + common[1] for _ in range(2))
    start, end, pieces = exchanged(old, new)
    before = joined(base, old)
    assert before[:start] + joined(base, pieces) + before[end:] == joined(base, new)


def test_a_replaced_cell_is_all_that_is_exchanged() -> None:
    assert exchanged([(0, 100)], [(0, 50), b"x", (52, 100)]) == (50, 52, (b"x",))
    assert exchanged([(0, 50), b"x", (52, 100)], [(0, 100)]) == (50, 51, ((50, 52),))
    assert exchanged([(0, 100)], [(0, 50), (60, 100)]) == (50, 60, ())
    assert exchanged([(0, 100)], [(0, 100)]) == (100, 100, ())


@settings(max_examples=300)
@given(st.data(), st.binary(max_size=60))
def test_a_difference_of_two_versions_of_one_base_is_right_or_none(
    data: st.DataObject, base: bytes
) -> None:
    old, new = data.draw(edits_of(len(base))), data.draw(edits_of(len(base)))
    found = difference(old, new, len(base))
    assert found is None or done(done(base, old), found) == done(base, new)


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=9), st.binary(max_size=9))
def test_one_edit_makes_one_of_the_other(head: bytes, tail: bytes, old: bytes, new: bytes) -> None:
    before, after = head + old + tail, head + new + tail
    edits = between(before, after)
    assert len(edits) <= 1
    assert done(before, edits) == after


def test_what_both_versions_have_is_no_difference() -> None:
    shared, theirs = Edit(2, 4, b"ours"), Edit(8, 9, b"theirs")
    assert difference((shared,), (shared, theirs), 20) == (Edit(10, 11, b"theirs"),)


def test_what_a_version_took_out_is_not_known_any_more() -> None:
    assert difference((Edit(2, 4, b""),), (), 20) is None


def test_a_long_copy_is_cut_where_git_cuts_it() -> None:
    size = 3 * LONGEST_COPY + 5
    delta = encoded((Edit(1, 1, b"x"),), size)
    assert len(delta) < 50
    read = decoded(delta)
    assert (read.size, read.edits) == (size + 1, (Edit(1, 1, b"x"),))


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x05",
        b"\x05\x05\x00",  # an instruction that git keeps for later
        b"\x05\x05\x03ab",  # cut
        b"\x05\x05\x90\x06",  # beyond the base
        b"\x05\x04\x90\x05",  # of another size
    ],
)
def test_a_broken_delta_is_refused(broken: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        decoded(broken)


def test_a_delta_that_jumps_back_is_not_taken_for_edits() -> None:
    assert decoded(b"\x04\x04\x91\x02\x02\x90\x02").edits is None
