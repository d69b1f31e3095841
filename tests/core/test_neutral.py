"""Outside text is harmless in a forge wherever it stands, and can still be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.neutral import JOINER, alike, code, neutral, prose
from tests.hostile import HOSTILE, cells, found, read_back, rendered, spans, trailers

HARMLESS = [
    "Mairie de Saint-Étienne-en-Dévoluy",
    "04 92 56 33 00",
    "+33 (0)4 92 56 33 00",
    "contact@franceservices-gap.example",
    "09:00 - 12:00 / 13:30 - 17:00",
    "12 rue de l’Église, 05000 Gap",
    "25 % des usagers",
    "2024-03-31",
    "日本語 русский ελληνικά العربية",
    "5 place de la République – bâtiment B",
    "44.5592 ; 6.0786",
]
ANYTHING = st.text(st.characters(), max_size=60)
# Pieces that mean something to a forge, so that chance puts them together.
TRICKY = st.lists(
    st.sampled_from(
        [
            *"@#!$~%&^*[]{}<>|`\\:/-_+=;. \n\r\t1aA＠\u2060\u200b\u202e\u0301",
            "Closes ",
            "www",
            "http",
        ]
    ),
    max_size=40,
).map("".join)


def sight(text: str) -> str:
    """What a person sees of it."""
    return text.replace(JOINER, "")


@pytest.mark.attack("quick-actions", "forge-references", "request-titles")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_means_nothing_in_a_title(text: str) -> None:
    assert found(neutral(text)) == {}


@pytest.mark.attack("quick-actions", "commit-message")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_means_nothing_at_the_start_of_a_line(text: str) -> None:
    assert trailers(f"Subject\n\n{neutral(text, most=60)}\n") == []


@pytest.mark.attack("quick-actions", "forge-references")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_in_its_table_cell(text: str) -> None:
    line = f"| {prose(text)} | {code(text)} |"
    assert found(line) == {}
    first, second = cells(line)
    assert spans(first) == ("", [])
    marks, coded = spans(second)
    assert marks == ""
    assert len(coded) == 1


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_looks_as_it_is(text: str) -> None:
    assert sight(neutral(text)) == text
    assert sight(code(text)) == f"`{text}`"
    assert rendered(sight(prose(text))) == text


@pytest.mark.parametrize("text", HARMLESS[:3] + HARMLESS[4:])
def test_most_ordinary_text_is_not_touched_at_all(text: str) -> None:
    bare = text.lstrip("+")
    assert neutral(bare) == bare


@given(ANYTHING | TRICKY)
def test_any_text_can_be_read_back(text: str) -> None:
    assert read_back(neutral(text, most=10_000)) == text


@given(ANYTHING | TRICKY)
def test_any_text_can_be_read_back_from_a_code_span(text: str) -> None:
    if text:
        (cell,) = cells(f"| {code(text, most=10_000)} |")
        assert [read_back(one) for one in spans(cell)[1]] == [text]


@pytest.mark.attack("quick-actions", "forge-references")
@given(ANYTHING | TRICKY, st.booleans())
def test_no_text_means_anything(text: str, telling: bool) -> None:
    assert found(neutral(text)) == {}
    line = f"| {prose(text)} | {code(text or '-', telling=telling)} |"
    assert found(line) == {}
    first, second = cells(line)
    assert spans(first) == ("", [])
    assert spans(second)[0] == ""


@given(ANYTHING | TRICKY, ANYTHING | TRICKY)
def test_two_texts_look_different_where_they_are_told_apart(one: str, other: str) -> None:
    if one and other and one != other:
        assert code(one, most=10_000) != code(other, most=10_000)


@given(st.text(max_size=400), st.integers(12, 300))
def test_texts_are_bounded_by_code_points(text: str, most: int) -> None:
    for written in (neutral(text, most=most), prose(text, most=most), code(text or "-", most=most)):
        assert len(written) <= most


def test_what_is_cut_off_is_counted() -> None:
    assert neutral("x" * 300, most=20) == "x" * 15 + "…+285"
    assert code("é" * 1_000, most=20) == "`" + "é" * 13 + "`" + "…+987"
    assert neutral("é👩" * 10, most=20) == "é👩" * 10


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb", "a⟨U+000D⟩⏎b"),
        ("abc\u202ed", "abc⟨U+202E⟩d"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\u2800b", "a⟨U+2800⟩b"),
        ("a⏎b", "a⟨U+23CE⟩b"),
        ("\u0301a", f"{JOINER}⟨U+0301⟩a"),
        ("a\tb", "a⇥b"),
        ("é e\u0301", "é e\u0301"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    assert neutral(text) == shown


def test_spaces_at_the_ends_are_shown_in_cells() -> None:
    assert sight(code(" a  b ")) == "`␣a ␣b␣`"


@pytest.mark.parametrize(
    ("one", "other"), [("12 h", "12\u00a0h"), ("é", "e\u0301"), ("a\u202fb", "a\u00a0b")]
)
def test_texts_that_look_alike_can_be_told_apart(one: str, other: str) -> None:
    assert alike(one, other)
    seen = {code(one, telling=True), code(other, telling=True)}
    assert len(seen) == 2
    assert any("⟨U+" in text for text in seen)


def test_texts_that_differ_to_the_eye_are_not_alike() -> None:
    assert not alike("a", "b")
    assert not alike("a", "a")
