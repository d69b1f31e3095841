"""Numbers out of cells, whatever the type of their column, for checks that compare or add."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

LARGEST = 300
"""Beyond so many digits before or after the point, sums overflow and nobody can read them."""
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


def number(value: Any) -> Decimal | None:
    """The number that a value is or that its text writes, None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, Decimal):
        return value if value.is_finite() and abs(value.adjusted()) <= LARGEST else None
    if isinstance(value, int):
        return number(Decimal(value))
    if isinstance(value, float):
        return number(Decimal(str(value)))
    if isinstance(value, str) and len(value) < 1_000 and NUMBER.fullmatch(value):
        return number(Decimal(value))
    return None
