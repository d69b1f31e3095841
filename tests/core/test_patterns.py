"""Patterns matched by RE2 say what frictionless says with Python's `re`, and never block."""

from __future__ import annotations

import json
import re
import time
import warnings

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retouche.core.errors import BadDataset
from retouche.core.judging.judge import judge
from retouche.core.patterns import matcher
from retouche.core.schema import Schema
from tests.realdata import real_data

ATOMS = st.sampled_from(
    [
        *("a", "b", "é", "1", "-", ",", " ", r"\.", r"\-", r"\/", r"\_", "[]a]", "[^]a]", "[[:a]"),
        *(r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"[\d-]", r"[^\d]", r"[\w.]", r"[^\W]"),
        *(r"[\S]", r"[a-c]", "[^a-c]", r"[\b]", ".", r"\x61", r"\u0062", r"\t", r"\n", "(?#note)"),
        *("^", "$", r"\A", r"\Z", "(?i:A)", "(?:ab|c)", "(a|)", "(?P<n1>a)", r"\é", r"\0"),
    ]
)
REPEATS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{,2}", "{1,}", "*?"])
TEXTS = st.text("ab1é A,-._٣\u00a0\n\t]c/:", max_size=6)


@st.composite
def expressions(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(ATOMS, REPEATS), max_size=4))
    one = "".join(atom + repeat for atom, repeat in parts)
    return draw(st.sampled_from([one, f"({one})+", f"{one}|b", f"^{one}$", f"(?:^|,)({one})"]))


@settings(max_examples=400, deadline=None)
@given(expressions(), st.lists(TEXTS, min_size=1, max_size=5))
def test_re2_and_python_agree_on_patterns_that_both_accept(pattern: str, texts: list[str]) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            python = re.compile(f"^{pattern}$")
    except re.error:
        assume(False)
    try:
        matches = matcher(pattern, field="f")
    except BadDataset:
        assume(False)
    for text in texts:
        # Only `$` in the middle may tell the last line end apart; nobody writes that.
        if not (text.endswith("\n") and "$" in pattern):
            assert matches(text) == bool(python.match(text)), (pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        (r"\d{5}", "05000", True),
        (r"\d{5}", "0500", False),
        (r"\d{5}", "٠٥٠٠٠", True),  # as in Python, and in XML Schema
        (r"^[A-Z]{2}$", "FR", True),
        ("a|b", "axyz", True),  # frictionless matches `^a|b$`, which has two halves
        ("a|b", "xb", False),
        (r"\d+", "12\n", True),  # `$` also stands before a last line end
        ("(?:(?:^|,)(^[A-Z]{2}[A-Z0-9]{4,33}$|Non concerné))+$", "Non concerné", True),
        (r"\p{Lu}+", "ÉA", True),  # XML Schema has this, Python has not
        ("(?i)oui", "OUI", True),
        (r"[\W]", "é", False),
        ("x{,3}", "xx", True),
    ],
)
def test_patterns_match_whole_cells(pattern: str, text: str, fits: bool) -> None:
    assert matcher(pattern, field="f")(text) is fits


@pytest.mark.parametrize(
    "pattern",
    [
        *("(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1", "(?P<n>a)(?P=n)", "(a)?(?(1)b|c)"),
        *(
            "a++",
            "(?>a)b",
            "[a",
            "(a",
            "a{1,2000}",
            "\\",
            r"\q",
            r"\N{DIGIT ONE}",
            "(?x: a)",
            r"\x",
        ),
    ],
)
def test_a_pattern_without_a_linear_match_is_refused_with_its_field(pattern: str) -> None:
    with pytest.raises(BadDataset) as refusal:
        matcher(pattern, field="code")
    assert refusal.value.reason == "pattern_unsupported"
    assert refusal.value.values == {"field": "code", "pattern": pattern}


def test_no_pattern_can_block() -> None:
    matches = matcher("(a+)+", field="f")
    started = time.perf_counter()
    assert not matches("a" * 60_000 + "!")
    assert time.perf_counter() - started < 1


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("schema-irve/schema-statique.json", 40),
        ("schema-irve/schema-dynamique.json", 8),
        ("schema-stationnement/schema.json", 30),
        ("standard-mediation-num/schema.json", 32),
        ("standard-mediation-num/schema-v0.1.1.json", 1),
        ("standard-mediation-num/schema-v1.0.0.json", 1),
        ("standard-mediation-num/schema-v1.0.1.json", 1),
    ],
)
def test_published_schemas_can_all_be_judged(path: str, count: int) -> None:
    descriptor = json.loads(real_data(path).read_text(encoding="utf-8"))
    schema = Schema.from_descriptor(descriptor)
    assert len(schema.fields) >= count
    assert judge(schema).ignored == {}
