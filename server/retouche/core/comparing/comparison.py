"""The operations that make a corrected copy of what is published: rows by key, cells by field.

What the copy does not have, columns or rows, stays as it is unless rows are to be deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retouche.core.comparing.headings import Columns
from retouche.core.comparing.pairing import Doubtful, Pairing, pair
from retouche.core.comparing.rows import Rows
from retouche.core.comparing.upload import Line, Note, Upload
from retouche.core.errors import UnreadableFile
from retouche.core.operations import Delete, Insert, Patch, Update
from retouche.core.reading.snapshot import Snapshot

AT_ONCE = 5_000
"""Published rows that are read together; bounds the memory, not the speed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a copy changes: updates and deletes in the order of the file, then the new rows.

    `rows` are those of the copy, `absent` the published ones that it lacks and that stay.
    """

    operations: Patch
    rows: int
    unchanged: int
    absent: int
    notes: Sequence[Note]

    def count(self, kind: type[Update] | type[Insert] | type[Delete]) -> int:
        return sum(isinstance(one, kind) for one in self.operations)


def compare(snapshot: Snapshot, upload: Upload, columns: Columns, *, delete: bool) -> Comparison:
    """Compare a copy that has the columns of the key.

    Raises `UnreadableFile` naming the rows of the copy that are too short or too long, have no
    key, or have one that other rows have.
    """
    rows = Rows(snapshot, columns, width=len(upload.header))
    pairing = pair(snapshot, upload.lines, key_of=rows.key)
    doubted = sum(len(one.lines) for one in pairing.doubtful)
    _check(pairing.doubtful, snapshot, rows)
    updates = [found for one in _parts(pairing.both) for found in _updates(one, snapshot, rows)]
    inserts = [rows.insert(line) for line in pairing.only_new]
    rows.check_lengths()
    deletes = list(_deletes(snapshot, pairing)) if delete else []
    return Comparison(
        operations=(*updates, *deletes, *inserts),
        rows=len(upload.lines),
        unchanged=len(pairing.both) - len(updates) + doubted,
        absent=0 if delete else len(pairing.only_old),
        notes=(*upload.notes, *_told(columns, pairing), *rows.notes()),
    )


def _check(groups: Sequence[Doubtful], snapshot: Snapshot, rows: Rows) -> None:
    """Refuse rows that no key tells apart, unless they are as published, which faults may be."""
    doubted = [one for one in groups if not _is_as_published(one, snapshot, rows)]
    for is_whole, reason in ((False, "upload_empty_key"), (True, "upload_repeated_key")):
        some = [one for one in doubted if one.is_whole is is_whole]
        if some:
            numbers = sorted(line.number for one in some for line in one.lines)
            key = ", ".join(some[0].key)
            raise UnreadableFile(reason, rows=numbers, count=len(numbers), key=key)


def _is_as_published(group: Doubtful, snapshot: Snapshot, rows: Rows) -> bool:
    if len(group.positions) != len(group.lines):
        return False
    records = snapshot.table.rows_at(group.positions)
    return not any(
        rows.update(line, record) for line, record in zip(group.lines, records, strict=True)
    )


def _parts(pairs: Sequence[tuple[int, Line]]) -> Iterator[Sequence[tuple[int, Line]]]:
    for low in range(0, len(pairs), AT_ONCE):
        yield pairs[low : low + AT_ONCE]


def _updates(pairs: Sequence[tuple[int, Line]], snapshot: Snapshot, rows: Rows) -> Iterator[Update]:
    records = snapshot.table.rows_at([position for position, _ in pairs])
    for (_, line), record in zip(pairs, records, strict=True):
        found = rows.update(line, record)
        if found is not None:
            yield found


def _deletes(snapshot: Snapshot, pairing: Pairing) -> Iterator[Delete]:
    for position, key in pairing.only_old:
        cells = snapshot.cells(position, personal=True)
        yield Delete(resource=snapshot.resource.name, key=key, old=cells)


def _told(columns: Columns, pairing: Pairing) -> Iterator[Note]:
    if columns.unknown:
        values = {"columns": columns.unknown, "count": len(columns.unknown)}
        yield Note(code="unknown_columns", values=values)
    if pairing.repaired:
        yield Note(code="repaired_keys", values={"count": pairing.repaired})
