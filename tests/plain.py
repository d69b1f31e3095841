"""Where a text stands in the files of a home, and in a repository: read byte by byte."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path


def spellings(text: str) -> set[bytes]:
    """A text as bytes: as it is, in lower case, and as base64 of any alignment has it."""
    found = {text.encode(), text.lower().encode(), text.encode("utf-16-le")}
    for plain in (text.encode(), text.lower().encode()):
        for shift in range(3):
            whole = base64.b64encode(b"\0" * shift + plain)
            # The first and last characters also hold bits of what stands beside it.
            inner = whole[(shift and 4) : -4]
            found.add(inner)
            found.add(inner.translate(bytes.maketrans(b"+/", b"-_")))
    return {one for one in found if len(one) >= 6}


def traces(folder: Path, text: str) -> list[str]:
    """The files under a folder that hold a text, in any case or as base64; sorted."""
    return sorted(set(_traces(folder, text)))


def _traces(folder: Path, text: str) -> Iterator[str]:
    wanted = spellings(text)
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        name = str(path.relative_to(folder))
        data = path.read_bytes()
        if any(one in data or one in data.lower() for one in wanted):
            yield name
    for repository in folder.glob("repositories/*.git"):
        content = b"".join(stored_objects(repository).values())
        if any(one in content or one in content.lower() for one in wanted):
            yield f"{repository.name} objects"


def stored_objects(repository: Path) -> dict[str, bytes]:
    """All objects of a repository by id, loose and packed, reachable or not."""
    git = ["git", "-C", str(repository), "cat-file", "--batch-all-objects", "--unordered"]
    listed = subprocess.run(
        [*git, "--batch-check=%(objectname) %(objecttype)"], capture_output=True, check=True
    )
    found = {}
    for line in listed.stdout.decode().splitlines():
        identifier, kind = line.split()
        shown = subprocess.run(
            ["git", "-C", str(repository), "cat-file", kind, identifier],
            capture_output=True,
            check=True,
        )
        found[identifier] = shown.stdout
    return found
