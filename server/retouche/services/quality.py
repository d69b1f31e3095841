"""Quality of a resource: how much is filled and how much obeys the schema, per field."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from retouche.core.report import Report
from retouche.core.verdict import check
from retouche.services.datasets import Cache, DatasetRevision

# Past this many cells the whole-file check takes longer than a reader should wait for a page.
MOST_CELLS = 600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldQuality:
    """Shares are between 0 and 1; `valid_share` is None when it was not computed."""

    field: str
    filled: int
    filled_share: float
    distinct: int
    faults: int | None
    valid_share: float | None


class Quality:
    """Quality figures, kept per version of a file."""

    def __init__(self) -> None:
        self._reports: Cache[Report] = Cache(100, lambda _: 1)

    def report(self, revision: DatasetRevision, resource: str) -> Report | None:
        """The whole-file verdict; None for a file too large to check while a reader waits."""
        snapshot = revision.snapshot(resource)
        if len(snapshot) * len(snapshot.fields) > MOST_CELLS:
            return None
        neighbours = {key.resource or resource for key in snapshot.resource.schema.foreign_keys}
        blobs = tuple(sorted((name, revision.blob(name)) for name in {*neighbours, resource}))
        return self._reports.get(
            (revision.dataset.name, resource, blobs, id(snapshot)),
            lambda: check(snapshot.resource, snapshot.table, neighbours=revision.snapshots()),
        )

    def fields(self, revision: DatasetRevision, resource: str) -> list[FieldQuality]:
        """Figures per field, in the order of the file; personal fields are left out."""
        snapshot = revision.snapshot(resource)
        report = self.report(revision, resource)
        faulty = (
            None
            if report is None
            else Counter(name for name, _ in {(one.field, one.row_number) for one in report.errors})
        )
        total = len(snapshot)
        snapshot.prepare(one.name for one in snapshot.fields)
        figures = []
        for one in snapshot.fields:
            column = snapshot.column(one.name)
            filled = column.filled
            faults = None if faulty is None else faulty.get(one.name, 0)
            figures.append(
                FieldQuality(
                    field=one.name,
                    filled=filled,
                    filled_share=filled / total if total else 1.0,
                    distinct=len(column.values),
                    faults=faults,
                    valid_share=None
                    if faults is None
                    else (total - faults) / total
                    if total
                    else 1.0,
                )
            )
        return figures
