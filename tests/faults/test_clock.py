"""A clock that is years off, or jumps: order is that of arrival, and nobody waits for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retouche.wiring import recover, repository_path
from tests.datasets import Browser, serve, update, write_desks
from tests.faults.homes import started
from tests.forges.plain_git import git, is_sound

JUMPS = (timedelta(), timedelta(days=-400), timedelta(days=3653), timedelta(days=-1), timedelta())


class Jumping:
    """A clock that is somewhere else each time it is read."""

    def __init__(self) -> None:
        self._reads = 0

    def __call__(self) -> datetime:
        self._reads += 1
        return datetime.now(UTC) + JUMPS[self._reads % len(JUMPS)]


@pytest.mark.fault(41)
def test_a_clock_that_jumps_at_every_look_changes_no_order_and_loses_nothing(
    tmp_path: Path,
) -> None:
    serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}).close()
    services = started(tmp_path / "home", clock=Jumping())
    desks = Browser(services)
    sent = [desks.propose(update(key, agents="5")).json for key in ("01", "02", "03")]
    newest_first = desks.get("/proposals").json["data"]
    assert [one["id"] for one in newest_first] == [one["id"] for one in sent[::-1]]
    for one in sent[:2]:
        assert desks.accept(one).status_code == 200
    revisions = desks.get("/revisions").json["data"]
    assert [one["proposal"] for one in revisions[:2]] == [sent[1]["id"], sent[0]["id"]]
    secret = sent[2]["follow_up_url"].partition("secret=")[2]
    address = f"/proposals/{sent[2]['id']}/withdraw"
    taken = desks.post(address, {}, headers={"Authorization": f"Bearer {secret}"})
    assert taken.status_code == 200
    services.close()
    after = started(tmp_path / "home", clock=Jumping())
    assert recover(after) == []
    assert is_sound(repository_path(tmp_path / "home", "desks"))
    after.close()


SEND = """
import sys
from pathlib import Path
from retouche.settings import Settings
from retouche.wiring import build, recover

services = build(Settings(home=Path(sys.argv[1]), secret_key="s"), {"desks": "main"})
assert recover(services) == []
dataset = services.catalogue.get("desks")
operation = {"op": "update", "resource": "desks", "key": {"id": sys.argv[2]}}
operation["new"] = {"agents": "5"}
print(services.proposals.submit(dataset, {"operations": [operation]}).id)
services.close()
"""


@pytest.mark.fault(41)
@pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed")
def test_processes_whose_whole_world_is_years_off_go_on_with_each_others_work(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    serve(home, {"desks": write_desks(tmp_path / "package")}).close()
    sent = []
    for key, offset in (("01", "-400d"), ("02", "+3653d"), ("03", "+0d")):
        command = ["faketime", "-f", offset, sys.executable, "-c", SEND, str(home), key]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        sent.append(done.stdout.split()[-1])
    desks = Browser(started(home))
    assert [one["id"] for one in desks.get("/proposals").json["data"]] == sent[::-1]
    desks.services.close()


@pytest.mark.fault(41)
def test_files_whose_times_are_years_off_stop_no_start(tmp_path: Path) -> None:
    """As they are after the clock was put right."""
    home = tmp_path / "home"
    services = serve(home, {"desks": write_desks(tmp_path / "package")})
    sent = Browser(services).propose(update("01", agents="5")).json
    services.close()
    for days, one in zip((-400, 3653) * 500, sorted(home.rglob("*")), strict=False):
        then = (datetime.now(UTC) + timedelta(days=days)).timestamp()
        os.utime(one, (then, then))
    after = started(home)
    assert recover(after) == []
    assert Browser(after).accept(sent).status_code == 200
    path = repository_path(home, "desks")
    assert is_sound(path)
    assert git(path, "rev-list", "--count", "main") == "3"
    after.close()
