"""An immutable CSV table: its bytes and where every record lies. Cells are split on demand.

Must not infer, retype or rewrite anything: a cell is the text of the file, unquoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, final

import numpy as np

from retouche.core import cells, gate
from retouche.core.bulk import ColumnReader, read_rows
from retouche.core.dialect import Dialect
from retouche.core.tokenizer import Marks, Offsets, Records, first_offset


@final
class Table:
    """One version of a file. Rows are counted from 0; blank lines are not rows.

    `starts`, `stops` and `ends` are the byte offsets of each row's beginning, end of content and
    end with its line ending: read-only arrays, for work on the whole file.
    """

    __slots__ = ("_lines", "_marks", "blank_lines", "data", "dialect", "ends", "header",
                 "header_span", "starts", "stops")  # fmt: skip

    def __init__(self, data: bytes, dialect: Dialect, *, records: Records, header: tuple[str, ...]):
        filled = records.stops > records.starts
        rows = filled.copy()
        rows[0] = False
        self.data: Final = data
        self.dialect: Final = dialect
        self.header: Final = header
        self.header_span: Final = (
            int(records.starts[0]),
            int(records.stops[0]),
            int(records.ends[0]),
        )
        self.blank_lines: Final = tuple(records.lines[~filled].tolist())
        self.starts: Final = _frozen(records.starts[rows])
        self.stops: Final = _frozen(records.stops[rows])
        self.ends: Final = _frozen(records.ends[rows])
        self._lines: Final = _frozen(records.lines[rows])
        self._marks: Final = Marks.of(dialect)

    @classmethod
    def parse(cls, data: bytes, dialect: Dialect) -> Table:
        """Raises `UnreadableFile` when the bytes do not pass the gate."""
        records, header = gate.admit(data, dialect)
        return cls(data, dialect, records=records, header=header)

    def __len__(self) -> int:
        return len(self.starts)

    def record_span(self, position: int) -> tuple[int, int, int]:
        """Byte offsets of a row: its start, the end of its content, the end with its ending."""
        at = self._place(position)
        return int(self.starts[at]), int(self.stops[at]), int(self.ends[at])

    def content(self, position: int) -> bytes:
        """The bytes of a row without its line ending."""
        at = self._place(position)
        return self.data[self.starts[at] : self.stops[at]]

    def cell_spans(self, position: int) -> list[tuple[int, int]]:
        """Byte offsets of each cell the row has, quotes included."""
        start = int(self.starts[self._place(position)])
        found = cells.spans(self.content(position), self._marks)
        return [(start + begin, start + stop) for begin, stop in found]

    def row(self, position: int) -> tuple[str, ...]:
        """The texts of a row, as many as it has."""
        return cells.texts(self.content(position), self.dialect, self._marks)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """All rows in the order of the file."""
        return read_rows(self.data, self.dialect, self.starts, self.stops)

    def rows_at(self, positions: Sequence[int] | Offsets) -> Iterator[tuple[str, ...]]:
        """Many rows, in the order asked for; cheaper than one by one."""
        at = np.asarray(positions, dtype=np.int64)
        return read_rows(self.data, self.dialect, self.starts[at], self.stops[at])

    def column(self, position: int) -> list[str]:
        """One cell of every row, "" where a row is too short."""
        return self.columns((position,))[0]

    def columns(self, positions: Sequence[int]) -> list[list[str]]:
        """Several columns, read together."""
        reader = ColumnReader(self.data, self.dialect, first_offset(self.data, self.dialect))
        return reader.read(positions, self.starts, self.stops, self.ends)

    def line(self, position: int) -> int:
        """The physical line (from 1) on which a row begins."""
        return int(self._lines[self._place(position)])

    def _place(self, position: int) -> int:
        if not 0 <= position < len(self.starts):
            raise IndexError(position)
        return position


def _frozen(offsets: Offsets) -> Offsets:
    offsets.flags.writeable = False
    return offsets
