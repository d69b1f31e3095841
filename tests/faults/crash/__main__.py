"""`python -m tests.faults.crash`: the whole crash suite, or a mutant under the small one.

Prints what it found as one line of JSON; exit code 0 when nothing was found, 1 when something was.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread

from tests.faults.crash.mutants import MUTANTS
from tests.faults.crash.runs import Figures, plan, run, shares
from tests.faults.crash.server import kill_server

EACH, GROUPS = 20, 320
"""Kills at each point, and of groups, in the whole suite."""
SMALL_EACH, SMALL_GROUPS = 1, 4
SERVER_KILLS, SERVER_PROPOSALS = 12, 160
LANES = 2
SEED = 7


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.crash", description=__doc__)
    parser.add_argument("--mutant", metavar="NAME", help="plant this defect, run the small suite")
    parser.add_argument("--mutants", action="store_true", help="see that each defect is found")
    parser.add_argument("--small", action="store_true", help="every point once")
    parser.add_argument("--lane", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.mutants:
        caught = try_mutants()
        print(json.dumps(caught))
        return 0 if all(caught.values()) else 1
    if wanted.mutant is not None:
        next(one for one in MUTANTS if one.name == wanted.mutant).plant()
    if wanted.lane is not None or wanted.mutant is not None or wanted.small:
        figures = _alone(wanted.lane)
    else:
        figures = whole()
    print(json.dumps(figures.entry()), flush=True)
    return 1 if figures.findings else 0


def whole(note: Callable[[str], None] | None = None) -> Figures:
    """All of it: lanes beside each other, and kills of the real server."""
    begun = time.monotonic()
    note = note or _note
    total = Figures()
    commands = [
        [sys.executable, "-m", "tests.faults.crash", "--lane", str(n)] for n in range(LANES)
    ]
    present = [Figures() for _ in commands]

    def lane(number: int) -> None:
        for entry in _heard(commands[number]):
            present[number] = entry

    threads = [Thread(target=lane, args=(n,)) for n in range(LANES)]
    for one in threads:
        one.start()
    with tempfile.TemporaryDirectory() as folder:
        served = kill_server(Path(folder), kills=SERVER_KILLS, proposals=SERVER_PROPOSALS)
    wanted = EACH * 28 + GROUPS
    while any(one.is_alive() for one in threads):
        threads[0].join(2.0)
        threads[-1].join(0.1)
        done = sum(one.at_points + one.at_random for one in present)
        note(f"crash suite: {done} of {wanted} kills, {time.monotonic() - begun:.0f} s")
    for figures in (*present, served):
        total.add(figures)
    total.seconds = time.monotonic() - begun
    return total


def try_mutants(note: Callable[[str], None] | None = None) -> dict[str, str | None]:
    """What the small suite finds of each planted defect; None where it finds nothing."""
    note = note or _note

    def attempt(name: str) -> str | None:
        entries = list(_heard([sys.executable, "-m", "tests.faults.crash", "--mutant", name]))
        found = entries[-1].findings if entries else []
        note(f"mutant: {name}: {found[0] if found else 'NOT FOUND'}")
        return found[0] if found else None

    names = [one.name for one in MUTANTS]
    with ThreadPoolExecutor(LANES) as pool:
        return dict(zip(names, pool.map(attempt, names), strict=True))


def _alone(lane: int | None) -> Figures:
    """In this process: a share of the whole suite, or the small one."""
    lot = random.Random(SEED)
    if lane is None:
        entries = plan(each=SMALL_EACH, groups=SMALL_GROUPS, lot=lot)
    else:
        entries = list(shares(plan(each=EACH, groups=GROUPS, lot=lot), LANES))[lane]
    last = time.monotonic()

    def progress(figures: Figures) -> None:
        nonlocal last
        if time.monotonic() - last > 1.0:
            last = time.monotonic()
            print(json.dumps(figures.entry()), flush=True)

    with tempfile.TemporaryDirectory() as folder:
        return run(entries, Path(folder), seed=SEED + (lane or 0), progress=progress)


def _heard(command: Sequence[str]) -> Iterator[Figures]:
    """What a run of a process of its own says, as it goes on."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        last = None
        for line in process.stdout:
            with suppress(ValueError):
                last = Figures.of(json.loads(line))
                yield last
    if process.returncode not in (0, 1) or last is None:
        failed = Figures(findings=[f"the run ended with {process.returncode}"])
        yield failed


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
