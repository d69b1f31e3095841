"""How texts are kept, such that both kinds of database take, compare and order them alike."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from sqlalchemy import Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

COLLATION = "C"
"""Compares bytes, as SQLite does: moments in ISO 8601 then are in their order."""
LONGEST_KEY = 1_500
"""Bytes of a row key that stand in an index; PostgreSQL takes less than 2,700 in one entry."""


class Words(TypeDecorator[str]):
    """A text of any length."""

    impl = String
    cache_ok = True
    kind: ClassVar[type[String]] = Text

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        collation = COLLATION if dialect.name == "postgresql" else None
        return self.kind(collation=collation)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """PostgreSQL takes no NUL, and no text that is kept has one: it is looked for in vain."""
        if value is not None and dialect.name == "postgresql":
            return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
        return value


class Word(Words):
    """A short text: a name, a code, a hash, a moment."""

    cache_ok = True
    kind = String


def indexed(key: str) -> str:
    """A row key as it stands in an index: itself, or its hash when it is too long for one."""
    encoded = key.encode("utf-8", "surrogatepass")
    return key if len(encoded) <= LONGEST_KEY else f"#{hashlib.sha256(encoded).hexdigest()}"
