"""Histories to measure on: commits of one edited cell, as Retouche or anybody's git makes them."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from retouche.core.edited import Edit, Edited
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.objects import object_id
from retouche.forges.refs import Move, branch_ref
from retouche.forges.repository import BareRepository

FILE = "table.csv"
COLUMN = 2
"""A number, and before the first quoted column of `tables.py`."""
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Story:
    """The published file of a table that `tables.py` wrote, and the edits made in it.

    `rows` are the positions of the rows that the edits changed, one each, in order.
    """

    path: Path
    branch: str = "main"
    seed: int = 30
    rows: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._repository = BareRepository(self.path)
        self._forge = EmbeddedForge(self._repository, "table", self.branch)
        self.head = self._forge.published()
        self._blob = self._forge.blob(self.head, FILE)
        self._data = self._forge.read(self.head, FILE)
        self._chance = random.Random(self.seed)

    def edit(self, commits: int) -> None:
        """Publish so many commits of one cell through the forge."""
        for edited, message, time in self._edits(commits):
            self.head = self._forge.commit(
                parent=self.head, files={FILE: edited}, message=message, time=time
            )
        self._publish()

    def edit_by_git(self, commits: int) -> None:
        """The same with git commands, as somebody would who does not know Retouche."""
        for edited, message, time in self._edits(commits):
            blob = self._git("hash-object", "-w", "--stdin", data=bytes(edited))
            tree = self._git("ls-tree", self.head).splitlines()
            lines = [one for one in tree if not one.endswith(f"\t{FILE}")]
            lines.append(f"100644 blob {blob}\t{FILE}")
            made = self._git("mktree", data="\n".join(lines).encode() + b"\n")
            date = f"{int(time.timestamp())} +0000"
            arguments = ("commit-tree", made, "-p", self.head, "-m", message)
            self.head = self._git(*arguments, date=date)
        self._publish()

    def close(self) -> None:
        self._repository.close()

    def _edits(self, commits: int) -> Iterator[tuple[Edited, str, datetime]]:
        lines = self._data.split(b"\n")
        for _ in range(commits):
            number, row = len(self.rows), self._chance.randrange(1, len(lines) - 1)
            cells = lines[row].split(b",", COLUMN + 1)
            new = b"%d.%05d" % (self._chance.randrange(52), number)
            start = sum(map(len, lines[:row])) + row + len(b",".join(cells[:COLUMN])) + 1
            edit = Edit(start, start + len(cells[COLUMN]), new)
            cells[COLUMN] = new
            lines[row] = b",".join(cells)
            edited = Edited(self._data, self._blob, (edit,))
            yield edited, f"Correct row {row}\n", BEGUN + timedelta(minutes=number)
            self.rows.append(row - 1)
            self._data = bytes(edited)
            self._blob = object_id("blob", self._data)

    def _publish(self) -> None:
        published = self._forge.published()
        if published != self.head:
            with self._repository.locked() as refs:
                refs.move(Move(ref=branch_ref(self.branch), old=published, new=self.head))

    def _git(self, *arguments: str, data: bytes = b"", date: str = "") -> str:
        environment = {"PATH": os.environ.get("PATH", "")}
        who = {"NAME": "A", "EMAIL": "a@example.org", "DATE": date or "0 +0000"}
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{role}_{name}": value for name, value in who.items()}
        command = ["git", f"--git-dir={self.path}", *arguments]
        done = subprocess.run(command, input=data, env=environment, capture_output=True, check=True)
        return done.stdout.decode().strip()
