"""What in a proposal asks for a second look before it is merged: the rules allow it, yet it is
seldom a correction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from retouche.core.messages.moderating import sign
from retouche.core.neutral import BLANKS, prose
from retouche.core.operations import Cell, Cells, Delete, Insert, Key, Patch, Update
from retouche.core.package import Package
from retouche.core.schema import Field

Kind = Literal["formula", "hidden", "link", "mixed_script"]

FORMULA = re.compile(r"[=+@\t\r\0＝＋＠-]|－")
# Signed numbers, telephone numbers, opening hours and the dash that means "none" begin alike.
HARMLESS = re.compile(r"[+-]?[0-9(][0-9 .,()/\u00a0\u202f-]*%?|-+")
LINK = re.compile(r"[a-z0-9+.-]://|\bwww\.", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]{2,}")
LINKED = frozenset({"link", "image"})
TEXTUAL = frozenset({"string", "any"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A new cell that asks for a second look, and why."""

    kind: Kind
    resource: str
    key: Key
    field: str


def flags(operations: Patch, package: Package) -> tuple[Flag, ...]:
    """The flags of a proposal, in the order of its cells; what stood there before counts not."""
    return tuple(_flags(operations, package))


def signed(signs: Sequence[str], locale: str) -> list[str]:
    """What made a proposal look unusual when it came, in sentences that are no commands."""
    return [prose(sign(code, locale), most=300) for code in signs]


def _flags(operations: Patch, package: Package) -> Iterator[Flag]:
    for operation in operations:
        if isinstance(operation, Delete):
            continue
        old, new = _sides(operation)
        fields = package.resource(operation.resource).schema.by_name
        for name, cell in new.items():
            for kind in _kinds(fields.get(name) or Field(name=name), old.get(name) or "", cell):
                yield Flag(kind=kind, resource=operation.resource, key=operation.key, field=name)


def _sides(operation: Insert | Update) -> tuple[Cells, Cells]:
    """Its cells before, none for a new row, and after."""
    if isinstance(operation, Insert):
        return {}, operation.row
    return operation.old, operation.new


def _kinds(field: Field, old: str, new: Cell) -> Iterator[Kind]:
    if not new:
        return
    if field.type in TEXTUAL and is_formula(new) and not is_formula(old):
        yield "formula"
    if hides(new) and not hides(old):
        yield "hidden"
    if not takes_links(field) and LINK.search(new) and not LINK.search(old):
        yield "link"
    if mixes_scripts(new) and not mixes_scripts(old):
        yield "mixed_script"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run it. Numbers and telephone numbers are none."""
    return FORMULA.match(text) is not None and HARMLESS.fullmatch(text.strip()) is None


def hides(text: str) -> bool:
    """Whether it holds characters that nobody sees, or that turn the reading direction."""
    return any(
        (unicodedata.category(one) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and one not in "\n\r\t")
        or one in BLANKS
        for one in text
    )


def takes_links(field: Field) -> bool:
    """Whether addresses of pages belong into a column."""
    return field.descriptor.get("format") == "uri" or field.display.get("as") in LINKED


def mixes_scripts(text: str) -> bool:
    """Whether one word has letters of two alphabets that look alike."""
    return any(len(_scripts(word)) > 1 for word in WORD.findall(text) if not word.isascii())


def _scripts(word: str) -> set[str]:
    names = {unicodedata.name(one, "").partition(" ")[0] for one in word}
    return names & {"LATIN", "CYRILLIC", "GREEK"}
