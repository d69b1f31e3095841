"""What an address with `revision=proposal:…` or `scenario:…` looks at, for what shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from retouche.core.errors import RetoucheError
from retouche.core.keys import format_key
from retouche.core.operations import Key
from retouche.core.reading.places import Point
from retouche.core.widget_names import resources_in
from retouche.ports import Proposal
from retouche.services.datasets import PROPOSAL, SCENARIO, DatasetRevision
from retouche.services.previews import ChangedRow, Preview
from retouche.web.context import base_url, proposal_page, services

MOST = 1_000
"""Changed rows that a widget is told of: as many operations as a proposal may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The proposal or scenario that a revision is of, and the commit it was made on."""

    kind: str
    id: str
    state: str
    title: str | None
    number: int | None
    url: str
    before: str

    @property
    def stamp(self) -> str:
        """All of it that may change while the commit stays."""
        return "\n".join(map(str, (self.kind, self.id, self.state, self.title, self.number)))


def looked_at(found: DatasetRevision, asked: str | None) -> Looked | None:
    """What a revision of the query string is, where it is not a commit or a branch."""
    of_proposal = PROPOSAL.fullmatch(asked or "")
    if of_proposal is not None:
        return of(services().proposals.get(found.dataset, of_proposal[1]))
    of_scenario = SCENARIO.fullmatch(asked or "")
    if of_scenario is not None:
        scenario = services().scenarios.get(found.dataset, of_scenario[1])
        return Looked(
            kind="scenario",
            id=scenario.id,
            state="draft",
            title=scenario.title,
            number=None,
            url=f"{base_url()}/{scenario.dataset}/proposals/projects/{scenario.id}",
            before=scenario.base_revision,
        )
    return None


def of(proposal: Proposal) -> Looked:
    return Looked(
        kind="proposal",
        id=proposal.id,
        state=proposal.state,
        title=proposal.title,
        number=proposal.number,
        url=proposal_page(proposal),
        before=proposal.parent,
    )


def preview_url(parent: DatasetRevision, revision: str, resources: Collection[str]) -> str:
    """Where the data can be seen at a revision that changes some resources.

    The first widget that shows one of them, else the page of the dataset.
    """
    name, at = parent.dataset.name, f"?revision={revision}"
    try:
        for widget, descriptor in parent.widgets().items():
            if not set(resources_in(descriptor)).isdisjoint(resources):
                return f"{base_url()}/embed/{name}/{quote(widget, safe='')}{at}"
    except RetoucheError:  # descriptors that cannot be read show nothing
        pass
    return f"{base_url()}/{name}{at}"


def preview_part(
    found: DatasetRevision, looked: Looked, widget: str, resources: Mapping[str, Any]
) -> dict[str, Any]:
    """What a widget is told of what changes in its resources: the part `preview`."""
    name, path = found.dataset.name, quote(widget, safe="")
    preview = Preview(
        found.dataset.at(looked.before), found, services().history, services().derived
    )
    left, total = MOST, 0
    told: dict[str, Any] = {}
    for resource in preview.resources:
        if resource not in resources:
            continue
        rows, count = preview.rows(resource, most=left)
        shown = {one["name"] for one in resources[resource]["schema"]["fields"]}
        told[resource] = _rows(rows, shown)
        left, total = left - len(rows), total + count
    api = f"{base_url()}/api/v1/datasets/{name}/widgets/{path}"
    return {
        "of": {
            "kind": looked.kind,
            "id": looked.id,
            "state": looked.state,
            "title": looked.title,
            "number": looked.number,
            "url": looked.url,
        },
        "before": {"revision": looked.before, "widget": f"{api}?revision={looked.before}"},
        "published": f"{base_url()}/embed/{name}/{path}",
        "rows": total,
        "complete": total <= MOST,
        "resources": told,
    }


def _rows(rows: Sequence[ChangedRow], shown: Collection[str]) -> dict[str, Any]:
    return {
        "inserted": [
            {"key": _key(one.new_key), "label": one.label, "position": _position(one.after)}
            for one in rows
            if one.key is None
        ],
        "updated": [
            {
                "key": _key(one.new_key),
                "old_key": _key(one.key),
                "label": one.label,
                "position": _position(one.place),
                "moved": _move(one),
                "cells": {
                    name: {"old": old, "new": new}
                    for name, (old, new) in one.cells.items()
                    if name in shown
                },
            }
            for one in rows
            if one.key is not None and one.new_key is not None
        ],
        "deleted": [
            {
                "key": _key(one.key),
                "label": one.label,
                "position": _position(one.before),
                "row": {name: cell for name, cell in one.row.items() if name in shown},
            }
            for one in rows
            if one.new_key is None
        ],
    }


def _key(key: Key | None) -> str | None:
    return None if key is None else format_key(key)


def _position(point: Point | None) -> list[float] | None:
    """Latitude and longitude."""
    return None if point is None else [point.latitude, point.longitude]


def _move(row: ChangedRow) -> dict[str, Any] | None:
    moved = row.moved
    if moved is None:
        return None
    return {
        "from": _position(moved.start),
        "to": _position(moved.end),
        "metres": round(moved.metres, 1),
        "towards": moved.wind,
    }
