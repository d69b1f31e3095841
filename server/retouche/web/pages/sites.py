"""Rows with a position, as projects open, close and move them, and what a place says of a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retouche.core.coded.folding import fold
from retouche.core.errors import RetoucheError
from retouche.core.keys import format_key
from retouche.core.operations import Cells, Key
from retouche.core.package import Package, Resource
from retouche.core.reading.places import Point
from retouche.core.reading.query import Query
from retouche.core.reading.selection import page
from retouche.services.datasets import DatasetRevision

NEAR = 30_000
"""Metres within which the nearest place names a position."""
DIGITS = 5
"""Decimals of a degree: about a metre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A row that a project may touch, as published or as the project opens it."""

    resource: Resource
    key: Key
    cells: Cells

    @property
    def id(self) -> str:
        """What forms call it: the name of its resource, and its key as in addresses."""
        return f"{self.resource.name}/{format_key(self.key)}"

    @property
    def label(self) -> str:
        return self.resource.row_label(self.cells, self.key)


def located(package: Package) -> tuple[Resource, ...]:
    """The resources whose rows a project may open, close and move."""
    return tuple(one for one in package.editable if one.geo is not None)


def sites(revision: DatasetRevision) -> Iterator[Site]:
    """All rows with a place in the file of the resources that projects are about."""
    for resource in located(revision.package):
        snapshot = revision.snapshot(resource.name)
        for position in range(len(snapshot)):
            cells = snapshot.cells(position)
            key = resource.schema.key_of(cells)
            if key is not None:
                yield Site(resource=resource, key=key, cells=cells)


def places_of(package: Package, resource: Resource) -> Resource | None:
    """The places that rows of a resource name by a foreign key (its communes)."""
    own = {one.name for one in located(package)}
    for reference in resource.schema.foreign_keys:
        target = package.resources.get(reference.resource)
        if target is not None and target.geo is not None and target.name not in own:
            return target
    return None


def nearest(revision: DatasetRevision, places: Resource, point: Point) -> Cells | None:
    """The place nearest to a point; None where there is none near."""
    snapshot = revision.snapshot(places.name)
    found = page(snapshot, Query(near=point, radius=NEAR, page_size=1))
    return snapshot.cells(int(found.positions[0])) if len(found.positions) else None


def named(revision: DatasetRevision, places: Resource, text: str) -> list[Cells]:
    """The places that are called so, or have this key; several when a name is not enough."""
    snapshot = revision.snapshot(places.name)
    wanted = fold(text.strip())
    position = snapshot.index.get((text.strip(),))
    if position is not None:
        return [snapshot.cells(position)]
    rows = (snapshot.cells(one) for one in range(len(snapshot)))
    return [one for one in rows if wanted in (fold(name) for name in _names(places, one))]


def _names(places: Resource, cells: Cells) -> Iterator[str]:
    key = places.schema.key_of(cells) or ()
    yield places.row_label(cells, key)
    for name in ("nom", "name", "libelle", "label"):
        if cells.get(name):
            yield cells[name] or ""


def typed_point(latitude: str, longitude: str) -> Point | None:
    """Degrees as people write them, with a comma or a point; None when they are none."""
    try:
        north, east = (float(one.strip().replace(",", ".")) for one in (latitude, longitude))
    except ValueError:
        return None
    if abs(north) > 90 or abs(east) > 180:
        return None
    return Point(latitude=north, longitude=east)


def cells_at(
    package: Package, resource: Resource, point: Point, place: Cells | None
) -> dict[str, str | None]:
    """The cells of a row that stands at a point: its position, and what the place there gives."""
    found: dict[str, str | None] = {}
    places = places_of(package, resource)
    if place is not None and places is not None:
        found |= _by_place(resource, places, place)
    for name, degrees in zip(resource.geo or (), (point.latitude, point.longitude), strict=True):
        mark = resource.schema.by_name[name].decimal_mark
        found[name] = f"{degrees:.{DIGITS}f}".replace(".", mark)
    return found


def _by_place(resource: Resource, places: Resource, place: Cells) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    same = {one.resource: one.fields[0] for one in places.schema.foreign_keys}
    for reference in resource.schema.foreign_keys:
        name = reference.fields[0]
        if len(reference.fields) != 1 or not resource.schema.by_name[name].editable:
            continue
        if reference.resource == places.name:
            found[name] = place.get(reference.reference_fields[0])
        elif reference.resource in same:
            found[name] = place.get(same[reference.resource])
    return {name: cell for name, cell in found.items() if cell}


def shared_cells(package: Package, resource: Resource, other: Site) -> dict[str, str | None]:
    """The cells with which a row goes to where another one is; the texts are the other's own."""
    there = other.resource
    pointing = {one.resource: one.fields[0] for one in there.schema.foreign_keys}
    own = {one.name for one in located(package)}
    found: dict[str, str | None] = {}
    for name, named_there in zip(resource.geo or (), there.geo or (), strict=True):
        found[name] = other.cells.get(named_there)
    for reference in resource.schema.foreign_keys:
        if reference.resource not in own and reference.resource in pointing:
            found[reference.fields[0]] = other.cells.get(pointing[reference.resource])
    if there.name == resource.name:
        found |= {name: other.cells.get(name) for name in _address(resource)}
    return found


def _address(resource: Resource) -> Iterator[str]:
    """The texts beside the position in its group: how to get there, not whom to call."""
    by_name = resource.schema.by_name
    group = by_name[(resource.geo or ("",))[0]].extension.get("group")
    for field in resource.schema.fields:
        shape = field.display.get("as")
        person = shape in ("phone", "mail", "link", "image", "hours")
        beside = group is not None and field.extension.get("group") == group
        key = field.name in resource.schema.primary_key
        if beside and field.type == "string" and field.editable and not key and not person:
            yield field.name


def hanging(package: Package, site: Site, listed: Sequence[Site]) -> list[Site]:
    """The sites that refer to one: the stops of a mobile counter."""
    found = []
    for one in listed:
        for reference in one.resource.schema.foreign_keys:
            if reference.resource != site.resource.name:
                continue
            if all(
                one.cells.get(mine) and one.cells.get(mine) == site.cells.get(theirs)
                for mine, theirs in zip(reference.fields, reference.reference_fields, strict=True)
            ):
                found.append(one)
    return found


def key_cells(site: Site) -> dict[str, Any]:
    return dict(zip(site.resource.schema.primary_key, site.key, strict=True))


def label_of(revision: DatasetRevision, operation: Mapping[str, Any]) -> str:
    """What a reader calls the row of an operation."""
    resource = revision.package.resource(str(operation["resource"]))
    named = operation.get("key") or operation.get("row") or {}
    key = tuple(named.get(name) or "" for name in resource.schema.primary_key)
    try:
        cells = revision.snapshot(resource.name).row(key)
    except RetoucheError:  # the project itself holds the row
        cells = {}
    return resource.row_label({**cells, **(operation.get("row") or {})}, key)
