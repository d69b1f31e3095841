"""Byte strings many at once: hashes, codes, order and copies, held against plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.coded import coding, words
from retouche.core.coded.coding import Places
from retouche.core.coded.texts import Texts
from retouche.core.tokenizer import Octets

# Few letters and shared beginnings, so that strings are equal, and differ late or by length alone.
PIECES = st.sampled_from(
    [b"", b"a", b"b", b"\0", b"abcdefgh", b"abcdefg", b"\xc3\xa9" * 5, b"-" * 40]
)
STRINGS = st.lists(st.lists(PIECES, max_size=4).map(b"".join), max_size=60)


def laid_out(
    strings: list[bytes], before: bytes = b"", after: bytes = b""
) -> tuple[Octets, Places, Places]:
    """The strings with something around them, and where they are."""
    view = np.frombuffer(before + after.join(strings) + after, np.uint8)
    lengths = np.array([len(one) for one in strings], np.int64)
    begins = len(before) + np.cumsum(lengths + len(after)) - lengths - len(after)
    return view, begins, begins + lengths


AROUND = st.sampled_from([b"", b",", b"\xff" * 9])


@settings(max_examples=200, deadline=None)
@given(STRINGS, AROUND, AROUND)
def test_everything_is_as_python_says(strings: list[bytes], before: bytes, after: bytes) -> None:
    view, begins, stops = laid_out(strings, before, after)
    assert coding.hashes(view, begins, stops).tolist() == [coding.hash_of(one) for one in strings]
    codes, first = coding.distinct(view, begins, stops)
    assert [strings[first[code]] for code in codes.tolist()] == strings
    assert len(first) == len(set(strings))
    assert [strings[at] for at in coding.order(view, begins, stops).tolist()] == sorted(strings)
    heap, bounds = coding.packed(view, begins, stops, gap=1)
    assert heap.tobytes() == b"".join(one + b"\0" for one in strings)
    assert len(bounds) == len(strings) + 1
    for text in {*strings, b"never there"}:
        places = [at for at, one in enumerate(strings) if one == text]
        assert coding.equal(view, begins, stops, text).tolist() == places


@settings(max_examples=50, deadline=None)
@given(STRINGS)
def test_equal_strings_are_told_in_their_order(strings: list[bytes]) -> None:
    found, same = coding.ranked(*laid_out(strings))
    ordered = [strings[at] for at in found.tolist()]
    assert same.tolist() == [
        at > 0 and ordered[at] == ordered[at - 1] for at in range(len(ordered))
    ]


def test_offsets_of_four_bytes_do_as_well() -> None:
    strings = [b"", b"b", b"a" * 30, b"b", b"a" * 31] * 9
    view, begins, stops = laid_out(strings)
    small = (view, begins.astype(np.int32), stops.astype(np.int32))
    codes, first = coding.distinct(*small)
    assert [strings[first[code]] for code in codes.tolist()] == strings
    assert [strings[at] for at in coding.order(*small).tolist()] == sorted(strings)
    assert coding.packed(*small)[0].tobytes() == b"".join(strings)


@pytest.mark.parametrize("size", [7, 8, 9, 64, 4_000, 70_001])
def test_long_strings_that_share_their_beginning_stay_apart(size: int) -> None:
    strings = [b"x" * size + ending for ending in (b"", b"a", b"b", b"", b"a" * 9, b"a")] * 5
    view, begins, stops = laid_out(strings)
    codes, first = coding.distinct(view, begins, stops)
    assert [strings[first[code]] for code in codes.tolist()] == strings
    assert len(first) == 4
    assert [strings[at] for at in coding.order(view, begins, stops).tolist()] == sorted(strings)
    assert coding.packed(view, begins, stops)[0].tobytes() == b"".join(strings)


def test_strings_with_one_hash_have_codes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        coding, "hashes", lambda view, begins, stops: np.zeros(len(begins), np.uint64)
    )
    strings = [b"a", b"b", b"a", b"c" * 20, b"b", b"d" * 20, b"c" * 20]
    codes, first = coding.distinct(*laid_out(strings))
    assert [strings[first[code]] for code in codes.tolist()] == strings
    assert first.tolist() == [0, 1, 3, 5]


def test_more_strings_than_one_chunk_are_coded_alike() -> None:
    numbers = np.arange(2 * words.CHUNK + 3) * 7919 % 40_000
    strings = [b"%d" % number for number in numbers.tolist()]
    codes, first = coding.distinct(*laid_out(strings))
    assert [strings[first[code]] for code in codes.tolist()] == strings
    assert len(first) == len(set(strings))
    ordered = [strings[at] for at in coding.order(*laid_out(strings)).tolist()]
    assert ordered == sorted(strings)


TEXTS = st.lists(st.text(alphabet="aé€\N{GRINNING FACE}\0\ud800", max_size=5), max_size=20)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(-3, 20), st.integers(-3, 20), st.sampled_from([None, 1, 2, -1]))
def test_texts_are_a_sequence(texts: list[str], low: int, high: int, step: int | None) -> None:
    found = Texts.of(texts)
    assert list(found) == texts
    assert found == texts
    assert [found[at] for at in range(len(texts))] == texts
    assert found[low:high:step] == texts[low:high:step]
    assert list(found[low:high:step]) == texts[low:high:step]
    assert found.many([at for at in range(len(texts)) if at % 2]) == texts[1::2]
    assert found.at(np.arange(len(texts) - 1, -1, -1)) == Texts.of(texts[::-1])
    again = [found.heap[a:b].tobytes() for a, b in zip(found.starts, found.stops, strict=True)]
    assert again == [text.encode("utf-8", "surrogatepass") for text in texts]


def test_texts_that_differ_are_not_equal() -> None:
    assert Texts.of(["ab", "c"]) != Texts.of(["a", "bc"])
    assert Texts.of(["a"]) != ["a", "b"]
    assert Texts.of(["a"]) != "a"
    assert Texts.of(["a", "b", "c"])[1:] == Texts.of(["b", "c"])


def test_texts_know_their_bounds() -> None:
    texts = Texts.of(["é", "b"])
    assert texts[-1] == "b"
    assert bytes(texts.raw(0)) == "é".encode()
    assert texts.joined.tobytes() == "é\0b\0".encode()
    assert repr(texts) == "Texts(['é', 'b'])"
    for place in (2, -3):
        with pytest.raises(IndexError):
            texts[place]
    assert not Texts.of([])
    with pytest.raises(IndexError):
        Texts.of([])[0]


def test_texts_more_than_are_decoded_at_once_are_all_there() -> None:
    texts = [str(number) for number in range(10_000)]
    assert list(Texts.of(texts)) == texts
