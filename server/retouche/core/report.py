"""Reports: what is wrong with cells, and what clashes. Located values, not sentences.

Sentences are made from them by `messages.describe` in French or English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, Literal

from retouche.core.operations import Cell, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class CellError:
    """One fault.

    `code` is frictionless' error type (`type-error`, `constraint-error`, `unique-error`,
    `primary-key`, `foreign-key`, `missing-cell`, `extra-cell`, `blank-row` …) or the name of a
    custom check. `rule` says which rule of the field is broken (`required`, `pattern`, `type`
    …). `values` holds what a sentence needs (`minimum`, `pattern`, `expected` …).
    `operation` is the index of the operation at fault in a proposal, None for whole files.
    `row_number` counts data rows from 1, `line` is the physical line in the file.
    """

    code: str
    resource: str
    row_key: Key | None = None
    field: str | None = None
    value: Cell = None
    rule: str | None = None
    operation: int | None = None
    row_number: int | None = None
    line: int | None = None
    values: Mapping[str, Any] = default(default_factory=dict)
    level: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict: `errors` refuse a proposal, `warnings` do not."""

    errors: tuple[CellError, ...] = ()
    warnings: tuple[CellError, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.errors


@dataclass(frozen=True, slots=True, kw_only=True)
class CellConflict:
    """Two people changed one cell (or one row, when `field` is None).

    `base` is what both saw, `ours` what is published, `theirs` what the proposal wants.
    For a row-level conflict the three are None or the row's cells joined by the caller.
    """

    resource: str
    row_key: Key
    field: str | None
    base: Cell
    ours: Cell
    theirs: Cell
    kind: Literal["edit_edit", "edit_delete", "delete_edit", "insert_insert"] = "edit_edit"
