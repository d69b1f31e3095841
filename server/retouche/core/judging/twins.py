"""Row keys that look alike: `é` as one character, and as `e` followed by an accent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal

from retouche.core.judging.faults import Fault
from retouche.core.operations import Key

Form = Literal["NFC", "NFD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD")


def spellings(key: Key) -> Iterator[Key]:
    """The other ways to write a key that look the same."""
    if all(part.isascii() for part in key):
        return
    for form in FORMS:
        other = tuple(unicodedata.normalize(form, part) for part in key)
        if other != key:
            yield other


def normal(key: Key) -> Key:
    """The same for all keys that look the same."""
    return tuple(unicodedata.normalize("NFC", part) for part in key)


def twin_fault(columns: tuple[str, ...], key: Key, *, other: Key) -> Fault:
    return Fault(
        code="primary-key",
        rule="normalisation",
        field=columns[0],
        value=", ".join(key),
        columns=columns,
        values={"columns": columns, "other": ", ".join(other)},
        level="warning",
    )
