"""Quality of a resource: how much is filled and how much obeys the schema, per field."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from retouche.core.judging.inspection import inspect
from retouche.core.report import Report
from retouche.services.datasets import DatasetRevision
from retouche.services.shelf import Cache

MOST_LISTED = 100
"""So many errors of one kind and column are listed in a report; all are counted."""
VERSIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldQuality:
    """Shares are between 0 and 1. `faults` are rows with an error in this field."""

    field: str
    filled: int
    filled_share: float
    distinct: int
    faults: int
    valid_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the check of a whole file found: how many rows are at fault, by field, and examples."""

    faulty: Mapping[str | None, int]
    report: Report


class Quality:
    """Quality figures, kept per version of a file."""

    def __init__(self) -> None:
        self._findings: Cache[Findings] = Cache(VERSIONS, lambda _: 1)

    def report(self, revision: DatasetRevision, resource: str) -> Report:
        """The whole-file verdict, with the first errors of each kind and column."""
        return self._found(revision, resource).report

    def fields(self, revision: DatasetRevision, resource: str) -> list[FieldQuality]:
        """Figures per field, in the order of the file; personal fields are left out."""
        snapshot = revision.snapshot(resource)
        faulty = self._found(revision, resource).faulty
        total = len(snapshot)
        snapshot.prepare(one.name for one in snapshot.fields)
        figures = []
        for one in snapshot.fields:
            column = snapshot.column(one.name)
            faults = faulty.get(one.name, 0)
            figures.append(
                FieldQuality(
                    field=one.name,
                    filled=column.filled,
                    filled_share=column.filled / total if total else 1.0,
                    distinct=len(column.values),
                    faults=faults,
                    valid_share=(total - faults) / total if total else 1.0,
                )
            )
        return figures

    def _found(self, revision: DatasetRevision, resource: str) -> Findings:
        return self._findings.get(
            _version(revision, resource), lambda: _inspected(revision, resource)
        )


def _version(revision: DatasetRevision, resource: str) -> Hashable:
    """What the verdict on a file depends on: the bytes and the rules of it and its neighbours."""
    package = revision.package
    own = package.resource(resource)
    concerned = {resource, *(key.resource or resource for key in own.schema.foreign_keys)}
    return resource, *sorted(
        (name, package.resources[name].fingerprint, revision.blob(name))
        for name in concerned
        if name in package.resources
    )


def _inspected(revision: DatasetRevision, resource: str) -> Findings:
    snapshot = revision.snapshot(resource)
    found = inspect(snapshot.resource, snapshot.table, neighbours=revision.snapshots())
    return Findings(faulty=found.faulty(), report=found.report(limit=MOST_LISTED))
