"""Clocks: medians of runs that take turns, so that a load on the machine falls on all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

Work = Callable[[int], object]
"""Gets the number of the run, so that no run repeats another's question."""


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(*works: Work, runs: int) -> tuple[float, ...]:
    """The median seconds of each work; in every round each runs once."""
    times: list[list[float]] = [[] for _ in works]
    for run in range(runs):
        for work, kept in zip(works, times, strict=True):
            start = time.perf_counter()
            work(run)
            kept.append(time.perf_counter() - start)
    return tuple(map(statistics.median, times))


def within(budget: float, work: Work, *, most: int) -> list[float]:
    """Seconds of each run, at least one and at most `most`, begun within `budget` seconds."""
    end = time.perf_counter() + budget
    times: list[float] = []
    while len(times) < most and (not times or time.perf_counter() < end):
        start = time.perf_counter()
        work(len(times))
        times.append(time.perf_counter() - start)
    return times
