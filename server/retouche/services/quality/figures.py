"""Figures of a file: how many rows of a field are filled, obey the schema, and both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retouche.core.coded.columns import MISSING
from retouche.core.judging.inspection import inspect
from retouche.core.package import Package
from retouche.core.parts import Part
from retouche.core.report import Report
from retouche.core.schema import Field
from retouche.core.tokenizer import Offsets
from retouche.services.datasets import DatasetRevision

MOST_LISTED = 100
"""So many errors of one kind and column are listed in a report; all are counted."""
MONTHS = 12
"""After how many months a row should be confirmed again, unless the package says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldQuality:
    """Shares are between 0 and 1. `faults` are rows with an error in this field; `sound` are
    rows where it is filled and without an error."""

    field: str
    rows: int
    filled: int
    distinct: int
    faults: int
    sound: int

    @property
    def filled_share(self) -> float:
        return _share(self.filled, self.rows)

    @property
    def valid_share(self) -> float:
        return _share(self.rows - self.faults, self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """Figures of several fields, of one resource or of several: by cells."""

    cells: int
    filled: int
    valid: int
    sound: int

    @property
    def filled_share(self) -> float:
        return _share(self.filled, self.cells)

    @property
    def valid_share(self) -> float:
        return _share(self.valid, self.cells)

    @property
    def sound_share(self) -> float:
        """What the badge says: the share of the cells that are filled and obey the schema."""
        return _share(self.sound, self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the check of a whole file found: examples of what is wrong, and the figures."""

    report: Report
    figures: Sequence[FieldQuality]


def overall(figures: Iterable[FieldQuality]) -> Overall:
    listed = list(figures)
    return Overall(
        cells=sum(one.rows for one in listed),
        filled=sum(one.filled for one in listed),
        valid=sum(one.rows - one.faults for one in listed),
        sound=sum(one.sound for one in listed),
    )


def counted(package: Package) -> Mapping[str, Sequence[Field]]:
    """The fields that count for the quality of a dataset, by resource.

    Those that `quality.fields` lists; else, of the resources that readers can correct (of all,
    where there is none), the fields that nothing computes. Never a personal one, nor one that an
    indicator computes: nobody can put it right.
    """
    listed = _declared(package).get("fields")
    listed = listed if isinstance(listed, Mapping) else {}
    usual = [one.name for one in package.resources.values() if one.editable]
    names = usual or list(package.resources)
    found: dict[str, Sequence[Field]] = {}
    for name, resource in package.resources.items():
        fields = [one for one in resource.schema.fields if not (one.personal or one.indicator)]
        if name in listed:
            wanted = listed[name] if isinstance(listed[name], list) else []
            fields = [one for one in fields if one.name in wanted]
        elif name in names:
            fields = [one for one in fields if not one.extension.get("derived")]
        else:
            continue
        if fields:
            found[name] = fields
    return found


def months_of(package: Package) -> int:
    """After how many months a row should be confirmed again."""
    months = _declared(package).get("months", MONTHS)
    return months if isinstance(months, int) and 1 <= months <= 120 else MONTHS


def inspected(revision: DatasetRevision, resource: str) -> Findings:
    """Check a whole file. Raises `NotFound` and `UnreadableFile`."""
    snapshot = revision.snapshot(resource)
    found = inspect(snapshot.resource, snapshot.table, neighbours=revision.snapshots())
    faulty = found.faulty_rows()
    snapshot.prepare(one.name for one in snapshot.fields)
    figures = []
    for one in snapshot.fields:
        column = snapshot.column(one.name)
        rows: Offsets = faulty.get(one.name, np.empty(0, np.int64))
        filled = column.codes != MISSING
        figures.append(
            FieldQuality(
                field=one.name,
                rows=len(snapshot),
                filled=column.filled,
                distinct=len(column.values),
                # A fault of the whole column counts for one row, if there is one.
                faults=min(len(rows), len(snapshot)),
                sound=column.filled - int(np.count_nonzero(filled[rows[rows >= 0]])),
            )
        )
    return Findings(report=found.report(limit=MOST_LISTED), figures=figures)


def part_of(figures: Sequence[FieldQuality]) -> Part:
    """What must be kept to have the figures again without the file."""
    counts = [(one.rows, one.filled, one.distinct, one.faults, one.sound) for one in figures]
    array = np.array(counts, np.int64).reshape(-1, 5)
    return Part({"counts": array}, {"fields": [one.field for one in figures]})


def figures_of(part: Part) -> Sequence[FieldQuality]:
    return [
        FieldQuality(
            field=name, rows=rows, filled=filled, distinct=distinct, faults=faults, sound=sound
        )
        for name, (rows, filled, distinct, faults, sound) in zip(
            part.meta["fields"], part.arrays["counts"].tolist(), strict=True
        )
    ]


def _declared(package: Package) -> Mapping[str, object]:
    declared = package.extension.get("quality")
    return declared if isinstance(declared, Mapping) else {}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
