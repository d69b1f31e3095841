"""Shapes of patterns: every text of a shape matches, and what is more than shapes is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.judging.shapes import fits, shapes_of
from tests.core.test_plain import cells_of

PIECES = st.sampled_from(
    [
        *(
            "a",
            "5",
            "-",
            r"\.",
            r"\d",
            r"\w",
            ".",
            "[ab]",
            "[^a]",
            "[0-9]",
            "[a-c.]",
            r"[\d-]",
            "é",
        ),
        *("(a|bc)", "(?:a|)", "([0-9]|2[AB])", "[]a]", "[[]", r"\b", "$", "^", "a|b", "(?=a)", "%"),
    ]
)
REPEATS = st.sampled_from(
    ["", "", "", "?", "{2}", "{1,3}", "{,2}", "{0}", "*", "+", "??", "{2}{3}"]
)
PATTERNS = st.lists(st.tuples(PIECES, REPEATS), min_size=1, max_size=4).map(
    lambda parts: "".join(piece + repeat for piece, repeat in parts)
)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.booleans(), st.data())
def test_every_text_of_a_shape_matches_the_pattern(
    pattern: str, anchored: bool, data: st.DataObject
) -> None:
    if anchored:
        pattern = f"^{pattern}$"
    shapes = shapes_of(pattern)
    if not shapes:
        return
    shape = data.draw(st.sampled_from(shapes))
    text = "".join(chr(data.draw(st.sampled_from(sorted(letters)))) for letters in shape)
    assert re.match(f"^{pattern}$", text), text
    assert fits(cells_of([text]), shapes).all()


@pytest.mark.parametrize(
    ("pattern", "lengths"),
    [
        (r"[0-9]{5}", {5}),
        (r"^\d{14}$", {14}),
        (r"^(2[AB]|[0-9]{2})[0-9]{3}$", {5}),
        (r"^(([013-9]\d|2[AB1-9])\d{3})?$", {5}),
        (r"[A-Z]{2,3}\.", {3, 4}),
    ],
)
def test_patterns_of_published_schemas_have_shapes(pattern: str, lengths: set[int]) -> None:
    assert {len(one) for one in shapes_of(pattern)} == lengths


@pytest.mark.parametrize(
    "pattern", ["a|b", "a+", "^a$b", "é", r"\bfoo", "(?i)a", "[]a]", "a??", "("]
)
def test_other_patterns_have_none(pattern: str) -> None:
    assert shapes_of(pattern) == ()


def test_patterns_with_too_many_shapes_have_none() -> None:
    assert shapes_of("(a|b|c){9}") == ()
    assert shapes_of("[a-z]{41}") == ()
