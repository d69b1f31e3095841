"""A plugin of pytest: what became of the tests that show attacks, and what each cost."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import pytest

ROWS, COST = "attack_rows", "attack_seconds"


@dataclass(slots=True, eq=False)
class Results:
    """For each row the outcomes of its cases; the slowest case of all, in processor seconds."""

    outcomes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    cases: int = 0
    failed: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        rows = [row for mark in item.iter_markers("attack") for row in mark.args]
        start = time.process_time()
        try:
            return (yield)
        finally:
            item.user_properties.append((ROWS, rows))
            item.user_properties.append((COST, time.process_time() - start))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)
        if report.when != "call":
            return
        known: dict[str, Any] = dict(report.user_properties)
        self.cases += 1
        for row in known.get(ROWS, ()):
            self.outcomes[row].append(report.outcome)
        self.slowest = max(self.slowest, (known.get(COST, 0.0), report.nodeid))
