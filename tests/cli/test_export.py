"""`retouche export`: a copy of the published data as plain files, whole or not at all."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from retouche.cli import export
from tests.cli.commands import refusal, run
from tests.datasets import CITIES, DESKS, write_desks

WIDGET = {
    "title": {"fr": "Accueils & <b>", "en": "Desks"},
    "resource": "desks",
    "views": [
        {"type": "table"},
        {
            "type": "map",
            "layers": [{"name": "points", "type": "points"}],
            "basemap": {"style": "https://tiles.example/style.json", "title": "Tiles"},
            "outlines": {"path": "outlines/areas.geojson", "key": "code", "title": "name"},
        },
    ],
}
AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "84", "name": "Vaucluse"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[5, 43.8], [5.5, 43.8], [5.5, 44.2], [5, 43.8]]],
            },
        }
    ],
}


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the build of the elements writes, in small."""
    folder = tmp_path / "static"
    (folder / "widgets").mkdir(parents=True)
    (folder / "widgets.js").write_text('import "./widgets/part-1a2b.js";\n')
    (folder / "widgets" / "part-1a2b.js").write_text("export {};\n")
    monkeypatch.setattr(export, "STATIC", folder)
    return folder


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = write_desks(tmp_path / "desks")
    (folder / "widgets" / "desks.json").write_text(json.dumps(WIDGET))
    (folder / "outlines").mkdir()
    (folder / "outlines" / "areas.geojson").write_text(json.dumps(AREAS))
    return folder


class Links(HTMLParser):
    """The addresses in a page, its inline scripts and styles, and its texts."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self._open = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [str(given[one]) for one in ("href", "src") if one in given]
        self.inline += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        self._open = tag

    def handle_data(self, data: str) -> None:
        if self._open in ("script", "style") and data.strip():
            self.inline.append(data)


def exported(package: Path, tmp_path: Path, *others: str) -> Path:
    copy = tmp_path / "copy"
    result = run("export", package, copy, "--home", tmp_path / "none", *others)
    assert result.exit_code == 0, result.output
    return copy


def test_the_copy_has_the_data_the_widgets_and_their_pages(package: Path, tmp_path: Path) -> None:
    copy = exported(package, tmp_path)
    assert {str(one.relative_to(copy)) for one in copy.rglob("*") if one.is_file()} == {
        *(".retouche-export", "index.html", "en.html", "page.css"),
        *("widgets.js", "widgets/part-1a2b.js"),
        *("desks/desks.html", "desks/en/desks.html", "desks/widgets/desks.json"),
        *("desks/outlines/areas.geojson",),
        *("desks/data/desks.csv", "desks/data/desks.json"),
        *("desks/data/cities.csv", "desks/data/cities.json"),
    }
    assert (copy / "desks/data/desks.csv").read_bytes() == DESKS.encode()
    assert (copy / "desks/data/cities.csv").read_bytes() == CITIES.encode()
    data = json.loads((copy / "desks/data/desks.json").read_bytes())
    assert data["fields"][:2] == ["id", "name"]
    assert [row[0] for row in data["rows"]] == ["01", "02", "03", "04"]
    assert data["rows"][1][8] == "two\nlines"
    assert data["rows"][0][8] is None
    assert re.fullmatch("[0-9a-f]{40}", data["revision"])
    assert not (tmp_path / "none").exists()


def test_a_descriptor_says_that_it_is_static_and_leads_to_the_files(
    package: Path, tmp_path: Path
) -> None:
    copy = exported(package, tmp_path)
    path = copy / "desks/widgets/desks.json"
    descriptor: dict[str, Any] = json.loads(path.read_bytes())
    assert descriptor["static"] is True
    assert descriptor["dataset"] == "desks"
    assert descriptor["resources"]["desks"]["row_count"] == 4
    links = [*descriptor["links"].values(), descriptor["views"][1]["outlines"]["url"]]
    for one in descriptor["resources"].values():
        links += one["links"].values()
        assert {"json", "csv"} == set(one["links"])
    for link in links:
        assert (path.parent / link).is_file(), link


def test_pages_have_relative_links_that_lead_somewhere_and_a_strict_policy(
    package: Path, tmp_path: Path
) -> None:
    copy = exported(package, tmp_path)
    for page in copy.rglob("*.html"):
        found = Links(page)
        assert found.inline == []
        assert found.addresses
        assert found.addresses.count("data:,") == 1  # no icon, and no request for one
        for address in found.addresses:
            if address == "data:,":
                continue
            assert not address.startswith(("/", "http"))
            assert (page.parent / address).is_file(), (page, address)
        text = page.read_text(encoding="utf-8")
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in text
        assert "unsafe" not in text
        assert "<b>" not in text
    shown = (copy / "desks/desks.html").read_text(encoding="utf-8")
    assert "connect-src 'self' https://tiles.example;" in shown


def test_personal_fields_are_in_no_file(package: Path, tmp_path: Path) -> None:
    described = json.loads((package / "datapackage.json").read_text())
    described["resources"][0]["schema"]["fields"][3]["retouche"] = {"personal": True}
    (package / "datapackage.json").write_text(json.dumps(described))
    copy = exported(package, tmp_path)
    for file in copy.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            assert "04 65 71" not in text, file
            assert "phone" not in text.replace("phone-number-value", ""), file


def test_only_an_earlier_copy_is_replaced(package: Path, tmp_path: Path) -> None:
    copy = exported(package, tmp_path)
    (copy / "left-over").write_text("x")
    (package / "desks.csv").write_bytes(DESKS.replace("Apt", "APT").encode())
    exported(package, tmp_path)
    assert not (copy / "left-over").exists()
    assert "APT" in (copy / "desks/data/desks.csv").read_text()
    other = tmp_path / "own"
    other.mkdir()
    (other / "thesis.txt").write_text("x")
    assert "nothing else is replaced" in refusal(run("export", package, other))
    assert [one.name for one in other.iterdir()] == ["thesis.txt"]
    assert run("export", package, other / "thesis.txt").exit_code == 2
    (tmp_path / "empty").mkdir()
    assert run("export", package, tmp_path / "empty").exit_code == 0


def test_what_fails_leaves_the_earlier_copy_as_it_was(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = exported(package, tmp_path)
    before = {one: one.read_bytes() for one in copy.rglob("*") if one.is_file()}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", str(copy))

    monkeypatch.setattr(export, "_write_file", fail)
    assert "cannot be written" in refusal(run("export", package, copy))
    assert {one: one.read_bytes() for one in copy.rglob("*") if one.is_file()} == before
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".copy")]


def test_a_dataset_is_a_name_of_the_home_a_path_or_one_of_a_configuration(
    package: Path, tmp_path: Path
) -> None:
    table = tmp_path / "places.csv"
    table.write_text("code;nom\n1;Gap\n2;Apt\n")
    listed = tmp_path / "retouche.toml"
    listed.write_text(
        '[[datasets]]\nname = "first"\nrepository = "desks"\n'
        '[[datasets]]\nname = "second"\nrepository = "places.csv"\n'
    )
    assert run("export", table, tmp_path / "1").exit_code == 0
    assert (tmp_path / "1/places/data/places.csv").read_bytes() == table.read_bytes()
    assert run("export", listed, tmp_path / "2").exit_code == 0
    assert (tmp_path / "2/first").is_dir()
    assert (tmp_path / "2/second").is_dir()
    assert run("export", listed, tmp_path / "3", "--only", "second").exit_code == 0
    assert not (tmp_path / "3/first").exists()
    assert "nope" in refusal(run("export", listed, tmp_path / "4", "--only", "nope"))
    assert "nope" in refusal(run("export", "nope", tmp_path / "4"))
    assert run("export", "france-services", tmp_path / "5", "--home", tmp_path / "n").exit_code == 0


def test_without_the_built_elements_it_says_what_to_run(
    package: Path, tmp_path: Path, built: Path
) -> None:
    (built / "widgets.js").unlink()
    assert "make setup" in refusal(run("export", package, tmp_path / "copy"))
    assert not (tmp_path / "copy").exists()
