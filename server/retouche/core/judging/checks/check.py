"""What a custom check is: its columns, its test of one row, and how grave its findings are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from typing import Any, TypeAlias

from retouche.core.judging.faults import Level
from retouche.core.operations import Cell


class UnusableCheck(ValueError):
    """The parameters of a check say nothing that could be tested."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A row does not pass. `reason` chooses the sentence, `values` fill it."""

    reason: str
    values: Mapping[str, Any] = default(default_factory=dict)
    code: str | None = None


Test: TypeAlias = Callable[[Sequence[Cell], Sequence[Any]], Finding | None]
"""Judges the cells of the check's columns, given as texts and as values of their types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCheck:
    """A check that looks at some cells of one row.

    The finding is shown at the first column. A `partial` check does with the columns that a file
    has; the others need all of theirs.
    """

    name: str
    columns: tuple[str, ...]
    test: Test
    partial: bool = False
    level: Level = "error"
    message: Mapping[str, str] | str | None = None

    def within(self, header: Collection[str]) -> RowCheck | None:
        """The check as it applies to a file with these columns, None when it does not."""
        present = tuple(name for name in self.columns if name in header)
        if present == self.columns:
            return self
        return replace(self, columns=present) if self.partial and present else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCheck:
    """A check that the numbers of one column add up to a number."""

    name: str
    column: str
    equals: Any
    level: Level = "error"
    message: Mapping[str, str] | str | None = None


Check: TypeAlias = RowCheck | TotalCheck
Params: TypeAlias = Mapping[str, Any]


def one_column(params: Params, name: str = "column") -> str:
    """The name of a column among the parameters. Raises `UnusableCheck`."""
    value = params.get(name)
    if not isinstance(value, str) or not value:
        raise UnusableCheck(name)
    return value


def some_columns(params: Params, name: str = "columns") -> tuple[str, ...]:
    """A list of column names among the parameters. Raises `UnusableCheck`."""
    value = params.get(name)
    values = [value] if isinstance(value, str) else value
    if (
        not isinstance(values, list)
        or not values
        or not all(isinstance(one, str) for one in values)
    ):
        raise UnusableCheck(name)
    return tuple(dict.fromkeys(values))


def text_check(name: str, params: Params, *, test: Callable[[str], Finding | None]) -> RowCheck:
    """A check of the text of one cell; an empty cell passes."""

    def on_cells(cells: Sequence[Cell], _: Sequence[Any]) -> Finding | None:
        return None if cells[0] is None else test(cells[0])

    return RowCheck(name=name, columns=(one_column(params),), test=on_cells)
