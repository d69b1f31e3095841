"""Turns new values into the bytes of cells, in the style of the file they go into.

Must write nothing that would be read back as another value, or make the file unreadable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from retouche.core.cells import MERGE_MARKS, needs_quotes, spans, unquote, written
from retouche.core.operations import Cells, Key
from retouche.core.report import CellError
from retouche.core.schema import Schema
from retouche.core.style import Style
from retouche.core.table import Table
from retouche.core.tokenizer import Marks, scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose cell is written: the operation's number, its resource and its row."""

    operation: int
    resource: str
    key: Key


@dataclass
class CellWriter:
    """Writes cells for one table; gathers in `errors` the values that the file cannot hold."""

    table: Table
    schema: Schema
    errors: list[CellError] = field(default_factory=list)

    @cached_property
    def style(self) -> Style:
        return Style.of(self.table, self.schema)

    @cached_property
    def marks(self) -> Marks:
        return Marks.of(self.table.dialect)

    def replace(self, raw: bytes, text: str, place: Place, *, column: int, alone: bool) -> bytes:
        """A cell instead of the one written as `raw`; `alone` if its row has no other."""
        quoted = None
        if raw and self.marks.quote is not None:
            quoted = raw.startswith(self.marks.quote)
        return self._write(text, place, column=column, quoted=quoted, alone=alone)

    def again(self, form: str | None, text: str, *, column: int) -> bytes | None:
        """A cell as it was written before, where that is one cell of this text still; else None."""
        dialect = self.table.dialect
        if form is None or (column == 0 and form.startswith(MERGE_MARKS)):
            return None
        try:
            raw = form.encode(dialect.encoding)
        except UnicodeEncodeError:
            return None
        mark = self.marks.delimiter
        found = scan(b"1" + mark + raw + mark + b"1\n", dialect)
        whole = len(found.starts) == 1 and found.unclosed is None and b"\0" not in raw
        if not whole or spans(raw, self.marks) != [(0, len(raw))]:
            return None
        same = self.schema.to_cell(unquote(form, dialect.quote)) == self.schema.to_cell(text)
        return raw if same else None

    def pad(self, width: int, texts: dict[int, str], place: Place) -> bytes:
        """The cells that make a row of `width` cells long enough to hold `texts`.

        Those in between were missing and stay so.
        """
        added = [
            self._write(texts.get(column, self.schema.missing_text), place, column=column)
            for column in range(width, max(texts) + 1)
        ]
        return b"".join(self.marks.delimiter + cell for cell in added)

    def record(self, row: Cells, place: Place) -> bytes:
        """A whole new record, without its line ending."""
        alone = len(self.table.header) == 1
        return self.marks.delimiter.join(
            self._write(self.schema.to_text(row.get(name)), place, column=column, alone=alone)
            for column, name in enumerate(self.table.header)
        )

    def _write(
        self,
        text: str,
        place: Place,
        *,
        column: int,
        quoted: bool | None = None,
        alone: bool = False,
    ) -> bytes:
        """`quoted` is how the cell was written before, None to let its column decide."""
        dialect = self.table.dialect
        missing = text == self.schema.missing_text
        if missing or quoted is None:
            quoted = (self.style.missing if missing else self.style.filled)[column]
        must = (
            needs_quotes(text, dialect)
            or (alone and not text)  # bare, it would be a blank line
            or (column == 0 and text.startswith(MERGE_MARKS))
        )
        if must and dialect.quote is None:
            return self._refuse(text, place, column=column, rule="quote")
        if "\0" in text:
            return self._refuse(text, place, column=column, rule="encoding", character="\0")
        try:
            return written(text, dialect, quoted=quoted or must).encode(dialect.encoding)
        except UnicodeEncodeError as problem:
            character = problem.object[problem.start]
            return self._refuse(text, place, column=column, rule="encoding", character=character)

    def _refuse(self, text: str, place: Place, *, column: int, rule: str, **values: str) -> bytes:
        self.errors.append(
            CellError(
                code="encoding-error" if rule == "encoding" else "dialect-error",
                resource=place.resource,
                row_key=place.key,
                field=self.table.header[column],
                value=text,
                rule=rule,
                operation=place.operation,
                values={"encoding": self.table.dialect.encoding, **values},
            )
        )
        return b""
