"""A process that proposes and publishes edits of its own lines, for tests of several at once."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from retouche.core.errors import HeadMoved
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.repository import BareRepository

NOW = datetime(2024, 8, 1, tzinfo=UTC)


def publish(forge: EmbeddedForge, line: int) -> None:
    """Set one line, again and again until nobody else was faster."""

    def edited(commit: str) -> dict[str, bytes]:
        data = forge.read(commit, "data/a.csv")
        return {"data/a.csv": re.sub(b"(?m)^%d;.*$" % line, b"%d;done" % line, data)}

    proposal = f"{line:016x}"
    parent = forge.published()
    files = edited(parent)
    head = forge.open(proposal, parent=parent, files=files, message="Edit", time=NOW).head
    while True:
        published = forge.published()
        try:
            forge.merge(
                proposal,
                published=published,
                head=head,
                files=edited(published),
                message=f"Accept\n\nProposal: {proposal}\n",
                time=NOW,
                prepared=lambda _: None,
            )
            return
        except HeadMoved:
            continue


def main(path: str, first: str, last: str) -> None:
    forge = EmbeddedForge(BareRepository(Path(path)), "centres", "main")
    for line in range(int(first), int(last)):
        publish(forge, line)


if __name__ == "__main__":
    main(*sys.argv[1:])
