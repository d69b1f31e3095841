"""Areas of a GeoJSON file: outlines to draw a map on, and a table that names each of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retouche.core.errors import BadDataset
from retouche.core.package import read_json

SURFACES = ("Polygon", "MultiPolygon")
TITLES = ("nom", "name", "libelle", "label", "NOM", "NAME", "title")
LARGEST = 5_000_000
"""Bytes: what is larger is no outline for a page."""


@dataclass(frozen=True, kw_only=True)
class Areas:
    """Areas by their property `key`; `title` is the one that readers know them by."""

    name: str
    key: str
    title: str | None
    outlines: bytes
    table: bytes

    @property
    def schema(self) -> Mapping[str, Any]:
        names = [self.key, *([self.title] if self.title else [])]
        fields: list[dict[str, Any]] = [{"name": one, "type": "string"} for one in names]
        fields[0]["constraints"] = {"required": True}
        return {"name": self.name, "fields": fields, "primaryKey": [self.key]}


def read_areas(name: str, data: bytes, key: str) -> Areas | None:
    """The areas of a file that `key` tells apart; None for a file that has no such areas."""
    if len(data) > LARGEST:
        return None
    try:
        collection = read_json(lambda _: data, name)
    except BadDataset:
        return None
    features = collection.get("features") if isinstance(collection, Mapping) else None
    if not isinstance(features, list) or not features:
        return None
    if collection.get("type") != "FeatureCollection" or not all(map(_is_area, features)):
        return None
    properties = [one["properties"] for one in features]
    keys = [_text(one.get(key)) for one in properties]
    if not all(keys) or len(set(keys)) < len(keys):
        return None
    shared = set.intersection(*(set(one) for one in properties))
    title = next((one for one in TITLES if one in shared and one != key), None)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([key, *([title] if title else [])])
    for one, code in zip(properties, keys, strict=True):
        writer.writerow([code, *([_text(one[title])] if title else [])])
    return Areas(name=name, key=key, title=title, outlines=data, table=written.getvalue().encode())


def _is_area(feature: Any) -> bool:
    if not isinstance(feature, Mapping) or not isinstance(feature.get("properties"), Mapping):
        return False
    geometry = feature.get("geometry")
    return (
        isinstance(geometry, Mapping)
        and geometry.get("type") in SURFACES
        and isinstance(geometry.get("coordinates"), list)
    )


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool | Mapping | list):
        return ""
    return " ".join(str(value).split())
