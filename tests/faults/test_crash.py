"""The crash suite in small; `python -m tests.faults.crash` runs all of it."""

from __future__ import annotations

import inspect
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.crash.mutants import MUTANTS
from tests.faults.crash.points import ANSWERED, POINTS
from tests.faults.crash.runs import GROUP, plan, run
from tests.faults.crash.server import kill_server

pytestmark = pytest.mark.faults
GROUPS = 5


@pytest.mark.fault(1, 2, 3, 4, 5, 6, 7, 10, 11, 16)
def test_kills_at_every_point_and_at_random_lose_and_double_nothing(tmp_path: Path) -> None:
    figures = run(plan(each=1, groups=GROUPS, lot=random.Random(3)), tmp_path, seed=3)
    assert figures.findings == []
    names = {one.name for one in POINTS} | {ANSWERED, GROUP}
    assert set(figures.kills) == names
    assert figures.acknowledged > 20
    assert figures.decided > 8
    assert figures.by_hand > 0


@pytest.mark.fault(3, 11)
def test_a_real_server_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    figures = kill_server(tmp_path, kills=2, proposals=24)
    assert figures.findings == []
    assert figures.server_kills == 2
    assert figures.server_acknowledged == 24


def plant_each() -> None:
    """Each in a process of its own: what is changed stays so."""
    for one in MUTANTS:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                one.plant()
                status = 0
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0, one.name


@pytest.mark.fault(12)
def test_every_defect_can_still_be_planted() -> None:
    """Whether the crash suite finds them is shown by `python -m tests.faults`."""
    assert len({one.name for one in MUTANTS}) == len(MUTANTS) >= 6
    code = f"from {__name__} import plant_each\nplant_each()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(inspect.getfile(plan)).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.fault(12)
@pytest.mark.long
@pytest.mark.parametrize("name", ["what is published is not read again for a merge"])
def test_a_planted_defect_is_found(name: str) -> None:
    command = [sys.executable, "-m", "tests.faults.crash", "--mutant", name]
    root = Path(inspect.getfile(plan)).parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["findings"]
