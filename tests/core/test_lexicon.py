"""Lexicons, grams and recodings: what is found in many texts, against a look at each of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.coded.folding import fold
from retouche.core.coded.recoding import Recoding
from retouche.core.coded.texts import Texts
from retouche.core.reading import grams
from retouche.core.reading.grams import Grams
from retouche.core.reading.lexicon import Lexicon

ALPHABET = "abA1é -.œ–½…™ж"
TEXTS = st.lists(st.text(alphabet=ALPHABET, max_size=12), max_size=25, unique=True)


def found(lexicon: Lexicon, texts: Texts, word: str) -> list[int]:
    encoded = word.encode("utf-8", "surrogatepass")
    numbers, certain = lexicon.candidates(encoded)
    if not certain:
        held = lexicon.holding(encoded, numbers, texts=texts, codes=numbers)
        numbers = numbers[held]
    return sorted(set(numbers.tolist()))


@settings(max_examples=250, deadline=None)
@given(TEXTS, st.data())
def test_a_word_is_found_where_the_folded_text_contains_it(
    listed: list[str], data: st.DataObject
) -> None:
    texts = Texts.of(listed)
    lexicon = Lexicon.of_part(Lexicon.of(texts).part())
    folded = [fold(text) for text in listed]
    for _ in range(5):
        word = fold(data.draw(st.sampled_from(listed) if listed else st.just("a")))
        begin = data.draw(st.integers(0, max(len(word) - 1, 0)))
        word = word[begin : begin + data.draw(st.integers(1, 9))] or "a"
        expected = [at for at, text in enumerate(folded) if word in text]
        assert found(lexicon, texts, word) == expected


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("place", [0, 1, 2]),
        ("la pl", [1]),
        ("replacer", [2]),
        ("placer", [2]),
        ("r, l", [3]),
        ("place de la mairie", [0]),
        ("place, 12", []),
        (" 1", [0, 3]),
        ("12", [0, 3]),
        (",", [3]),
        ("!", []),
        ("été", []),
        ("ete", [1, 3]),
        ("\ud800", []),
    ],
)
def test_words_and_phrases(word: str, numbers: list[int]) -> None:
    texts = Texts.of(
        ["PLACE de la Mairie 12", "Été à la place", "remplacer replacer", "hier, l'été 1 212"]
    )
    assert found(Lexicon.of(texts), texts, word) == numbers


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="abcé", min_size=1, max_size=9), max_size=20), st.booleans())
def test_grams_leave_out_no_term_and_are_exact_for_short_pieces(
    terms: list[str], in_groups: bool
) -> None:
    listed = [one.encode() for one in terms]
    heap = np.frombuffer(b"".join(one + b"\0" for one in listed), np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grams, "AT_ONCE", 0 if in_groups else 1_000)
        built = Grams.of(heap)
    for piece in {
        one[at : at + size] for one in listed for at in range(4) for size in (1, 3, 4, 6)
    }:
        if not piece:
            continue
        holding = {at for at, one in enumerate(listed) if piece in one}
        having = set(built.having(piece).tolist())
        assert holding <= having
        assert len(piece) > 4 or holding == having
    assert built.having(b"zzzzz").tolist() == []


VALUES = st.sets(st.integers(0, 30))


def recoding(old: set[int], new: set[int]) -> Recoding:
    first, then = sorted(old), sorted(new)
    gone = [first.index(one) for one in sorted(old - new)]
    fresh = [then.index(one) for one in sorted(new - old)]
    return Recoding(np.array(gone, np.int32), np.array(fresh, np.int32))


@settings(max_examples=300, deadline=None)
@given(VALUES, VALUES, VALUES)
def test_a_recoding_tells_where_values_are_now(old: set[int], mid: set[int], new: set[int]) -> None:
    one, two = recoding(old, mid), recoding(mid, new)
    both = Recoding.of_part(one.then(two).part())
    origins, values = sorted(old), sorted(new)
    codes = np.arange(len(old))
    stay = both.stay(codes)
    moved = both.moved(codes[stay])
    assert [values[at] for at in moved.tolist()] == [origins[at] for at in codes[stay].tolist()]
    assert both.origins(moved).tolist() == codes[stay].tolist()
    # What has gone and come back in between counts as new.
    assert sorted(set(range(len(new))) - set(moved.tolist())) == both.fresh.tolist()
    assert {origins[at] for at in codes[stay].tolist()} == old & mid & new
    assert len(both) == len(both.gone) + len(both.fresh)


def test_a_very_long_piece_is_told_from_one_that_begins_like_it() -> None:
    stem = "abcdefghij" * 20
    lexicon = Lexicon.of(Texts.of([stem + "k", stem + "l", stem[:100]]))
    numbers, certain = lexicon.candidates((stem + "l").encode())
    assert (numbers.tolist(), certain) == ([1], True)
    assert sorted(lexicon.candidates(stem.encode())[0].tolist()) == [0, 1]
