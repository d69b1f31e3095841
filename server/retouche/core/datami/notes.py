"""What became of each key of a configuration: the report of an import.

Values of the configuration are told only where they say what would be right: it may hold secrets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Fate = Literal["carried", "changed", "not_carried", "disabled", "never_read", "unusable"]
FATES: tuple[Fate, ...] = (
    "unusable", "not_carried", "changed", "disabled", "never_read", "carried",
)  # fmt: skip
"""From what asks for a person to what does not."""
MOST = 20_000
"""Notes that are kept: a configuration of more keys than that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What became of the key at `path`. `reason` names a sentence of the messages, or is ""."""

    path: str
    fate: Fate
    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class Notes:
    """Notes by path, in the order in which the keys were met; the last word on a key stands."""

    def __init__(self) -> None:
        self._notes: dict[str, Note] = {}
        self.missing: dict[str, str] = {}
        """Files that a configuration names and nobody gave, with where they are named."""

    def add(self, path: str, fate: Fate, reason: str = "", **values: Any) -> None:
        if path in self._notes or len(self._notes) < MOST:
            self._notes[path] = Note(path=path, fate=fate, reason=reason, values=values)

    def drop_below(self, path: str) -> None:
        """Forget what was said of parts of what is told as a whole."""
        below = (f"{path} ",) if path.endswith(":") else (f"{path}.", f"{path}[")
        for one in [one for one in self._notes if one.startswith(below)]:
            del self._notes[one]

    def want(self, reference: str, path: str) -> None:
        """Note that a file is not at hand."""
        self.missing.setdefault(reference, path)
        self.add(path, "unusable", "file_not_found", file=reference)

    def all(self) -> tuple[Note, ...]:
        return tuple(self._notes.values())

    def counts(self) -> Mapping[Fate, int]:
        counted = Counter(one.fate for one in self._notes.values())
        return {fate: counted[fate] for fate in FATES}
