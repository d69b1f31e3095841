"""Rows that belong together: those a row refers to, and those that refer to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retouche.core.errors import RetoucheError
from retouche.core.operations import Cells, Key
from retouche.core.package import Resource
from retouche.core.reading.snapshot import Positions, Snapshot
from retouche.core.schema import ForeignKey
from retouche.services.datasets import DatasetRevision
from retouche.web.context import services

SHOWN = 12
MOST_SUGGESTED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLink:
    """A row of some resource, by its key, and what a reader calls it."""

    resource: str
    key: Key
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Referring:
    """The rows of a resource that refer to a row: the first of them, and how many."""

    resource: Resource
    links: tuple[RowLink, ...]
    total: int
    filters: tuple[tuple[str, str], ...]


def referred(revision: DatasetRevision, resource: Resource, row: Cells) -> dict[str, RowLink]:
    """The rows that a row refers to, by the first of the fields that do so."""
    found: dict[str, RowLink] = {}
    for reference in resource.schema.foreign_keys:
        values = [row.get(name) for name in reference.fields]
        target = revision.package.resources.get(reference.resource or resource.name)
        if target is None or any(value is None for value in values):
            continue
        key = _as_key(target, reference, [value or "" for value in values])
        snapshot = _readable(revision, target.name)
        position = snapshot.index.get(key) if snapshot and key else None
        if snapshot and key and position is not None:
            label = target.row_label(snapshot.cells(position), key)
            found[reference.fields[0]] = RowLink(resource=target.name, key=key, label=label)
    return found


def referring(revision: DatasetRevision, resource: Resource, row: Cells) -> list[Referring]:
    """The rows of every resource that refer to a row."""
    found: list[Referring] = []
    for other in revision.package.resources.values():
        for reference in other.schema.foreign_keys:
            if (reference.resource or other.name) != resource.name:
                continue
            snapshot = _readable(revision, other.name)
            wanted = [row.get(name) for name in reference.reference_fields]
            if snapshot is None or any(value is None for value in wanted):
                continue
            pairs = tuple(zip(reference.fields, [value or "" for value in wanted], strict=True))
            positions = _positions(snapshot, pairs)
            if len(positions):
                found.append(_described(other, snapshot, positions, pairs))
    return found


def suggestions(revision: DatasetRevision, resource: Resource, name: str) -> list[tuple[str, str]]:
    """The values that a foreign key allows in a field, labelled, where they are few."""
    for reference in resource.schema.foreign_keys:
        if reference.fields != (name,):
            continue
        snapshot = _readable(revision, reference.resource or resource.name)
        if snapshot is None or len(snapshot) > MOST_SUGGESTED:
            return []
        target, field = snapshot.resource, reference.reference_fields[0]
        found = []
        for cells in snapshot.rows(np.arange(len(snapshot))):
            value = cells.get(field)
            if value is not None:
                key = target.schema.key_of(cells) or (value,)
                found.append((value, target.row_label(cells, key)))
        return found
    return []


def _described(
    other: Resource, snapshot: Snapshot, positions: Positions, pairs: tuple[tuple[str, str], ...]
) -> Referring:
    links = []
    for cells in snapshot.rows(positions[:SHOWN]):
        key = other.schema.key_of(cells)
        if key is not None:
            links.append(RowLink(resource=other.name, key=key, label=other.row_label(cells, key)))
    return Referring(
        resource=other,
        links=tuple(links),
        total=len(positions),
        filters=tuple((f"{name}__exact", value) for name, value in pairs),
    )


def _positions(snapshot: Snapshot, pairs: tuple[tuple[str, str], ...]) -> Positions:
    positions = snapshot.positions(*pairs[0])
    for name, value in pairs[1:]:
        positions = np.intersect1d(positions, snapshot.positions(name, value))
    return positions


def _as_key(target: Resource, reference: ForeignKey, values: list[str]) -> Key | None:
    by_name = dict(zip(reference.reference_fields, values, strict=True))
    if set(by_name) != set(target.schema.primary_key):
        return None
    return tuple(by_name[name] for name in target.schema.primary_key)


def _readable(revision: DatasetRevision, name: str) -> Snapshot | None:
    """A neighbour that cannot be read hides its links, not the page."""
    try:
        return services().derived.snapshot(revision, name)
    except RetoucheError:
        return None
