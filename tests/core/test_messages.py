"""Sentences: complete in both languages, well set, saying what, where and what would be right."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core import errors
from retouche.core.messages import FAULTS, REASONS, TITLES, problem
from retouche.core.messages.wording import (
    count,
    fill,
    listed,
    placeholders,
    short,
    size,
    typographic,
)

SOURCES = Path(inspect.getfile(errors)).parents[1]
CATALOGUES = {"reasons": REASONS, "titles": TITLES, "faults": FAULTS}
ENTRIES = [(kind, name) for kind, entries in CATALOGUES.items() for name in entries]
KINDS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.RetoucheError)
}


def plain(text: str) -> str:
    """With the double brackets of optional parts away."""
    return text.replace("[[", "").replace("]]", "")


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_every_entry_has_both_languages_with_the_same_values(kind: str, name: str) -> None:
    entry = CATALOGUES[kind][name]
    assert set(entry) == {"en", "fr"}
    for text in entry.values():
        assert text == text.strip()
        assert text.count("[[") == text.count("]]")
    assert placeholders(plain(entry["en"])) == placeholders(plain(entry["fr"]))


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_every_entry_is_set_as_its_language_wants(kind: str, name: str) -> None:
    for locale, text in CATALOGUES[kind][name].items():
        set_text = typographic(plain(text), locale)
        assert "'" not in set_text
        if locale == "fr":
            assert not re.search(r" [:;!?»]|« ", set_text)
        else:
            assert not re.search(r"\s[:;!?]", set_text)


def reasons() -> Iterator[tuple[str, str, set[str]]]:
    """Every reason that the sources give a refusal, where, and with which values."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else ""
            name = function.id if isinstance(function, ast.Name) else name
            if name in KINDS:
                first = node.args[0] if node.args else None
                reason = first.value if isinstance(first, ast.Constant) else None
                values = {one.arg for one in node.keywords if one.arg}
                yield str(reason or KINDS[name].code), path.name, values


def test_every_reason_that_the_sources_give_has_a_sentence() -> None:
    missing = {(reason, path) for reason, path, _ in reasons() if reason not in REASONS}
    assert missing == set()


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_refusal_has_a_title_and_a_sentence(name: str) -> None:
    code = KINDS[name].code
    assert code in TITLES
    assert code in REASONS


REQUEST_REASONS = """
unknown_dataset unknown_resource unknown_row unknown_revision unknown_proposal bad_json too_deep
duplicate_json_key wrong_type unknown_property too_many_operations cell_too_long body_too_large
bad_filter_value bad_page two_operations_one_row unknown_operator unknown_field
not_editable_resource not_editable_field idempotency_mismatch idempotency_key_bad head_moved
already_decided bad_operations_index bad_secret forge_unavailable storage_full csrf
encoding nul quote header empty_file conflict_markers lfs_pointer dialect not_csv
"""


@pytest.mark.parametrize("reason", REQUEST_REASONS.split())
def test_the_reasons_of_the_contract_are_there(reason: str) -> None:
    assert reason in REASONS


def test_a_problem_has_its_fixed_title_and_a_sentence_of_this_case() -> None:
    error = errors.NotFound("unknown_row", key=("05", "12"), resource="structures")
    assert problem(error, "en") == (
        "Not found",
        "There is no row with the key “05, 12” in “structures”. It may have been removed, or its"
        " key changed.",
    )
    assert problem(error, "fr")[1].startswith(
        "Aucune ligne n’a la clé «\u00a005, 12\u00a0» dans «\u00a0structures\u00a0»."
    )


def test_parts_whose_value_is_missing_are_left_out() -> None:
    assert problem(errors.TooLarge("body_too_large"), "en")[1] == "The request is too large."
    assert problem(errors.TooLarge("body_too_large", limit=1_000_000), "fr")[1] == (
        "La demande est trop volumineuse\u00a0: 1\u00a0Mo au plus."
    )
    nul = errors.UnreadableFile("nul", line=3)
    assert "on line 3," in problem(nul, "en")[1]


def test_an_unknown_reason_is_told_by_its_title() -> None:
    assert problem(errors.Malformed("never_heard_of", x=1), "fr") == (
        "Demande incompréhensible",
        "Demande incompréhensible",
    )


@given(
    st.sampled_from(sorted(REASONS)),
    st.dictionaries(
        st.text(max_size=8), st.none() | st.text() | st.integers() | st.lists(st.text())
    ),
    st.sampled_from(["fr", "en", "fr-CA", "de", ""]),
)
def test_no_sentence_ever_fails(reason: str, values: dict[str, Any], locale: str) -> None:
    values |= {name: value for name, value in values.items() if name.isidentifier()}
    assert fill(REASONS[reason], locale, values)


def test_values_are_shortened_and_made_visible() -> None:
    assert short("a\nb\u202ec") == "a⏎b<U+202E>c"
    assert short("x" * 100) == "x" * 79 + "…"
    assert (
        listed(map(str, range(20)), "en")
        == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15… (20 in all)"
    )
    assert (count(12345, "fr"), count(12345, "en")) == ("12\u202f345", "12,345")
    assert (size(64_000, "fr"), size(1_500_000, "en")) == ("64\u00a0ko", "1.5\u00a0MB")
    assert (size(1_500_000, "fr"), size(12, "en")) == ("1,5\u00a0Mo", "12\u00a0bytes")
