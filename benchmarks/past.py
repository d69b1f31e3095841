"""The history of a row over many commits: asking for it, and building the index it comes from."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Aim, Figure
from benchmarks.ground import RESOURCE, Ground, dataset_name
from benchmarks.histories import FILE, Story
from benchmarks.timing import interleaved, seconds
from retouche.services.history import RowChange
from retouche.settings import Settings
from retouche.wiring import build, repository_path

SIZE = "S"
COMMITS = 1_000


def measure(ground: Ground) -> Iterator[Figure]:
    commits = ground.runs(COMMITS, 100)
    ground.tell(f"making {commits} commits")
    home, name = ground.home(SIZE), dataset_name(SIZE)
    path = repository_path(home, name)
    story = Story(path)
    story.edit(commits)
    story.close()
    ground.tell("building the index of changes")
    building = seconds(lambda: _first_answer(home, story.rows[0]))
    ground.tell("parsing every version")
    parsing = seconds(lambda: _parse_all(path))
    ground.tell("asking for the history of rows")
    # Rows of many ages; asked for by their last change, so that none is asked for twice.
    rows = list(dict.fromkeys(story.rows))[:: max(1, commits // 3)][: ground.runs(3, 2)]
    ours, theirs = interleaved(
        lambda run: _first_answer(home, rows[run]),
        lambda run: _log(path, rows[run]),
        runs=len(rows),
    )
    for row in rows:
        _compare(home, path, row)
    yield Figure(
        work=f"history of a row over {commits:,} commits, first answer after start",
        size=SIZE,
        ours=ours,
        peer=theirs,
        against="git log -L on its line",
        aim=Aim("at least", 200) if commits == COMMITS else None,
    )
    yield Figure(
        work=f"index of the changes of {commits:,} commits, first answer included",
        size=SIZE,
        ours=building,
        peer=parsing,
        against="parsing every version (csv)",
        aim=Aim("at least", 20) if commits == COMMITS else None,
    )


def _first_answer(home: Path, row: int) -> list[RowChange]:
    """What a server that has just started tells of a row."""
    name = dataset_name(SIZE)
    services = build(Settings(home=home), {name: "main"})
    try:
        dataset = services.catalogue.get(name)
        commit = dataset.forge.published()
        return services.history.row(dataset, commit, RESOURCE, (f"{row:07d}",))
    finally:
        services.close()


def _log(path: Path, row: int) -> list[str]:
    """The commits that changed the row's line, newest first."""
    line = row + 2  # after the header; git counts from one
    command = ["git", f"--git-dir={path}", "log", "--format=%H", "--no-patch"]
    command += [f"-L{line},{line}:{FILE}", "main"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split()


def _compare(home: Path, path: Path, row: int) -> None:
    """Raise RuntimeError unless both tell the same commits of a row."""
    ours = [one.revision.id for one in _first_answer(home, row)]
    theirs = _log(path, row)
    if ours != theirs:
        raise RuntimeError(f"row {row}: {len(ours)} changes, by git {len(theirs)}")


def _parse_all(path: Path) -> None:
    """Read every version of the file and split it into cells."""
    command = ["git", f"--git-dir={path}"]
    listed = subprocess.run([*command, "rev-list", "main"], capture_output=True, check=True)
    wanted = b"".join(b"%s:%s\n" % (one, FILE.encode()) for one in listed.stdout.split())
    process = subprocess.Popen(
        [*command, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for one in wanted.splitlines(keepends=True):
        process.stdin.write(one)
        process.stdin.flush()
        size = int(process.stdout.readline().split()[2])
        text = process.stdout.read(size + 1).decode()
        for _ in csv.reader(io.StringIO(text)):
            pass
    process.stdin.close()
    process.stdout.close()
    process.wait()
