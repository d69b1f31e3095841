"""What others do to the repository while corrections are written: locks left, garbage collected."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from retouche.core.errors import ForgeUnavailable
from retouche.forges import moves
from retouche.wiring import repository_path
from tests.datasets import Browser, serve, update, write_desks
from tests.forges.places import plant
from tests.forges.plain_git import ENVIRONMENT, git, is_sound, refs

PROPOSALS = 30


@pytest.mark.fault(15)
def test_there_is_no_index_whose_lock_could_stop_anything(desks: Browser) -> None:
    path = repository_path(desks.services.settings.home, "desks")
    plant(path / "index.lock", age=0.0)
    assert desks.accept(desks.propose(update("01", agents="5")).json).status_code == 200
    assert git(path, "rev-parse", "--is-bare-repository") == "true"
    assert not (path / "index").exists()
    assert (path / "index.lock").exists()


@pytest.mark.fault(16, 17)
def test_a_lock_that_somebody_keeps_delays_a_decision_and_no_proposal(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = repository_path(desks.services.settings.home, "desks")
    monkeypatch.setattr(moves, "PAUSES", (0.0,))
    git(path, "pack-refs", "--all")
    one = desks.propose(update("01", agents="5"))
    assert one.status_code == 201
    plant(path / "packed-refs.lock", age=0.0)
    plant(path / "refs" / "heads" / "main.lock", age=0.0)
    two = desks.propose(update("02", agents="6"))
    assert two.status_code == 201
    answer = desks.accept(one.json)
    assert (answer.status_code, answer.json["code"]) == (503, ForgeUnavailable.code)
    for name in ("packed-refs.lock", "refs/heads/main.lock"):
        plant(path / name)  # as old as one that nobody holds any more
    assert desks.accept(one.json).status_code == 200
    assert desks.accept(two.json).status_code == 200


@pytest.mark.fault(18)
def test_git_that_collects_garbage_all_the_time_takes_nothing(tmp_path: Path) -> None:
    rows = "".join(f"{n:04d},Desk {n},84003,,2,,,,\n" for n in range(PROPOSALS))
    header = "id,name,city_code,phone,agents,opened,latitude,longitude,note\n"
    package = write_desks(tmp_path / "package", desks=header + rows)
    desks = Browser(serve(tmp_path / "home", {"desks": package}))
    path = repository_path(tmp_path / "home", "desks")
    done, runs = threading.Event(), []

    def collect() -> None:
        while not done.is_set():
            command = ["git", "-C", str(path), "gc", "--quiet", "--prune=now"]
            subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
            runs.append(command)

    collector = threading.Thread(target=collect)
    collector.start()
    try:
        states = [
            desks.propose(update(f"{n:04d}", agents="5")).json["state"] for n in range(PROPOSALS)
        ]
    finally:
        done.set()
        collector.join()
    # One that came while the lock was held by git may wait for the next start, as after a kill.
    assert set(states) <= {"open", "queued"}
    assert desks.services.review.recover(desks.services.catalogue.get("desks")) == []
    assert len(refs(path, "refs/heads/proposals")) == PROPOSALS
    assert is_sound(path)
    assert len(runs) > 1
    desks.services.close()
