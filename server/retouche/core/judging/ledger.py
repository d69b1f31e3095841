"""The faults of a whole file, taken down in any order of rows and told in the order of the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from retouche.core.judging.changes import name_of, named_error, table_error
from retouche.core.judging.faults import Fault
from retouche.core.package import Resource
from retouche.core.report import CellError, Report
from retouche.core.table import Table
from retouche.core.tokenizer import Offsets

AT_ONCE = 10_000


class Ledger:
    """Faults with their rows. Those of one row are told in the order in which they were added."""

    def __init__(self, resource: Resource, table: Table) -> None:
        self._resource = resource
        self._table = table
        self._naming = frozenset((*resource.schema.primary_key, *resource.label_fields))
        self._faults: list[Fault] = []
        self._rows: list[Offsets] = []
        self._whole: list[tuple[Fault, int | None]] = []

    def add(self, fault: Fault, rows: Offsets | Sequence[int]) -> None:
        """Take down a fault that several rows have."""
        self._faults.append(fault)
        self._rows.append(np.asarray(rows, np.int64))

    def add_whole(self, fault: Fault, *, line: int | None = None) -> None:
        """Take down a fault that no row bears."""
        self._whole.append((fault, line))

    def faulty(self) -> Mapping[str | None, int]:
        """How many rows have an error, by field; a fault of the whole column counts for one."""
        return {name: len(rows) for name, rows in self.faulty_rows().items()}

    def faulty_rows(self) -> Mapping[str | None, Offsets]:
        """The rows with an error, by field; -1 stands for a fault of the whole column."""
        rows: defaultdict[str | None, list[Offsets]] = defaultdict(list)
        for fault, places in zip(self._faults, self._rows, strict=True):
            if fault.level == "error":
                rows[fault.field].append(places)
        for fault, _ in self._whole:
            if fault.level == "error":
                rows[fault.field].append(np.array([-1]))
        return {name: np.unique(np.concatenate(found)) for name, found in rows.items()}

    def report(self, *, limit: int | None = None) -> Report:
        """All faults as errors. `limit` bounds those of one kind and column to the first ones."""
        errors: list[CellError] = []
        warnings: list[CellError] = []
        for error in (*self._of_file(limit), *self._of_rows(limit)):
            (errors if error.level == "error" else warnings).append(error)
        return Report(errors=tuple(errors), warnings=tuple(warnings))

    def _of_file(self, limit: int | None) -> Iterator[CellError]:
        counts: defaultdict[object, int] = defaultdict(int)
        for fault, line in self._whole:
            counts[_kind(fault)] += 1
            if limit is None or counts[_kind(fault)] <= limit:
                yield table_error(fault, self._resource, line=line)

    def _of_rows(self, limit: int | None) -> Iterator[CellError]:
        if not self._faults:
            return
        rows = np.concatenate(self._rows)
        numbers = np.repeat(np.arange(len(self._faults)), [len(one) for one in self._rows])
        order = np.argsort(rows, kind="stable")
        rows, numbers = rows[order], numbers[order]
        if limit is not None:
            kept = self._first(numbers, limit)
            rows, numbers = rows[kept], numbers[kept]
        for low in range(0, len(rows), AT_ONCE):
            part = slice(low, low + AT_ONCE)
            yield from self._located(rows[part].tolist(), numbers[part].tolist())

    def _located(self, rows: list[int], numbers: list[int]) -> Iterator[CellError]:
        resource, header = self._resource, self._table.header
        naming = [at for at, name in enumerate(header) if name in self._naming]
        names = [header[at] for at in naming]
        places = list(dict.fromkeys(rows))
        known = {
            place: (
                *name_of(resource, names, [texts[at] for at in naming if at < len(texts)]),
                self._table.line(place),
            )
            for place, texts in zip(places, self._table.rows_at(places), strict=True)
        }
        for row, number in zip(rows, numbers, strict=True):
            key, label, line = known[row]
            yield named_error(
                self._faults[number],
                resource=resource,
                key=key,
                label=label,
                row_number=row + 1,
                line=line,
            )

    def _first(self, numbers: Offsets, limit: int) -> Offsets:
        """Where the first faults of each kind are."""
        kinds: dict[object, int] = {}
        kind_of = np.array([kinds.setdefault(_kind(one), len(kinds)) for one in self._faults])
        kind = kind_of[numbers]
        order = np.argsort(kind, kind="stable")
        begins = np.searchsorted(kind[order], np.arange(len(kinds)))
        ranks = np.arange(len(order)) - begins[kind[order]]
        return np.sort(order[ranks < limit])


def _kind(fault: Fault) -> object:
    return fault.code, fault.rule, fault.field, fault.check
