"""`python -m tests.attacks [--write FILE] [--fairness] [--fuzz SECONDS]`: all attacks, and a table.

Ends with 1 when a case failed, a row has none, or honest requests waited too long.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import pytest

from tests.attacks.fairness import Fairness
from tests.attacks.recording import Results
from tests.attacks.rows import PARTS
from tests.fuzz.__main__ import Run, run_all

LEAST = 400
"""Cases that there must be."""


def main() -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    reader.add_argument("--write", type=Path, help="where to write the table")
    reader.add_argument("--fuzz", type=float, default=0, metavar="SECONDS", help="for each target")
    reader.add_argument("--fairness", action="store_true", help="measure honest requests as well")
    reader.add_argument("--only-fairness", action="store_true", help="and nothing else")
    asked = reader.parse_args()
    start = time.monotonic()
    results, runs, fair, sound = Results(), list[Run](), None, True
    if not asked.only_fairness:
        tests = str(Path(__file__).resolve().parents[1])
        ended = pytest.main(["-q", "-m", "attack", "-p", "no:cacheprovider", tests], [results])
        sound = ended == 0 and results.cases >= LEAST
    if asked.fuzz:
        runs = run_all(asked.fuzz)
        sound &= all(one.sound for one in runs)
    if asked.fairness or asked.only_fairness:
        fair = Fairness.measure()
        sound &= fair.holds
    text = told(results, runs, fair, time.monotonic() - start)
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")
    print(text)
    return not sound


def told(results: Results, runs: list[Run], fair: Fairness | None, seconds: float) -> str:
    """The page of results."""
    lines = [
        "# Attacks",
        "",
        "Written by `python -m tests.attacks --write docs/attacks.md --fuzz 10 --fairness`. Each"
        " case is a",
        "request or an input and what must come of it; a case may be of several rows. Nothing is"
        " written,",
        "no answer is a fault of the server, none takes two seconds of a processor.",
        "",
        f"{results.cases} cases, {len(results.failed)} failed, in {seconds:.0f} s. The slowest took"
        f" {results.slowest[0]:.1f} s of a processor:",
        f"`{results.slowest[1].partition('[')[0]}`.",
    ]
    for part, rows in PARTS.items():
        lines += ["", f"## {part}", "", "| attack | what must come of it | cases | result |"]
        lines += ["|---|---|---:|---|"]
        for row in rows:
            outcomes = results.outcomes[row.id]
            passed = outcomes.count("passed")
            result = "held" if outcomes and passed == len(outcomes) else f"{passed} held"
            if not outcomes:
                result = f"see operations, “{row.exception}”" if row.exception else "not shown"
            lines.append(f"| {row.attack} | {row.must} | {len(outcomes)} | {result} |")
    if runs:
        lines += ["", "## Fuzzing", "", "| target | executions | result |", "|---|---:|---|"]
        lines += [f"| {one.target} | {one.executions:,} | {one.result} |" for one in runs]
    if fair is not None:
        lines += ["", "## Fairness", "", *fair.told()]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
