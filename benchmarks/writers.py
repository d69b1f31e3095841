"""Eight processes that publish corrections of one branch at once: through Retouche's review, and
with git's commands, which try again when another was faster."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.edits import FIELD, body, corrected, key_of, opened, written
from benchmarks.figures import Aim, Figure
from benchmarks.ground import RESOURCE, Ground, dataset_name
from benchmarks.plumbing import Plumbing
from retouche.ports import Reviewer
from retouche.settings import Settings
from retouche.wiring import build

WRITERS = 8
SIZE = "S"
GO = "go\n"


def measure(ground: Ground) -> Iterator[Figure]:
    ground.tell(f"{WRITERS} writers at once")
    ours, theirs = ground.runs(12, 4), ground.runs(4, 2)
    accepts = accepted(ground, ours)
    publishes = published(ground, theirs)
    yield Figure(
        work=f"accepted proposals per second, {WRITERS} writers",
        size=SIZE,
        ours=accepts,
        peer=publishes,
        against="git plumbing with compare-and-swap",
        unit="/s",
        aim=Aim("at least", 5),
        note=f"{WRITERS * ours} accepted against {WRITERS * theirs} published, none lost",
    )


def accepted(ground: Ground, each: int, *, writers: int = WRITERS) -> float:
    """Accepts a second of proposals that lie there. Raises RuntimeError when one is lost."""
    with opened(ground, SIZE) as (services, dataset):
        sent = [
            services.proposals.submit(dataset, body(number, SIZE))
            for number in range(writers * each)
        ]
        home = services.settings.home
        heads = [[one.id, str(one.head)] for one in sent]
        rate = _together("accept", home, [heads[at::writers] for at in range(writers)])
        states = services.proposals.counts(dataset)
        if states.get("accepted") != len(sent):
            raise RuntimeError(f"not all were accepted: {dict(states)}")
        file = dataset.at().snapshot(RESOURCE)
        for number in range(len(sent)):
            found = file.row((key_of(number, SIZE),))[FIELD]
            if found != written(number):
                raise RuntimeError(f"correction {number} is lost: {found!r}")
    return rate


def published(ground: Ground, each: int, *, writers: int = WRITERS) -> float:
    """Commits a second of the same edits. Raises RuntimeError when one is lost."""
    path = ground.new_folder("git") / "a.git"
    made = Plumbing.create(path, {"table.csv": ground.data(SIZE)})
    numbers = list(range(writers * each))
    rate = _together("publish", path, [numbers[at::writers] for at in range(writers)])
    commits = int(made.git("rev-list", "--count", "refs/heads/main"))
    if commits != len(numbers) + 1:
        raise RuntimeError(f"{commits - 1} commits of {len(numbers)}")
    return rate


def _together(what: str, path: Path, shares: Sequence[Sequence[object]]) -> float:
    """Pieces of work a second of processes that begin at one moment."""
    command = [sys.executable, "-m", "benchmarks.writers", what, str(path)]
    started = [
        subprocess.Popen(
            [*command, json.dumps(share)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for share in shares
    ]
    try:
        return sum(map(len, shares)) / _raced(started)
    finally:
        for one in started:
            one.kill()  # those that are left when another failed
            one.communicate()


def _raced(started: Sequence[subprocess.Popen[str]]) -> float:
    """Seconds from the word to go until the last has ended. Raises RuntimeError if one fails."""
    for one in started:
        assert one.stdout is not None
        if not one.stdout.readline():
            raise RuntimeError("a writer did not start")
    start = time.perf_counter()
    for one in started:
        assert one.stdin is not None
        one.stdin.write(GO)
        one.stdin.flush()
    ends = [one.wait() for one in started]
    if any(ends):
        raise RuntimeError(f"a writer failed: {ends}")
    return time.perf_counter() - start


def _wait() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def _accept_all(home: Path, share: Sequence[Sequence[str]]) -> None:
    name = dataset_name(SIZE)
    services = build(Settings(home=home), {name: "main"})
    dataset = services.catalogue.get(name)
    len(dataset.at().snapshot(RESOURCE))  # as a server that has served the dataset before
    _wait()
    for proposal, head in share:
        services.review.accept(dataset, proposal, head=head, reviewer=Reviewer(name="reviewer"))


def _publish_all(path: Path, share: Sequence[int]) -> None:
    repository = Plumbing(path)
    _wait()
    for number in share:
        done = False
        while not done:
            head = repository.head()
            commit = repository.commit(head, corrected(repository.read(head), number, SIZE))
            done = repository.publish(commit, old=head)


def main(what: str, path: str, share: str) -> None:
    if what == "accept":
        _accept_all(Path(path), json.loads(share))
    else:
        _publish_all(Path(path), json.loads(share))


if __name__ == "__main__":
    main(*sys.argv[1:])
