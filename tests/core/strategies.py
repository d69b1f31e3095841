"""Hypothesis strategies: CSV files of any dialect, and operations on their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from retouche.core.cells import needs_quotes, written
from retouche.core.dialect import Dialect
from retouche.core.operations import Cell, Delete, Insert, Operation, Update
from retouche.core.schema import Schema
from retouche.core.table import Table

Row = tuple[str, ...]
HEADER = ("id", "a", "b", "c")
# Line ends to us and to nobody else, look-alikes of them, signs that other readers trip over.
ALPHABET = "ab01 é'=<>;,|\t\"“¦\\\n\r\x0b\x0c\x1c\x85\u2028\ufeff€\N{GRINNING FACE}"

dialects = st.builds(
    Dialect,
    delimiter=st.sampled_from(",;\t|¦"),
    quote=st.sampled_from('"""\''),
    encoding=st.sampled_from(["utf-8", "utf-8", "cp1252", "iso8859-1"]),
)


@dataclass(frozen=True)
class File:
    """A file, and the rows that were put into it."""

    data: bytes
    dialect: Dialect
    rows: tuple[Row, ...]
    schema: Schema

    @property
    def table(self) -> Table:
        return Table.parse(self.data, self.dialect)


def schema_of(
    names: Sequence[str] = HEADER,
    *,
    key: Sequence[str] = ("id",),
    missing_values: Sequence[str] = ("",),
) -> Schema:
    return Schema.from_descriptor(
        {
            "fields": [{"name": name} for name in names],
            "primaryKey": list(key),
            "missingValues": list(missing_values),
        }
    )


def letters(dialect: Dialect) -> str:
    return "".join(
        one
        for one in dict.fromkeys(ALPHABET + dialect.delimiter + (dialect.quote or ""))
        if one.encode(dialect.encoding, "ignore")
        and (dialect.quote or one not in ("\n", "\r", dialect.delimiter))
    )


def cell_texts(dialect: Dialect) -> st.SearchStrategy[str]:
    return st.just("") | st.text(letters(dialect), max_size=4) | st.sampled_from(["NA", "01", "x"])


@st.composite
def files(draw: st.DrawFn, *, ragged: bool = True, steady: bool = False) -> File:
    """A file with unique keys. In a steady one all cells and lines are written alike."""
    dialect = draw(dialects)
    texts = cell_texts(dialect)
    keys = draw(
        st.lists(texts.filter(lambda text: text not in ("", "NA")), unique=True, max_size=6)
    )
    rows = [(key, *(draw(texts) for _ in HEADER[1:])) for key in keys]
    if ragged:
        widths = st.sampled_from([1, 2, 4, 4, 4, 4, 5])
        rows = [(*row, "extra")[: draw(widths)] for row in rows]
    schema = schema_of(missing_values=draw(st.sampled_from([("",), ("", "NA"), ("NA",)])))
    return File(draw(written_file(dialect, rows, steady=steady)), dialect, tuple(rows), schema)


@st.composite
def written_file(
    draw: st.DrawFn, dialect: Dialect, rows: Sequence[Row], *, steady: bool = False
) -> bytes:
    """The rows under the usual header, with every freedom that a dialect leaves."""
    endings = draw(st.sampled_from([("\n",), ("\r\n",), ("\r",), ("\n", "\r\n"), ("\r", "\n")]))
    if steady:
        endings = endings[:1]
    blank_lines = not steady and endings != ("\r", "\n")  # a CR and a blank LF are one CRLF
    all_quoted = draw(st.booleans()) if steady else None
    text = ""
    for number, row in enumerate([HEADER, *rows]):
        cells = [
            written(
                cell,
                dialect,
                quoted=needs_quotes(cell, dialect)
                or row == ("",)
                or (draw(st.booleans()) if all_quoted is None else all_quoted),
            )
            for cell in row
        ]
        text += dialect.delimiter.join(cells) + draw(st.sampled_from(endings))
        if number and blank_lines and draw(st.integers(0, 9)) == 0:
            text += draw(st.sampled_from(endings))
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    mark = b"\xef\xbb\xbf" if dialect.encoding == "utf-8" and draw(st.booleans()) else b""
    return mark + text.encode(dialect.encoding)


def cells_by_name(row: Row, schema: Schema) -> dict[str, Cell]:
    cells: dict[str, Cell] = dict.fromkeys(HEADER)
    return cells | {name: schema.to_cell(text) for name, text in zip(HEADER, row, strict=False)}


def cells_by_key(table: Table, schema: Schema) -> dict[str, dict[str, Cell]]:
    return {row[0]: cells_by_name(row, schema) for row in table.rows()}


@st.composite
def operations(
    draw: st.DrawFn,
    file: File,
    *,
    fields: Sequence[str] = HEADER[1:],
    inserts: bool = True,
    deletes: bool = True,
    positions: Sequence[int] | None = None,
    prefix: str = "new",
    fill: bool = True,
    new_keys: bool = False,
) -> tuple[Operation, ...]:
    """Operations on different rows. Without `fill`, no cell is emptied and no empty one filled."""
    texts = cell_texts(file.dialect)
    chosen = range(len(file.rows)) if positions is None else positions
    keys = [f"{prefix}{number}" for number in range(8)]
    if new_keys:
        keys = draw(st.permutations(keys))
    free = iter(keys[:6])
    found: list[Operation] = []
    for position in chosen:
        present = cells_by_name(file.rows[position], file.schema)
        key = (file.rows[position][0],)
        kinds = ["none", "update", "update", "delete", *(["key", "key"] if new_keys else [])]
        kind = draw(st.sampled_from(kinds))
        if kind == "delete" and deletes:
            found.append(Delete(resource="r", key=key, old=present))
        elif kind == "key":
            other = next(free)
            found.append(Update(resource="r", key=key, old={"id": key[0]}, new={"id": other}))
        elif kind == "update":
            new: dict[str, Cell] = {}
            for name in fields:
                wanted = file.schema.to_cell(draw(texts))
                if fill or (wanted is not None and present[name]):
                    new[name] = wanted
            old = {name: present[name] for name in new}
            found.append(Update(resource="r", key=key, old=old, new=new))
    if inserts:
        for number in range(draw(st.integers(0, 2))):
            row = {name: file.schema.to_cell(draw(texts)) for name in HEADER[1:]}
            if new_keys and file.rows and draw(st.booleans()):  # a row that could be an old one
                row = cells_by_name(draw(st.sampled_from(file.rows)), file.schema)
            new_key = keys[6 + number] if new_keys else f"{prefix}{number}"
            found.append(Insert(resource="r", key=(new_key,), row={**row, "id": new_key}))
    return tuple(draw(st.permutations(found)))
