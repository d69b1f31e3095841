"""Measures the subjects asked for, or all, and prints one table. Knows what each one is."""

from __future__ import annotations

import argparse
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import (
    checking,
    comparing,
    crowd,
    elements,
    gitlab,
    indicators,
    machine,
    memory,
    merging,
    past,
    pile,
    proposing,
    reading,
    report,
    restarting,
    versions,
    visitors,
    writers,
    writing,
)
from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.tables import SIZES

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".bench"
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to measure. `how` is for the reader of the figures."""

    measure: Callable[[Ground], Iterator[Figure]]
    how: str


SUBJECTS = {
    "writing": Subject(
        writing.measure,
        "The commit is splicing, blob, trees and commit object through the forge, fsync included,"
        " without moving a branch; the limit is `hashlib.sha1` over the bytes in memory, git"
        " plumbing is `hash-object`, `mktree`, `commit-tree`. Stored bytes are the growth of all"
        " files below `objects`, without the first proposal, which may bring a copy of the base."
        " A push is `git pack-objects --thin --revs` for the new commit, then a real `git push`"
        " to a bare repository that has the base; git's default is a bare repository repacked"
        " with a bitmap index, and the commit made by plumbing.",
    ),
    "proposing": Subject(
        proposing.measure,
        "Over HTTP on one kept connection to one worker that has answered such requests before;"
        " the hash of the same file is taken in turns with it.",
    ),
    "checking": Subject(
        checking.measure,
        "`retouche check --format json` against `frictionless validate --json`, both as commands"
        " from start to report, on a file with faulty numbers, dates and keys. The reports must"
        " name the same faults of the same rows and fields. The second row is less what each takes"
        " for a file of one row: the start of the programs. frictionless is not run on L.",
    ),
    "reading": Subject(
        reading.measure,
        "Four clients on kept connections, one request at a time on each, every answer read and"
        " its status checked; Retouche with one worker and Datasette as it is meant to run, one"
        " process too, asked in spells of equal duration that take turns. Both are first asked"
        " the same questions and must answer the same rows, counts and totals. Uncached: no"
        " address is asked for twice, as far as there are enough. Datasette: typed columns, an"
        " index on each column used and composite ones that fit the questions, full text over"
        " all columns, `analyze`, immutable with counted rows, time limits raised, nothing"
        " suggested. The deep page is asked for by row number: from Datasette by SQL `offset`"
        " over the key's index; its keyset pages are shown too, though they need the key of the"
        " row before. The row by key is both times a dictionary of cells, read in this process.",
    ),
    "versions": Subject(
        versions.measure,
        "One page, two facets, a search and a row by its key, asked in process of a home that"
        " has derived nothing yet, then again after each accepted edit: what those answers take"
        " together, from the return of accepting.",
    ),
    "comparing": Subject(
        comparing.measure,
        "From the bytes of the files to the changes, or to the merged bytes; daff in Python, with"
        " the key given to it, its start not counted, stopped after two minutes. A merge is that"
        " of one proposal after the other into what is published by then; daff is given some of"
        " them and counted for each.",
    ),
    "past": Subject(
        past.measure,
        "Commits of one cell each. A service that has just been started answers the changes of a"
        " row, with its index on the disk; `git log -L` is asked for the row's line, and both"
        " must tell the same commits. The index is built from nothing; the peer reads every"
        " version with `cat-file` and splits it with Python's csv.",
    ),
    "writers": Subject(
        writers.measure,
        "Eight processes that start together. Ours accept proposals that were sent before,"
        " through the review with its verdict and merge commit; the others read the branch, write"
        " their edit by plumbing, move the branch with its old value and try again if that fails."
        " All edits must be there in the end.",
    ),
    "gitlab": Subject(
        gitlab.measure,
        "Against `tests/gitlab_double` in this process, real git over HTTP included; GitLab itself"
        " takes longer, for all alike. Requests are those of the API and of git, bytes sent their"
        " bodies. The peer reads the file by the API, commits it whole on a new branch and makes a"
        " merge request, as tools that know files alone do, in turns with us. A round that finds"
        " nothing new follows a webhook; the peer asks for the list of open merge requests. For"
        " re-making, somebody has changed another cell of each proposal's row.",
    ),
    "elements": Subject(
        elements.measure,
        "In Chromium, a page of another site with one element, each time with an empty cache and"
        " connections: from the start of the navigation to the frame in which the first card is"
        " there, the median of seven. Bytes are those received, as compressed as they came. The"
        " bare page asks for the same twelve rows and writes their cells into the page. Datami's"
        " figures are of its own example page on two cores and were not measured in this run.",
    ),
    "indicators": Subject(
        indicators.measure,
        "The nearest counter of each commune, how many are within 30 km, and the share of people"
        " within 30 km by department, of files that are parsed already; of a version in which a"
        " counter has moved, its file is parsed as well, row keys matched and all three renewed."
        " The peer computes all pairs a thousand communes at a time, and no shares.",
    ),
    "memory": Subject(
        memory.measure,
        "`RssAnon` of the process of the server that has most, after two workers have answered"
        " pages, facets, searches, sorts, aggregates, downloads, rows, histories, checks and"
        " proposals of every size.",
    ),
}
UNDER_LOAD = {
    "crowd": Subject(
        crowd.measure,
        "Fifty threads of one process, each with a kept connection to a server with two workers,"
        " send one-cell corrections without a pause; limits on what one address may send are"
        " lifted. The peer makes as many branches of one commit as it can, without check or"
        " journal.",
    ),
    "merging": Subject(
        merging.measure,
        "As in the writers' figure of the performance page, with four processes; every corrected"
        " cell is looked for in the file in the end.",
    ),
    "pile": Subject(
        pile.measure,
        "Two servers are asked in turns: one with ten open proposals, one with all. They were"
        " opened by two processes through the same service that answers requests.",
    ),
    "restarting": Subject(
        restarting.measure,
        "Proposals that are in the journal and not on the forge, as a kill leaves them; from the"
        " start of `retouche serve` until it says that it is ready, and until all are open.",
    ),
    "visitors": Subject(
        visitors.measure,
        "Every second question asks for the file with the ETag it has, the others for the history"
        " of one of fifty rows; each is due at its own moment, whatever became of those before.",
    ),
}
"""What `load` measures: what a server holds, rather than what a piece of work costs."""


def measured(ground: Ground, name: str) -> Iterator[Figure]:
    """The figures of a subject; where it fails, a row that says so, and the others go on."""
    try:
        yield from (SUBJECTS | UNDER_LOAD)[name].measure(ground)
    except Exception as error:
        traceback.print_exc()
        detail = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        yield Figure(work=f"{name}: the rest", size="", ours=None, note=f"failed: {detail}")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure, and print one table."
    )
    parser.add_argument("subject", nargs="*", help=", ".join([*SUBJECTS, "load", *UNDER_LOAD]))
    parser.add_argument("--quick", action="store_true", help="only S, and fewer runs")
    parser.add_argument(
        "--write",
        nargs="?",
        const=PAGE,
        type=Path,
        metavar="PAGE",
        help="write a page, docs/performance.md if none is named",
    )
    asked = parser.parse_args()
    named = asked.subject or list(SUBJECTS)
    names = [one for name in named for one in (UNDER_LOAD if name == "load" else [name])]
    if unknown := set(names) - (SUBJECTS | UNDER_LOAD).keys():
        parser.error(f"no such subject: {', '.join(sorted(unknown))}")
    KEPT.mkdir(exist_ok=True)
    before = machine.load()
    with tempfile.TemporaryDirectory(prefix="run-", dir=KEPT) as scratch:
        ground = Ground(KEPT, Path(scratch), quick=asked.quick)
        figures = [figure for name in names for figure in measured(ground, name)]
        described = machine.described(ground.peers)
        described["load"] = f"{before} before, {machine.load()} at the end"
        ground.tell("done")
    how = {name: (SUBJECTS | UNDER_LOAD)[name].how for name in names}
    used = {one.size for one in figures} | (set(ground.sizes) if names != ["elements"] else set())
    sizes = {one: f"{rows:,} × {width}" for one, (rows, width) in SIZES.items() if one in used}
    (KEPT / "results.json").write_text(report.as_json(figures, described))
    print("".join(f"{name}: {value}\n" for name, value in described.items()))
    print(report.table(figures))
    print(report.remarks(figures))
    if asked.write:
        asked.write.write_text(report.document(figures, described, how, sizes))


if __name__ == "__main__":
    main()
