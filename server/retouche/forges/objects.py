"""Git objects as values: their bytes, written and read. No I/O; equal values give equal ids."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from retouche.core.errors import Malformed

Kind: TypeAlias = Literal["blob", "tree", "commit"]
REGULAR = ("100644", "100755")
FOLDER = "40000"
FILE = "100644"
_UNFIT = re.compile(r"[\0-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TRAILER = re.compile(r"Proposal: ([0-9a-f]{16})")
_PERSON = re.compile(rb"> (\d{1,11}) [+-]\d+$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a folder."""

    mode: str
    name: bytes
    id: str

    @property
    def is_file(self) -> bool:
        """A regular file: not a folder, not a link, not a submodule."""
        return self.mode in REGULAR

    @property
    def is_folder(self) -> bool:
        return self.mode == FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    tree: str
    parents: tuple[str, ...]
    time: datetime
    message: str

    @property
    def proposal(self) -> str | None:
        """The id in the trailer `Proposal:`, if the last paragraph has one."""
        for line in reversed(self.message.rstrip().rpartition("\n\n")[2].split("\n")):
            found = _TRAILER.fullmatch(line)
            if found:
                return found.group(1)
        return None


def header(kind: Kind, size: int) -> bytes:
    return f"{kind} {size}\0".encode()


def object_id(kind: Kind, data: bytes) -> str:
    digest = hashlib.sha1(header(kind, len(data)), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def decode_tree(data: bytes) -> tuple[Entry, ...]:
    entries, at = [], 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        mode = data[at:space].decode("ascii").lstrip("0")
        entries.append(Entry(mode, data[space + 1 : end], data[end + 1 : end + 21].hex()))
        at = end + 21
    return tuple(entries)


def encode_tree(entries: Iterable[Entry]) -> bytes:
    """The bytes of a folder, in git's order: a folder sorts as if its name ended in a slash."""
    ordered = sorted(entries, key=lambda one: one.name + b"/" * one.is_folder)
    return b"".join(
        one.mode.encode() + b" " + one.name + b"\0" + bytes.fromhex(one.id) for one in ordered
    )


def encode_commit(
    *, tree: str, parents: Sequence[str], identity: str, time: datetime, message: str
) -> bytes:
    """The bytes of a commit. Raises `Malformed` for a message with control characters."""
    if _UNFIT.search(message):
        raise Malformed("control_character")
    person = f"{identity} {max(0, int(time.timestamp()))} +0000"
    lines = [f"tree {tree}", *(f"parent {one}" for one in parents)]
    lines += [f"author {person}", f"committer {person}", "", message.rstrip("\n"), ""]
    return "\n".join(lines).encode()


def decode_commit(data: bytes) -> Commit:
    head, _, message = data.partition(b"\n\n")
    tree, parents, encoding, time = "", [], "utf-8", _EPOCH
    for line in head.split(b"\n"):
        name, _, value = line.partition(b" ")
        if name == b"tree":
            tree = value.decode("ascii")
        elif name == b"parent":
            parents.append(value.decode("ascii"))
        elif name == b"committer":
            time = _time(value)
        elif name == b"encoding":
            encoding = value.decode("ascii", "replace")
    return Commit(tree=tree, parents=tuple(parents), time=time, message=_text(message, encoding))


def _text(message: bytes, encoding: str) -> str:
    try:
        return message.decode(encoding, "replace")
    except LookupError:
        return message.decode("utf-8", "replace")


def _time(person: bytes) -> datetime:
    """When a person line was written, in UTC; the epoch where it says no usable time."""
    found = _PERSON.search(person)
    return _EPOCH + timedelta(seconds=int(found.group(1))) if found else _EPOCH
