"""The columns that a configuration may name: those of the file, or, without it, all it mentions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from retouche.core.datami.section import Section


class Columns:
    """Names of columns. `header` is None when the file is not at hand: then any name will do."""

    def __init__(self, header: Sequence[str] | None, described: Iterable[str] = ()):
        self._header = header
        self._names = dict.fromkeys([*(header or ()), *(described if header is None else ())])
        self.colors: dict[str, dict[str, str]] = {}
        """Colours of values that a map gives, by column."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._names)

    def has(self, name: str) -> bool:
        """Whether there is such a column; without the file, a name that is asked for is one."""
        if self._header is None and name:
            self._names.setdefault(name)
        return name in self._names

    def named(self, section: Section, key: str) -> str | None:
        """The column that a key names; told where there is none."""
        name = section.text(key)
        if name is not None and not self.has(name):
            section.tell(key, "not_carried", "no_such_column", column=name)
            return None
        return name

    def listed(self, section: Section, key: str) -> list[str]:
        """The columns that a list of names, or of objects with a `name`, gives."""
        values: Any = section.raw(key)
        found: list[str] = []
        for index, one in enumerate(values if isinstance(values, list) else [values]):
            if isinstance(one, str) and self.has(one):
                section.notes.add(section.at(key, index), "carried")
                found.append(one)
            elif one is not None:
                at = section.at(key, index)
                section.notes.add(at, "not_carried", "no_such_column", column=str(one)[:80])
        return found
