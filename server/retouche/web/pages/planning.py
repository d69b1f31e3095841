"""The steps of a scenario as plain forms ask for them, made operations of a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from retouche.core.errors import Malformed
from retouche.core.keys import parse_key
from retouche.core.operations import Cells
from retouche.core.package import Resource
from retouche.core.reading.places import Point, place_of
from retouche.services.datasets import DatasetRevision
from retouche.web.pages.drafts import Draft
from retouche.web.pages.sites import (
    Site,
    cells_at,
    hanging,
    key_cells,
    located,
    named,
    nearest,
    places_of,
    shared_cells,
    sites,
    typed_point,
)

Operations = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The inputs of a form about a step, as they were typed."""

    row: str = ""
    other: str = ""
    place: str = ""
    latitude: str = ""
    longitude: str = ""
    resource: str = ""
    index: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Asked:
        return cls(**{name: given.get(name, "").strip() for name in cls.__slots__})

    @classmethod
    def sent(cls) -> Asked:
        return cls.read(request.form)


def operations_after(
    step: str, base: DatasetRevision, operations: Operations, asked: Asked
) -> list[Mapping[str, Any]]:
    """The operations with one step more, or one less (`undo`).

    Raises `Malformed` with a pointer to the input that has to be put right.
    """
    if step == "undo":
        index = int(asked.index) if asked.index.isascii() and asked.index.isdigit() else -1
        if not 0 <= index < len(operations):
            raise Malformed("bad_choice", pointer="index", value=asked.index[:20], allowed="")
        return [one for place, one in enumerate(operations) if place != index]
    site = _site(base, operations, asked.row, "row")
    if step == "close":
        return _closed(base, operations, site)
    if step == "share":
        other = _site(base, operations, asked.other, "other")
        if other.id == site.id or place_of(other.resource, other.cells) is None:
            raise Malformed("no_place", pointer="other", value=other.label)
        return _changed(operations, site, shared_cells(base.package, site.resource, other))
    if step == "move":
        point, place = _point(base, site.resource, asked)
        return _changed(operations, site, cells_at(base.package, site.resource, point, place))
    raise Malformed("bad_choice", pointer="step", value=step[:20], allowed="close, move, share")


def opened(base: DatasetRevision, asked: Asked, operations: Operations) -> Draft:
    """The form of a row to open at a place. Raises `Malformed` and `NotFound`."""
    resource = base.package.resource(asked.resource)
    if resource not in located(base.package):
        allowed = ", ".join(one.name for one in located(base.package))
        raise Malformed("bad_choice", pointer="resource", value=resource.name, allowed=allowed)
    point, place = _point(base, resource, asked)
    cells = cells_at(base.package, resource, point, place)
    key = _free_key(base, resource, operations)
    draft = Draft.blank(base, resource, op="insert")
    texts = {name: cell or "" for name, cell in {**key, **cells}.items()}
    return replace(draft, typed=texts)


def _site(base: DatasetRevision, operations: Operations, text: str, pointer: str) -> Site:
    """The row that a form names, with what the scenario makes of it. Raises `Malformed`."""
    name, _, key_text = text.partition("/")
    resource = next((one for one in located(base.package) if one.name == name), None)
    if resource is None:
        raise Malformed("no_row_chosen", pointer=pointer, value=text[:80])
    key = parse_key(key_text)
    written = next((one for one in operations if _row(resource, one) == key), None)
    if written is not None and written["op"] == "insert":
        return Site(resource=resource, key=key, cells=written["row"])
    if key not in base.snapshot(resource.name).index:
        raise Malformed("no_row_chosen", pointer=pointer, value=text[:80])
    cells = base.snapshot(resource.name).row(key)
    changed = written["new"] if written is not None and written["op"] == "update" else {}
    return Site(resource=resource, key=key, cells={**cells, **changed})


def _row(resource: Resource, operation: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The key of the row that an operation is about; None in another resource."""
    if operation["resource"] != resource.name:
        return None
    cells = operation["row"] if operation["op"] == "insert" else operation["key"]
    return tuple(cells.get(name) or "" for name in resource.schema.primary_key)


def _closed(base: DatasetRevision, operations: Operations, site: Site) -> list[Mapping[str, Any]]:
    """Close a row, with what refers to it; one that the scenario opens is taken out of it."""
    left = list(operations)
    for one in (*hanging(base.package, site, list(sites(base))), site):
        written = next((each for each in left if _row(one.resource, each) == one.key), None)
        left = [each for each in left if each is not written]
        if written is None or written["op"] != "insert":
            left.append({"op": "delete", "resource": one.resource.name, "key": key_cells(one)})
    return left


def _changed(operations: Operations, site: Site, cells: Cells) -> list[Mapping[str, Any]]:
    """Write cells of a row, in the step that touches it already if there is one."""
    written = next((one for one in operations if _row(site.resource, one) == site.key), None)
    if written is not None and written["op"] == "insert":
        made: dict[str, Any] = {**written, "row": {**written["row"], **cells}}
    else:
        before = written["new"] if written is not None and written["op"] == "update" else {}
        made = {
            "op": "update",
            "resource": site.resource.name,
            "key": key_cells(site),
            "new": {**before, **cells},
        }
    if written is None:
        return [*operations, made]
    return [made if one is written else one for one in operations]


def _point(base: DatasetRevision, resource: Resource, asked: Asked) -> tuple[Point, Cells | None]:
    """Where a form says something is to be, and the place there. Raises `Malformed`."""
    places = places_of(base.package, resource)
    if asked.latitude or asked.longitude:
        point = typed_point(asked.latitude, asked.longitude)
        if point is None:
            value = f"{asked.latitude}, {asked.longitude}"[:80]
            raise Malformed("bad_degrees", pointer="latitude", value=value)
        return point, nearest(base, places, point) if places else None
    found = named(base, places, asked.place) if places and asked.place else []
    if len(found) != 1 or places is None:
        name = places.schema.primary_key[0] if places else ""
        keys = ", ".join((one.get(name) or "") for one in found[:10])
        reason = "place_ambiguous" if len(found) > 1 else "place_unknown"
        raise Malformed(reason, pointer="place", value=asked.place[:80], known=keys)
    point = place_of(places, found[0])
    if point is None:
        raise Malformed("no_place", pointer="place", value=asked.place[:80])
    return point, found[0]


def _free_key(base: DatasetRevision, resource: Resource, operations: Operations) -> Cells:
    """The number after the highest key; none where keys are not numbered."""
    primary = resource.schema.primary_key
    if len(primary) != 1:
        return {}
    name = primary[0]
    index = base.snapshot(resource.name).index
    keys = [key[0] for key in index]
    keys += [
        str(one["row"].get(name) or "")
        for one in operations
        if one["op"] == "insert" and one["resource"] == resource.name
    ]
    found = next_key(keys)
    return {name: found} if found else {}


def next_key(keys: Sequence[str]) -> str | None:
    """The key after the highest: all are a number, after the same letters if any."""
    heads = {one.rstrip("0123456789") for one in keys}
    if len(heads) != 1:
        return None
    head = heads.pop()
    digits = [one[len(head) :] for one in keys]
    if any(not one.isascii() or not one or len(one) > 15 for one in digits):
        return None
    following = str(max(map(int, digits)) + 1)
    fixed = len({len(one) for one in digits}) == 1
    padded = fixed and any(one.startswith("0") for one in digits)
    return head + (following.zfill(len(digits[0])) if padded else following)
