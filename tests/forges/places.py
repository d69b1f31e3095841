"""Small embedded forges, ready to be broken."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from retouche.forges.embedded import EmbeddedForge
from retouche.forges.importer import import_folder
from retouche.forges.repository import BareRepository

NOW = datetime(2024, 8, 1, 12, 0, 0, tzinfo=UTC)
DATASET = "centres"
LINES = b"".join(b"%d;to do\n" % line for line in range(40))


def make_forge(folder: Path, lines: bytes = LINES) -> EmbeddedForge:
    """A forge of one file, `data/a.csv`."""
    package = folder / "package"
    (package / "data").mkdir(parents=True)
    (package / "data" / "a.csv").write_bytes(lines)
    path = folder / "centres.git"
    import_folder(package, path, message="Import centres\n", time=NOW)
    return EmbeddedForge(BareRepository(path), DATASET, "main")


def propose(forge: EmbeddedForge, number: int) -> str:
    """Open a proposal on one line; give its commit."""
    tip = forge.published()
    data = forge.read(tip, "data/a.csv").replace(b"%d;to do" % number, b"%d;done" % number)
    return forge.open(
        identifier(number),
        parent=tip,
        files={"data/a.csv": data},
        message=f"Correct {number}\n\nProposal: {identifier(number)}\n",
        time=NOW,
    ).head


def accept(forge: EmbeddedForge, number: int, head: str) -> str:
    """Merge what `propose` opened, as long as nothing else was published."""
    return forge.merge(
        identifier(number),
        published=forge.published(),
        head=head,
        files={"data/a.csv": forge.read(head, "data/a.csv")},
        message=f"Accept\n\nProposal: {identifier(number)}\n",
        time=NOW,
        prepared=lambda _: None,
    )


def identifier(number: int) -> str:
    return f"{number:016x}"


def branch(number: int) -> str:
    return f"refs/heads/proposals/{DATASET}/{identifier(number)}"


def plant(path: Path, *, age: float = 3600.0, data: bytes = b"") -> Path:
    """Leave a file behind as a killed process would have, some time ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.chmod(0o644)
    path.write_bytes(data)
    os.utime(path, (time.time() - age, time.time() - age))
    return path
