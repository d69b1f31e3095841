"""Deriving what readers of the published versions will ask for, before they ask.

Must not fail: what cannot be read is told to whoever reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from retouche.core.errors import RetoucheError
from retouche.core.reading.snapshot import Snapshot
from retouche.services.datasets import Dataset
from retouche.services.indicators.indicators import Indicators

Progress = Callable[[str], Callable[[int, int], None]]
"""Gives the follower of the work on a resource, by its name."""


def warm(datasets: Iterable[Dataset], *, progress: Progress) -> None:
    """Derive rows, keys and columns of all published resources."""
    for name, read in _published(datasets):
        try:
            read().prepare_all(progress(name))
        except RetoucheError:
            continue


def warm_search(datasets: Iterable[Dataset]) -> None:
    """Derive besides what finds words and places in them."""
    for _, read in _published(datasets):
        try:
            read().prepare_search()
        except RetoucheError:
            continue


def warm_indicators(datasets: Iterable[Dataset], indicators: Indicators) -> None:
    """Compute the indicators, from which those of later versions are renewed."""
    for dataset in datasets:
        try:
            revision = dataset.at()
        except RetoucheError:
            continue
        for name in indicators.declared(revision.package):
            try:
                indicators.values(revision, name)
            except RetoucheError:
                continue


def _published(datasets: Iterable[Dataset]) -> Iterator[tuple[str, Callable[[], Snapshot]]]:
    for dataset in datasets:
        try:
            revision = dataset.at()
        except RetoucheError:
            continue
        for name in revision.package.resources:
            yield name, partial(revision.snapshot, name)
