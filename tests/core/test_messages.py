"""Sentences: complete in both languages, well set, and saying what, where and what would be right."""

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
from retouche.core.messages import FAULTS, REASONS, TITLES, describe, problem
from retouche.core.messages.wording import (
    count,
    fill,
    listed,
    placeholders,
    short,
    size,
    typographic,
)
from retouche.core.operations import Insert, Operation, Update
from retouche.core.package import Package, Resource
from retouche.core.report import CellError
from retouche.core.schema import Schema
from retouche.core.snapshot import Snapshot
from retouche.core.verdict import verdict

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
bad_filter_value page_out_of_range bad_page two_operations_one_row unknown_operator unknown_field
not_editable_resource not_editable_field idempotency_mismatch idempotency_key_bad head_moved
already_decided bad_reason bad_operations_index bad_secret forge_unavailable storage_full csrf
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
    assert listed(map(str, range(20)), "en") == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11… (20 in all)"
    assert (count(12345, "fr"), count(12345, "en")) == ("12\u202f345", "12,345")
    assert (size(64_000, "fr"), size(1_500_000, "en")) == ("64\u00a0ko", "1.5\u00a0MB")
    assert (size(1_500_000, "fr"), size(12, "en")) == ("1,5\u00a0Mo", "12\u00a0bytes")


# Faults of cells, as a verdict gives them.

FIELDS = [
    {"name": "id"},
    {
        "name": "name",
        "title": "Nom",
        "constraints": {"required": True, "maxLength": 12},
        "retouche": {"label": {"fr": "Nom du lieu", "en": "Name of the place"}},
    },
    {"name": "agents", "title": "Agents", "type": "integer", "constraints": {"minimum": 2}},
    {"name": "zip", "example": "05000", "constraints": {"pattern": r"^\d{5}$"}},
    {"name": "insee", "constraints": {"pattern": "[0-9]{5}"}},
    {
        "name": "state",
        "constraints": {"enum": ["open", "closed"]},
        "retouche": {
            "display": {"values": {"open": {"label": {"fr": "ouvert", "en": "in service"}}}},
            "steps": {"open": ["closed"], "closed": []},
        },
    },
    {"name": "day", "type": "date", "format": "%d/%m/%Y"},
    {"name": "share", "type": "number", "decimalChar": ","},
    {"name": "phone", "title": "Téléphone"},
    {"name": "secret", "type": "integer", "retouche": {"personal": True}},
]
SCHEMA = {
    "fields": FIELDS,
    "primaryKey": "id",
    "custom_checks": [
        {"name": "phone-number-value", "params": {"column": "phone"}},
        {"name": "one-of-required", "params": {"column1": "phone", "column2": "zip"}},
        {
            "name": "column-total",
            "params": {"column": "agents", "equals": 460},
            "level": "warning",
            "message": {"fr": "Ces effectifs font {total}, et non {expected}."},
        },
    ],
}
RESOURCE = Resource(
    name="desks",
    path="desks.csv",
    schema=Schema.from_descriptor(SCHEMA),
    extension={"label": "France services de {name}", "title": {"fr": "Guichets", "en": "Desks"}},
)
PACKAGE = Package(name="p", resources={"desks": RESOURCE}, descriptor={})
TABLE = (
    "id,name,agents,zip,insee,state,day,share,phone,secret\n12,Gap,460,05000,,open,,,0492000000,\n"
)


def sentences(locale: str, *operations: Operation) -> list[str]:
    before = {"desks": Snapshot(RESOURCE, TABLE.encode())}
    report = verdict(operations, package=PACKAGE, before=before)
    found = (*report.errors, *report.warnings)
    return [describe(one, locale, package=PACKAGE).replace("\u00a0", "~") for one in found]


def update(**cells: str | None) -> Update:
    return Update(resource="desks", key=("12",), old=dict.fromkeys(cells), new=cells)


@pytest.mark.parametrize(
    ("cells", "french", "english"),
    [
        (
            {"zip": "5000"},
            "Ligne «~France services de Gap~» (12), colonne «~zip~»~: «~5000~» n’a pas la forme"
            " attendue. Écrivez par exemple «~05000~».",
            "Row “France services de Gap” (12), column “zip”: “5000” has not the expected form."
            " Write it like “05000”.",
        ),
        (
            {"insee": "5061"},
            "Ligne «~France services de Gap~» (12), colonne «~insee~»~: «~5061~» n’a pas la forme"
            " attendue. Motif attendu~: [0-9]{5}",
            "Row “France services de Gap” (12), column “insee”: “5061” has not the expected form."
            " Expected pattern: [0-9]{5}",
        ),
        (
            {"name": None},
            "Ligne «~France services de Gap~» (12), colonne «~Nom du lieu~»~: Cette cellule ne"
            " peut pas"
            " rester vide.",
            "Row “France services de Gap” (12), column “Name of the place”: This cell may not be"
            " empty.",
        ),
        (
            {"name": "Gap et environs"},
            "Ligne «~France services de Gap~» (12), colonne «~Nom du lieu~»~: «~Gap et environs~»"
            " est"
            " trop long (15)~: il faut au plus 12 caractères.",
            "Row “France services de Gap” (12), column “Name of the place”: “Gap et environs” is"
            " too"
            " long (15): at most 12 characters are allowed.",
        ),
        (
            {"state": "shut"},
            "Ligne «~France services de Gap~» (12), colonne «~state~»~: «~shut~» n’est pas une"
            " valeur"
            " permise. Choisissez~: «~open~» (ouvert), «~closed~».",
            "Row “France services de Gap” (12), column “state”: “shut” is not one of the allowed"
            " values. Choose: “open” (in service), “closed”.",
        ),
        (
            {"day": "2024-03-31"},
            "Ligne «~France services de Gap~» (12), colonne «~day~»~: «~2024-03-31~» n’est pas une"
            " date comme attendu. Écrivez-la comme 31/03/2024.",
            "Row “France services de Gap” (12), column “day”: “2024-03-31” is not a date as"
            " expected."
            " Write it like 31/03/2024.",
        ),
        (
            {"share": "12.5"},
            "Ligne «~France services de Gap~» (12), colonne «~share~»~: «~12.5~» n’est pas un"
            " nombre."
            " Écrivez des chiffres, avec «~,~» avant les décimales, comme 12,5.",
            "Row “France services de Gap” (12), column “share”: “12.5” is not a number. Write"
            " digits,"
            " with “,” before the decimals, such as 12,5.",
        ),
        (
            {"phone": "04 92"},
            "Ligne «~France services de Gap~» (12), colonne «~Téléphone~»~: «~04 92~» n’est pas un"
            " numéro de téléphone (4 chiffres). Écrivez dix chiffres, comme 04 92 00 00 00, ou un"
            " numéro court comme 3939.",
            "Row “France services de Gap” (12), column “Téléphone”: “04 92” is not a telephone"
            " number"
            " (4 digits). Write ten digits, such as 04 92 00 00 00, or a short number such as"
            " 3939.",
        ),
        (
            {"phone": None, "zip": None},
            "Ligne «~France services de Gap~» (12), colonne «~Téléphone~»~: Au moins une des"
            " colonnes"
            " «~Téléphone~», «~zip~» doit être remplie.",
            "Row “France services de Gap” (12), column “Téléphone”: At least one of the columns"
            " “Téléphone”, “zip” must be filled.",
        ),
        (
            {"agents": "458"},
            "Colonne «~Agents~»~: Ces effectifs font 458, et non 460.",
            "Column “Agents”: Ces effectifs font 458, et non 460.",
        ),
        (
            {"secret": "Jeanne"},
            "Ligne «~France services de Gap~» (12), colonne «~secret~»~: Cette valeur n’est pas un"
            " nombre entier. Écrivez seulement des chiffres, comme 12.",
            "Row “France services de Gap” (12), column “secret”: This value is not a whole number."
            " Write digits only, such as 12.",
        ),
    ],
)
def test_a_fault_names_row_and_column_says_the_value_and_what_would_be_right(
    cells: dict[str, str | None], french: str, english: str
) -> None:
    assert sentences("fr", update(**cells)) == [french]
    assert sentences("en", update(**cells)) == [english]


def test_a_step_that_is_not_allowed_is_told_with_those_that_are() -> None:
    french = sentences("fr", update(state=None))
    assert french == [
        "Ligne «~France services de Gap~» (12), colonne «~state~»~: «~ouvert~» ne peut pas être"
        " vidé."
        " Suites permises~: «~closed~»."
    ]


def test_a_new_row_without_a_key_is_still_named() -> None:
    row = {"name": "Gap", "agents": "2", "phone": "3939"}
    found = sentences("fr", Insert(resource="desks", key=(), row=row))
    assert found[0] == (
        "Ligne «~France services de Gap~», colonne «~id~»~: La ligne n’a pas de clé utilisable."
        " Remplissez «~id~»."
    )


def test_a_warning_about_what_was_so_before_says_so() -> None:
    error = CellError(
        code="type-error",
        resource="desks",
        row_key=("12",),
        field="agents",
        value="x",
        rule="type",
        values={"type": "integer", "format": "default", "already": True},
        level="warning",
    )
    assert describe(error, "en", package=PACKAGE).endswith("It was so before this change.")


def test_a_fault_without_a_row_is_placed_by_its_line() -> None:
    blank = CellError(code="blank-row", rule="blank-line", resource="desks", line=7)
    assert describe(blank, "en", package=PACKAGE).startswith("Line 7 of the file: ")
    keyless = CellError(code="blank-row", rule="blank-row", resource="desks", row_number=3, line=9)
    assert describe(keyless, "fr", package=PACKAGE).startswith("Ligne n°\u00a03\u00a0: ")


def test_a_fault_that_nobody_foresaw_is_told_by_its_rule() -> None:
    odd = CellError(code="odd", rule="roundness", resource="gone", field="x", value="9")
    assert describe(odd, "en", package=PACKAGE) == "Column “x”: “9” breaks the rule “roundness”."


def test_braces_in_a_publishers_message_never_fail() -> None:
    values = {"message": "{ {total} {nobody} }", "total": "3", "reason": "total"}
    odd = CellError(code="column-total", resource="desks", field="agents", values=values)
    assert describe(odd, "fr", package=PACKAGE).endswith("{ 3 {nobody} }")
