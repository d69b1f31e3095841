"""Verdicts written down: whole, safe to read, and the same mark for the same fault."""

from __future__ import annotations

import json
from collections.abc import Sequence
from xml.etree import ElementTree

from retouche.core.errors import UnreadableFile
from retouche.core.package import Package, Resource
from retouche.core.report import CellError
from retouche.core.schema import Field, Schema
from retouche.services.checking import Checked
from retouche.services.reports import (
    LISTED,
    Verdict,
    codequality_report,
    json_report,
    junit_report,
    text_lines,
)

DESKS = Resource(
    name="desks",
    path="desks.csv",
    schema=Schema(fields=(Field(name="id"), Field(name="name", title="Nom")), primary_key=("id",)),
)


def fault(key: str, value: str, *, line: int = 2) -> CellError:
    return CellError(
        code="type-error",
        resource="desks",
        row_key=(key,),
        field="name",
        value=value,
        rule="type",
        line=line,
        values={"type": "integer"},
    )


def verdict(*errors: CellError, unreadable: UnreadableFile | None = None) -> Verdict:
    checked = Checked(resource=DESKS, rows=3, errors=errors, unreadable=unreadable)
    return Verdict(
        package=Package(name="desks", resources={"desks": DESKS}, descriptor={}),
        checked=[checked],
        locale="en",
        path_of=lambda path: f"data/{path}",
    )


def marks(*errors: CellError) -> Sequence[str]:
    return [one["fingerprint"] for one in json.loads(codequality_report(verdict(*errors)))]


def test_fault_keeps_its_mark_when_its_row_moves() -> None:
    assert marks(fault("1", "x", line=2)) == marks(fault("1", "x", line=9))


def test_two_faults_never_share_a_mark() -> None:
    found = marks(fault("1", "x"), fault("1", "x"), fault("1", "y"), fault("2", "x"))
    assert len(set(found)) == 4


def test_characters_that_xml_cannot_hold_do_not_break_junit() -> None:
    text = junit_report(verdict(fault("1\x00", "a\x1b]0;\ud800<&>")))
    case = ElementTree.fromstring(text.encode()).find(".//failure")
    assert case is not None
    assert "data/desks.csv:2: " in (case.text or "")


def test_unreadable_file_is_an_error_at_its_line() -> None:
    found = verdict(unreadable=UnreadableFile("quote", line=7))
    assert not found.valid
    (issue,) = json.loads(codequality_report(found))
    assert issue["check_name"] == "quote"
    assert issue["location"] == {"path": "data/desks.csv", "lines": {"begin": 7}}
    assert json.loads(json_report(found))["resources"][0]["errors"][0]["row_key"] is None
    assert 'failures="1"' in junit_report(found)


def test_text_lists_the_first_faults_and_counts_the_others() -> None:
    faults = [fault(str(number), "x") for number in range(LISTED + 5)]
    lines = list(text_lines(verdict(*faults), printable=str, summary=lambda one: one.resource.name))
    assert len(lines) == LISTED + 2
    assert lines[-2:] == ["… +5", "desks"]
