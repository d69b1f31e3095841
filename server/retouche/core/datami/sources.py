"""The files that a configuration names, as far as they are at hand. Nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from retouche.core.datami.notes import Notes
from retouche.core.errors import BadDataset
from retouche.core.package import read_json

Find = Callable[[str], bytes | None]
"""Gives the bytes of a file by the address or path that names it; None where it is not at hand."""
NAMELESS = "data"
LONGEST = 2_000


class Sources:
    """Finds files and tells of those that are not there or hold no JSON."""

    def __init__(self, find: Find, notes: Notes):
        self._find = find
        self._notes = notes
        self._read: dict[str, bytes | None] = {}

    def data(self, reference: str, path: str) -> bytes | None:
        """The bytes of a file; None where it is not at hand, which is told."""
        if reference not in self._read:
            self._read[reference] = self._find(reference) if len(reference) <= LONGEST else None
        found = self._read[reference]
        if found is None:
            self._notes.want(reference, path)
        return found

    def json(self, reference: str, path: str) -> Any:
        """The value of a file of JSON; None where there is none, which is told."""
        data = self.data(reference, path)
        if data is None:
            return None
        try:
            return read_json(lambda _: data, reference)
        except BadDataset as error:
            detail = error.values.get("detail", "")
            self._notes.add(path, "unusable", "file_bad_json", file=reference, detail=detail)
            return None

    @staticmethod
    def short(reference: str) -> str:
        """The last part of an address or path: what a person knows a file by."""
        return name_of(reference)


def name_of(reference: str) -> str:
    """The name of the file that an address or a path leads to."""
    try:
        path = urlsplit(reference).path
    except ValueError:
        path = ""
    name = unquote(path).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(one for one in name if one.isprintable())[:100] or NAMELESS
