"""`python -m tests.fuzz --seconds 10 [TARGET …]`: atheris on each target, two at a time.

Ends with 1 when an input broke a law, crashed or hung; the input is told in hexadecimal.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import SEEDS, TARGETS

HANG = 10
"""Seconds after which one input counts as a hang."""
LONGEST = 4_096
MEMORY = 2_048
GRACE = 60
"""Seconds that a process may take beside the fuzzing itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What became of one target."""

    target: str
    executions: int
    result: str

    @property
    def sound(self) -> bool:
        return self.result in ("held", "not run: atheris is not installed")


def run_all(seconds: float, targets: Iterable[str] = TARGETS) -> list[Run]:
    """Fuzz each target for so long."""
    if importlib.util.find_spec("atheris") is None:
        missing = "not run: atheris is not installed"
        return [Run(target=one, executions=0, result=missing) for one in targets]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda one: run(one, seconds), targets))


def run(target: str, seconds: float) -> Run:
    """Fuzz one target in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(SEEDS[target]):
            (corpus / str(number)).write_bytes(seed)
        command = [
            *(sys.executable, "-m", "tests.fuzz.child", target, str(corpus)),
            *(f"-max_total_time={max(1, round(seconds))}", f"-max_len={LONGEST}"),
            *(f"-timeout={HANG}", f"-rss_limit_mb={MEMORY}", f"-artifact_prefix={folder}/found-"),
            *("-print_final_stats=1", "-seed=1"),
        ]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds + GRACE,
                cwd=Path(__file__).resolve().parents[2],
            )
        except subprocess.TimeoutExpired:
            return Run(target=target, executions=0, result="hung")
        broken = [one.read_bytes()[:200].hex() for one in Path(folder).glob("found-*")]
    count = re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)
    last = re.findall(r"^#(\d+)", done.stderr, re.M)
    executions = int(count[1]) if count else int(last[-1]) if last else 0
    if done.returncode == 0 and not broken:
        return Run(target=target, executions=executions, result="held")
    said = [one for one in done.stderr.splitlines() if "Error" in one or "ERROR" in one]
    told = "; ".join([*said[:2], *broken]) or done.stderr[-300:]
    return Run(target=target, executions=executions, result=f"broken: {told}")


def main() -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    reader.add_argument("--seconds", type=float, default=10, help="for each target")
    reader.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    asked = reader.parse_args()
    unknown = set(asked.targets) - set(TARGETS)
    if unknown:
        reader.error(f"no target is called {', '.join(sorted(unknown))}")
    runs = run_all(asked.seconds, asked.targets or TARGETS)
    for one in runs:
        print(f"{one.target:<12}{one.executions:>12,}  {one.result}")
    return not all(one.sound for one in runs)


if __name__ == "__main__":
    sys.exit(main())
