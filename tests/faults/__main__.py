"""`python -m tests.faults`: every fault of the list, the CSV corpus, the crash suite, the mutants.

Exit code 0 when all is survived, 1 when not. With --write FILE the page of results is written.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.faults.crash.__main__ import try_mutants, whole
from tests.faults.report import Run, page

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 2


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page of results")
    wanted = parser.parse_args(arguments)
    begun = time.monotonic()
    run = Run(machine=f"{os.cpu_count()} cores, Python {platform.python_version()}")

    def note(text: str) -> None:
        print(f"[{time.monotonic() - begun:4.0f} s] {text}", file=sys.stderr, flush=True)

    note("the tests of the fault list")
    usual = tested("-m", "fault and not long", "tests")
    note("what takes minutes")
    run.tests = usual | tested("-m", "long", "tests/machines", "tests/cli")
    note("the CSV corpus")
    run.corpus = tested("tests/faults/test_corpus.py")
    note("the crash suite")
    run.figures = whole(note)
    note("planted defects")
    run.mutants = try_mutants(note)
    run.seconds = time.monotonic() - begun
    if wanted.write is not None:
        wanted.write.write_text(page(run), encoding="utf-8")
    else:
        print(page(run))
    for finding in run.figures.findings:
        note(finding)
    note("all is survived" if run.is_well else "NOT all is survived")
    return 0 if run.is_well else 1


def tested(*chosen: str) -> dict[str, dict[str, Any]]:
    """Run tests in several processes; give what became of each."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        command = [
            *(sys.executable, "-m", "pytest", "-p", "tests.faults.results"),
            *("-n", str(PROCESSES), "--dist", "worksteal", "--fault-results", str(results)),
            *chosen,
        ]
        subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
        found: dict[str, dict[str, Any]] = json.loads(results.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    sys.exit(main())
