"""Whole files: the same faults as frictionless reports, and what it does not see."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from typing import Any

import pytest
from benchmarks.tables import cell, columns
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.cellgrid import BLOCK
from retouche.core.dialect import Dialect
from retouche.core.judging.inspection import check, inspect
from retouche.core.judging.judge import judge
from retouche.core.package import Package, Resource
from retouche.core.reading.snapshot import Snapshot
from retouche.core.report import Report
from retouche.core.schema import Schema
from retouche.core.table import Table
from tests.core.oracle import full
from tests.realdata import real_data


def a_resource(descriptor: dict[str, Any], *, name: str = "t", **more: Any) -> Resource:
    schema = Schema.from_descriptor(descriptor)
    return Resource(name=name, path=f"{name}.csv", schema=schema, **more)


def checked(
    resource: Resource, text: str | bytes, *, limit: int | None = None, **others: Snapshot
) -> Report:
    data = text.encode() if isinstance(text, str) else text
    table = Table.parse(data, resource.dialect)
    return check(resource, table, neighbours=others, limit=limit)


PLAIN = a_resource({"fields": [{"name": "id"}, {"name": "n", "type": "integer"}]})


def test_a_file_that_keeps_the_rules_has_no_fault() -> None:
    assert checked(PLAIN, "id,n\na,1\nb,\n") == Report()


def test_faults_are_told_with_row_line_and_key() -> None:
    resource = a_resource(
        {"fields": [{"name": "id"}, {"name": "n", "type": "integer"}], "primaryKey": "id"}
    )
    report = checked(resource, 'id,n\n"a\nb",1\n\nc,x\n')
    error = report.errors[0]
    assert (error.code, error.row_key, error.row_number, error.line) == ("type-error", ("c",), 2, 5)
    assert error.operation is None


def test_a_blank_line_is_a_warning_and_an_empty_row_an_error() -> None:
    report = checked(PLAIN, "id,n\na,1\n\n,\n")
    assert [(one.code, one.line) for one in report.warnings] == [("blank-row", 3)]
    assert [(one.code, one.row_number, one.line) for one in report.errors] == [("blank-row", 2, 4)]


def test_columns_are_read_by_name_whatever_their_order() -> None:
    assert checked(PLAIN, "n,id\n1,a\n") == Report()
    assert [one.field for one in checked(PLAIN, "n,id\nx,a\n").errors] == ["n"]


def test_missing_and_extra_columns_are_found_with_the_name_perhaps_meant() -> None:
    resource = a_resource(
        {
            "fields": [
                {"name": "id"},
                {"name": "Libellé", "constraints": {"required": True}},
                {"name": "note"},
            ],
            "primaryKey": "id",
        }
    )
    report = checked(resource, "id,libelle\n1,a\n")
    assert [(one.code, one.field, one.values) for one in report.errors] == [
        ("missing-label", "Libellé", {"similar": "libelle"})
    ]
    assert [(one.code, one.field) for one in report.warnings] == [
        ("missing-label", "note"),
        ("extra-label", "libelle"),
    ]


def test_ragged_rows_are_told_cell_by_cell() -> None:
    report = checked(PLAIN, "id,n\na\nb,1,2\n")
    assert [(one.code, one.field, one.value, one.row_number) for one in report.errors] == [
        ("missing-cell", "n", None, 1),
        ("extra-cell", None, "2", 2),
    ]


def test_duplicates_are_told_at_the_later_rows_across_blocks() -> None:
    resource = a_resource(
        {"fields": [{"name": "id", "constraints": {"unique": True}}], "primaryKey": "id"}
    )
    many = BLOCK // 6
    lines = [f"k{n}" for n in range(many)] + ["k0", "k5", "k0"]
    report = checked(resource, "id\n" + "\n".join(lines) + "\n")
    assert Counter((one.code, one.value) for one in report.errors) == {
        ("primary-key", "k0"): 2,
        ("primary-key", "k5"): 1,
        ("unique-error", "k0"): 2,
        ("unique-error", "k5"): 1,
    }
    assert report.errors[0].row_number == many + 1


def test_keys_that_only_look_alike_are_a_warning() -> None:
    resource = a_resource({"fields": [{"name": "id"}], "primaryKey": "id"})
    report = checked(resource, "id\ncaf\u00e9\ncafe\u0301\n")
    assert report.errors == ()
    assert [(one.rule, one.values["other"]) for one in report.warnings] == [
        ("normalisation", "caf\u00e9")
    ]


REFERRING = a_resource(
    {
        "fields": [{"name": "id"}, {"name": "parent"}, {"name": "commune"}],
        "foreignKeys": [
            {"fields": "parent", "reference": {"resource": "", "fields": "id"}},
            {"fields": "commune", "reference": {"resource": "communes", "fields": "code"}},
        ],
    }
)
COMMUNES = a_resource({"fields": [{"name": "code"}]}, name="communes")


def test_references_are_followed_within_the_table_and_to_its_neighbours() -> None:
    communes = Snapshot(COMMUNES, b"code\n05061\n")
    text = "id,parent,commune\na,b,05061\nb,,99999\nc,z,\n"
    report = checked(REFERRING, text, communes=communes)
    assert [(one.row_number, one.field, one.value) for one in report.errors] == [
        (2, "commune", "99999"),
        (3, "parent", "z"),
    ]


def test_a_neighbour_that_is_not_at_hand_is_told_as_a_warning() -> None:
    report = checked(REFERRING, "id,parent,commune\na,,05061\n")
    assert report.errors == ()
    assert [(one.code, one.values["reference"]) for one in report.warnings] == [
        ("unchecked-reference", "communes")
    ]


def test_custom_checks_and_totals_are_run_and_unknown_ones_named() -> None:
    resource = a_resource(
        {
            "fields": [{"name": "id"}, {"name": "n", "type": "integer"}],
            "custom_checks": [
                {"name": "french-siren-value", "params": {"column": "id"}},
                {
                    "name": "column-total",
                    "params": {"column": "n", "equals": 460},
                    "level": "warning",
                },
                {"name": "french-siret-value", "params": {"column": "siret"}},
                {"name": "no-such-check"},
            ],
        }
    )
    report = checked(resource, "id,n\n732829320,458\n732829321,0\n,\n")
    assert [(one.code, one.row_number) for one in report.errors] == [
        ("french-siren-value", 2),
        ("blank-row", 3),
    ]
    assert [
        (one.code, one.values.get("total"), one.values.get("name")) for one in report.warnings
    ] == [
        ("unusable-check", None, "no-such-check"),
        ("unusable-check", None, "french-siret-value"),
        ("column-total", "458", None),
    ]


def test_rules_that_frictionless_does_not_know_are_named() -> None:
    resource = a_resource(
        {"fields": [{"name": "n", "type": "integer", "constraints": {"pattern": "1"}}]}
    )
    report = checked(resource, "n\n2\n")
    assert report.errors == ()
    assert [(one.code, one.rule) for one in report.warnings] == [("unsupported-rule", "pattern")]


def test_errors_of_one_kind_can_be_bounded() -> None:
    report = checked(PLAIN, "id,n\n" + "a,x\n" * 50 + "\n" * 9 + "b\n", limit=5)
    assert Counter(one.code for one in report.errors) == {"type-error": 5, "missing-cell": 1}
    assert len(report.warnings) == 5


def test_progress_is_told_in_rows() -> None:
    told: list[tuple[int, int]] = []
    rows = BLOCK
    table = Table.parse(b"id,n\n" + b"a,1\n" * rows, Dialect())
    check(PLAIN, table, neighbours={}, progress=lambda done, total: told.append((done, total)))
    assert len(told) >= 4
    assert told == sorted(told)
    assert told[-1] == (rows, rows)


RULES: dict[str, dict[str, Any]] = {
    "key": {"required": True, "unique": True},
    "code": {"required": True, "pattern": "[0-9]{5}"},
    "word": {"enum": ["place", "rue", "école", "mairie", "pont", "gare", "forêt", "rivière"]},
    "number": {"minimum": -4.5, "maximum": 52},
    "date": {"minimum": "2010-03-01"},
    "text": {"maxLength": 21},
}
PLANTED = ["", "x", "1,5", "2023-02-29", "9e9", 'a "b"', "0000007", "\u00e9"]


def planted(chance: random.Random, *, rows: int, width: int) -> tuple[Resource, bytes]:
    """A table as the benchmarks measure on, with a fault in one cell of a hundred."""
    named = columns(width)
    types = {"number": "number", "date": "date"}
    fields = [
        {"name": name, "type": types.get(kind, "string"), "constraints": RULES[kind]}
        for name, kind in named
    ]
    resource = a_resource({"fields": fields, "primaryKey": "id"})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(name for name, _ in named)
    for row in range(rows):
        cells = [cell(kind, row, chance).strip('"') for _, kind in named]
        for at in range(width):
            if chance.random() < 0.01:
                cells[at] = chance.choice(PLANTED)
        writer.writerow(cells[: chance.choice([width] * 200 + [width - 2, 1])] or [""])
    return resource, text.getvalue().encode()


def test_a_large_table_with_faults_all_over_is_reported_as_frictionless_does() -> None:
    resource, content = planted(random.Random(5), rows=4_000, width=40)
    found = checked(resource, content)
    ours = Counter((one.code, one.rule, one.field, one.row_number) for one in found.errors)
    theirs = Counter(
        (one.code, one.rule, one.field, one.row + 1) for one in full({"t": (resource, content)})
    )
    assert len(found.errors) > 2_000
    assert ours == theirs
    rows = [one.row_number for one in found.errors]
    assert rows == sorted(rows, key=lambda one: one or 0)


def test_faulty_rows_are_counted_by_field_without_a_report() -> None:
    resource, content = planted(random.Random(6), rows=300, width=12)
    found = inspect(resource, Table.parse(content, resource.dialect), neighbours={})
    pairs = {(one.field, one.row_number) for one in found.report().errors}
    assert found.faulty() == Counter(name for name, _ in pairs)
    limited = found.report(limit=2)
    kinds = Counter((one.code, one.rule, one.field) for one in limited.errors)
    assert set(kinds.values()) <= {1, 2}
    assert limited.errors[0] == found.report().errors[0]


TYPED = {
    "integer": ["1", "01", "2", "3", "x", "", "-0", "0"],
    "number": ["1", "1.0", "2.50", "2.5", "NaN", "", "1e0", "x"],
    "string": ["1", "2", "a", "A", "é", "e\u0301", ""],
    "date": ["2024-01-02", "2024-1-2", "2024-02-30", ""],
    "boolean": ["true", "1", "0", "false", "", "x"],
    "year": ["2024", "1999", "99", ""],
}


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_keys_and_references_of_any_type_are_compared_as_frictionless_does(
    data: st.DataObject,
) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(TYPED)), min_size=1, max_size=3))
    names = [f"f{at}" for at in range(len(kinds))]
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    fields, others = data.draw(some), data.draw(some)
    size = min(len(fields), len(others))
    resource = a_resource(
        {
            "fields": [
                {"name": name, "type": kind, "constraints": {"unique": data.draw(st.booleans())}}
                for name, kind in zip(names, kinds, strict=True)
            ],
            "primaryKey": data.draw(some),
            "foreignKeys": [
                {
                    "fields": fields[:size],
                    "reference": {"resource": "", "fields": others[:size]},
                }
            ],
        }
    )
    cells = st.tuples(*(st.sampled_from(TYPED[kind]) for kind in kinds))
    text = io.StringIO()
    csv.writer(text).writerows([names, *data.draw(st.lists(cells, max_size=8))])
    content = text.getvalue().encode()
    report = checked(resource, content)
    ours = Counter((one.code, one.rule, one.field, one.row_number) for one in report.errors)
    theirs = Counter(
        (one.code, one.rule, one.field, one.row + 1) for one in full({"t": (resource, content)})
    )
    assert ours == theirs


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("schema", "data"),
    [
        ("schema-stationnement/schema.json", "schema-stationnement/exemple-valide.csv"),
        ("schema-stationnement/schema.json", "schema-stationnement/exemple-invalide.csv"),
        ("schema-irve/schema-statique.json", "schema-irve/exemple-valide-statique.csv"),
        ("schema-irve/schema-dynamique.json", "schema-irve/exemple-valide-dynamique.csv"),
        ("standard-mediation-num/schema.json", "standard-mediation-num/exemple-valide.csv"),
    ],
)
def test_published_examples_have_the_faults_that_frictionless_reports(
    schema: str, data: str
) -> None:
    resource = a_resource(json.loads(real_data(schema).read_text(encoding="utf-8")))
    content = real_data(data).read_bytes()
    report = checked(resource, content)
    ours = Counter(
        (one.code, one.rule, one.field, one.row_number)
        for one in report.errors
        if one.row_number is not None and one.code != "french-siret-value"
    )
    theirs = Counter(
        (one.code, one.rule, one.field, one.row + 1) for one in full({"t": (resource, content)})
    )
    assert ours == theirs
    assert ("invalide" in data) == bool(report.errors)


@pytest.mark.real_data
def test_the_national_list_is_checked_as_frictionless_does() -> None:
    content = real_data("france-services-lists/liste-fs-20240801.csv").read_bytes()
    header = Table.parse(content, Dialect()).header
    types = {"id_fs": "integer", "latitude": "number", "longitude": "number"}
    fields = [
        {
            "name": name,
            "type": types.get(name, "string"),
            "constraints": {"required": name in ("id_fs", "lib_fs"), "unique": name == "mail"},
        }
        for name in header
    ]
    resource = a_resource({"fields": fields, "primaryKey": "id_fs"})
    package = Package(name="p", resources={"t": resource}, descriptor={})
    report = checked(package.resources["t"], content)
    ours = Counter((one.code, one.rule, one.field) for one in report.errors)
    theirs = Counter((one.code, one.rule, one.field) for one in full({"t": (resource, content)}))
    assert ours == theirs
    assert judge(resource.schema).ignored == {}
