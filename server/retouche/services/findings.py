"""Cell errors as the journal keeps them, and as each reader counts their operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from retouche.core.report import CellError, Report


def error_to_wire(error: CellError) -> dict[str, Any]:
    """A cell error as it is kept; its sentence is made when it is read, in that language."""
    return {
        "code": error.code,
        "resource": error.resource,
        "row_key": list(error.row_key) if error.row_key is not None else None,
        "field": error.field,
        "value": error.value,
        "rule": error.rule,
        "operation": error.operation,
        "values": dict(error.values),
    }


def error_from_wire(item: Mapping[str, Any]) -> CellError:
    key = item.get("row_key")
    return CellError(
        code=item["code"],
        resource=item["resource"],
        row_key=tuple(key) if key is not None else None,
        field=item.get("field"),
        value=item.get("value"),
        rule=item.get("rule"),
        operation=item.get("operation"),
        values=item.get("values") or {},
        level="warning",
    )


def renumbered(report: Report, origins: Sequence[int]) -> Report:
    """The report with each operation's index replaced by `origins[index]`."""

    def moved(errors: tuple[CellError, ...]) -> tuple[CellError, ...]:
        return tuple(
            one if one.operation is None else replace(one, operation=origins[one.operation])
            for one in errors
        )

    return Report(moved(report.errors), moved(report.warnings))
