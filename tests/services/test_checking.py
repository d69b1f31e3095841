"""Whole packages checked, alone and against what they were: law 3 for files edited by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from retouche.core.package import Package
from retouche.services.checking import Checked, Version, check_changes, check_package

SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "id", "title": "Identifiant", "constraints": {"required": True}},
        {"name": "name", "title": "Nom"},
        {"name": "agents", "title": "Agents", "type": "integer", "constraints": {"minimum": 2}},
        {
            "name": "step",
            "title": "Étape",
            "retouche": {"steps": {"asked": ["opened"], "opened": ["closed"]}},
        },
        {"name": "city", "title": "Commune"},
    ],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": "city", "reference": {"resource": "cities", "fields": "code"}}],
}
CITIES = "code,label\n05,Gap\n36,Déols\n"
GOOD = "id,name,agents,step,city\n1,a,2,asked,05\n2,b,3,opened,36\n"
FAULTY = "id,name,agents,step,city\n1,a,none,asked,05\n2,b,1,opened,99\n"


def version(desks: str | bytes, *, cities: str = CITIES, schema: Any = SCHEMA) -> Version:
    files = {
        "datapackage.json": json.dumps(
            {
                "name": "desks",
                "resources": [
                    {"name": "desks", "path": "desks.csv", "schema": schema},
                    {
                        "name": "cities",
                        "path": "cities.csv",
                        "schema": {"fields": [{"name": "code"}, {"name": "label"}],
                                   "primaryKey": "code"},
                    },
                ],
            }
        ).encode(),
        "desks.csv": desks if isinstance(desks, bytes) else desks.encode(),
        "cities.csv": cities.encode(),
    }  # fmt: skip
    package = Package.read(lambda path: files[path])
    return Version(package, lambda resource: files[resource.path])


def told(checked: list[Checked], level: str = "errors") -> list[tuple[Any, ...]]:
    return [
        (error.code, error.row_key, error.field, error.value, error.line)
        for one in checked
        for error in getattr(one, level)
    ]


def test_sound_package_is_valid() -> None:
    checked = check_package(version(GOOD))
    assert [one.valid for one in checked] == [True, True]
    assert [one.rows for one in checked] == [2, 2]


def test_every_fault_is_located() -> None:
    assert told(check_package(version(FAULTY))) == [
        ("type-error", ("1",), "agents", "none", 2),
        ("constraint-error", ("2",), "agents", "1", 3),
        ("foreign-key", ("2",), "city", "99", 3),
    ]


def test_unreadable_file_is_invalid_and_the_others_are_still_checked() -> None:
    checked = check_package(version(b"id,name\n1,\xff\n"))
    assert checked[0].unreadable is not None
    assert checked[0].unreadable.reason == "encoding"
    assert not checked[0].valid
    assert checked[1].valid


def test_old_faults_are_left_out() -> None:
    after = FAULTY.replace("1,a,", "1,another name,")
    checked = check_changes(version(after), version(FAULTY))
    assert told(checked) == []
    assert told(checked, "warnings") == []


def test_new_fault_beside_an_old_one_is_told() -> None:
    after = FAULTY + "3,c,0,asked,05\n"
    assert told(check_changes(version(after), version(FAULTY))) == [
        ("constraint-error", ("3",), "agents", "0", 4)
    ]


def test_cell_that_was_wrong_and_stays_wrong_is_a_warning() -> None:
    after = FAULTY.replace(",none,", ",nobody,")
    checked = check_changes(version(after), version(FAULTY))
    assert told(checked) == []
    assert told(checked, "warnings") == [("type-error", ("1",), "agents", "nobody", 2)]
    assert checked[0].valid


def test_cell_that_breaks_another_rule_than_before_is_an_error() -> None:
    after = FAULTY.replace(",none,", ",1,")
    assert told(check_changes(version(after), version(FAULTY))) == [
        ("constraint-error", ("1",), "agents", "1", 2)
    ]


def test_rows_that_move_bring_no_fault() -> None:
    header, first, second = FAULTY.splitlines()
    after = f"{header}\n{second}\n{first}\n"
    assert told(check_changes(version(after), version(FAULTY))) == []


def test_fault_brought_by_another_resource_is_told() -> None:
    before = version(GOOD)
    after = version(GOOD, cities="code,label\n05,Gap\n")
    assert told(check_changes(after, before)) == [("foreign-key", ("2",), "city", "36", 3)]


def test_stricter_schema_answers_for_the_cells_it_makes_wrong() -> None:
    stricter = json.loads(json.dumps(SCHEMA))
    stricter["fields"][2]["constraints"]["minimum"] = 3
    assert told(check_changes(version(GOOD, schema=stricter), version(GOOD))) == [
        ("constraint-error", ("1",), "agents", "2", 2)
    ]


def test_value_that_may_not_become_another_is_told_at_its_line() -> None:
    after = GOOD.replace(",asked,", ",closed,")
    assert told(check_changes(version(after), version(GOOD))) == [
        ("step-error", ("1",), "step", "closed", 2)
    ]


def test_duplicate_key_is_told_once_it_appears() -> None:
    after = GOOD + "2,c,3,opened,05\n"
    codes = [code for code, *_ in told(check_changes(version(after), version(GOOD)))]
    assert codes == ["primary-key"]
    assert told(check_changes(version(after + "4,d,2,asked,05\n"), version(after))) == []


def test_file_that_became_readable_answers_for_all_its_faults() -> None:
    checked = check_changes(version(FAULTY), version(b"id,id\n"))
    assert len(told(checked)) == 3


def test_rows_without_a_key_are_known_by_their_faults() -> None:
    keyless = {"fields": SCHEMA["fields"][:3]}
    before = "id,name,agents\n1,a,none\n1,b,2\n"
    after = "id,name,agents\n1,b,2\n1,a,none\n1,c,nobody\n"
    found = check_changes(version(after, schema=keyless), version(before, schema=keyless))
    assert [(code, value) for code, _, _, value, _ in told(found)] == [("type-error", "nobody")]


@pytest.mark.parametrize("rows", [0, 1])
def test_progress_is_told_per_resource(rows: int) -> None:
    seen: list[tuple[str, int, int]] = []

    def progress(name: str) -> Any:
        return lambda done, total: seen.append((name, done, total))

    text = "\n".join(GOOD.splitlines()[: rows + 1]) + "\n"
    check_package(version(text), progress=progress)
    assert [one for one in seen if one[0] == "desks"] == [("desks", rows, rows)] * bool(rows)
