"""What the numbers of a column add up to, before and after a patch."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from retouche.core.coded.coding import distinct
from retouche.core.coded.decimals import Decimals
from retouche.core.judging.checks.check import TotalCheck
from retouche.core.judging.checks.numbers import number
from retouche.core.judging.faults import Fault
from retouche.core.judging.filecolumn import FileColumn
from retouche.core.judging.judge import Reader
from retouche.core.judging.plain import is_exact_number, point_of
from retouche.core.memo import Memo
from retouche.core.rows import Coded
from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags, Offsets


def total_of(coded: Coded, reader: Reader) -> Decimal:
    """The sum of a column; cells that are no numbers count for nothing."""
    known = _totals(coded)
    if reader not in known:
        known[reader] = _total(coded, reader)
    return known[reader]


def _nothing_yet(_: Coded) -> dict[Reader, Decimal]:
    return {}


_totals: Memo[Coded, dict[Reader, Decimal]] = Memo(_nothing_yet)


def _total(coded: Coded, reader: Reader) -> Decimal:
    values, counts = coded.values, coded.counts[:-1]
    cells = Cells(values.heap, values.starts, values.stops)
    among = np.ones(len(cells), np.bool_)
    for text in reader.missing:
        among &= ~cells.equal(text.encode("utf-8", "surrogatepass"))
    total, plain = plain_total(cells, reader, among=among, times=counts)
    rest = np.flatnonzero(~plain).tolist()
    return total + added(((values[code], int(counts[code])) for code in rest), reader)


def total_of_file(column: FileColumn) -> Decimal:
    """The same for a column of a file at hand."""
    cells, reader = column.cells, column.reader
    times = np.ones(len(cells), np.int64)
    total, plain = plain_total(cells, reader, among=~column.missing, times=times)
    rest = np.flatnonzero(~plain & ~column.missing)
    if not len(rest):
        return total
    others = cells.at(rest)
    codes, first = distinct(others.view, others.begins, others.stops)
    counts = np.bincount(codes, minlength=len(first))
    texts = column.texts(rest[first])
    return total + added(zip(texts, counts.tolist(), strict=True), reader)


def plain_total(
    cells: Cells, reader: Reader, *, among: Flags, times: Offsets
) -> tuple[Decimal, Flags]:
    """The sum of some cells that are plain numbers and stand so many times, and which are."""
    if is_exact_number(reader):
        point = point_of(reader)
    elif reader.field.type == "string" and reader.format == "default":
        point = "."
    else:
        return Decimal(0), np.zeros(len(cells), np.bool_)
    numbers = Decimals(cells, point=point)
    numbers.plain &= among
    return numbers.total(times), numbers.plain


def added(texts: Iterable[tuple[str, int]], reader: Reader) -> Decimal:
    """The sum of texts that stand each so many times."""
    total = Decimal(0)
    for text, count in texts:
        value = number(reader(text)[0])
        if value is not None:
            total += value * count
    return total


def total_fault(check: TotalCheck, total: Decimal, *, place: int) -> Fault:
    """A column that does not add up to what the check says."""
    return Fault(
        code=check.name,
        rule=check.name,
        field=check.column,
        columns=(check.column,),
        values={
            "reason": "total",
            "columns": (check.column,),
            "total": f"{total:f}",
            "expected": f"{check.equals:f}",
            **({"message": check.message} if check.message else {}),
        },
        level=check.level,
        check=place,
    )
