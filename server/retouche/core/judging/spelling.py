"""How a value is written in a column, where the order of the column finds all its spellings.

The order of columns (`typed.py`) is coarser than the judge's equality: it finds candidates.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from retouche.core.coded.layouts import WIDTHS, Layout
from retouche.core.judging.judge import Reader
from retouche.core.judging.plain import is_exact_number, point_of

ISO = "%Y-%m-%d"


def spelling(reader: Reader, value: Any) -> str | None:
    """A text with this value, such that every other text with it is in the same place of the
    column's order, or does not fit the type there. None where that cannot be told."""
    kind = reader.field.type
    if kind in ("number", "integer") and is_exact_number(reader):
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return None
        return str(value).replace(".", point_of(reader) or ".")
    if kind == "year" and type(value) is int:
        return f"{value:04d}"
    if kind == "date" and type(value) is date:
        layout = Layout.of(ISO if reader.format == "default" else reader.format)
        return None if layout is None else _written(value, layout)
    return None


def _written(value: date, layout: Layout) -> str:
    """`strftime` writes years before 1000 with fewer digits than it reads."""
    parts = {"Y": value.year, "m": value.month, "d": value.day}
    return re.sub(
        "%(.)",
        lambda found: str(parts.get(found[1], 0)).rjust(WIDTHS[found[1]], "0"),
        layout.pattern,
    )
