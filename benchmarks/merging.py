"""160 acceptances by four reviewers' processes at once: none may be lost."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.writers import SIZE, accepted, published

WRITERS = 4


def measure(ground: Ground) -> Iterator[Figure]:
    each = ground.runs(40, 5)
    ground.tell(f"{WRITERS * each} merges by {WRITERS} writers")
    rate = accepted(ground, each, writers=WRITERS)
    theirs = published(ground, ground.runs(10, 2), writers=WRITERS)
    yield Figure(
        work=f"{WRITERS * each} merges by {WRITERS} writers",
        size=SIZE,
        ours=rate,
        peer=theirs,
        against="git plumbing with compare-and-swap",
        unit="/s",
        note=f"all {WRITERS * each} corrections are in the file in the end",
    )
