"""What a correction costs to write: its commit, the bytes it stores, the bytes it pushes."""

from __future__ import annotations

import hashlib
import re
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.edits import body, corrected, opened
from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground, dataset_name
from benchmarks.plumbing import Plumbing
from benchmarks.timing import interleaved, seconds, within
from retouche.services.carrying import files_after
from retouche.wiring import repository_path

AIMS = {"S": 2.5, "M": 1.5, "L": 1.5}
OPEN = 100
BUDGET = 60.0
"""Longest time for the open proposals of one size, in seconds."""
PUSHED = re.compile(r"Writing objects: 100% .*?, ([\d.]+ \w+)")


def measure(ground: Ground) -> Iterator[Figure]:
    for size in ground.sizes:
        yield from _commit(ground, size)
    for size in ground.sizes:
        yield from _stored(ground, size)
    for size in ground.sizes:
        yield from _pushed(ground, size)


def _commit(ground: Ground, size: str) -> Iterator[Figure]:
    """Splice, blob, trees and commit, on the disk; the branch is not moved."""
    ground.tell(f"one-cell commit, {size}")
    data = ground.data(size)
    runs = ground.runs(7, 5)
    with opened(ground, size) as (services, dataset):
        revision = dataset.at()
        patches = [
            services.proposals.validate(dataset, body(number, size)).operations
            for number in range(runs + 1)
        ]

        def ours(run: int) -> None:
            files = files_after(patches[run], revision, limit=len(data) * 2)
            message = f"Correct a cell {run}\n"
            dataset.forge.commit(
                parent=revision.commit, files=files, message=message, time=datetime.now(UTC)
            )

        ours(runs)  # the first brings the base along
        mine, limit = interleaved(ours, lambda _: hashlib.sha1(data).hexdigest(), runs=runs)
    work = "one-cell proposal, commit only"
    yield Figure(
        work=work, size=size, ours=mine, peer=limit, against="one SHA-1 of the file",
        aim=Aim("at most", AIMS[size]),
    )  # fmt: skip
    peer = Plumbing.create(ground.new_folder("git") / "a.git", {"table.csv": data})
    head, edited = peer.head(), corrected(data, 1, size)
    yield Figure(
        work=work, size=size, ours=mine, peer=seconds(lambda: peer.commit(head, edited)),
        against="git plumbing",
    )  # fmt: skip


def _stored(ground: Ground, size: str) -> Iterator[Figure]:
    """Growth of the repository's objects by open proposals, after the first one."""
    ground.tell(f"bytes of open proposals, {size}")
    count = ground.runs(OPEN, 20)
    with opened(ground, size) as (services, dataset):
        path = repository_path(services.settings.home, dataset.name)
        ours = Plumbing(path)
        empty = ours.size()
        services.proposals.submit(dataset, body(count, size))
        first = ours.size()
        times = within(
            BUDGET,
            lambda run: services.proposals.submit(dataset, body(run, size)),
            most=count,
        )
        grown = (ours.size() - first) / len(times)
    data = ground.data(size)
    peer = Plumbing.create(ground.new_folder("git") / "a.git", {"table.csv": data})
    before = peer.size()
    peer.commit(peer.head(), corrected(data, 1, size))
    yield Figure(
        work=f"bytes stored by each of {len(times)} open proposals",
        size=size,
        ours=grown,
        peer=peer.size() - before,
        against="a loose blob, trees, commit",
        unit="B",
        aim=Aim("below", 1_000),
        note=f"the first one brought {(first - empty) / 1e3:,.1f} kB",
    )


def _pushed(ground: Ground, size: str) -> Iterator[Figure]:
    """What a remote that has the base is sent for one proposal."""
    ground.tell(f"bytes pushed for one proposal, {size}")
    aims = size == "L"
    with opened(ground, size) as (services, dataset):
        path = repository_path(services.settings.home, dataset.name)
        base = dataset.at().commit
        head = services.proposals.submit(dataset, body(3, size)).head
        assert head is not None
        packed = [_packed(path, head, base) for _ in range(ground.runs(7, 3))]
        pushed, push = _real_push(ground, path, head)
    data = ground.data(size)
    default = _default_repository(ground, size, data)
    commit = default.commit(base := default.head(), corrected(data, 3, size))
    theirs, their_time = _packed(default.path, commit, base)
    their_pushed, their_push = _real_push(ground, default.path, commit)
    mine, my_time = sorted(packed)[len(packed) // 2]
    against = "git's default repository"
    yield Figure(
        work="bytes pushed for one proposal", size=size, ours=mine, peer=theirs, unit="B",
        against=against, aim=Aim("below", 1_000) if aims else None,
    )  # fmt: skip
    yield Figure(
        work="time to pack them", size=size, ours=my_time, peer=their_time, against=against,
        aim=Aim("below", 0.020) if aims else None,
    )  # fmt: skip
    yield Figure(
        work="a whole git push of it to a bare repository", size=size, ours=push, peer=their_push,
        against=against, note=f"git told {pushed} against {their_pushed}",
    )  # fmt: skip


def _default_repository(ground: Ground, size: str, data: bytes) -> Plumbing:
    """A bare repository as git makes and keeps it, repacked with a bitmap index."""
    made = Plumbing.create(
        ground.new_folder("git") / f"{dataset_name(size)}.git", {"table.csv": data}
    )
    made.git("repack", "-a", "-d", "-b", "-q")
    return made


def _packed(path: Path, head: str, base: str) -> tuple[int, float]:
    """Bytes and seconds of the pack that a push sends."""
    command = [
        *("git", f"--git-dir={path}", "pack-objects", "--revs", "--stdout", "--thin"),
        *("--delta-base-offset", "-q"),
    ]
    start = time.perf_counter()
    asked = f"{head}\n^{base}\n".encode()
    done = subprocess.run(command, input=asked, capture_output=True, check=True)
    return len(done.stdout), time.perf_counter() - start


def _real_push(ground: Ground, path: Path, head: str) -> tuple[str, float]:
    """What git says it wrote, and the seconds of a push to a bare repository beside it."""
    remote = ground.new_folder("remote") / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    push = ["git", f"--git-dir={path}", "push", f"file://{remote}"]
    subprocess.run([*push, "main"], capture_output=True, check=True)
    start = time.perf_counter()
    command = [*push, "--progress", f"{head}:refs/heads/proposed"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    taken = time.perf_counter() - start
    found = PUSHED.search(done.stderr)
    return (found[1] if found else "nothing it told"), taken
