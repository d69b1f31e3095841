"""The catalogue of this server for other catalogues: DCAT, in the profile DCAT-AP, as JSON-LD.

https://www.w3.org/TR/vocab-dcat-3/ and https://semiceu.github.io/DCAT-AP/releases/3.0.0/. The
context stands in the answer, so that nothing else has to be fetched to read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Any
from urllib.parse import quote

import orjson
from flask import Blueprint, Response

from retouche.core.errors import RetoucheError
from retouche.core.mapping import titles_of
from retouche.core.package import Described, Package, Resource
from retouche.core.schema import in_language
from retouche.ports import Revision
from retouche.services.datasets import DatasetRevision
from retouche.services.exports import formats_of
from retouche.web.caching import depending
from retouche.web.context import base_url, clone_address, only_parameters, services
from retouche.web.language import LOCALES
from retouche.web.openapi.reading import DOWNLOADS, MAPPED
from retouche.web.pages.context import commit_of

MEDIA_TYPE = "application/ld+json"
FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
LANGUAGES = {
    "fr": "http://publications.europa.eu/resource/authority/language/FRA",
    "en": "http://publications.europa.eu/resource/authority/language/ENG",
}
TYPES = {
    "csv": "CSV",
    "json": "JSON",
    "geojson": "GEOJSON",
    "xlsx": "XLSX",
    "parquet": "PARQUET",
}
UNSAFE = re.compile('[\x00-\x20<>"{}|\\\\^`]')
"""What no address may hold (RFC 3987)."""
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct:issued": {"@type": "xsd:dateTime"},
    "dct:modified": {"@type": "xsd:dateTime"},
    "dct:license": {"@type": "@id"},
    "dct:language": {"@type": "@id"},
    "dct:format": {"@type": "@id"},
    "dct:conformsTo": {"@type": "@id"},
    "dcat:accessURL": {"@type": "@id"},
    "dcat:downloadURL": {"@type": "@id"},
    "dcat:endpointURL": {"@type": "@id"},
    "dcat:endpointDescription": {"@type": "@id"},
    "dcat:servesDataset": {"@type": "@id"},
    "dcat:landingPage": {"@type": "@id"},
    "dcat:mediaType": {"@type": "@id"},
    "dcat:startDate": {"@type": "xsd:date"},
    "dcat:endDate": {"@type": "xsd:date"},
    "dqv:hasQualityMetadata": {"@type": "@id"},
    "foaf:homepage": {"@type": "@id"},
    "foaf:page": {"@type": "@id"},
}
blueprint = Blueprint("dcat", __name__)


@blueprint.get("/catalog.jsonld")
def show_catalogue() -> Response:
    only_parameters()
    present = [one for each in services().catalogue if (one := _readable(each.at)) is not None]

    def make() -> Response:
        return Response(
            orjson.dumps(catalogue(present), option=orjson.OPT_INDENT_2), mimetype=MEDIA_TYPE
        )

    response = depending([f"{one.dataset.name} {one.commit}" for one in present], make)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def catalogue(present: Sequence[DatasetRevision]) -> dict[str, Any]:
    """All datasets that can be read. The same content gives the same document."""
    found = [dataset_of(one) for one in present]
    return {
        "@context": CONTEXT,
        "@id": f"{base_url()}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": [
            {"@value": "Open data that anyone can correct", "@language": "en"},
            {"@value": "Données ouvertes que chacun peut corriger", "@language": "fr"},
        ],
        "dct:description": [
            {"@value": "The datasets of this server.", "@language": "en"},
            {"@value": "Les jeux de données de ce serveur.", "@language": "fr"},
        ],
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": "Retouche"},
        "dct:language": [LANGUAGES[one] for one in LOCALES],
        "foaf:homepage": f"{base_url()}/",
        "dcat:dataset": found,
        "dcat:service": {
            "@id": f"{base_url()}/api/v1",
            "@type": "dcat:DataService",
            "dct:title": {"@value": "API", "@language": "en"},
            "dcat:endpointURL": f"{base_url()}/api/v1",
            "dcat:endpointDescription": f"{base_url()}/api/v1/openapi.json",
            "dcat:servesDataset": [one["@id"] for one in found],
        },
    }


def dataset_of(revision: DatasetRevision) -> dict[str, Any]:
    """One dataset as it is published. What its descriptor does not say is left out."""
    package, name = revision.package, quote(revision.dataset.name)
    page, api = f"{base_url()}/{name}", f"{base_url()}/api/v1/datasets/{name}"
    commit = commit_of(revision)
    descriptor = package.descriptor
    licences = _licences(descriptor)
    locales = package.extension.get("locales") or LOCALES
    found: dict[str, Any] = {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:identifier": revision.dataset.name,
        "dct:title": _texts(package, "title") or revision.dataset.name,
        "dct:description": _texts(package, "description") or _texts(package, "title"),
        "dct:publisher": _publisher(descriptor, package.title("fr") or revision.dataset.name),
        "dct:license": licences,
        "dct:modified": _moment(commit),
        "dct:issued": _issued(descriptor.get("created")),
        "dct:language": [LANGUAGES[one] for one in locales if one in LANGUAGES],
        "dcat:keyword": _list(descriptor.get("keywords")),
        "dcat:version": _text(descriptor.get("version")),
        "dcat:landingPage": page,
        "dct:spatial": _spatial(descriptor.get("spatial")) or _box(revision),
        "dct:temporal": _temporal(descriptor.get("temporal")),
        "dct:provenance": _provenance(descriptor.get("sources")),
        "dqv:hasQualityMetadata": f"{api}/quality",
        "foaf:page": [f"{base_url()}/quality/{name}", f"{base_url()}/feed/{name}.atom"],
        "dcat:distribution": [
            *(
                one
                for each in package.resources.values()
                for one in (
                    *_distributions(each, api, licences, commit),
                    *_mapped(package, each, api, licences, commit),
                )
            ),
            {
                "@id": f"{page}#git",
                "@type": "dcat:Distribution",
                "dct:title": {"@value": "git", "@language": "en"},
                "dct:description": {
                    "@value": "The data with its whole history, for git clone.",
                    "@language": "en",
                },
                "dcat:accessURL": clone_address(revision.dataset.name),
                "dct:license": licences,
                "dct:modified": _moment(commit),
            },
        ],
    }
    return _said(found)


def _distributions(
    resource: Resource, api: str, licences: Any, commit: Revision
) -> list[dict[str, Any]]:
    """The files that a resource can be taken as."""
    address = f"{api}/resources/{quote(resource.name)}"
    schema = resource.schema.descriptor.get("path")
    return [
        _said(
            {
                "@id": f"{address}/data.{one}",
                "@type": "dcat:Distribution",
                "dct:title": _texts(resource, "title") or resource.name,
                "dct:description": _texts(resource, "description"),
                "dcat:accessURL": f"{address}/data.{one}",
                "dcat:downloadURL": f"{address}/data.{one}",
                "dct:format": f"{FILE_TYPES}{TYPES[one]}",
                "dcat:mediaType": f"{MEDIA_TYPES}{DOWNLOADS[one]}",
                "dct:license": licences,
                "dct:modified": _moment(commit),
                "dct:conformsTo": schema if _is_address(schema) else address,
            }
        )
        for one in formats_of(resource)
    ]


def _mapped(
    package: Package, resource: Resource, api: str, licences: Any, commit: Revision
) -> list[dict[str, Any]]:
    """The files that it can be taken as by the mappings that the dataset declares."""
    return [
        _said(
            {
                "@id": f"{api}/exports/{quote(name)}.{kind}",
                "@type": "dcat:Distribution",
                "dct:title": _in_languages(title),
                "dcat:accessURL": f"{api}/exports/{quote(name)}.{kind}",
                "dcat:downloadURL": f"{api}/exports/{quote(name)}.{kind}",
                "dct:format": f"{FILE_TYPES}{TYPES[kind]}",
                "dcat:mediaType": f"{MEDIA_TYPES}{media}",
                "dct:license": licences,
                "dct:modified": _moment(commit),
            }
        )
        for name, title in titles_of(package, resource.name).items()
        for kind, media in MAPPED.items()
    ]


def _readable(read: Any) -> DatasetRevision | None:
    try:
        found: DatasetRevision = read()
    except RetoucheError:  # one broken dataset must not hide the others
        return None
    return found


def _texts(described: Described, name: str) -> list[dict[str, str]]:
    """A title or description in each language that there is; without one where none is told."""
    return _in_languages(described.extension.get(name) or described.descriptor.get(name))


def _in_languages(texts: Any) -> list[dict[str, str]]:
    if isinstance(texts, Mapping):
        return [
            {"@value": str(text), "@language": language}
            for language, text in sorted(texts.items())
            if language in LANGUAGES and text
        ]
    return [{"@value": texts}] if isinstance(texts, str) and texts else []


def _licences(descriptor: Mapping[str, Any]) -> list[str]:
    listed = descriptor.get("licenses")
    known = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return [str(one["path"]) for one in known if _is_address(one.get("path"))]


def _publisher(descriptor: Mapping[str, Any], name: str) -> dict[str, str]:
    """Who the descriptor says publishes or made the data, by their public name alone."""
    listed = descriptor.get("contributors")
    known = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    for role in ("publisher", "creator"):
        for one in known:
            if role in (one.get("role"), *(_list(one.get("roles")) or [])) and one.get("title"):
                return {"@type": "foaf:Agent", "foaf:name": str(one["title"])}
    return {"@type": "foaf:Agent", "foaf:name": name}


def _provenance(sources: Any) -> list[dict[str, Any]]:
    told = [
        in_language(one.get("title"), "fr") for one in sources or () if isinstance(one, Mapping)
    ]
    return [{"@type": "dct:ProvenanceStatement", "dct:description": one} for one in told if one]


def _spatial(value: Any) -> dict[str, str] | None:
    """The area that the descriptor names, by an address."""
    return {"@id": value, "@type": "dct:Location"} if _is_address(value) else None


def _box(revision: DatasetRevision) -> dict[str, Any] | None:
    """Where the rows are that have positions: a rectangle of degrees, in hundredths."""
    boxes = []
    for resource in revision.package.resources.values():
        try:
            places = revision.snapshot(resource.name).places if resource.geo else None
        except RetoucheError:  # what cannot be read has no place
            continue
        box = places.box() if places is not None else None
        boxes += [box] if box is not None else []
    if not boxes:
        return None
    west, south = (
        floor(100 * min(side)) / 100
        for side in zip(*((b.west, b.south) for b in boxes), strict=True)
    )
    east, north = (
        ceil(100 * max(side)) / 100
        for side in zip(*((b.east, b.north) for b in boxes), strict=True)
    )
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    text = ", ".join(f"{longitude:g} {latitude:g}" for longitude, latitude in corners)
    return {
        "@type": "dct:Location",
        "dcat:bbox": {"@value": f"POLYGON(({text}))", "@type": "geo:wktLiteral"},
    }


def _temporal(value: Any) -> dict[str, str] | None:
    """The time that the descriptor names: `{"start", "end"}`."""
    if not isinstance(value, Mapping):
        return None
    start, end = _text(value.get("start")), _text(value.get("end"))
    return _said({"@type": "dct:PeriodOfTime", "dcat:startDate": start, "dcat:endDate": end})


def _moment(commit: Revision) -> str:
    return commit.time.isoformat()


def _issued(value: Any) -> Any:
    """When it was first published: a moment, or a day where no more is told."""
    text = _text(value)
    if text is not None and DAY.fullmatch(text):
        return {"@value": text, "@type": "xsd:date"}
    return text


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _list(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _is_address(value: Any) -> bool:
    """Whether it is an address that may stand for something: one with a space in it is none."""
    return (
        isinstance(value, str)
        and value.startswith(("https://", "http://"))
        and UNSAFE.search(value) is None
    )


def _said(found: Mapping[str, Any]) -> dict[str, Any]:
    """What is known alone."""
    return {name: value for name, value in found.items() if value not in (None, [], "")}
