"""Whole histories written into bare repositories at once, by git's own fast-import."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retouche.forges.repository import BareRepository
from tests.forges.plain_git import git

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Step:
    """A commit: all its files, and which of the steps before are its parents."""

    files: Files
    parents: tuple[int, ...] = ()
    message: str = "Change"


def line(versions: Sequence[Files]) -> list[Step]:
    """Versions that follow each other."""
    return [
        Step(files, (place - 1,) if place else (), f"Version {place}\n")
        for place, files in enumerate(versions)
    ]


def write_history(path: Path, steps: Sequence[Step]) -> list[str]:
    """Make the repository unless it is there; give the commit ids of the steps.

    The branch `main` is at the last of them.
    """
    if not path.exists():
        BareRepository.create(path, "main").close()
    stream = b"".join(_commit(place, one) for place, one in enumerate(steps))
    stream += b"reset refs/heads/main\nfrom :%d\n\n" % len(steps)
    marks = path / "marks"
    git(path, "fast-import", "--quiet", "--force", f"--export-marks={marks}", data=stream)
    found = dict(one.split() for one in marks.read_text().splitlines())
    return [found[f":{place + 1}"] for place in range(len(steps))]


def move(path: Path, commit: str) -> None:
    """Set the branch `main` by force."""
    git(path, "update-ref", "refs/heads/main", commit)


def package(resources: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps({"name": "places", "resources": list(resources)}).encode()


def _commit(place: int, step: Step) -> bytes:
    message = step.message.encode()
    lines = [b"commit refs/kept/%d" % place, b"mark :%d" % (place + 1)]
    lines.append(b"committer A <a@example.org> %d +0000" % (1_700_000_000 + place))
    lines.append(b"data %d\n%s" % (len(message), message))
    for number, parent in enumerate(step.parents):
        lines.append(b"%s :%d" % (b"merge" if number else b"from", parent + 1))
    lines.append(b"deleteall")
    for name, data in step.files.items():
        lines.append(b"M 100644 inline %s\ndata %d\n%s" % (name.encode(), len(data), data))
    return b"\n".join(lines) + b"\n\n"
