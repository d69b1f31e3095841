"""What a proposal answers for, case by case. The law itself is in `test_verdict_law.py`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from retouche.core.dialect import Dialect
from retouche.core.errors import AmbiguousRow, NotFound, UnreadableFile
from retouche.core.judging.verdict import verdict
from retouche.core.operations import Cell, Delete, Insert, Operation, Update
from retouche.core.package import Package, Resource
from retouche.core.reading.snapshot import Snapshot
from retouche.core.report import CellError, Report
from retouche.core.schema import Schema

STRUCTURES = {
    "fields": [
        {"name": "id", "title": "Identifiant"},
        {"name": "name", "constraints": {"required": True, "maxLength": 20}},
        {"name": "agents", "type": "integer", "constraints": {"minimum": 2}},
        {"name": "mail", "format": "email", "constraints": {"unique": True}},
        {
            "name": "state",
            "retouche": {"steps": {"": ["asked"], "asked": ["open", "refused"], "open": [""]}},
        },
        {"name": "commune"},
    ],
    "primaryKey": "id",
    "foreignKeys": [{"fields": "commune", "reference": {"resource": "communes", "fields": "code"}}],
    "custom_checks": [
        {"name": "min-filled", "params": {"columns": ["name", "mail", "state"], "minimum": 2}},
        {
            "name": "column-total",
            "params": {"column": "agents", "equals": 7},
            "level": "warning",
            "message": {"fr": "Cela fait {total}, pas {expected}.", "en": "{total}!"},
        },
    ],
}
COMMUNES = {"fields": [{"name": "code"}, {"name": "label"}], "primaryKey": "code"}
STRUCTURES_CSV = (
    "id,name,agents,mail,state,commune\n"
    "1,Gap,3,gap@a.fr,asked,05061\n"
    "2,,1,lille@a.fr,open,59350\n"
    "3,Arras,2,gap@a.fr,open,99999\n"
    "4,Short\n"
    "5,Twice,1,,,\n"
    "5,Twice,,,,\n"
)
COMMUNES_CSV = "code,label\n05061,Gap\n59350,Lille\n"


def a_package(**changes: Any) -> Package:
    described = {"structures": STRUCTURES | changes, "communes": COMMUNES}
    resources = {
        name: Resource(
            name=name,
            path=f"{name}.csv",
            schema=Schema.from_descriptor(descriptor),
            extension={"label": "France services de {name}"} if name == "structures" else {},
        )
        for name, descriptor in described.items()
    }
    return Package(name="desks", resources=resources, descriptor={})


PACKAGE = a_package()


def judged(*operations: Operation, package: Package = PACKAGE, **tables: str) -> Report:
    texts = {"structures": STRUCTURES_CSV, "communes": COMMUNES_CSV} | tables
    before = {
        name: Snapshot(resource, texts[name].encode())
        for name, resource in package.resources.items()
    }
    return verdict(operations, package=package, before=before)


def update(key: str, resource: str = "structures", **cells: Cell) -> Update:
    return Update(resource=resource, key=(key,), old=dict.fromkeys(cells), new=cells)


def insert(resource: str = "structures", **row: Cell) -> Insert:
    key = row.get("id") or row.get("code")
    return Insert(resource=resource, key=() if key is None else (key,), row=row)


def delete(key: str, resource: str = "structures") -> Delete:
    return Delete(resource=resource, key=(key,), old={})


def told(errors: tuple[CellError, ...]) -> list[tuple[Any, ...]]:
    return [(one.operation, one.code, one.rule, one.field, one.value) for one in errors]


def test_a_right_correction_has_no_fault() -> None:
    assert judged(update("1", name="Gap centre")) == Report()


def test_a_wrong_value_is_an_error_at_its_operation_row_and_field() -> None:
    report = judged(update("1", name="Gap centre"), update("3", agents="many"))
    assert told(report.errors) == [(1, "type-error", "type", "agents", "many")]
    error = report.errors[0]
    assert (error.resource, error.row_key, error.level) == ("structures", ("3",), "error")
    assert error.values["type"] == "integer"
    assert error.values["label"] == "France services de Arras"


def test_what_was_wrong_and_stays_wrong_under_the_same_rule_is_a_warning() -> None:
    report = judged(update("2", agents="0"))
    assert report.errors == ()
    assert told(report.warnings)[0] == (0, "constraint-error", "minimum", "agents", "0")
    assert report.warnings[0].values["already"] is True


def test_a_wrong_cell_that_is_made_wrong_in_another_way_is_an_error() -> None:
    report = judged(update("2", agents="x"))
    assert told(report.errors) == [(0, "type-error", "type", "agents", "x")]


def test_faults_of_cells_that_are_not_edited_are_not_told() -> None:
    report = judged(update("2", commune="05061"))
    assert report == Report()


def test_a_row_check_that_the_edit_touches_and_leaves_broken_is_a_warning() -> None:
    # Row 2 has no name; without a state it has one of three columns filled, and then none.
    broken = "id,name,agents,mail,state,commune\n2,,1,a@a.fr,,59350\n"
    report = judged(update("2", mail=None), structures=broken)
    assert [(one.code, one.values["filled"]) for one in report.warnings] == [("min-filled", 0)]
    assert report.errors == ()


def test_an_insertion_answers_for_all_its_cells() -> None:
    report = judged(insert(id="9", agents="1", mail="nobody"))
    assert sorted(told(report.errors)) == [
        (0, "constraint-error", "minimum", "agents", "1"),
        (0, "constraint-error", "required", "name", ""),
        (0, "min-filled", "min-filled", "name", None),
        (0, "type-error", "type", "mail", "nobody"),
    ]


def test_a_key_that_is_taken_is_an_error_and_one_that_is_freed_is_none() -> None:
    taken = insert(id="1", name="Other", mail="b@a.fr", state="asked")
    assert told(judged(taken).errors) == [(0, "primary-key", "unique", "id", "1")]
    assert judged(delete("1"), taken).errors == ()
    assert judged(update("1", id="7"), taken).errors == ()


def test_two_new_rows_with_one_key_are_one_error_at_the_later() -> None:
    rows = [insert(id="9", name=name, mail=f"{name}@a.fr", state="asked") for name in "ab"]
    assert told(judged(*rows).errors) == [(1, "primary-key", "unique", "id", "9")]


def test_a_new_row_without_a_key_is_an_error() -> None:
    report = judged(insert(name="Nowhere", mail="b@a.fr", state="asked"))
    assert told(report.errors) == [(0, "primary-key", "required", "id", None)]


def test_a_unique_value_that_joins_others_is_an_error_and_an_old_pair_is_none() -> None:
    assert told(judged(update("2", mail="gap@a.fr")).errors) == [
        (0, "unique-error", "unique", "mail", "gap@a.fr")
    ]
    assert judged(update("3", name="Arras gare")).errors == ()


def test_a_pair_that_is_parted_is_no_error() -> None:
    assert judged(update("3", mail="arras@a.fr")) == Report()


def test_a_key_that_only_looks_like_another_is_a_warning() -> None:
    table = "id,name,agents,mail,state,commune\ncaf\u00e9,Bar,7,,,\n"
    row = insert(id="cafe\u0301", name="Bar", agents="7", mail="b@a.fr", state="asked")
    report = judged(row, structures=table)
    assert report.errors == ()
    assert told(report.warnings)[0][1:4] == ("primary-key", "normalisation", "id")
    assert report.warnings[0].values["other"] == "caf\u00e9"


@pytest.mark.attack("unicode")
def test_two_new_keys_that_look_alike_are_a_warning_at_the_second() -> None:
    told_of = {"name": "Bar", "agents": "7", "state": "asked"}
    rows = [
        insert(id="caf\u00e9", mail="b@a.fr", **told_of),
        insert(id="cafe\u0301", mail="c@a.fr", **told_of),
        insert(id="the", mail="d@a.fr", **told_of),
    ]
    report = judged(*rows)
    assert report.errors == ()
    (warned,) = (one for one in report.warnings if one.rule == "normalisation")
    assert (warned.operation, warned.field) == (1, "id")
    assert warned.values["other"] == "caf\u00e9"


def test_a_reference_to_nothing_is_an_error() -> None:
    report = judged(update("1", commune="12345"))
    assert told(report.errors) == [(0, "foreign-key", "foreign-key", "commune", "12345")]
    assert report.errors[0].values["reference"] == "communes"


def test_a_wrong_reference_that_stays_wrong_is_a_warning() -> None:
    report = judged(update("3", commune="88888"))
    assert report.errors == ()
    assert told(report.warnings) == [(0, "foreign-key", "foreign-key", "commune", "88888")]


def test_a_row_and_the_row_it_refers_to_may_come_in_one_proposal() -> None:
    referring = update("1", commune="13055")
    assert told(judged(referring).errors)[0][1] == "foreign-key"
    assert judged(referring, insert("communes", code="13055", label="Marseille")) == Report()


def test_a_neighbour_that_cannot_be_read_stops_only_what_concerns_it() -> None:
    assert judged(update("1", name="Gap centre"), communes='code,label\n"05061,Gap\n') == Report()
    assert judged(insert("communes", code="2A004"), structures="id,id\n") == Report()
    with pytest.raises(UnreadableFile):
        judged(update("1", commune="59350"), communes='code,label\n"05061,Gap\n')


def test_a_referred_row_that_goes_is_told_at_the_rows_that_refer_to_it() -> None:
    report = judged(update("1", name="Gap sud"), delete("05061", "communes"))
    # Row 1 is edited and row 3 is not: both are told, at the operation that breaks them.
    assert [(one.operation, one.resource, one.row_key) for one in report.errors] == [
        (0, "structures", ("1",))
    ]
    orphans = judged(delete("59350", "communes")).errors
    assert [(one.operation, one.resource, one.row_key, one.value) for one in orphans] == [
        (0, "structures", ("2",), "59350")
    ]
    assert orphans[0].values["orphans"] == 1


def test_a_referred_key_that_is_renamed_orphans_too_unless_the_rows_follow() -> None:
    renamed = update("59350", "communes", code="59351")
    assert [one.row_key for one in judged(renamed).errors] == [("2",)]
    assert judged(renamed, update("2", commune="59351")).errors == ()
    replaced = insert("communes", code="59350", label="Lille bis")
    assert judged(delete("59350", "communes"), replaced).errors == ()


@pytest.mark.parametrize(
    ("key", "state", "fits"),
    [
        ("1", "open", True),
        ("1", "closed", False),
        ("1", None, False),
        ("2", None, True),
        ("2", "asked", False),
        ("1", "asked", True),
    ],
)
def test_a_value_changes_only_by_the_steps_that_are_allowed(
    key: str, state: Cell, fits: bool
) -> None:
    found = [one for one in judged(update(key, state=state)).errors if one.code == "step-error"]
    assert (found == []) is fits
    if found:
        assert found[0].values["old"] == {"1": "asked", "2": "open"}[key]


def test_a_total_that_no_longer_fits_is_told_with_its_own_words_as_a_warning() -> None:
    report = judged(update("3", agents="5"))
    assert report.errors == ()
    total = report.warnings[0]
    assert (total.code, total.row_key, total.operation) == ("column-total", None, 0)
    assert total.values["total"] == "10"
    assert total.values["message"]["fr"] == "Cela fait {total}, pas {expected}."
    assert "already" not in total.values
    assert judged(update("3", name="Arras")).warnings == ()


def test_a_short_row_is_completed_only_as_far_as_it_is_edited() -> None:
    report = judged(update("4", mail="short@a.fr"))
    assert report == Report()
    assert [one.code for one in judged(update("4", agents="1")).errors] == ["constraint-error"]


def test_a_character_that_the_encoding_lacks_is_an_error() -> None:
    resource = Resource(
        name="t",
        path="t.csv",
        schema=Schema.from_descriptor({"fields": [{"name": "id"}], "primaryKey": "id"}),
        dialect=Dialect(encoding="cp1252", quote=None),
    )
    package = Package(name="p", resources={"t": resource}, descriptor={})
    before = {"t": Snapshot(resource, b"id\n1\n")}
    rows = tuple(Insert(resource="t", key=(text,), row={"id": text}) for text in ("Ж", "a,b", "é"))
    report = verdict(rows, package=package, before=before)
    assert [(one.operation, one.code, one.rule) for one in report.errors] == [
        (0, "encoding-error", "encoding"),
        (1, "dialect-error", "quote"),
    ]
    assert report.errors[0].values["character"] == "Ж"


def test_characters_are_judged_where_they_are_written() -> None:
    report = judged(update("1", name="Gap\u202e"), update("3", name="раypal"))
    assert told(report.errors) == [
        (0, "forbidden-character", *("forbidden-character", "name"), "Gap\u202e")
    ]
    assert [(one.operation, one.code) for one in report.warnings] == [(1, "mixed-script")]


def test_the_value_of_a_personal_field_is_not_repeated() -> None:
    fields = [
        *STRUCTURES["fields"],
        {"name": "who", "type": "integer", "retouche": {"personal": True}},
    ]
    package = a_package(fields=fields)
    table = "id,name,agents,mail,state,commune,who\n1,Gap,7,,,,\n"
    report = judged(update("1", who="Mirabelle"), package=package, structures=table)
    assert [(one.field, one.value) for one in report.errors] == [("who", None)]


@pytest.mark.fault(44)
def test_a_key_that_names_no_row_or_several_is_refused() -> None:
    with pytest.raises(NotFound):
        judged(update("77", name="x"))
    with pytest.raises(AmbiguousRow):
        judged(update("5", name="x"))


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("array", "[1,2]", "[1, 2]"),
        ("object", '{"a":1}', '{ "a": 1 }'),
        ("integer", "7", "007"),
        ("number", "1.0", "1"),
        ("date", "2024-01-02", "2024-1-2"),
        ("string", "a", "a"),
    ],
)
def test_values_that_are_written_differently_are_still_the_same(
    kind: str, old: str, new: str
) -> None:
    field = {"name": "v", "type": kind, "constraints": {"unique": True}}
    schema = Schema.from_descriptor({"fields": [{"name": "id"}, field], "primaryKey": "id"})
    resource = Resource(
        name="t", path="t.csv", schema=schema, dialect=Dialect(delimiter=";", quote="'")
    )
    package = Package(name="p", resources={"t": resource}, descriptor={})
    before = {"t": Snapshot(resource, f"id;v\n1;{old}\n".encode())}
    report = verdict((insert("t", id="2", v=new),), package=package, before=before)
    assert told(report.errors) == [(0, "unique-error", "unique", "v", new)]


def test_errors_come_in_the_order_of_the_operations() -> None:
    report = judged(update("3", agents="x"), delete("59350", "communes"), update("1", agents="y"))
    assert [one.operation for one in report.errors] == [0, 1, 2]


def test_the_time_depends_on_the_edit_and_not_on_the_file() -> None:
    small, large = _seconds(1_000), _seconds(40_000)
    assert large < small * 5 + 0.002


def _seconds(rows: int) -> float:
    """How long one cell's verdict takes on a table whose indexes are warm."""
    lines = [f"{n},Desk {n},2,desk{n}@a.fr,asked,05061" for n in range(rows)]
    texts: Mapping[str, str] = {
        "structures": "id,name,agents,mail,state,commune\n" + "\n".join(lines),
        "communes": COMMUNES_CSV,
    }
    before = {
        name: Snapshot(resource, texts[name].encode())
        for name, resource in PACKAGE.resources.items()
    }
    patch = (update("7", name="New", mail="new@a.fr", commune="59350"),)
    verdict(patch, package=PACKAGE, before=before)
    best = 1.0
    for _ in range(20):
        started = time.perf_counter()
        verdict(patch, package=PACKAGE, before=before)
        best = min(best, time.perf_counter() - started)
    return best
