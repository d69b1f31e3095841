"""Folding and searching: what is told apart, what is found, and how phrases stay together."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.coded import haystack
from retouche.core.coded.columns import Column
from retouche.core.coded.folding import fold, folded
from retouche.core.coded.haystack import Haystack
from retouche.core.coded.recoding import Recoding
from retouche.core.coded.texts import Texts
from retouche.core.reading import search
from retouche.core.reading.search import ColumnSearch, SearchIndex, words_of
from retouche.core.succession import Succession, Window
from tests.snapshots import asked, one_column, snapshot_of

FOLDED = [
    ("Élan", "elan"),
    ("ŒUVRE œuvre", "oeuvre oeuvre"),
    ("Ægir", "aegir"),
    ("l’été", "l'ete"),
    ("Straße", "strasse"),
    ("Ａ１", "a1"),
    ("e\u0301", "e"),
    ("10\u00a0000", "10 000"),
    ("Ἀθῆναι", "αθηναι"),
    ("שָׁלוֹם", "שלום"),
    ("ﬁn ™", "fin tm"),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_case_accents_ligatures_and_apostrophes_fold(text: str, expected: str) -> None:
    assert fold(text) == expected
    assert list(folded(Texts.of(["x", text, "É"]))) == ["x", expected, "e"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_many_texts_fold_like_one(texts: list[str]) -> None:
    assert list(folded(Texts.of(texts))) == [fold(text) for text in texts]
    assert [fold(fold(text)) for text in texts] == [fold(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("  \t ", ()),
        ("Mairie PARIS", ("mairie", "paris")),
        ("paris Pâris", ("paris",)),
        ('"rue de la Paix" paix', ("rue de la paix",)),
        ("mairies mairie", ("mairies",)),
        ('5" disque', ("5", "disque")),
        ('"" a', ("a",)),
    ],
)
def test_a_search_is_read_into_words(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


def test_more_words_than_can_be_compared_are_all_kept() -> None:
    assert len(words_of(" ".join(str(number) for number in range(5_000)))) == 5_000


SHOPS = snapshot_of(
    [
        {"name": "id"},
        {"name": "name"},
        {"name": "town"},
        {"name": "owner", "retouche": {"personal": True}},
    ],
    [
        ["1", "Café de l’Œuvre", "Saint-Étienne", "Anemone"],
        ["2", "Mairie", "Paris", "Begonia"],
        ["3", "Bar\nde Paris", "Étampes", "Anemone"],
        ["4", "", "", "Paris"],
    ],
    missingValues=["", "Mairie"],
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", "1234"),
        ("paris", "23"),
        ("PARIS etampes", "3"),
        ("l'oeuvre", "1"),
        ("saint etienne", "1"),
        ('"saint etienne"', ""),
        ('"de paris"', "3"),
        ('"bar de"', ""),
        ("paris 2", "2"),
        ("2paris", ""),
        ("mairie", ""),
        ("anemone", ""),
        ("\0", ""),
        ("\ud800", ""),
        ("é", "13"),
    ],
)
def test_every_word_is_found_in_some_field_of_the_row(text: str, ids: str) -> None:
    assert "".join(row["id"] for row in asked(SHOPS, ("q", text))) == ids


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(alphabet="abé ", max_size=6), max_size=40),
    st.text(alphabet="abé ", max_size=3),
)
def test_a_haystack_finds_what_python_finds(texts: list[str], needle: str) -> None:
    assert Haystack(Texts.of(texts)).containing(needle).tolist() == [
        needle in text for text in texts
    ]


@pytest.mark.parametrize("needle", ["a", "ab", "aba", "é", "zé", "b", "q"])
def test_dense_hits_are_found_like_rare_ones(needle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(haystack, "BATCH", 3)
    monkeypatch.setattr(haystack, "CHUNK", 7)
    texts = ["aba", "", "zéa", "bab", "éé", "x" * 3000, "abab", "q"] * 5
    assert Haystack(Texts.of(texts)).containing(needle).tolist() == [
        needle in text for text in texts
    ]


CELLS = st.lists(st.text(alphabet="abAé 1-", max_size=5), min_size=1, max_size=25)
PARTS = st.text(alphabet="abé 1-", min_size=1, max_size=3)


def changed(before: Column, after: Column) -> Recoding:
    window = Window(0, len(before), 0, len(after))
    change = Succession([window], old_length=len(before), new_length=len(after))
    return after.since(before, change)


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=4), st.lists(PARTS, min_size=1, max_size=5))
def test_words_are_found_in_every_version_as_in_each_cell(
    versions: list[list[str]], words: list[str]
) -> None:
    columns = [one_column(cells).column("f") for cells in versions]
    found = ColumnSearch.of(columns[0])
    for before, column in pairwise(columns):
        part = found.succeed(column, changed(before, column)).part()
        later = ColumnSearch.of_part(part, column, found.lexicon)
        assert later is not None
        found = later
    cells = [fold(cell) for cell in versions[-1]]
    index = SearchIndex([found], length=len(cells))
    for word in map(fold, words):
        expected = [word in cell for cell in cells]
        assert index.rows_with(word).tolist() == expected
        assert index.rows_with(word).tolist() == expected
    every = [all(fold(word) in cell for word in words) for cell in cells]
    assert index.rows_with_all([fold(word) for word in words]).tolist() == every


def test_a_lexicon_is_made_anew_after_many_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MANY_CHANGES", 2)
    before, after = (one_column(texts).column("f") for texts in (["a", "b"], ["c", "d"]))
    found = ColumnSearch.of(before)
    anew = found.succeed(after, changed(before, after))
    assert anew.lexicon is not found.lexicon
    assert len(anew.recoding) == 0
    assert ColumnSearch.of_part(anew.part(), after, found.lexicon) is None


def test_no_more_words_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    column = one_column(["a b c d", "d"]).column("f")
    monkeypatch.setattr(search, "KEPT_BYTES", 2)
    index = SearchIndex.of([column], length=2)
    for word in "abcdabcd":
        assert index.rows_with(word).tolist() == [True, word == "d"]
    assert list(index._kept) == ["c", "d"]
