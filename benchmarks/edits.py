"""One-cell corrections of the measured tables, as proposals and as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.ground import Ground, dataset_name
from benchmarks.tables import SIZES
from retouche.services.datasets import Dataset
from retouche.settings import Settings
from retouche.wiring import Services, build

FIELD = "number_2"
STEP = 7_919
"""Rows between one correction and the next, so that they are spread over the file."""


def key_of(number: int, size: str) -> str:
    """The row that the nth correction changes."""
    return f"{number * STEP % SIZES[size][0]:07d}"


def body(number: int, size: str) -> dict[str, Any]:
    """A proposal of the nth correction; no two change the same cell until all rows are used."""
    new = {FIELD: written(number)}
    return {"operations": [{"op": "update", "key": {"id": key_of(number, size)}, "new": new}]}


def written(number: int) -> str:
    """What the nth correction writes."""
    return f"{number % 50}.{number:06d}1"


def corrected(data: bytes, number: int, size: str) -> bytes:
    """The file after the nth correction, by plain means."""
    start = data.index(b"\n" + key_of(number, size).encode() + b",") + 1
    stop = data.index(b"\n", start)
    cells = data[start:stop].split(b",", 3)
    cells[2] = written(number).encode()
    return data[:start] + b",".join(cells) + data[stop:]


@contextmanager
def opened(ground: Ground, size: str) -> Iterator[tuple[Services, Dataset]]:
    """The services over a home that has just imported one size."""
    name = dataset_name(size)
    services = build(Settings(home=ground.home(size)), {name: "main"})
    try:
        yield services, services.catalogue.get(name)
    finally:
        services.close()
