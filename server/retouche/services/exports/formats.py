"""What a resource can be downloaded as, here and now."""

from __future__ import annotations

from collections.abc import Sequence

from retouche.core.package import Resource
from retouche.services.exports.parquet import is_there


def formats_of(resource: Resource) -> Sequence[str]:
    """The endings of its downloads: with positions GeoJSON, with the extra Parquet."""
    positions = ["geojson"] if resource.geo is not None else []
    return ["csv", "json", *positions, "xlsx", *(["parquet"] if is_there() else [])]
