"""A part of pytest: writes down what became of each test, and which lines of the fault list it is
for. Used by `python -m tests.faults`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

OPTION = "--fault-results"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, metavar="FILE", help="write what became of each test as JSON")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("fault"):
            item.user_properties.append(("faults", list(mark.args)))


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption(OPTION)
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Results(Path(path)))


class Results:
    """Collects the outcome of each test, the worst of its phases."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        one = self._found.setdefault(
            report.nodeid, {"outcome": "passed", "reason": "", "seconds": 0.0, "faults": []}
        )
        one["seconds"] += report.duration
        one["faults"] = [n for name, value in report.user_properties if name == "faults"
                         for n in value]  # type: ignore[attr-defined]  # fmt: skip
        if report.outcome != "passed":
            one["outcome"] = report.outcome
            one["reason"] = _reason(report)

    def pytest_sessionfinish(self) -> None:
        self._path.write_text(json.dumps(self._found), encoding="utf-8")


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr).strip().splitlines()[-1][:200] if report.longrepr else ""
