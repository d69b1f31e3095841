"""A corrected copy as it was read: a header and rows of values, wherever they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

Value: TypeAlias = str | bool | int | float | datetime | date | time | timedelta | None
"""A text as a CSV has it, or what a spreadsheet made of one; None where there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something the sender should know: `code` is the key of a sentence, `values` fill it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the copy, and where its reader finds it: a line of the CSV, a row of the sheet."""

    number: int
    values: Sequence[Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A copy, without its empty rows. Rows may be longer or shorter than the header."""

    header: Sequence[str]
    lines: Sequence[Line]
    notes: Sequence[Note] = ()


def is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
