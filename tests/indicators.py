"""Small revisions held in memory, and indicators computed the plain way, row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from typing import Any, cast

from retouche.core.package import Package
from retouche.core.reading.snapshot import Snapshot
from retouche.services.datasets import DatasetRevision
from tests.territory import csv_of

EARTH_KILOMETRES = 6371.0088


@dataclass
class Named:
    name: str = "made-up"


@dataclass
class Held:
    """What `Indicators` asks of a `DatasetRevision`, of tables in memory."""

    package: Package
    files: Mapping[str, bytes]
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    dataset: Named = field(default_factory=Named)

    def blob(self, resource: str) -> str:
        return hashlib.sha1(self.files[resource]).hexdigest()

    def snapshot(self, resource: str) -> Snapshot:
        found = self.snapshots.get(resource)
        if found is None:
            found = Snapshot(self.package.resource(resource), self.files[resource])
            self.snapshots[resource] = found
        return found


def package_of(
    schemas: Mapping[str, Mapping[str, Any]], indicators: Mapping[str, Any], **others: Any
) -> Package:
    """A package whose resources have these Table Schemas."""
    descriptor = {
        "name": "made-up",
        "resources": [
            {"name": name, "path": f"{name}.csv", "encoding": "utf-8", "schema": schema}
            for name, schema in schemas.items()
        ],
        "retouche": {"indicators": indicators, **others},
    }
    return Package.read(lambda _: json.dumps(descriptor).encode())


def held(
    package: Package,
    tables: Mapping[str, Sequence[Sequence[str]]],
    *,
    like: DatasetRevision | None = None,
) -> DatasetRevision:
    """A revision of a package with these rows, without headers; the rest as in another one."""
    other = cast("Held | None", like)
    files = {} if other is None else dict(other.files)
    for name, resource in package.resources.items():
        if name in tables or other is None:
            files[name] = csv_of([resource.schema.names, *tables.get(name, ())]).encode()
    known = {} if other is None else other.snapshots
    snapshots = {name: one for name, one in known.items() if name not in tables}
    return cast(DatasetRevision, Held(package, files, snapshots))


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two positions (latitude, longitude), by the haversine formula."""
    low, high = radians(one[0]), radians(other[0])
    turn = radians(other[1] - one[1])
    half = sin((high - low) / 2) ** 2 + cos(low) * cos(high) * sin(turn / 2) ** 2
    return 2 * EARTH_KILOMETRES * asin(min(1.0, sqrt(half)))
