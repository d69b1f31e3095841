"""The real list of 2024 as *lieux de médiation numérique*, by the mapping that the sample declares,
with the names of the list, judged by frictionless against the published schema."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from retouche.core.mapping import mapping_of
from retouche.core.operations import Cell
from retouche.core.package import Package, Resource
from retouche.core.schema import Schema
from retouche.formats import check_extension
from tests.core.oracle import full
from tests.realdata import real_data

SAMPLE = Path(__file__).resolve().parents[2] / "datasets" / "france-services" / "datapackage.json"
NAMES = {
    "ifn_com": "code_postal", "fs_adresse": "adresse", "fs_telephone": "telephone",
    "fs_mail": "mail",
    **{f"fs_h_{day}": f"h_{day}"
       for day in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")},
}  # fmt: skip
"""Fields of the sample, by other names in the list."""
LIST: dict[str, Any] = {
    "complement_adresse": {"field": "complement_adresse"},
    "presentation_detail": {"field": "commentaire"},
    "date_maj": {
        "field": "labellisation_fs",
        "patterns": [{"pattern": "([0-9]{2})/([0-9]{2})/([0-9]{4})", "text": "{3}-{2}-{1}"}],
    },
    "itinerance": {"terms": [
        {"field": "format_fs", "in": ["Bus_équivalent", "Itinérante"], "text": "Itinérant"},
        {"field": "format_fs", "in": ["Fixe", "Multisites"], "text": "Fixe"}]},
    "modalites_acces": {"separator": "|", "terms": [
        {"field": "prise_rdv", "in": ["Non"], "text": "Se présenter"},
        {"field": "prise_rdv", "in": ["Oui"], "text": "Téléphoner"},
        {"field": "prise_rdv", "in": ["Oui"], "text": "Contacter par mail"}]},
}  # fmt: skip
"""Columns that the list has, and the sample has not or otherwise."""


def renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: renamed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [renamed(one) for one in value]
    return NAMES.get(value, value)


@pytest.fixture(scope="module")
def mapped() -> list[dict[str, Cell]]:
    path = real_data("france-services-lists/liste-fs-20240801.csv")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [{name: cell or None for name, cell in row.items()} for row in reader]
    declared = json.loads(SAMPLE.read_text(encoding="utf-8"))["retouche"]["mappings"]
    columns = {**renamed(declared["mediation-numerique"]["columns"]), **LIST}
    extension = {"mappings": {"mediation-numerique": {"resource": "list", "columns": columns}}}
    check_extension("package", extension, where="retouche")
    schema = Schema.from_descriptor({"fields": [{"name": name} for name in rows[0]]})
    found = Resource(name="list", path="list.csv", schema=schema)
    package = Package(name="p", resources={"list": found}, extension=extension)
    mapping = mapping_of(package, "mediation-numerique")
    return [mapping.row(row) for row in rows]


def faults(rows: list[dict[str, Cell]]) -> list[set[tuple[str | None, str]]]:
    """For each row, the columns and rules of the standard that frictionless says it breaks."""
    standard = real_data("standard-mediation-num/schema.json").read_text(encoding="utf-8")
    schema = Schema.from_descriptor(json.loads(standard))
    written = io.StringIO()
    writer = csv.DictWriter(written, schema.names, restval="")
    writer.writeheader()
    writer.writerows({name: cell or "" for name, cell in row.items()} for row in rows)
    places = Resource(name="places", path="places.csv", schema=schema)
    found: list[set[tuple[str | None, str]]] = [set() for _ in rows]
    for one in full({"places": (places, written.getvalue().encode())}):
        found[one.row].add((one.field, one.rule))
    return found


@pytest.mark.real_data
def test_the_real_list_lacks_one_thing_that_the_standard_asks_for(
    mapped: list[dict[str, Cell]],
) -> None:
    found = faults(mapped)
    kinds = Counter(one for row in found for one in row)
    assert len(mapped) == 2_845
    # The list has no SIRET. All else that the standard asks for is there, in its form.
    assert kinds == {("pivot", "required"): 2_845}


@pytest.mark.real_data
def test_hours_of_the_real_list_are_told_or_left_out(mapped: list[dict[str, Cell]]) -> None:
    assert sum(one["horaires"] is not None for one in mapped) > 2_700
    assert sum(one["telephone"] is not None for one in mapped) == 2_841
