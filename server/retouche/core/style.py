"""How a file writes its cells and lines, so that what is added looks like what was there.

Reads a sample of the table; must not judge values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retouche.core.cells import needs_quotes, unquote
from retouche.core.schema import Schema
from retouche.core.table import Table
from retouche.core.tokenizer import CR

SAMPLE = 1000


@dataclass(frozen=True, slots=True)
class Style:
    """For each column of the header: are filled, and missing, cells quoted by majority?"""

    filled: tuple[bool, ...]
    missing: tuple[bool, ...]

    @classmethod
    def of(cls, table: Table, schema: Schema) -> Style:
        """Look at up to a thousand rows spread evenly over the file.

        A column without filled cells follows the other columns, and a file without any its
        header. Missing cells are bare unless most of their column are quoted.
        """
        width = len(table.header)
        filled, missing = [0] * width, [0] * width
        quote, empty = table.dialect.quote, schema.missing_text
        if quote is None:
            return cls((False,) * width, (False,) * width)
        for row in _sample(table):
            for column, raw in enumerate(row[:width]):
                quoted = raw.startswith(quote)
                text = unquote(raw, quote) if quoted else raw
                if needs_quotes(text, table.dialect):
                    continue  # quoted because it must be, which shows no habit
                counts = missing if text == empty else filled
                counts[column] += 1 if quoted else -1
        return cls(_majorities(filled, _usual(filled, table)), tuple(one > 0 for one in missing))


def _sample(table: Table) -> Iterable[Sequence[str]]:
    positions = np.unique(np.linspace(0, len(table) - 1, min(SAMPLE, len(table)), dtype=np.int64))
    data, encoding = table.data, table.dialect.encoding
    for position in positions.tolist():
        yield [data[begin:end].decode(encoding) for begin, end in table.cell_spans(position)]


def _usual(filled: Sequence[int], table: Table) -> bool:
    if any(filled):
        return sum(filled) > 0
    start, _, _ = table.header_span
    quote = (table.dialect.quote or "").encode(table.dialect.encoding)
    return table.data[start : start + len(quote)] == quote


def _majorities(counts: Sequence[int], usual: bool) -> tuple[bool, ...]:
    return tuple(usual if count == 0 else count > 0 for count in counts)


def line_ending(table: Table) -> bytes:
    """The line ending most records have; the header's where there is a tie; LF if none."""
    _, stop, end = table.header_span
    first = table.data[stop:end]
    view = np.frombuffer(table.data, np.uint8)
    ended = table.ends[table.ends > table.stops]
    pairs = int((table.ends - table.stops == 2).sum())
    returns = int((view[ended - 1] == CR).sum())
    counts = {b"\n": len(ended) - pairs - returns, b"\r\n": pairs, b"\r": returns}
    if first:
        counts[first] += 1
    best = max(counts.values())
    if first and counts[first] == best:
        return first
    return next(ending for ending, count in counts.items() if count == best)
