"""Proposals in a list: each in a line that names the row it is about.

Rows are named as they are published now, so that a list reads one version of a file, not one for
each proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from retouche.core.errors import RetoucheError
from retouche.ports import Proposal
from retouche.services.datasets import Dataset, DatasetRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A proposal in a list: what its first operation does to which row, and how many more.

    One whose branch was changed to hold no row any more has none: `op` is empty.
    """

    proposal: Proposal
    op: str
    title: str
    more: int


def summaries(dataset: Dataset, proposals: Iterable[Proposal]) -> list[Summary]:
    published = dataset.at()
    return [_summary(one, published) for one in proposals]


def _summary(proposal: Proposal, published: DatasetRevision) -> Summary:
    if not proposal.operations:
        return Summary(proposal=proposal, op="", title=proposal.id[:8], more=0)
    first = proposal.operations[0]
    try:
        title = _label(first, published)
    except RetoucheError:  # the list stays readable when a file is not
        title = ", ".join((first.get("key") or {}).values())
    more = len(proposal.operations) - 1
    return Summary(proposal=proposal, op=str(first["op"]), title=title, more=more)


def _label(operation: Mapping[str, Any], published: DatasetRevision) -> str:
    resource = published.package.resource(str(operation["resource"]))
    hidden = {one.name for one in resource.schema.fields if one.personal}
    named = operation.get("key") or operation.get("row") or {}
    key = tuple(named.get(name) or "" for name in resource.schema.primary_key)
    snapshot = published.snapshot(resource.name)
    position = snapshot.index.get(key)
    if position is not None and operation["op"] != "insert":
        return resource.row_label(snapshot.cells(position), key)
    # Not published, or no longer: the proposal itself holds the whole row.
    row = operation.get("row") or operation.get("old") or {}
    return resource.row_label({name: row[name] for name in row if name not in hidden}, key)
