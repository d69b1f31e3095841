"""What a one-cell correction costs: its verdict and its commit, against their limits.

Usage: python -m benchmarks.one_cell [S] [M] [L]
"""

from __future__ import annotations

import hashlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.tables import write_package
from retouche.core.verdict import check
from retouche.forges.importer import import_folder
from retouche.services.datasets import Dataset
from retouche.settings import Settings
from retouche.wiring import build, repository_path

RUNS = 5


def median(work: Callable[[int], object], runs: int = RUNS) -> float:
    """Seconds of the median run."""
    times = []
    for run in range(runs):
        start = time.perf_counter()
        work(run)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(size: str, folder: Path) -> None:
    package = write_package(folder / "package", size)
    home = folder / "home"
    import_folder(
        package, repository_path(home, "table"), message="Import\n", time=datetime.now(UTC)
    )
    services = build(Settings(home=home), {"table": "main"})
    dataset = services.catalogue.get("table")
    data = dataset.at().data("table")

    def body(run: int) -> dict[str, object]:
        new = {"number_2": f"{run}.5"}
        operation = {"op": "update", "key": {"id": f"{run * 7:07d}"}, "new": new}
        return {"operations": [operation]}

    services.proposals.validate(dataset, body(99))  # derives what later ones share
    verdict = median(lambda run: services.proposals.validate(dataset, body(run)))
    whole = median(lambda run: whole_check(dataset), 1)
    submit = median(lambda run: services.proposals.submit(dataset, body(run)))

    def limit(run: int) -> None:
        hashlib.sha1(data).hexdigest()
        path = folder / f"limit-{run}"
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    floor = median(limit)
    print(
        f"{size}: {len(data) / 1e6:.0f} MB | verdict {verdict * 1e3:.1f} ms, "
        f"1/{whole / verdict:,.0f} of the whole file's | propose {submit * 1e3:.0f} ms, "
        f"{submit / floor:.1f} x SHA-1 + write ({floor * 1e3:.0f} ms)"
    )
    services.close()


def whole_check(dataset: Dataset) -> None:
    """The verdict on the whole file, which is equal to frictionless' own."""
    snapshot = dataset.at().snapshot("table")
    check(snapshot.resource, snapshot.table, neighbours={"table": snapshot})


def main() -> None:
    for size in sys.argv[1:] or ["S", "M"]:
        with tempfile.TemporaryDirectory() as folder:
            measure(size, Path(folder))


if __name__ == "__main__":
    main()
