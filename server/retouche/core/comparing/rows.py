"""Rows of a copy beside the published ones: which cells change, and what is passed over.

Counts what it undoes and passes over, so that nothing happens in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set

from retouche.core.comparing.headings import Columns
from retouche.core.comparing.likeness import undamaged
from retouche.core.comparing.restoring import restored
from retouche.core.comparing.upload import Line, Note, Value, is_empty
from retouche.core.errors import UnreadableFile
from retouche.core.operations import Cell, Insert, Key, Update
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Field

UNTOLD = frozenset({"number_form", "boolean_form", "date_form"})
"""What is no news of a spreadsheet, which holds numbers, dates and truths as such."""


class Rows:
    """Reads the rows of one copy. `width` is that of its header."""

    def __init__(self, snapshot: Snapshot, columns: Columns, *, width: int) -> None:
        schema = snapshot.resource.schema
        by_name = {one.name: one for one in snapshot.all_fields}
        self._resource = snapshot.resource.name
        self._snapshot = snapshot
        self._to_cell = schema.to_cell
        self._width = width
        self._key = [
            (by_name[one], columns.places[one], snapshot.place_in_record(one))
            for one in schema.primary_key
        ]
        self._cells = [
            (by_name[one], place, snapshot.place_in_record(one))
            for one, place in columns.places.items()
            # What an indicator computes is in downloads, and is never read from them.
            if one not in schema.primary_key and by_name[one].indicator is None
        ]
        self._used: dict[str, Set[str]] = {}
        self._counted: Counter[tuple[str, str]] = Counter()
        self._wrong: list[int] = []

    def key(self, line: Line) -> Key:
        """The key of a row, "" for a part that it lacks."""
        return tuple(
            "" if is_empty(value := _at(line, place)) else self._restored(value, field, told=False)
            for field, place, _ in self._key
        )

    def update(self, line: Line, record: Sequence[str]) -> Update | None:
        """What a row changes of the published one."""
        if len(line.values) == len(record) and all(map(_is_same, line.values, record)):
            return None
        self._measure(line)
        old: dict[str, Cell] = {}
        new: dict[str, Cell] = {}
        for field, place, at in self._cells:
            text = record[at] if at is not None and at < len(record) else ""
            value = _at(line, place)
            if self._is_change(value, text, field):
                if not field.editable or at is None:
                    self._count("fixed_columns", field)
                    continue
                old[field.name], new[field.name] = self._to_cell(text), self._cell(value, field)
        if not new:
            return None
        key = tuple(record[at] if at is not None else "" for _, _, at in self._key)
        return Update(resource=self._resource, key=key, old=old, new=new)

    def insert(self, line: Line) -> Insert:
        """A row that is not published."""
        self._measure(line)
        key = self.key(line)
        row: dict[str, Cell] = {
            field.name: part for (field, _, _), part in zip(self._key, key, strict=True)
        }
        for field, place, at in self._cells:
            value = _at(line, place)
            if is_empty(value):
                continue
            if not field.editable or at is None:
                self._count("fixed_columns", field)
                continue
            row[field.name] = self._cell(value, field)
        return Insert(resource=self._resource, key=key, row=row)

    def check_lengths(self) -> None:
        """Raise `UnreadableFile` when rows had more or fewer cells than the header."""
        if self._wrong:
            raise UnreadableFile("upload_row_length", rows=self._wrong, count=len(self._wrong))

    def notes(self) -> Iterator[Note]:
        """What was passed over and what was undone, by kind."""
        for code in sorted({code for code, _ in self._counted}):
            fields = {name: count for (one, name), count in self._counted.items() if one == code}
            yield Note(code=code, values={"fields": tuple(fields), "count": sum(fields.values())})

    def _measure(self, line: Line) -> None:
        extra = line.values[self._width :]
        if len(line.values) < self._width or not all(map(is_empty, extra)):
            self._wrong.append(line.number)

    def _is_change(self, value: Value, text: str, field: Field) -> bool:
        if _is_same(value, text):
            return False
        cell = self._to_cell(text)
        if is_empty(value):
            return cell is not None and bool(text.strip())
        if cell is None:
            return not isinstance(value, str) or self._to_cell(value.strip()) is not None
        likeness = undamaged(value, text, field)
        if likeness is None:
            return True
        if isinstance(value, str) or likeness not in UNTOLD:
            self._count(f"kept_{likeness}", field)
        return False

    def _cell(self, value: Value, field: Field) -> Cell:
        return None if is_empty(value) else self._to_cell(self._restored(value, field))

    def _restored(self, value: Value, field: Field, *, told: bool = True) -> str:
        if field.name not in self._used:
            self._used[field.name] = self._snapshot.values(field.name)
        text, damage = restored(value, field, self._used[field.name])
        if told and damage is not None and (isinstance(value, str) or damage != "number_form"):
            self._count(f"undone_{damage}", field)
        return text

    def _count(self, code: str, field: Field) -> None:
        self._counted[code, field.name] += 1


def _at(line: Line, place: int) -> Value:
    return line.values[place] if place < len(line.values) else None


def _is_same(value: Value, text: str) -> bool:
    return isinstance(value, str) and value == text
