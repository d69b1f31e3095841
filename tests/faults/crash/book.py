"""What the people of the crash suite want, what they were told, and what file must come of it.

The file is replayed here from plain lines, by rules that share no code with the product.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tests.datasets import delete, insert, update

Act: TypeAlias = Literal["send", "accept", "reject", "withdraw"]
DECISIONS: dict[str, str] = {"accept": "accepted", "reject": "rejected", "withdraw": "withdrawn"}
ROWS = 300
HEADER = b"id,name,city_code,phone,agents,opened,latitude,longitude,note"
COLUMNS = HEADER.decode().split(",")
BY_HAND = 40
"""Rows at the start of the file that only people with plain git write to."""


def first_file() -> bytes:
    """A mark of UTF-8, line ends of two kinds, cells with and without quotes, no last line end."""
    lines = [b"\xef\xbb\xbf" + HEADER + b"\r\n"]
    for n in range(ROWS):
        name = b'"Desk, %d"' % n if n % 5 == 0 else b"Desk %d" % n
        note = b'"two\nlines"' if n % 9 == 0 else b""
        line = b"%04d,%b,84003,,2,2020-01-02,,,%b" % (n, name, note)
        lines.append(line + (b"\n" if n % 7 == 0 else b"\r\n"))
    lines.append(b"9999,Last desk,84003,,2,,,,")
    return b"".join(lines)


@dataclass(slots=True)
class Intent:
    """One correction that somebody sends until it is acknowledged, then what is decided on it."""

    number: int
    operations: list[dict[str, Any]]
    id: str | None = None
    """Its proposal, once that was acknowledged."""
    act: Act | None = None
    chosen: list[int] | None = None
    """The operations that are accepted; None is all of them."""
    decided: str | None = None
    """The state that was acknowledged."""

    @property
    def key(self) -> str:
        return f"crash-{self.number}"


@dataclass(frozen=True, slots=True)
class Task:
    """What a process is to do for an intent."""

    act: Act
    number: int
    key: str
    operations: Sequence[dict[str, Any]]
    id: str | None
    chosen: Sequence[int] | None


@dataclass(slots=True)
class Book:
    """Everybody's intents in one home."""

    lot: random.Random
    intents: list[Intent] = field(default_factory=list)
    hands: dict[str, int] = field(default_factory=dict)
    """The rows that commits made by hand wrote to."""

    # -- Tasks ------------------------------------------------------------------------------

    def sends(self, count: int) -> list[Task]:
        """What is not acknowledged is sent again, with the same key; then something new is."""
        waiting = [one for one in self.intents if one.id is None]
        while len(waiting) < count and (fresh := self._fresh()) is not None:
            waiting.append(fresh)
        return [self._task("send", one) for one in waiting[: max(count, 3)]]

    def decisions(self, count: int, act: Act) -> list[Task]:
        """What was decided and not acknowledged is decided again as before; then others."""
        begun = [one for one in self.intents if one.act is not None and one.decided is None]
        others = [one for one in self.intents if one.id is not None and one.act is None]
        self.lot.shuffle(others)
        alike = sum(one.act == act for one in begun)
        for one in others[: max(0, count - alike)]:
            one.act = act
            if act == "accept" and len(one.operations) > 1 and self.lot.random() < 0.5:
                one.chosen = [self.lot.randrange(len(one.operations))]
            begun.append(one)
        return [self._task(one.act or act, one) for one in begun]

    def told(self, line: str) -> None:
        """Take note of what a process acknowledged."""
        match line.split():
            case ["sent", number, identifier]:
                one = self.intents[int(number)]
                if one.id is not None and one.id != identifier:
                    raise Found(f"{one.key} was acknowledged as {one.id} and as {identifier}")
                one.id = identifier
            case ["did", number, state]:
                self.intents[int(number)].decided = state
            case ["hand", commit, row]:
                self.hands[commit] = int(row)

    def _task(self, act: Act, one: Intent) -> Task:
        return Task(act, one.number, one.key, one.operations, one.id, one.chosen)

    def _fresh(self) -> Intent | None:
        """A correction of rows that at most one other touches, and then in other cells."""
        number = len(self.intents)
        first = BY_HAND + number
        if first + 1 >= ROWS:
            return None
        operations = [update(f"{first:04d}", agents=str(3 + number % 7))]
        if number % 3 == 0 and number % 11 != 8:  # the row that the one before changes elsewhere
            operations.append(update(f"{first - 1:04d}", phone=f"04 65 71 {number // 100:02d} 00"))
        if number % 5 == 1:
            row = {"id": f"N{number}", "name": f"New desk {number}", "city_code": "84003"}
            operations.append(insert(**row, agents="2"))
        if number % 11 == 7:
            operations = [delete(f"{first:04d}")]
        self.intents.append(Intent(number, operations))
        return self.intents[-1]

    # -- What must come of it ----------------------------------------------------------------

    def replayed(self, history: Sequence[str], proposals: Mapping[str, str]) -> bytes:
        """The file after a history: proposals by id, or commits made by hand, oldest first.

        `proposals` gives the id that a commit brought.
        """
        by_id = {one.id: one for one in self.intents if one.id is not None}
        file = Lines(first_file())
        for commit in history:
            if commit in self.hands:
                file.update(f"{self.hands[commit]:04d}", {"agents": "99"})
                continue
            one = by_id[proposals[commit]]
            chosen = range(len(one.operations)) if one.chosen is None else sorted(one.chosen)
            file.apply([one.operations[place] for place in chosen])
        return file.content


class Found(Exception):
    """Something that must never be."""


class Lines:
    """A file of simple records, edited as a careful person would with a plain editor."""

    def __init__(self, data: bytes) -> None:
        self._records: list[bytes] = []
        rest = data
        for line in rest.splitlines(keepends=True):
            # A record whose quoted cell goes over a line end is held together.
            if self._records and self._records[-1].count(b'"') % 2:
                self._records[-1] += line
            else:
                self._records.append(line)

    @property
    def content(self) -> bytes:
        return b"".join(self._records)

    def apply(self, operations: Sequence[Mapping[str, Any]]) -> None:
        for one in operations:
            if one["op"] == "update":
                self.update(one["key"]["id"], one["new"])
            elif one["op"] == "delete":
                del self._records[self._place(one["key"]["id"])]
        for one in operations:
            if one["op"] == "insert":
                self._append(one["row"])

    def update(self, key: str, new: Mapping[str, str]) -> None:
        place = self._place(key)
        record = self._records[place]
        for name, value in new.items():
            # The name alone may hold a comma, the note alone a line end; neither is written to.
            head, last = record.split(b",84003,", 1)
            cells = last.split(b",")
            cells[COLUMNS.index(name) - 3] = value.encode()
            record = head + b",84003," + b",".join(cells)
        self._records[place] = record

    def _append(self, row: Mapping[str, str]) -> None:
        line = ",".join(row.get(name, "") for name in COLUMNS).encode()
        self._records[-1] += b"\r\n"
        self._records.append(line)

    def _place(self, key: str) -> int:
        start = key.encode() + b","
        (place,) = [n for n, line in enumerate(self._records) if line.startswith(start)]
        return place
