"""What is wrong with one row, before it is known in which row and by which operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, Literal, TypeAlias

from retouche.core.operations import Cell

Level: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One broken rule of a row, to become a `CellError` once it has a place.

    `columns` are those that the rule reads: a proposal that touches one of them touches the
    fault. `check` is the position of the custom check that found it.
    """

    code: str
    rule: str
    field: str | None = None
    value: Cell = None
    columns: tuple[str, ...] = ()
    values: Mapping[str, Any] = default(default_factory=dict)
    level: Level = "error"
    check: int = -1

    @property
    def identity(self) -> tuple[str, str, str | None, int, Level]:
        """What makes two faults of one row the same fault before and after an edit."""
        return self.code, self.rule, self.field, self.check, self.level
