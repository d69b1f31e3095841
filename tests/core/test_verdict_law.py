"""Law 3 as a property: the incremental verdict is the difference of two full runs."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from benchmarks.tables import cell, columns
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.judging.inspection import check
from retouche.core.judging.judge import judge
from retouche.core.judging.verdict import verdict
from retouche.core.operations import Delete, Insert, Operation, Patch, Update
from retouche.core.package import Package, Resource
from retouche.core.reading.snapshot import Snapshot
from retouche.core.report import CellError, Report
from retouche.core.schema import Schema
from retouche.core.splice import apply
from tests.core.oracle import full

Row: TypeAlias = list[str]
Tables: TypeAlias = Mapping[str, bytes]
Identity: TypeAlias = int | tuple[str, int]
Found: TypeAlias = Counter[tuple[object, ...]]

# Few values, so that keys collide, references hit and miss, and rules break all the time.
PLAIN = {
    "id": ["1", "01", "2", "3", "", "x"],
    "code": ["a", "b", "c", ""],
    "n": ["1", "2", "5", "-1", "", "no"],
    "name": ["a", "bb", "cccc", "a\n", "9", ""],
    "when": ["2024-01-02", "2024-1-2", "2024-13-01", ""],
    "parent": ["1", "2", "3", "7", ""],
    "structure": ["1", "2", "02", "3", "", "y"],
    "label": ["a", "b", "z", ""],
    "day": ["Mo", "Tu", ""],
    "hours": ["09:00-12:00", "", "Mo 25:00-26:00"],
}
# What only Retouche refuses, or sees otherwise than frictionless.
STRICT = {
    "n": ["1_0", "٣", " 2", "2"],
    "name": ["a\u202eb", "a\u200bb", "раypal", "a\x01"],
    "id": ["1_0", "١", "1"],
}

STRUCTURES: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "integer"},
        {"name": "code", "type": "string", "constraints": {"unique": True}},
        {"name": "n", "type": "integer", "constraints": {"minimum": 0, "maximum": 3}},
        {
            "name": "name",
            "type": "string",
            "constraints": {"required": True, "maxLength": 3, "pattern": "[a-z]+"},
        },
        {"name": "when", "type": "date", "constraints": {"minimum": "2024-01-01"}},
        {"name": "parent", "type": "integer"},
    ],
    "primaryKey": "id",
    "foreignKeys": [
        {"fields": "parent", "reference": {"resource": "", "fields": "id"}},
        {"fields": "code", "reference": {"resource": "stops", "fields": "label"}},
    ],
}
STOPS: dict[str, Any] = {
    "fields": [
        {"name": "structure", "type": "integer"},
        {"name": "day", "type": "string", "constraints": {"enum": ["Mo", "Tu"]}},
        {"name": "label", "type": "string"},
        {"name": "hours", "type": "string"},
    ],
    "primaryKey": ["structure", "day"],
    "foreignKeys": [
        {"fields": "structure", "reference": {"resource": "structures", "fields": "id"}},
        {
            "fields": ["label", "structure"],
            "reference": {"resource": "structures", "fields": ["code", "n"]},
        },
    ],
}
CHECKS: dict[str, list[dict[str, Any]]] = {
    "structures": [
        {"name": "column-total", "params": {"column": "n", "equals": 0}},
        {"name": "cohesive-columns-value", "params": {"column": "when", "othercolumns": ["n"]}},
        {"name": "compare-columns-value", "params": {"column": "n", "op": "<", "column2": "id"}},
    ],
    "stops": [{"name": "opening-hours-value", "params": {"column": "hours"}}],
}


def a_package(*, checks: bool, text_keys: bool) -> Package:
    resources = {}
    for name, descriptor in (("structures", STRUCTURES), ("stops", STOPS)):
        fields = [
            {**one, "type": "string"} if text_keys and one["name"] in KEYS else one
            for one in descriptor["fields"]
        ]
        schema = Schema.from_descriptor(
            {
                **descriptor,
                "fields": fields,
                "custom_checks": CHECKS[name] if checks else [],
            }
        )
        resources[name] = Resource(name=name, path=f"{name}.csv", schema=schema)
    return Package(name="law", resources=resources, descriptor={})


KEYS = ("id", "parent", "structure")
PACKAGES = {
    (checks, text_keys): a_package(checks=checks, text_keys=text_keys)
    for checks in (False, True)
    for text_keys in (False, True)
}


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


@st.composite
def cases(draw: st.DrawFn, *, strict: bool = False) -> tuple[Tables, Patch]:
    """Two tables, faulty more often than not, and a patch over both."""
    tables: dict[str, bytes] = {}
    operations: list[Operation] = []
    for name, descriptor in (("structures", STRUCTURES), ("stops", STOPS)):
        header = [one["name"] for one in descriptor["fields"]]
        cells = {
            column: st.sampled_from(PLAIN[column] + (STRICT.get(column, []) if strict else []))
            for column in header
        }
        whole = st.tuples(*(cells[column] for column in header)).map(list)
        rows: list[Row] = draw(st.lists(whole, max_size=6))
        for row in rows:  # some are ragged
            cut = draw(st.sampled_from([0, 0, 0, 0, 1, 2, -1]))
            if cut > 0:
                del row[-cut:]
            elif cut < 0:
                row.append("more")
        tables[name] = written(header, rows)
        package = PACKAGES[False, False]
        operations += draw(patches(package.resources[name], tables[name], cells=cells))
    return tables, tuple(draw(st.permutations(operations)))


@st.composite
def patches(
    draw: st.DrawFn, resource: Resource, data: bytes, *, cells: Mapping[str, Any]
) -> list[Operation]:
    """At most one operation on each row that a key names, and some new rows."""
    schema, snapshot = resource.schema, Snapshot(resource, data)
    operations: list[Operation] = []
    for position in range(len(snapshot)):
        row = snapshot.cells(position)
        key = schema.key_of(row)
        if key is None or len(snapshot.index.positions(key)) > 1:
            continue
        kind = draw(st.sampled_from(["", "", "update", "update", "delete"]))
        if kind == "delete":
            operations.append(Delete(resource=resource.name, key=key, old=row))
        elif kind:
            names = draw(st.sets(st.sampled_from(sorted(cells)), min_size=1, max_size=3))
            new = {name: schema.to_cell(draw(cells[name])) for name in sorted(names)}
            old = {name: row[name] for name in new}
            operations.append(Update(resource=resource.name, key=key, old=old, new=new))
    taken = {one.key for one in operations}
    for _ in range(draw(st.integers(0, 2))):
        fresh = {name: schema.to_cell(draw(cells[name])) for name in cells}
        key = schema.key_of(fresh) or ()
        if not key or key not in taken:
            operations.append(Insert(resource=resource.name, key=key, row=fresh))
            taken.add(key)
    return operations


class Case:
    """A dataset before and after a patch, with what each row was called throughout."""

    def __init__(self, package: Package, tables: Tables, patch: Patch) -> None:
        self.package = package
        self.patch = patch
        self.before = self.snapshots(tables)
        self.names_before: dict[str, list[Identity]] = {}
        self.names_after: dict[str, list[Identity]] = {}
        self.named: dict[int, Identity] = {}
        after = dict(tables)
        for name, snapshot in self.before.items():
            mine = [(n, one) for n, one in enumerate(patch) if one.resource == name]
            schema = package.resources[name].schema
            after[name] = apply(snapshot.table, [one for _, one in mine], schema=schema)
            removed, added = set(), []
            for number, one in mine:
                if isinstance(one, Insert):
                    added.append(number)
                    self.named[number] = ("new", number)
                else:
                    self.named[number] = position = snapshot.index.find(one.key)
                    if isinstance(one, Delete):
                        removed.add(position)
            old: list[Identity] = list(range(len(snapshot)))
            self.names_before[name] = old
            self.names_after[name] = [one for one in old if one not in removed]
            self.names_after[name] += [("new", number) for number in added]
        self.after = self.snapshots(after)
        self.data = (tables, after)

    def snapshots(self, tables: Tables) -> dict[str, Snapshot]:
        return {
            name: Snapshot(resource, tables[name])
            for name, resource in self.package.resources.items()
        }

    def identity(
        self, error: Any, snapshots: Mapping[str, Snapshot], row: int | None, name: Identity | None
    ) -> tuple[object, ...]:
        """Errors of one row are known by the row; those of equal rows by the value they share."""
        known = (error.resource, error.code, error.rule, error.field)
        if row is None or error.rule != "unique":
            return (*known, name)
        snapshot = snapshots[error.resource]
        resource = self.package.resources[error.resource]
        columns = resource.schema.primary_key if error.code == "primary-key" else (error.field,)
        judged = judge(resource.schema).rows(snapshot.table.header)(snapshot.table.row(row))
        places = [snapshot.table.header.index(str(column)) for column in columns]
        return (*known, tuple(judged.values[place] for place in places))

    def of_verdict(self, errors: Iterable[CellError]) -> Found:
        found: Found = Counter()
        for error in errors:
            name: Identity | None = None
            row = None
            if error.row_number is not None:
                name = error.row_number - 1
            elif error.code != "column-total":
                assert error.operation is not None
                name = self.named[error.operation]
                row = self.names_after[error.resource].index(name)
            found[self.identity(error, self.after, row, name)] += 1
        return found

    def by_frictionless(self) -> Found:
        counts: list[Found] = []
        for tables, snapshots, names in zip(
            self.data,
            (self.before, self.after),
            (self.names_before, self.names_after),
            strict=True,
        ):
            resources = self.package.resources
            seen = full({name: (resources[name], tables[name]) for name in resources})
            counts.append(
                Counter(
                    self.identity(one, snapshots, one.row, names[one.resource][one.row])
                    for one in seen
                )
            )
        return counts[1] - counts[0]

    def by_check(self) -> Found:
        counts: list[Found] = []
        for snapshots, names in (
            (self.before, self.names_before),
            (self.after, self.names_after),
        ):
            found: Found = Counter()
            for name, snapshot in snapshots.items():
                resource = self.package.resources[name]
                report = check(resource, snapshot.table, neighbours=snapshots)
                for error in report.errors:
                    row = None if error.row_number is None else error.row_number - 1
                    identity = None if row is None else names[name][row]
                    found[self.identity(error, snapshots, row, identity)] += 1
            counts.append(found)
        return counts[1] - counts[0]

    def verdict(self) -> Report:
        return verdict(self.patch, package=self.package, before=self.before)


def holds(case: Case, expected: Callable[[], Found]) -> None:
    found, wanted = case.of_verdict(case.verdict().errors), expected()
    assert found == wanted, f"only here {found - wanted}, only there {wanted - found}"


@settings(max_examples=100, deadline=None)
@given(cases(), st.booleans())
def test_the_verdict_is_the_difference_of_two_runs_of_frictionless(
    tables_and_patch: tuple[Tables, Patch], text_keys: bool
) -> None:
    case = Case(PACKAGES[False, text_keys], *tables_and_patch)
    holds(case, case.by_frictionless)


@settings(max_examples=200, deadline=None)
@given(cases(strict=True), st.booleans())
def test_the_verdict_is_the_difference_of_two_checks_of_whole_files(
    tables_and_patch: tuple[Tables, Patch], text_keys: bool
) -> None:
    case = Case(PACKAGES[True, text_keys], *tables_and_patch)
    holds(case, case.by_check)


def a_wide_package(width: int) -> tuple[Package, list[str]]:
    """A table of the shape that is measured on, with rules of every kind."""
    rules: dict[str, dict[str, Any]] = {
        "code": {"unique": True},
        "number": {"minimum": -5, "maximum": 50},
        "date": {"minimum": "2012-01-01"},
        "word": {"enum": ["place", "rue", "pont", "gare"]},
        "text": {"maxLength": 18},
    }
    types = {"number": "number", "date": "date", "key": "integer"}
    named = columns(width)
    schema = Schema.from_descriptor(
        {
            "fields": [
                {
                    "name": name,
                    "type": types.get(kind, "string"),
                    "constraints": rules.get(kind, {}),
                }
                for name, kind in named
            ],
            "primaryKey": "id",
            "foreignKeys": [
                {"fields": "number_7", "reference": {"resource": "", "fields": "number_2"}}
            ],
            "custom_checks": [
                {"name": "column-total", "params": {"column": "number_2", "equals": 0}},
                {
                    "name": "compare-columns-value",
                    "params": {"column": "date_3", "op": "<", "column2": "date_8"},
                },
            ],
        }
    )
    resource = Resource(name="wide", path="wide.csv", schema=schema)
    package = Package(name="law", resources={"wide": resource}, descriptor={})
    return package, [kind for _, kind in named]


def test_the_law_holds_on_a_large_table_with_faults_all_over() -> None:
    chance = random.Random(11)
    package, kinds = a_wide_package(40)
    names = list(package.resources["wide"].schema.names)
    odd = ["", "x", "1", "01.0", "2024-02-30", "pont", "0000003"]

    def text(kind: str, row: int) -> str:
        return chance.choice(odd) if chance.random() < 0.02 else cell(kind, row, chance).strip('"')

    rows = [[text(kind, row) for kind in kinds] for row in range(2_000)]
    tables = {"wide": written(names, rows)}
    snapshot = Snapshot(package.resources["wide"], tables["wide"])
    schema = package.resources["wide"].schema
    operations: list[Operation] = []
    for row in chance.sample(range(2_000), 60):
        before = snapshot.cells(row)
        key = schema.key_of(before)
        if key is None or len(snapshot.index.positions(key)) > 1:
            continue
        if chance.random() < 0.2:
            operations.append(Delete(resource="wide", key=key, old=before))
            continue
        changed = chance.sample(range(1, 40), 5)
        new = {names[at]: schema.to_cell(text(kinds[at], row)) for at in changed}
        old = {name: before[name] for name in new}
        operations.append(Update(resource="wide", key=key, old=old, new=new))
    for row in range(2_000, 2_010):
        fresh = {
            name: schema.to_cell(text(kind, row)) for name, kind in zip(names, kinds, strict=True)
        }
        operations.append(Insert(resource="wide", key=schema.key_of(fresh) or (), row=fresh))
    case = Case(package, tables, tuple(operations))
    assert len(case.verdict().errors) > 10
    holds(case, case.by_check)
