"""The catalogue for other catalogues: DCAT as JSON-LD that needs nothing else to be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from retouche.services.exports.parquet import is_there
from retouche.web.catalogue import MEDIA_TYPES
from retouche.web.pages.context import commit_of
from tests.datasets import Browser, serve, update, write_desks
from tests.web.pages import visit


def found(browser: Browser) -> dict[str, Any]:
    answer = browser.client.get("/catalog.jsonld")
    assert answer.status_code == 200
    assert answer.content_type == "application/ld+json"
    document: dict[str, Any] = json.loads(answer.data)
    check(document, document["@context"])
    return document


def check(value: Any, context: dict[str, Any]) -> None:
    """Every term is of a vocabulary of the context, and what is an address there is one."""
    if isinstance(value, list):
        for one in value:
            check(one, context)
    if not isinstance(value, dict) or value is context:
        return
    assert "@id" in value or "@type" in value or "@value" in value
    for name, one in value.items():
        if name == "@context":
            assert all(isinstance(each, dict) or each.startswith("http") for each in one.values())
            continue
        if not name.startswith("@"):
            assert name.partition(":")[0] in context, name
            if context.get(name) == {"@type": "@id"}:
                for address in one if isinstance(one, list) else [one]:
                    assert address.startswith(("http://", "https://")), (name, address)
        check(one, context)


def rich(folder: Path) -> Path:
    made = write_desks(folder)
    path = made / "datapackage.json"
    descriptor = json.loads(path.read_text())
    descriptor |= {
        "description": "Desks & more </script>",
        "keywords": ["desks", 5, "services"],
        "version": "2.1",
        "created": "2026-01-01",
        "licenses": [
            {"name": "x"},
            {"path": "https://no address"},
            {"path": "https://licence.example"},
        ],
        "contributors": [
            {"title": "A maker", "email": "maker@there.example", "roles": ["creator"]},
            {"title": "A publisher", "email": "p@there.example", "role": "publisher"},
        ],
        "sources": [{"title": "A register", "path": "https://register.example"}],
        "spatial": "http://publications.europa.eu/resource/authority/country/FRA",
        "temporal": {"start": "2020-01-01", "end": "2026-01-01"},
        "retouche": {
            "title": {"fr": "Accueils", "en": "Desks"},
            "locales": ["fr"],
            "mappings": {
                "places": {
                    "title": {"en": "Places"},
                    "resource": "desks",
                    "columns": {"identifier": {"field": "id"}},
                }
            },
        },
    }
    path.write_text(json.dumps(descriptor))
    return made


def test_a_dataset_is_told_with_what_its_descriptor_says(tmp_path: Path) -> None:
    browser = Browser(
        serve(
            tmp_path / "home",
            {"desks": rich(tmp_path / "package")},
            base_url="https://data.example.org",
        )
    )
    document = found(browser)
    (one,) = document["dcat:dataset"]
    assert document["@type"] == "dcat:Catalog"
    assert one["@id"] == "https://data.example.org/desks"
    assert one["dct:title"] == [
        {"@value": "Desks", "@language": "en"},
        {"@value": "Accueils", "@language": "fr"},
    ]
    assert one["dct:publisher"]["foaf:name"] == "A publisher"
    assert one["dct:license"] == ["https://licence.example"]
    assert one["dct:issued"] == {"@value": "2026-01-01", "@type": "xsd:date"}
    assert one["dcat:keyword"] == ["desks", "services"]
    assert one["dct:temporal"]["dcat:startDate"] == "2020-01-01"
    assert one["dct:spatial"]["@id"].endswith("/FRA")
    assert one["dct:provenance"][0]["dct:description"] == "A register"
    assert len(one["dct:language"]) == 1
    assert "there.example" not in json.dumps(document)
    distributions = one["dcat:distribution"]
    formats = [each.get("dct:format", "git").rpartition("/")[2] for each in distributions]
    parquet = ["PARQUET"] if is_there() else []
    standard = ["CSV", "JSON"]
    assert formats == [
        *("CSV", "JSON", "GEOJSON", "XLSX", *parquet, *standard),
        *("CSV", "JSON", "XLSX", *parquet, "git"),
    ]
    for each in distributions[:-1]:
        path = each["dcat:downloadURL"].removeprefix("https://data.example.org")
        answer = browser.client.get(path)
        assert answer.status_code == 200
        assert each["dcat:mediaType"] == f"{MEDIA_TYPES}{answer.mimetype}"
    (places, _) = [each for each in distributions if "/exports/" in each["@id"]]
    assert places["dct:title"] == [{"@value": "Places", "@language": "en"}]
    for name in ("dqv:hasQualityMetadata", "foaf:page"):
        for address in [one[name]] if isinstance(one[name], str) else one[name]:
            assert browser.client.get(address[len("https://data.example.org") :]).status_code == 200


def test_the_catalogue_follows_what_is_published(desks: Browser) -> None:
    first = desks.client.get("/catalog.jsonld")
    assert first.data == desks.client.get("/catalog.jsonld").data
    tag = {"If-None-Match": first.headers["ETag"]}
    assert desks.client.get("/catalog.jsonld", headers=tag).status_code == 304
    desks.accept(desks.propose(update("04", agents="6")).json)
    assert desks.client.get("/catalog.jsonld", headers=tag).status_code == 200
    revision = desks.services.catalogue.get("desks").at()
    (one,) = found(desks)["dcat:dataset"]
    box = one["dct:spatial"]["dcat:bbox"]
    assert box["@type"] == "geo:wktLiteral"
    assert box["@value"].startswith("POLYGON((")
    corners = [tuple(map(float, each.split())) for each in box["@value"][9:-2].split(", ")]
    assert (len(corners), corners[0]) == (5, corners[4])
    places = revision.snapshot("desks").places
    assert places is not None
    for row in range(4):
        east, north = places.position(row) or corners[0]
        assert corners[0][0] <= east <= corners[2][0]
        assert corners[0][1] <= north <= corners[2][1]
    assert one["dct:modified"] == commit_of(revision).time.isoformat()
    assert one["dct:publisher"]["foaf:name"] == "Accueils"
    page = visit(desks.client, "/")
    assert page.link("DCAT") == "/catalog.jsonld"
