"""A widget is answered with all that an element needs, and nothing that a reader may not see."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from retouche.services.datasets import DatasetRevision
from tests.datasets import DESKS_SCHEMA, Browser, serve, update, write_desks
from tests.services.test_widget_checks import AREA, areas, layer, widget

HOST = "http://localhost"


def served(tmp_path: Path, files: dict[str, bytes], *, schema: Any = None) -> Browser:
    """The desks with some files more, which nobody has checked."""
    folder = write_desks(tmp_path / "package")
    for path, data in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    if schema is not None:
        descriptor = json.loads((folder / "datapackage.json").read_text())
        descriptor["resources"][0]["schema"] = schema
        (folder / "datapackage.json").write_text(json.dumps(descriptor))
    return Browser(serve(tmp_path / "home", {"desks": folder}))


def test_a_widget_has_its_resources_and_those_they_refer_to(desks: Browser) -> None:
    found = desks.get("/widgets/desks").json
    assert found["dataset"] == "desks"
    assert found["revision"] == desks.published
    assert found["limits"] == {"operations": 1000, "body": 1_000_000}
    assert list(found["resources"]) == ["cities", "desks"]
    resource = found["resources"]["desks"]
    assert resource["row_count"] == 4
    assert resource["geo"] == ["latitude", "longitude"]
    assert resource["label"] == "{name}"
    assert resource["editable"]
    assert resource["schema"]["foreignKeys"][0]["reference"]["resource"] == "cities"
    assert [one["name"] for one in found["resources"]["cities"]["schema"]["fields"]] == ["code"]


def test_the_links_of_a_widget_lead_somewhere(desks: Browser) -> None:
    found = desks.get("/widgets/desks").json
    api = f"{HOST}/api/v1/datasets/desks"
    assert found["links"] == {
        "self": f"{api}/widgets/desks",
        "dataset": api,
        "proposals": f"{api}/proposals",
        "validate": f"{api}/validate",
        "challenge": f"{api}/challenge",
        "embed": f"{HOST}/embed/desks/desks",
        "page": f"{HOST}/desks",
        "personal_data": f"{HOST}/desks/personal-data",
        "script": f"{HOST}/widgets.js",
    }
    links = found["resources"]["desks"]["links"]
    assert links["comparison"] == f"{api}/resources/desks/comparison"
    assert links["page"] == f"{HOST}/desks/desks"
    assert "geojson" not in found["resources"]["cities"]["links"]
    for name in ("rows", "csv", "json", "geojson", "xlsx", "permanent_csv", "pending"):
        assert desks.client.get(links[name]).status_code == 200, name
    assert desks.client.get(f"{links['page']}/01").status_code == 200


def test_a_widget_at_a_revision_stays_there(desks: Browser) -> None:
    before = desks.published
    desks.accept(desks.propose(update("01", agents="5")).json)
    answer = desks.get(f"/widgets/desks?revision={before}")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.json["revision"] == before
    links = {**answer.json["links"], **answer.json["resources"]["desks"]["links"]}
    for name in ("self", "dataset", "embed", "rows", "facets", "aggregate", "csv", "json", "xlsx"):
        assert links[name].endswith(f"?revision={before}"), name
    assert links["pending"].endswith("/pending")
    rows: Any = desks.client.get(links["rows"]).json
    assert rows["data"][0]["agents"] == "2"


def test_the_resources_named_in_tabs_are_there(tmp_path: Path) -> None:
    cities = {"resource": "cities", "views": [{"type": "table"}]}
    tabs = {"tabs": [widget(), {**cities, "title": "Towns"}]}
    desks = served(tmp_path, {"widgets/tabs.json": json.dumps(tabs).encode()})
    found = desks.get("/widgets/tabs").json
    assert list(found["resources"]) == ["cities", "desks"]
    assert len(found["resources"]["cities"]["schema"]["fields"]) == 3
    assert [(one["name"], one["title"]) for one in found["tabs"]] == [
        ("tab-1", "1"),
        ("tab-2", "Towns"),
    ]


def test_a_schema_is_told_without_what_no_widget_uses(tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [
        {
            "name": "id",
            "type": "string",
            "title": "Number",
            "description": "The number.",
            "rdfType": "http://schema.org/identifier",
            "retouche": {"label": {"fr": "Numéro"}, "help": {"fr": "Le numéro."}},
        },
        {"name": "phone", "type": "string", "retouche": {"personal": True}},
        {"name": "name", "type": "string", "title": "Name", "description": "What it is called."},
    ]
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "licenses": [{"name": "x"}],
        "contributors": [{"title": "Somebody"}],
        "fields": fields,
        "primaryKey": "id",
        "missingValues": ["", "-"],
        "custom_checks": [
            {"name": "phone-number-value", "params": {"column": "phone"}},
            {"name": "one-of-required", "params": {"column1": "id", "column2": "name"}},
        ],
    }
    told = served(tmp_path, {}, schema=schema).get("/widgets/desks").json
    assert told["resources"]["desks"]["schema"] == {
        "fields": [
            {"name": "id", "type": "string", "retouche": fields[0]["retouche"]},
            fields[2],
        ],
        "primaryKey": ["id"],
        "missingValues": ["", "-"],
        "custom_checks": [schema["custom_checks"][1]],
    }
    assert "phone" not in json.dumps(told)


def test_personal_positions_are_not_told(tmp_path: Path) -> None:
    schema: dict[str, Any] = copy.deepcopy(dict(DESKS_SCHEMA))
    for field in schema["fields"]:
        if field["name"] == "latitude":
            field["retouche"] = {"personal": True}
    told = served(tmp_path, {}, schema=schema).get("/widgets/desks").json
    assert told["resources"]["desks"]["geo"] is None
    assert "latitude" not in json.dumps(told)


BROKEN = [
    (b"{", "broken.json"),
    (b"[]", "/"),
    (b'{"resource": "nope", "views": [{"type": "table"}]}', "nope"),
    (b'{"resource": "desks", "views": [{"type": "table", "columns": ["nom"]}]}', "nom"),
]


@pytest.mark.parametrize(("data", "told"), BROKEN)
def test_a_broken_widget_is_a_problem_of_its_own(tmp_path: Path, data: bytes, told: str) -> None:
    desks = served(tmp_path, {"widgets/broken.json": data})
    for _ in range(2):  # told the same from what is remembered
        answer = desks.get("/widgets/broken", headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json["code"]) == (422, "bad_dataset")
        assert told in answer.json["detail"]
        assert "widgets/broken.json" in answer.json["detail"]
    listed = desks.get("/widgets").json
    assert [one["name"] for one in listed["data"]] == ["desks"]
    assert listed["meta"]["unusable"] == ["broken"]
    assert desks.get("").json["widgets"] == ["desks"]
    assert desks.get("/widgets/desks").status_code == 200


def test_a_widget_that_names_a_personal_field_is_not_shown(tmp_path: Path) -> None:
    schema: dict[str, Any] = copy.deepcopy(dict(DESKS_SCHEMA))
    schema["fields"][3]["retouche"] = {"personal": True}
    table = widget({"type": "table", "columns": ["id", "phone"]})
    files = {"widgets/bad.json": json.dumps(table).encode()}
    desks = served(tmp_path, files, schema=schema)
    assert desks.get("/widgets/bad").status_code == 422


def test_outlines_are_served_as_they_are_at_every_revision(tmp_path: Path) -> None:
    data = areas(AREA)
    view = {**layer(), "outlines": {"path": "outlines/areas-1.geojson", "key": "code"}}
    files = {
        "outlines/areas-1.geojson": data,
        "widgets/map.json": json.dumps(widget(view)).encode(),
    }
    desks = served(tmp_path, files)
    found = desks.get("/widgets/map").json
    url = found["views"][0]["outlines"]["url"]
    assert url == f"{found['links']['outlines']}/areas-1.geojson"
    answer = desks.client.get(url)
    assert answer.data == data
    assert answer.content_type == "application/geo+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    again = desks.client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    pinned = desks.get(f"/widgets/map?revision={desks.published}").json
    address = pinned["views"][0]["outlines"]["url"]
    assert address.endswith(f"?revision={desks.published}")
    assert "immutable" in desks.client.get(address).headers["Cache-Control"]


@pytest.mark.parametrize("name", ["none", "..%2f..%2fdesks", "UPPER", "a%00b", "é"])
def test_outlines_that_are_not_there_are_not_found(desks: Browser, name: str) -> None:
    assert desks.get(f"/outlines/{name}.geojson").status_code == 404


def test_outlines_too_large_for_a_page_are_not_sent(tmp_path: Path) -> None:
    large = areas(AREA, note="x" * 5_000_000)
    desks = served(tmp_path, {"outlines/large.geojson": large})
    answer = desks.get("/outlines/large.geojson")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_descriptor_is_read_once(desks: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    found: DatasetRevision = desks.services.catalogue.get("desks").at()
    assert found.widget("desks") is not None
    monkeypatch.setattr("retouche.services.datasets.read_widget", None)
    assert found.widgets().keys() == {"desks"}
