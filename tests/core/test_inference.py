"""What `init` proposes: types, keys, labels, positions. Text unless certain."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.dialect import Dialect
from retouche.core.guessing.inference import Inferred, infer
from retouche.core.guessing.sniffing import sniff
from retouche.core.judging.verdict import check
from retouche.core.package import Resource
from retouche.core.schema import Schema
from retouche.core.table import Table
from tests.realdata import real_data


def inferred(text: str) -> Inferred:
    table = Table.parse(text.encode(), Dialect())
    return infer(table.header, table.columns(range(len(table.header))))


def fields(text: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in inferred(text).schema["fields"]}


def faults(data: bytes) -> list[object]:
    """What is wrong with a file by the schema proposed for it."""
    table = Table.parse(data, sniff(data).dialect)
    found = infer(table.header, table.columns(range(len(table.header))))
    resource = Resource(
        name="data",
        path="data.csv",
        schema=Schema.from_descriptor(found.schema),
        dialect=table.dialect,
    )
    return list(check(resource, table, neighbours={}).errors)


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("population", ["12", "0", "-3"], {"type": "integer"}),
        ("population", ["12", "", "3"], {"type": "integer"}),
        ("part", ["1.5", "2", "-0.25"], {"type": "number"}),
        ("part", ["1,5", "2", "-0,25"], {"type": "number", "decimalChar": ","}),
        ("montant", ["1,234", "5,678"], {"type": "string"}),
        ("valeur", ["01", "2"], {"type": "string"}),
        ("valeur", ["1_000", "2"], {"type": "string"}),
        ("valeur", ["٣٤", "2"], {"type": "string"}),
        ("valeur", [" 1", "2"], {"type": "string"}),
        ("valeur", ["NaN", "2"], {"type": "string"}),
        ("valeur", ["+1", "2"], {"type": "string"}),
        ("valeur", ["", ""], {"type": "string"}),
        ("ouvert", ["Oui", "Non", ""],
         {"type": "boolean", "trueValues": ["Oui"], "falseValues": ["Non"]}),
        ("ouvert", ["true", "false"],
         {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]}),
        ("ouvert", ["Oui", "oui", "Non"], {"type": "string"}),
        ("ouvert", ["Oui", "Oui"], {"type": "string"}),
        ("ouvert", ["1", "0"], {"type": "integer"}),
        ("maj", ["2024-02-29", "2023-01-01"], {"type": "date"}),
        ("maj", ["2023-02-29", "2023-01-01"], {"type": "string"}),
        ("maj", ["31/12/2024", "01/02/2024"], {"type": "date", "format": "%d/%m/%Y"}),
        ("maj", ["12/31/2024", "01/02/2024"], {"type": "string"}),
        ("annee", ["2020", "1999"], {"type": "year"}),
        ("annee", ["20", "19"], {"type": "integer"}),
        ("code_postal", ["01200", "75001"],
         {"type": "string", "constraints": {"pattern": "^[0-9]{5}$"}}),
        ("code_postal", ["1200", "75001"], {"type": "string"}),
        ("insee_com", ["2A004", "01001"],
         {"type": "string", "constraints": {"pattern": "^(2[AB]|[0-9]{2})[0-9]{3}$"}}),
        ("insee_dep", ["974", "01"],
         {"type": "string", "constraints": {"pattern": "^(2[AB]|[0-9]{2}|9[78][0-9])$"}}),
        ("departement", ["5", "36"], {"type": "string"}),
        ("telephone", ["111", "222"], {"type": "string"}),
        ("producteur", ["240100883", "224400028"], {"type": "string"}),
        ("mail", ["a@b.fr", "c.d@e-f.org"],
         {"type": "string", "format": "email", "retouche": {"display": {"as": "mail"}}}),
        ("site", ["https://a.fr/", "http://b.fr"],
         {"type": "string", "retouche": {"display": {"as": "link"}}}),
        ("tel", ["04 50 56 87 49", "+33450568749"],
         {"type": "string", "retouche": {"display": {"as": "phone"}}}),
        ("h_lundi", ["09:00 - 12:00", "9h30-12h00"],
         {"type": "string", "retouche": {"display": {"as": "hours"}}}),
    ],
)  # fmt: skip
def test_column_is_typed_only_when_certain(
    name: str, cells: list[str], expected: dict[str, Any]
) -> None:
    rows = "".join(f'k{i},"{cell}"\n' for i, cell in enumerate(cells))
    found = fields(f"id,{name}\n{rows}")[name]
    assert {key: value for key, value in found.items() if key not in ("name", "title")} == expected


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("nom,id_fs\na,1\nb,2\nc,3\n", ("id_fs",)),
        ("nom,code\na,1\nb,2\nc,3\n", ("code",)),
        ("code,identifiant\n1,x\n2,y\n3,z\n", ("identifiant",)),
        ("nom,ville\na,x\nb,x\nc,y\n", ("nom",)),
        ("id,nom\n1,a\n1,b\n2,c\n", ("nom",)),
        ("id,nom\n1,a\n,b\n2,c\n", ("nom",)),
        ("code,type,nom\n1,x,a\n1,y,a\n2,x,a\n2,y,a\n", ("code", "type")),
        ("latitude,nom\n1.5,a\n2.5,a\n3.5,b\n", ()),
        ("a,b\nx,y\nx,y\nz,t\n", ()),
        ("nom,ville\na,x\n", ()),
        ("id,ville\na,x\n", ("id",)),
        ("id,nom\n", ()),
        ("id,nom\n1,a\n,\n2,b\n3,c\n", ("id",)),
    ],
)
def test_key_is_an_identifier_else_a_unique_column_else_a_pair(
    text: str, key: tuple[str, ...]
) -> None:
    found = inferred(text)
    assert found.key == key
    assert found.schema.get("primaryKey", []) == list(key)


def test_fields_of_the_key_are_required_text() -> None:
    assert fields("id,nom\n1,a\n2,b\n3,c\n")["id"] == {
        "name": "id",
        "title": "Identifiant",
        "type": "string",
        "constraints": {"required": True},
    }


def test_positions_are_numbers_within_the_globe() -> None:
    text = "id,lat,lon\n1,45.5,5.25\n2,,\n3,-12.5,45\n"
    assert inferred(text).geo == ("lat", "lon")
    assert fields(text)["lat"]["constraints"] == {"minimum": -90, "maximum": 90}
    assert fields(text)["lon"]["type"] == "number"


def test_projected_coordinates_are_no_positions() -> None:
    found = inferred("id,latitude,longitude\n1,6543210.5,843210.5\n2,6543211.5,843211.5\n")
    assert found.geo is None


def test_rows_are_labelled_by_the_most_telling_name() -> None:
    rows = "".join(f"{i},Gap,Place {i}\n" for i in range(8))
    assert inferred(f"id,lib_com,lib_fs\n{rows}").label == "{lib_fs}"


def test_few_repeated_values_are_tags_and_not_an_enumeration() -> None:
    rows = "".join(f"{i},{'Fixe' if i % 2 else 'Mobile'}\n" for i in range(12))
    found = inferred(f"id,format\n{rows}")
    assert found.tags == ("format",)
    assert fields(f"id,format\n{rows}")["format"]["retouche"] == {"display": {"as": "tag"}}
    assert "constraints" not in fields(f"id,format\n{rows}")["format"]


@pytest.mark.parametrize(
    "path",
    [
        "france-services-lists/liste-fs-20240801.csv",
        "france-services-lists/liste-fs-20221201.csv",
        "france-services-2020-history/01-2020-01-02-b88c14a-france-services.csv",
        "bnlc-git-history/2024-12-18-4167803-bnlc.csv",
        "decoupage-administratif/communes.csv",
        "schema-stationnement/exemple-valide.csv",
        "schema-irve/exemple-valide-statique.csv",
        "standard-mediation-num/exemple-valide.csv",
    ],
)
def test_real_file_has_no_fault_by_its_own_schema(path: str) -> None:
    assert faults(real_data(path).read_bytes()) == []


def test_real_list_is_read_as_a_person_would() -> None:
    table = Table.parse(
        real_data("france-services-lists/liste-fs-20240801.csv").read_bytes(), Dialect()
    )
    found = infer(table.header, table.columns(range(len(table.header))))
    types = {one["name"]: one["type"] for one in found.schema["fields"]}
    titles = {one["name"]: one["title"] for one in found.schema["fields"]}
    assert found.key == ("id_fs",)
    assert {types[one] for one in ("insee_com", "code_postal", "insee_dep")} == {"string"}
    assert titles["insee_com"] == "Code INSEE de la commune"
    assert titles["lib_fs"] == "Libellé"
    assert found.label == "{lib_fs}"
    assert found.geo == ("latitude", "longitude")


CELLS = st.sampled_from(
    ["", "0", "1", "-7", "01", "1.0", "2.50", "1,5", "1,234", "Oui", "Non", "true", "false",
     "2024-02-29", "2023-02-29", "29/02/2024", "1999", "12:30", "1e5", ".5", "5.", "é", " 1",
     "1 000", "²", "a@b.fr", "https://a.fr", "75001", "2A004"]
)  # fmt: skip
NAMES = st.lists(
    st.sampled_from(["id", "annee", "code_postal", "insee", "lat", "lon", "mail", "n", "tel", "d"]),
    min_size=1,
    max_size=4,
    unique=True,
)


@settings(max_examples=150)
@given(data=st.data(), names=NAMES)
def test_any_file_obeys_the_schema_proposed_for_it(data: st.DataObject, names: list[str]) -> None:
    row = st.lists(CELLS, min_size=len(names), max_size=len(names)).filter(any)
    rows = data.draw(st.lists(row, max_size=6))
    lines = [names, *rows]
    text = "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)
    table = Table.parse(text.encode(), Dialect())
    found = infer(table.header, table.columns(range(len(table.header))))
    resource = Resource(name="data", path="data.csv", schema=Schema.from_descriptor(found.schema))
    assert check(resource, table, neighbours={}).errors == ()
