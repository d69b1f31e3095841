"""What is wrong with the header of a file, and with rules of its schema that cannot be applied.

Columns are read by name: their order is free. A missing column is an error where the schema
requires it; otherwise it, like a column that the schema does not know, is a warning. A column that
an indicator computes is not missed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from retouche.core.judging.checks import checks_of
from retouche.core.judging.checks.check import RowCheck, TotalCheck
from retouche.core.judging.faults import Fault
from retouche.core.judging.judge import judge
from retouche.core.package import Resource
from retouche.core.schema import Schema


def header_faults(schema: Schema, header: Sequence[str]) -> Iterator[Fault]:
    """Missing and extra columns, with the name that was perhaps meant."""
    extra = [name for name in header if name not in schema.by_name]
    by_shape = {_shape(name): name for name in extra}
    for field in schema.fields:
        if field.name in header or field.indicator is not None:
            continue
        similar = by_shape.get(_shape(field.name))
        needed = field.required or field.name in schema.primary_key
        yield Fault(
            code="missing-label",
            rule="missing-label",
            field=field.name,
            values={"similar": similar} if similar else {},
            level="error" if needed else "warning",
        )
    for name in extra:
        yield Fault(code="extra-label", rule="extra-label", field=name, value=name, level="warning")


def schema_faults(resource: Resource) -> Iterator[Fault]:
    """Rules of the schema that are skipped, which its publisher should know."""
    for name, rules in judge(resource.schema).ignored.items():
        kind = resource.schema.by_name[name].type
        for rule in rules:
            yield Fault(
                code="unsupported-rule",
                rule=rule,
                field=name,
                values={"constraint": rule, "type": kind},
                level="warning",
            )
    checks = checks_of(resource)
    for problem in checks.problems:
        reason = "parameter" if problem.parameter else "unknown"
        values = {"name": problem.name, "parameter": problem.parameter, "reason": reason}
        yield Fault(code="unusable-check", rule=problem.name, values=values, level="warning")
    known = resource.schema.by_name
    every: tuple[RowCheck | TotalCheck, ...] = (*checks.rows, *checks.totals)
    for check in every:
        columns = check.columns if isinstance(check, RowCheck) else (check.column,)
        for name in columns:
            if name not in known:
                values = {"name": check.name, "column": name, "reason": "column"}
                yield Fault(code="unusable-check", rule=check.name, values=values, level="warning")


def _shape(name: str) -> str:
    """A name without what is easily mistaken: case, accents, spaces and signs."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one for one in spread if one.isalnum())
