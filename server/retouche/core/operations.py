"""Operations: what a proposal does to the rows of a resource.

A cell is text as it stands in the file once unquoted, or `None` for a missing value.
A row key is the tuple of the key fields' texts, in the order of the schema's `primaryKey`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Cell: TypeAlias = str | None
Key: TypeAlias = tuple[str, ...]
Cells: TypeAlias = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Change the cells of one row; `old` and `new` have the same fields.

    `written` has, for cells that get back what they were, how they stood in the file then,
    quotes and all. It says nothing else than `new` and never decides what is written.
    """

    resource: str
    key: Key
    old: Cells
    new: Cells
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """Append one row; fields left out are missing values."""

    resource: str
    key: Key
    row: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Remove one row; `old` is the whole row as it was."""

    resource: str
    key: Key
    old: Cells


Operation: TypeAlias = Update | Insert | Delete
Patch: TypeAlias = tuple[Operation, ...]
