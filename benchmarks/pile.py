"""Ten thousand open proposals: what one more takes, and the first page of their list."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks.crowd import UNLIMITED
from benchmarks.edits import body
from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground, dataset_name
from benchmarks.proposing import Client
from benchmarks.serving import Serving, retouche
from benchmarks.timing import interleaved
from retouche.settings import Settings
from retouche.wiring import build

SIZE = "T"
FEW = 10
PROCESSES = 2


def measure(ground: Ground) -> Iterator[Figure]:
    many = ground.runs(10_000, 500)
    homes = {count: ground.home(SIZE) for count in (FEW, many)}
    before = _bytes(homes[many])
    for count, home in homes.items():
        ground.tell(f"opening {count:,} proposals")
        _fill(home, count)
    grown = (_bytes(homes[many]) - before) / many
    with ExitStack() as stack:
        target = ground.target(SIZE)
        ground.tell("starting both")
        servers = [
            stack.enter_context(retouche(target, home, settings=UNLIMITED))
            for home in homes.values()
        ]
        clients = [stack.enter_context(closing(Client(one, SIZE))) for one in servers]
        few, full = interleaved(
            *(
                lambda run, one=one: one.post("proposals", 20_000 + run, status=201)
                for one in clients
            ),
            runs=ground.runs(30, 10),
        )
        yield _figure("one more proposal", full, few, many, below=0.050)
        few, full = interleaved(
            *(lambda run, one=one: _page(one, run) for one in servers),
            runs=ground.runs(30, 10),
        )
        yield _figure("first page of the open ones", full, few, many, below=0.100)
    yield Figure(
        work="disk that a proposal takes",
        size=f"{many:,} open",
        ours=grown,
        unit="B",
        aim=Aim("below", 200_000),
        note="all files of the repository and the journal, without a repack",
    )


def _figure(work: str, full: float, few: float, many: int, *, below: float) -> Figure:
    return Figure(
        work=work,
        size=f"{many:,} open",
        ours=full,
        peer=few,
        against=f"itself with {FEW} open",
        aim=Aim("below", below),
    )


def _page(server: Serving, run: int) -> None:
    """The first page, with an address that no kept answer has."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    path = f"/api/v1/datasets/{dataset_name(SIZE)}/proposals?state=open&page_size={20 + run}"
    with closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        found = json.loads(answer.read())
        if answer.status != 200 or not found["data"]:
            raise RuntimeError(f"no page: {answer.status} {found}")


def _fill(home: Path, count: int) -> None:
    """Send so many proposals, in processes that share the work."""
    started = [
        subprocess.Popen([sys.executable, "-m", "benchmarks.pile", str(home), str(at), str(count)])
        for at in range(PROCESSES)
    ]
    if any(one.wait() for one in started):
        raise RuntimeError("a process that opens proposals failed")


def _bytes(home: Path) -> int:
    kept = [home / "repositories", home / "journal.sqlite", home / "journal.sqlite-wal"]
    files = [one for top in kept for one in (top, *top.rglob("*")) if one.is_file()]
    return sum(one.stat().st_blocks * 512 for one in files)


def main(home: Path, first: int, count: int) -> None:
    name = dataset_name(SIZE)
    services = build(Settings(home=home, max_open_proposals=1_000_000), {name: "main"})
    dataset = services.catalogue.get(name)
    for number in range(first, count, PROCESSES):
        services.proposals.submit(dataset, body(number, SIZE))
    services.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
