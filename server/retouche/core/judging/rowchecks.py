"""Custom checks of the rows of a whole file, each made once for all rows with the same texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.judging.changes import check_faults
from retouche.core.judging.checks.check import RowCheck
from retouche.core.judging.faults import Fault
from retouche.core.judging.filecolumn import FileColumn
from retouche.core.judging.sifting import groups
from retouche.core.operations import Cell
from retouche.core.tokenizer import Offsets


def check_rows(
    check: RowCheck, place: int, *, columns: Sequence[FileColumn], rows: Offsets
) -> Iterator[tuple[Fault, Offsets]]:
    """What the `place`th check of the resource says of some rows."""
    if not len(rows):
        return
    codes, first = _tuples([one.codes[0][rows] for one in columns])
    read = [_read(one, rows[first]) for one in columns]
    faults = [
        tuple(check_faults(check, place, cells=cells, values=values))
        for cells, values in (zip(*pairs, strict=True) for pairs in zip(*read, strict=True))
    ]
    wanted = [code for code, found in enumerate(faults) if found]
    for at, places in groups(codes, wanted):
        for fault in faults[wanted[at]]:
            yield fault, rows[places]


def _tuples(codes: Sequence[NDArray[np.integer[Any]]]) -> tuple[Offsets, Offsets]:
    """Codes of tuples of codes, and the first place of each."""
    found = codes[0].astype(np.int64)
    for one in codes[1:]:
        _, found = np.unique(found, return_inverse=True)
        found = found * (int(one.max()) + 1) + one
    size = int(found.max()) + 1
    if size > 4 * len(found):
        _, first, found = np.unique(found, return_index=True, return_inverse=True)
        return found, first
    first = np.full(size, -1, np.int64)
    first[found[::-1]] = np.arange(len(found) - 1, -1, -1)
    used = first >= 0
    renumbered = np.cumsum(used) - 1
    return renumbered[found], first[used]


def _read(column: FileColumn, rows: Offsets) -> list[tuple[Cell, object]]:
    """The cells of some rows, as texts and as values, each text read once."""
    codes, first = _tuples([column.codes[0][rows]])
    texts = column.texts(rows[first])
    missing = column.reader.missing
    known = [(None if text in missing else text, column.reader(text)[0]) for text in texts]
    return [known[code] for code in codes.tolist()]
