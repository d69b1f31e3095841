"""The quality of a dataset as a whole: what the page, the interface and the digest tell of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retouche.core.errors import RetoucheError
from retouche.core.package import Resource
from retouche.core.schema import Field
from retouche.services.datasets import DatasetRevision
from retouche.services.quality.figures import (
    FieldQuality,
    Overall,
    counted,
    months_of,
    overall,
)
from retouche.services.quality.freshness import Freshness
from retouche.services.quality.quality import Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPortrait:
    """A field that counts. `confirmed` are its cells looked at lately, None where nobody can
    confirm them; `last_change` is None for never since the import."""

    field: Field
    figure: FieldQuality
    confirmed: int | None
    last_change: datetime | None

    @property
    def confirmed_share(self) -> float | None:
        return share_of(self.confirmed, self.figure.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePortrait:
    """A resource that counts; `trouble` says why its file cannot be read. Without figures when
    they are `pending`: being computed."""

    resource: Resource
    rows: int = 0
    fields: Sequence[FieldPortrait] = ()
    trouble: RetoucheError | None = None
    pending: bool = False

    @property
    def overall(self) -> Overall:
        return overall(one.figure for one in self.fields)

    @property
    def confirmed(self) -> int | None:
        known = [one.confirmed for one in self.fields if one.confirmed is not None]
        return sum(known) if known else None

    @property
    def confirmed_share(self) -> float | None:
        return share_of(self.confirmed, self.overall.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """All of a dataset that counts. What was looked at since `since`, `months` ago, counts as
    confirmed."""

    months: int
    since: datetime
    resources: Sequence[ResourcePortrait]

    @property
    def pending(self) -> bool:
        return any(one.pending for one in self.resources)

    @property
    def overall(self) -> Overall:
        """Of what is known; of nothing while a part of it is `pending`."""
        if self.pending:
            return overall(())
        return overall(one.figure for each in self.resources for one in each.fields)

    @property
    def confirmed_share(self) -> float | None:
        """Of the cells that can be confirmed; None where none can."""
        known = [one for one in self.resources if one.confirmed is not None and not self.pending]
        cells = sum(one.overall.cells for one in known)
        return share_of(sum(one.confirmed or 0 for one in known) if known else None, cells)


def portrait(
    quality: Quality,
    freshness: Freshness,
    revision: DatasetRevision,
    *,
    seconds: float | None = None,
) -> Portrait:
    """What stands at a revision, and what was looked at of it by now.

    `seconds`: how long figures that are not there yet are waited for, all together; None for as
    long as it takes.
    """
    end = None if seconds is None else time.monotonic() + seconds
    months = months_of(revision.package)
    since = freshness.since(months)
    return Portrait(
        months=months,
        since=since,
        resources=[
            _resource(quality, freshness, revision, name, fields, since, end)
            for name, fields in counted(revision.package).items()
        ],
    )


def share_of(part: int | None, whole: int) -> float | None:
    if part is None:
        return None
    return part / whole if whole else 1.0


def can_be_confirmed(resource: Resource) -> bool:
    """Whether it makes sense to ask readers to look at its rows again."""
    return resource.editable


def _resource(
    quality: Quality,
    freshness: Freshness,
    revision: DatasetRevision,
    name: str,
    fields: Sequence[Field],
    since: datetime,
    end: float | None,
) -> ResourcePortrait:
    resource = revision.package.resource(name)
    try:
        left = None if end is None else max(0.0, end - time.monotonic())
        if left is not None and not quality.soon(revision, name, seconds=left):
            return ResourcePortrait(resource=resource, pending=True)
        figures = {one.field: one for one in quality.fields(revision, name)}
        looked = freshness.of(revision, name) if can_be_confirmed(resource) else None
        rows = len(revision.snapshot(name))
    except RetoucheError as error:
        return ResourcePortrait(resource=resource, trouble=error)
    return ResourcePortrait(
        resource=resource,
        rows=rows,
        fields=[
            FieldPortrait(
                field=one,
                figure=figures[one.name],
                confirmed=looked.since(one.name, since) if looked else None,
                last_change=looked.last_change(one.name) if looked else None,
            )
            for one in fields
            if one.name in figures
        ],
    )
