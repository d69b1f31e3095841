"""A data package made from one CSV: whole, readable by our own reader, and true to the file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from retouche.core.dialect import Dialect
from retouche.core.package import Package
from retouche.services.packaging import Packaged, package, slug
from retouche.services.widget_checks import read_widget
from tests.realdata import real_data

LIST = (
    "id_fs;lib_fs;adresse;code_postal;lib_com;latitude;longitude;telephone;mail;h_lundi;type\r\n"
    '1;"Gap; centre";1 rue;05000;Gap;44.5;6.1;04 00 00 00 01;a@b.fr;09:00 - 12:00;Fixe\r\n'
    "2;Briançon;2 rue;05100;Briançon;44.9;6.6;04 00 00 00 02;c@d.fr;09:00 - 12:00;Fixe\r\n"
    "3;Embrun;3 rue;05200;Embrun;44.6;6.5;04 00 00 00 03;e@f.fr;14:00 - 17:00;Fixe\r\n"
    "4;Laragne;4 rue;05300;Laragne;44.3;5.8;04 00 00 00 04;g@h.fr;09:00 - 12:00;Fixe\r\n"
    "5;Orcières;5 rue;05170;Orcières;44.6;6.3;04 00 00 00 05;i@j.fr;09:00 - 12:00;Mobile\r\n"
    "6;Veynes;6 rue;05400;Veynes;44.5;5.8;04 00 00 00 06;k@l.fr;09:00 - 12:00;Mobile\r\n"
    "7;Serres;7 rue;05700;Serres;44.4;5.7;04 00 00 00 07;m@n.fr;09:00 - 12:00;Mobile\r\n"
    "8;Tallard;8 rue;05130;Tallard;44.4;6.0;04 00 00 00 08;o@p.fr;09:00 - 12:00;Fixe\r\n"
)


def made(text: str = LIST, stem: str = "Liste FS", **options: Any) -> Packaged:
    dialect = Dialect(delimiter=";", encoding="cp1252")
    return package(text.encode("cp1252"), dialect, stem=stem, **options)


def read(packaged: Packaged) -> Package:
    return Package.read(lambda path: packaged.files[path])


def widget(packaged: Packaged, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(packaged.files[f"widgets/{name}.json"])
    return found


def fields_named(value: Any) -> set[str]:
    """Every column that a widget descriptor names."""
    if isinstance(value, dict):
        named = {value["field"]} if isinstance(value.get("field"), str) else set()
        for key in ("fields", "columns"):
            named |= {one for one in value.get(key, []) if isinstance(one, str)}
        for key in ("by", "color_by"):
            named |= {value[key]} if key in value else set()
        return named.union(*map(fields_named, value.values()))
    if isinstance(value, list):
        return set().union(*map(fields_named, value))
    return set()


def test_csv_is_kept_byte_for_byte_and_read_as_it_is_written() -> None:
    packaged = made()
    resource = read(packaged).resource("liste-fs")
    assert packaged.files["liste-fs.csv"] == LIST.encode("cp1252")
    assert resource.dialect == Dialect(delimiter=";", encoding="cp1252")
    assert resource.editable
    assert resource.geo == ("latitude", "longitude")
    assert resource.row_label({"lib_fs": "Gap"}, ("1",)) == "Gap"


def test_descriptor_names_the_encoding_as_the_standards_do() -> None:
    descriptor = json.loads(made().files["datapackage.json"])
    assert descriptor["resources"][0]["encoding"] == "windows-1252"


def test_four_widgets_name_only_columns_that_exist() -> None:
    packaged = made()
    names = set(read(packaged).resource("liste-fs").schema.names)
    for name in ("table", "cards", "map", "dataviz"):
        found = widget(packaged, name)
        assert found["resource"] == "liste-fs"
        assert fields_named(found) <= names
        assert found["views"][0]["type"] == name
        assert sorted(one["type"] for one in found["views"]) == ["cards", "dataviz", "map", "table"]


def test_card_has_address_contact_hours_tags_and_map() -> None:
    blocks = {
        (block["type"], json.dumps(block.get("fields")))
        for block in widget(made(), "cards")["views"][0]["detail"]["blocks"]
    }
    assert ("address", '["adresse", "code_postal", "lib_com"]') in blocks
    assert ("hours", '["h_lundi"]') in blocks
    assert ("tags", '["type"]') in blocks
    assert ("map", "null") in blocks


@pytest.mark.parametrize(
    "text",
    [
        "id;lat;lon\n1;48.5;2.5\n2;48.6;2.6\n",
        "id\n1\n2\n",
        "nom;ville\na;x\na;x\nb;y\n",
        LIST,
    ],
)
def test_every_widget_made_is_one_that_is_read(text: str) -> None:
    packaged = made(text)
    described = read(packaged)
    paths = [one for one in packaged.files if one.startswith("widgets/")]
    assert len(paths) >= 3
    for path in paths:
        assert read_widget(path, lambda one: packaged.files[one], described)["name"] in path


def test_no_map_without_positions() -> None:
    packaged = made("id;nom\n1;a\n2;b\n3;c\n")
    assert "widgets/map.json" not in packaged.files
    assert "widgets/table.json" in packaged.files


def test_rows_that_nothing_tells_apart_are_not_editable() -> None:
    packaged = made("nom;ville\na;x\na;x\nb;y\n")
    assert packaged.key == ()
    assert not read(packaged).resource("liste-fs").editable
    assert "primaryKey" in packaged.files["README.md"].decode()
    assert widget(packaged, "table")["contribute"] is False


@pytest.mark.parametrize(
    ("locale", "words"), [("fr", "Une ligne est désignée"), ("en", "A row is")]
)
def test_readme_speaks_the_language_asked_for(locale: str, words: str) -> None:
    assert words in made(locale=locale).files["README.md"].decode()


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("liste-fs-20240801", "liste-fs-20240801"),
        ("Écoles & collèges (2024)", "ecoles-colleges-2024"),
        ("données", "donnees"),
        ("--", "data"),
        ("日本", "data"),
        ("x" * 99, "x" * 60),
        (".hidden", "hidden"),
    ],
)
def test_dataset_is_named_after_the_file(stem: str, name: str) -> None:
    assert slug(stem) == name


def test_real_list_becomes_an_editable_package() -> None:
    data = real_data("france-services-lists/liste-fs-20240801.csv").read_bytes()
    packaged = package(data, Dialect(), stem="liste-fs-20240801")
    resource = read(packaged).resource("liste-fs-20240801")
    assert packaged.rows == 2845
    assert resource.schema.primary_key == ("id_fs",)
    assert resource.editable


def test_column_called_like_a_count_is_no_group_of_a_chart() -> None:
    packaged = made(LIST.replace(";type", ";count", 1))
    groups = [one.get("by") for one in widget(packaged, "dataviz")["views"][0]["charts"]]
    assert "count" not in groups
    assert "count" in [one["field"] for one in widget(packaged, "dataviz")["filters"]]


def test_map_colours_no_values_that_have_no_colours() -> None:
    layers = widget(made(), "map")["views"][0]["layers"]
    assert not any("color_by" in one for one in layers)
