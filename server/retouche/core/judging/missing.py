"""Which cells of a column hold a missing value, told from their bytes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from retouche.core.cellgrid import CellGrid
from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags


class Missing:
    """Some texts of a file that stand for a missing value, in the bytes of the file."""

    def __init__(self, texts: Iterable[str], grid: CellGrid) -> None:
        self.texts = frozenset(texts)
        self._grid = grid
        encoding = grid.dialect.encoding
        self._bytes = [
            found for one in sorted(self.texts) if (found := _encoded(one, encoding)) is not None
        ]
        # Each byte of a text is written in two at most, and there is a pair of quotes around.
        size = len(grid.marks.quote or b"")
        self._longest = 2 * max(map(len, self._bytes), default=0) + 2 * size

    def __call__(self, cells: Cells) -> Flags:
        found = np.zeros(len(cells), np.bool_)
        for one in self._bytes:
            found |= cells.equal(one)
        if cells.awkward is not None:
            for place in np.flatnonzero(cells.awkward & (cells.lengths <= self._longest)).tolist():
                found[place] = self._grid.text(cells, place) in self.texts
        return found


def _encoded(text: str, encoding: str) -> bytes | None:
    """None for what no file of the encoding can hold."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None
