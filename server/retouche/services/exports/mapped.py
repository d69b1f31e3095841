"""Rows as another standard has them, by a mapping that the dataset declares."""

from __future__ import annotations

from collections.abc import Iterator

from retouche.core.mapping import RowMapping
from retouche.core.reading.selection import Selection
from retouche.core.reading.snapshot import Snapshot
from retouche.services.exports.rows import batches, joined, written_csv


def to_mapped_csv(snapshot: Snapshot, selection: Selection, mapping: RowMapping) -> Iterator[bytes]:
    """CSV (RFC 4180, UTF-8, commas) with the columns of the standard."""
    rows = (
        [cell or "" for cell in mapping.row(row).values()]
        for row in snapshot.rows(selection.positions)
    )
    return written_csv(list(mapping.columns), rows, delimiter=",")


def to_mapped_json(
    snapshot: Snapshot, selection: Selection, mapping: RowMapping
) -> Iterator[bytes]:
    """An array of rows with the columns of the standard, null where one is empty."""
    rows = map(mapping.row, snapshot.rows(selection.positions))
    return joined(b"[", batches(rows), b"]\n")
