"""Rows as Parquet, with columns of the schema's types: an extra, which needs pyarrow.

A column has its type only when no cell loses anything by it; else all of it stays text, as in the
file. That is decided for the whole file, so a column has one type whatever rows are asked for.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from retouche.core.coded.columns import Column
from retouche.core.errors import Unsupported
from retouche.core.reading.selection import Selection
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Field
from retouche.services.exports.numbers import number_reader, plain_form

if TYPE_CHECKING:
    from types import ModuleType

EXTRA = "parquet"
GROUP = 50_000
"""Rows of a row group: what is in memory at a time."""
INTEGERS = range(-(2**63), 2**63)
PREFIX = "retouche."
"""Before our names among the metadata of a file."""
TRUE = ("true", "True", "TRUE", "1")
FALSE = ("false", "False", "FALSE", "0")
Read = Callable[[str], Any]


def to_parquet(
    snapshot: Snapshot,
    selection: Selection,
    *,
    columns: Sequence[str] | None = None,
    about: Mapping[str, Any] | None = None,
) -> Iterator[bytes]:
    """The rows as a Parquet file, a row group at a time.

    `about` is written into the file's metadata as JSON, each name after `retouche.`, beside the
    Table Schema of the columns. The same rows give the same bytes. Raises `Unsupported` without
    the extra.
    """
    arrow, parquet = _library()
    fields = snapshot.chosen(columns)
    typed = [_dictionary(arrow, field, snapshot.column(field.name)) for field in fields]
    told = {**(about or {}), "table_schema": _described(snapshot, fields)}
    metadata = {
        f"{PREFIX}{name}": json.dumps(value, ensure_ascii=False, sort_keys=True)
        for name, value in told.items()
    }
    schema = arrow.schema(
        [(field.name, values.type) for field, (values, _) in zip(fields, typed, strict=True)],
        metadata=metadata,
    )

    def pieces() -> Iterator[bytes]:
        sink = _Sink()
        with parquet.ParquetWriter(sink, schema, compression="snappy") as writer:
            # A file without rows still has one group, so that readers see its columns.
            for low in range(0, max(len(selection.positions), 1), GROUP):
                positions = selection.positions[low : low + GROUP]
                taken = [
                    values.take(arrow.array(_places(codes[positions], len(values))))
                    for values, codes in typed
                ]
                writer.write_table(arrow.table(taken, schema=schema), row_group_size=GROUP)
                yield sink.taken()
        yield sink.taken()

    return pieces()


def is_there() -> bool:
    """Whether this server has the extra."""
    return importlib.util.find_spec("pyarrow") is not None


def _library() -> tuple[ModuleType, ModuleType]:
    """Loaded when it is asked for: it is large, and need not be there."""
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise Unsupported("extra_missing", format="parquet", extra=EXTRA) from None


class _Sink:
    """Keeps what is written until it is taken."""

    closed = False

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._written = 0

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._held.append(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """What is written is here already."""

    def close(self) -> None:
        """What is held can still be taken."""

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def taken(self) -> bytes:
        data = b"".join(self._held)
        self._held.clear()
        return data


def _places(codes: Any, missing: int) -> Any:
    """Codes as places among the values, of which the last one stands for a missing cell."""
    places = np.asarray(codes, np.int64)
    return np.where(places < 0, missing - 1, places)


def _dictionary(arrow: Any, field: Field, column: Column) -> tuple[Any, Any]:
    """The distinct values of a column in their type, with null last, and the code of each row."""
    texts = list(column.values)
    kind, read = _typing(arrow, field)
    values = [] if read is None else [read(one) for one in texts]
    if read is None or None in values:
        kind, values = arrow.string(), [_sound(one) for one in texts]
    return arrow.array([*values, None], type=kind), column.codes


def _sound(text: str) -> str:
    """A text without the halves of characters that bytes outside the encoding are read as."""
    return text.encode("utf-8", "replace").decode()


def _typing(arrow: Any, field: Field) -> tuple[Any, Read | None]:
    """The type of a field, and what reads a cell so: None where something would be lost."""
    plain = arrow.string(), None
    if field.type == "integer":
        return arrow.int64(), lambda text: _integer(field, text)
    if field.type == "number":
        return arrow.float64(), number_reader(field)
    if field.type == "boolean":
        known = {
            **dict.fromkeys(field.descriptor.get("falseValues") or FALSE, False),
            **dict.fromkeys(field.descriptor.get("trueValues") or TRUE, True),
        }
        return arrow.bool_(), known.get
    if field.type == "date":
        form = str(field.descriptor.get("format") or "default")
        if form == "default":
            return arrow.date32(), _iso_date
        return (arrow.date32(), lambda text: _date(form, text)) if _tells_days(form) else plain
    return plain


def _integer(field: Field, text: str) -> int | None:
    plain = plain_form(field, text)
    if plain is None or "." in plain or plain == "-0" or len(plain) > 20:
        return None
    number = int(plain)
    return number if number in INTEGERS else None


def _iso_date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def _tells_days(form: str) -> bool:
    """Whether a form of dates tells any two days apart: `%d/%m` would make up a year."""
    days = (date(2020, 1, 1), date(2020, 1, 2), date(2020, 2, 1), date(2021, 1, 1))
    try:
        return len({one.strftime(form) for one in days}) == len(days)
    except ValueError:
        return False


def _date(form: str, text: str) -> date | None:
    try:
        found = datetime.strptime(text, form).date()
    except ValueError:
        return None
    return found if found.strftime(form) == text else None  # an unpadded one would not come back


def _described(snapshot: Snapshot, fields: Sequence[Field]) -> Mapping[str, Any]:
    """The Table Schema of these columns alone."""
    schema = snapshot.resource.schema
    names = {one.name for one in fields}
    found: dict[str, Any] = {
        "fields": [dict(one.descriptor) or {"name": one.name} for one in fields],
        "missingValues": list(schema.missing_values),
    }
    if schema.primary_key and names.issuperset(schema.primary_key):
        found["primaryKey"] = list(schema.primary_key)
    return found
