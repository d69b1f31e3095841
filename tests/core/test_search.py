"""Folding and searching: what is told apart, what is found, and how phrases stay together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core import search
from retouche.core.folding import fold, fold_all
from retouche.core.search import Haystack, words_of
from tests.snapshots import asked, snapshot_of

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


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_case_accents_ligatures_and_apostrophes_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold_all(["x", text, "É"]) == ["x", folded, "e"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_many_texts_fold_like_one(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]
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
    assert Haystack(texts).containing(needle).tolist() == [needle in text for text in texts]


@pytest.mark.parametrize("needle", ["a", "ab", "aba", "é", "zé", "b", "q"])
def test_dense_hits_are_found_like_rare_ones(needle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BATCH", 3)
    monkeypatch.setattr(search, "CHUNK", 7)
    texts = ["aba", "", "zéa", "bab", "éé", "x" * 3000, "abab", "q"] * 5
    assert Haystack(texts).containing(needle).tolist() == [needle in text for text in texts]
