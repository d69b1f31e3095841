"""Which column of a copy is which field: by name, else by title or label, accents and case aside.

Knows nothing of cells. A personal field is none: what is compared with it could be guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retouche.core.coded.folding import fold
from retouche.core.errors import UnreadableFile
from retouche.core.schema import Field

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The place of each field in the rows of a copy, and the headings that name none."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]

    def has(self, names: Sequence[str]) -> bool:
        return all(name in self.places for name in names)


def columns(header: Sequence[str], fields: Sequence[Field]) -> Columns:
    """Match a header. Raises `UnreadableFile` where two columns are one field."""
    exact = {one.name: one.name for one in fields if not one.personal}
    loose = _loose(fields)
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, heading in enumerate(header):
        name = exact.get(heading) or loose.get(_folded(heading))
        if name is None:
            unknown += [heading.strip()] if heading.strip() else []
        elif name in places:
            raise UnreadableFile("header", name=heading, position=place + 1, problem="duplicate")
        else:
            places[name] = place
    return Columns(places=places, unknown=tuple(unknown))


def _loose(fields: Sequence[Field]) -> Mapping[str, str]:
    """Fields by what people call them; what two of them are called names neither."""
    found: dict[str, set[str]] = {}
    for one in fields:
        titles = (one.name, one.title or "", *(one.label(language) for language in LANGUAGES))
        for text in filter(None, map(_folded, titles)):
            found.setdefault(text, set()).add(one.name)
    shown = {one.name for one in fields if not one.personal}
    return {text: min(names) for text, names in found.items() if len(names) == 1 and names <= shown}


def _folded(text: str) -> str:
    return " ".join(fold(text.removeprefix("\ufeff")).split())
