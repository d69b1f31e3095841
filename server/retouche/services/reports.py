"""The verdict written down: for people, for programs, and for GitLab's two report formats.

Formats: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format and
https://docs.gitlab.com/ci/testing/unit_test_reports/ (JUnit).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from retouche.core.messages import describe, problem
from retouche.core.package import Package
from retouche.core.report import CellError
from retouche.services.checking import Checked

SEVERITIES = {"error": "major", "warning": "minor"}
LISTED = 100
# What XML 1.0 cannot hold.
UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to say about a file: where, what, how bad."""

    path: str
    line: int
    code: str
    message: str
    level: str
    error: CellError | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same fault of the same row, wherever the row has moved."""
        one = self.error
        parts: list[object] = [self.path, self.code, self.level]
        if one is not None:
            parts += [one.rule, one.field, one.row_key or one.row_number, one.value]
        return hashlib.sha256(
            json.dumps(parts, default=list).encode("utf-8", "replace")
        ).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was checked. `path_of` gives a resource's path as the reader knows it."""

    package: Package
    checked: Sequence[Checked]
    locale: str
    path_of: Callable[[str], str]

    @property
    def valid(self) -> bool:
        return all(one.valid for one in self.checked)

    def findings(self, one: Checked) -> Iterator[Finding]:
        """Errors first, then warnings."""
        path = self.path_of(one.resource.path)
        if one.unreadable is not None:
            title, detail = problem(one.unreadable, self.locale)
            line = one.unreadable.values.get("line")
            yield Finding(
                path=path,
                line=line if isinstance(line, int) else 1,
                code=one.unreadable.reason,
                message=detail or title,
                level="error",
            )
        for error in (*one.errors, *one.warnings):
            yield Finding(
                path=path,
                line=error.line or 1,
                code=error.code,
                message=describe(error, self.locale, package=self.package),
                level=error.level,
                error=error,
            )


def json_report(verdict: Verdict) -> str:
    """For programs: the errors as the HTTP interface writes them, with their lines."""
    document = {
        "valid": verdict.valid,
        "resources": [
            {
                "name": one.resource.name,
                "path": verdict.path_of(one.resource.path),
                "rows": one.rows,
                "valid": one.valid,
                "errors": _listed(verdict, one, "error"),
                "warnings": _listed(verdict, one, "warning"),
            }
            for one in verdict.checked
        ],
    }
    return _json(document)


def codequality_report(verdict: Verdict) -> str:
    """For GitLab: shown in the merge request, at the line."""
    seen: dict[str, int] = {}
    issues = []
    for one in verdict.checked:
        for finding in verdict.findings(one):
            count = seen[finding.fingerprint] = seen.get(finding.fingerprint, -1) + 1
            # GitLab takes two issues of one fingerprint for one.
            mark = f"{finding.fingerprint}-{count}" if count else finding.fingerprint
            issues.append(
                {
                    "description": finding.message,
                    "check_name": finding.code,
                    "fingerprint": mark,
                    "severity": SEVERITIES[finding.level],
                    "location": {"path": finding.path, "lines": {"begin": finding.line}},
                }
            )
    return _json(issues)


def junit_report(verdict: Verdict) -> str:
    """For GitLab: a failed test per error, a passed one per sound resource."""
    suites = ElementTree.Element("testsuites", name="retouche check")
    total = 0
    for one in verdict.checked:
        errors = [found for found in verdict.findings(one) if found.level == "error"]
        total += len(errors)
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=one.resource.name,
            tests=str(max(1, len(errors))),
            failures=str(len(errors)),
            errors="0",
        )
        if not errors:
            _case(suite, one.resource.name, _spoken(verdict.path_of(one.resource.path)))
        for found in errors:
            # Named by its place, so that GitLab knows it again in the next pipeline.
            case = _case(suite, one.resource.name, _spoken(_place(found)))
            case.set("file", found.path)
            failure = ElementTree.SubElement(case, "failure", type=found.code)
            failure.set("message", _spoken(found.message))
            failure.text = _spoken(f"{found.path}:{found.line}: {found.message}")
    suites.set("failures", str(total))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def text_lines(
    verdict: Verdict, *, printable: Callable[[object], str], summary: Callable[[Checked], str]
) -> Iterator[str]:
    """For people: `path:line: what is wrong`, the first ones of each resource, then a summary."""
    for one in verdict.checked:
        findings = list(verdict.findings(one))
        for found in findings[:LISTED]:
            mark = "" if found.level == "error" else f" ({found.level})"
            yield f"{printable(found.path)}:{found.line}: {printable(found.message)}{mark}"
        if len(findings) > LISTED:
            yield f"… +{len(findings) - LISTED}"
        yield summary(one)


def _listed(verdict: Verdict, one: Checked, level: str) -> list[dict[str, Any]]:
    names = one.resource.schema.primary_key
    listed = []
    for found in verdict.findings(one):
        if found.level != level:
            continue
        error = found.error
        key = error.row_key if error else None
        listed.append(
            {
                "code": found.code,
                "message": found.message,
                "resource": one.resource.name,
                "row_key": dict(zip(names, key, strict=False)) if key is not None else None,
                "field": error.field if error else None,
                "value": error.value if error else None,
                "rule": error.rule if error else None,
                "row_number": error.row_number if error else None,
                "line": found.line,
            }
        )
    return listed


def _place(found: Finding) -> str:
    one = found.error
    if one is None:
        return found.code
    row = ", ".join(one.row_key) if one.row_key else f"#{one.row_number or 0}"
    return " · ".join(part for part in (row, one.field, one.rule or one.code) if part)


def _case(suite: ElementTree.Element, resource: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=f"retouche.{resource}", name=name)


def _spoken(text: str) -> str:
    return UNSPEAKABLE.sub("\ufffd", text)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
