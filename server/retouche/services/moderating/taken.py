"""What an accepted proposal wrote into the files, read from the published commits themselves.

What was proposed may have been accepted in part, carried to other rows or changed at the forge:
the difference that its commit made tells it all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

from retouche.core.diff import new_keys
from retouche.core.errors import BadDataset, NotFound, UnreadableFile
from retouche.core.operations import Key
from retouche.core.package import Resource
from retouche.core.undoing import Written, forms_of
from retouche.ports import Proposal
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.differences import Side, difference, known_cuts

Unread = Literal["table_gone", "unreadable", "not_published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a proposal wrote into one resource, or why that cannot be told or set back."""

    resource: str
    written: Written | None = None
    unread: Unread | None = None


def parts_of(
    dataset: Dataset, proposal: Proposal, published: DatasetRevision, *, place: int
) -> Iterator[Part]:
    """What an accepted proposal wrote. `place` is its order among those published."""
    revision = str((proposal.decision or {}).get("revision") or "")
    named = sorted({str(one.get("resource") or "") for one in proposal.operations})
    if not _is_published(dataset, revision, published.commit):
        yield from (Part(resource=one, unread="not_published") for one in named)
        return
    try:
        before, after = dataset.at(_before(dataset, proposal, revision)), dataset.at(revision)
    except (NotFound, BadDataset):
        yield from (Part(resource=one, unread="unreadable") for one in named)
        return
    for name, resource in after.package.resources.items():
        old = before.package.resources.get(name)
        if old is None or before.blob(name) == after.blob(name):
            continue
        present = published.package.resources.get(name)
        if present is None or not present.schema.primary_key:
            yield Part(resource=name, unread="table_gone")
            continue
        try:
            written = _written(before, after, resource, published, place)
        except UnreadableFile:
            yield Part(resource=name, unread="unreadable")
        else:
            yield Part(resource=name, written=written)


def _written(
    before: DatasetRevision,
    after: DatasetRevision,
    resource: Resource,
    published: DatasetRevision,
    place: int,
) -> Written:
    name, forge = resource.name, after.dataset.forge
    old, new = (
        Side(
            one.package.resource(name),
            one.blob(name),
            partial(lambda revision: revision.snapshot(name).table, one),
        )
        for one in (before, after)
    )
    operations = difference(old, new, cuts=partial(known_cuts, forge)).operations
    snapshot = before.snapshot(name)
    forms = forms_of(
        operations, table=snapshot.table, schema=old.resource.schema, index=snapshot.index
    )

    @cache
    def renamed() -> Mapping[Key, Key]:
        schema = published.package.resource(name).schema
        return new_keys(after.snapshot(name).table, published.snapshot(name).table, schema=schema)

    return Written(place=place, operations=operations, forms=forms, renamed=renamed)


def _before(dataset: Dataset, proposal: Proposal, revision: str) -> str:
    """The published commit that a proposal's was made on.

    At a forge elsewhere others may publish in the moment of merging, so that it is not the one
    that was looked at; and a branch of several commits may be published as it is, with no merge.
    """
    found = next(iter(dataset.forge.revisions(revision)))
    previous = str((proposal.decision or {}).get("previous") or "")
    if not found.parents:
        raise NotFound("unknown_revision", revision=revision)
    forward = len(found.parents) == 1 and revision == proposal.head and previous
    return previous if forward else found.parents[0]


def _is_published(dataset: Dataset, revision: str, published: str) -> bool:
    try:
        return bool(revision) and dataset.forge.contains(revision, published)
    except NotFound:  # its history was rewritten
        return False
