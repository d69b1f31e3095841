"""How a CSV file is written: delimiter, quote, encoding. Always declared, never guessed here."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retouche.core.errors import BadDataset

ENCODINGS = {
    "utf-8": "utf-8",
    "cp1252": "cp1252",
    "iso8859-1": "iso8859-1",
    "iso8859-15": "iso8859-15",
    "ascii": "utf-8",  # every ASCII file is a UTF-8 file, and stays one when accents arrive
}
SIGN = re.compile(r"[^\r\n\0\ud800-\udfff]")
UNSUPPORTED = {
    "doubleQuote": True,
    "escapeChar": None,
    "skipInitialSpace": False,
    "commentChar": None,
    "header": True,
    "nullSequence": None,
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """The lexical form of one CSV file. `quote` is None when the file knows no quoting."""

    delimiter: str = ","
    quote: str | None = '"'
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        if not SIGN.fullmatch(self.delimiter):
            raise BadDataset("dialect_delimiter", delimiter=self.delimiter)
        if self.quote is not None and (
            not SIGN.fullmatch(self.quote) or self.quote == self.delimiter
        ):
            raise BadDataset("dialect_quote", quote=self.quote)

    @classmethod
    def from_descriptor(cls, dialect: Mapping[str, Any] | None, *, encoding: Any = None) -> Dialect:
        """Read a Data Package resource's `dialect` and `encoding` (defaults of the standard)."""
        dialect = dialect or {}
        csv = dialect.get("csv")
        if csv is not None and not isinstance(csv, Mapping):
            raise BadDataset("dialect_unsupported", property="csv")
        settings = {**dialect, **csv} if isinstance(csv, Mapping) else dict(dialect)
        for name, only in UNSUPPORTED.items():
            if settings.get(name, only) != only:
                raise BadDataset("dialect_unsupported", property=name)
        if settings.get("headerRows", [1]) != [1]:
            raise BadDataset("dialect_unsupported", property="headerRows")
        delimiter = settings.get("delimiter", ",")
        quote = settings.get("quoteChar", '"')
        if not isinstance(delimiter, str):
            raise BadDataset("dialect_delimiter", delimiter=str(delimiter)[:80])
        if quote is not None and not isinstance(quote, str):
            raise BadDataset("dialect_quote", quote=str(quote)[:80])
        return cls(
            delimiter=delimiter,
            quote=quote or None,
            encoding=known_encoding("utf-8" if encoding is None else encoding),
        )


def known_encoding(name: Any) -> str:
    """Normalise an encoding name; refuse those whose bytes cannot be spliced (UTF-16 …)."""
    if not isinstance(name, str) or len(name) > 80:
        raise BadDataset("encoding_unknown", encoding=str(name)[:80])
    try:
        normal = codecs.lookup(name).name
    except (LookupError, ValueError):
        raise BadDataset("encoding_unknown", encoding=name) from None
    if normal == "utf-8-sig":
        return "utf-8"  # the mark is found in the bytes and kept
    if normal not in ENCODINGS:
        raise BadDataset("encoding_unsupported", encoding=name)
    return ENCODINGS[normal]
