"""What the numbers of a column add up to, before and after a patch."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from retouche.core.checks.check import TotalCheck
from retouche.core.checks.numbers import number
from retouche.core.faults import Fault
from retouche.core.judge import Reader
from retouche.core.rows import Coded


def total_of(coded: Coded, reader: Reader) -> Decimal:
    """The sum of a column; cells that are no numbers count for nothing."""
    counts = np.bincount(coded.codes[coded.codes >= 0], minlength=len(coded.values))
    return added(zip(coded.values, counts.tolist(), strict=True), reader)


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
