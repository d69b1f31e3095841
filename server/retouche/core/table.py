"""An immutable CSV table: its bytes and where every record lies. Cells are split on demand.

Must not infer, retype or rewrite anything: a cell is the text of the file, unquoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from retouche.core import cells, gate
from retouche.core.bulk import read_columns, read_rows
from retouche.core.coded.texts import Texts
from retouche.core.descent import Layout, breaks, descend
from retouche.core.dialect import Dialect
from retouche.core.edited import Data
from retouche.core.errors import UnreadableFile
from retouche.core.parts import Part
from retouche.core.spans import Cells
from retouche.core.succession import Cut, Succession
from retouche.core.tokenizer import Marks, Offsets, Records


@final
class Table:
    """One version of a file. Rows are counted from 0; blank lines are not rows.

    `starts`, `stops` and `ends` are the byte offsets of each row's beginning, end of content and
    end with its line ending: read-only arrays, for work on the whole file.
    """

    __slots__ = ("_lines", "_marks", "_part", "data", "dialect", "ends", "header",
                 "header_span", "starts", "stops")  # fmt: skip

    def __init__(self, data: Data, dialect: Dialect, part: Part):
        arrays, meta = part.arrays, part.meta
        self.data: Final = data
        self.dialect: Final = dialect
        self.header: Final[tuple[str, ...]] = tuple(meta["header"])
        start, stop, end = meta["header_span"]
        self.header_span: Final[tuple[int, int, int]] = (start, stop, end)
        bounds = arrays.get("bounds")
        self.starts: Final[Offsets] = arrays["starts"] if bounds is None else bounds[:-1]
        self.ends: Final[Offsets] = arrays["ends"] if bounds is None else bounds[1:]
        self.stops: Final[Offsets] = arrays["stops"]
        self._lines: Final[Offsets | None] = arrays.get("lines")
        self._marks: Final = Marks.of(dialect)
        self._part: Final = part

    @classmethod
    def parse(cls, data: Data, dialect: Dialect) -> Table:
        """Raises `UnreadableFile` when the bytes do not pass the gate."""
        records, header = gate.admit(data, dialect)
        return cls(data, dialect, _part(data, records, header))

    @classmethod
    def of_part(cls, part: Part, data: Data, dialect: Dialect) -> Table:
        """The table whose part was kept, over the same bytes."""
        return cls(data, dialect, part)

    @classmethod
    def succeed(
        cls, parent: Part, data: Data, dialect: Dialect, cuts: Sequence[Cut]
    ) -> tuple[Table, Succession] | None:
        """The table of a parent's bytes with cuts made in them, from the parent's part.

        None where only a look at the whole file can tell.
        """
        if len(parent.arrays["blank_lines"]) or parent.meta["marked"]:
            return None
        before = cls(data, dialect, parent)
        layout = Layout(
            size=before.ends[-1] if len(before) else 0,
            starts=before.starts,
            stops=before.stops,
            ends=before.ends,
            lines=before._lines,
            first_line=parent.meta["first_line"],
        )
        try:
            gate.check_start(data, dialect)
        except UnreadableFile:
            return None
        found = descend(layout, data, dialect, cuts)
        if found is None:
            return None
        after, succession = found
        offsets = _offsets(after.starts, after.stops, after.ends, after.lines)
        blank = parent.arrays["blank_lines"]
        part = Part({**offsets, "blank_lines": blank}, parent.meta)
        return cls(data, dialect, part), succession

    def part(self) -> Part:
        """What must be kept to have the table again without reading its bytes."""
        return self._part

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def blank_lines(self) -> tuple[int, ...]:
        """The physical lines that are blank."""
        return tuple(self._part.arrays["blank_lines"].tolist())

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

    def rows_at(
        self, positions: Sequence[int] | NDArray[np.integer[Any]]
    ) -> Iterator[tuple[str, ...]]:
        """Many rows, in the order asked for; cheaper than one by one."""
        at = np.asarray(positions, dtype=np.int64)
        return read_rows(self.data, self.dialect, self.starts[at], self.stops[at])

    def column(self, position: int) -> list[str]:
        """One cell of every row, "" where a row is too short."""
        return self.columns((position,))[0]

    def columns(self, positions: Sequence[int]) -> list[list[str]]:
        """Several columns, read together."""
        return [
            list(Texts.of_spans(one.view, one.begins, one.stops)) for one in self.cells(positions)
        ]

    def cells(self, positions: Sequence[int]) -> Iterator[Cells]:
        """Several columns as spans of UTF-8, read together and handed out one by one."""
        return read_columns(
            self.data, self.dialect, positions, starts=self.starts, stops=self.stops
        )

    def line(self, position: int) -> int:
        """The physical line (from 1) on which a row begins."""
        at = self._place(position)
        if self._lines is None:
            return int(self._part.meta["first_line"]) + at
        return int(self._lines[at])

    def _place(self, position: int) -> int:
        if not 0 <= position < len(self.starts):
            raise IndexError(position)
        return position


def _part(data: Data, records: Records, header: tuple[str, ...]) -> Part:
    filled = records.stops > records.starts
    rows = filled.copy()
    rows[0] = False
    starts, stops, ends = records.starts[rows], records.stops[rows], records.ends[rows]
    lines = records.lines[rows]
    alone = _takes_one_line_each(data, starts, ends, lines)
    meta = {
        "header": list(header),
        "header_span": [int(one[0]) for one in (records.starts, records.stops, records.ends)],
        "first_line": int(lines[0]) if len(lines) else 0,
        "marked": gate.is_marked(data),
    }
    blank = _frozen(records.lines[~filled])
    offsets = _offsets(starts, stops, ends, None if alone else lines)
    return Part({**offsets, "blank_lines": blank}, meta)


def _takes_one_line_each(data: Data, starts: Offsets, ends: Offsets, lines: Offsets) -> bool:
    if not len(lines):
        return True
    alone = int(lines[-1]) - int(lines[0]) == len(lines) - 1 and bool((np.diff(lines) == 1).all())
    return alone and breaks(data[int(starts[-1]) : int(ends[-1])]) <= 1


def _offsets(
    starts: Offsets, stops: Offsets, ends: Offsets, lines: Offsets | None
) -> dict[str, Offsets]:
    """The arrays of a part; where nothing lies between rows, one ends where the next starts."""
    found = {"stops": _frozen(stops)}
    if len(starts) and bool((starts[1:] == ends[:-1]).all()):
        found["bounds"] = _frozen(np.append(starts, ends[-1]))
    else:
        found |= {"starts": _frozen(starts), "ends": _frozen(ends)}
    return found if lines is None else {**found, "lines": _frozen(lines)}


def _frozen(offsets: Offsets) -> Offsets:
    offsets.flags.writeable = False
    return offsets
