"""One object of a configuration, read key by key, so that no key is passed over in silence.

Whoever reads a key takes it, with the type it must have. What nobody took is told when the section
is closed: disabled by its authors, never read by Datami, known and not carried, or unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from retouche.core.datami.colors import color_of
from retouche.core.datami.markup import plain_texts
from retouche.core.datami.notes import Fate, Notes
from retouche.core.datami.vocabulary import DEFAULTS, LOST, NEVER_READ

T = TypeVar("T")
DISABLED_BEFORE, DISABLED_AFTER = "COMMENTED_", "_"
KINDS: Mapping[type, str] = {
    str: "text", bool: "boolean", int: "integer", float: "number", list: "list", dict: "object",
}  # fmt: skip
LONGEST = 5_000


def is_disabled(key: str) -> bool:
    """Whether authors turned a key off, in the way that Datami's own pages do."""
    return key.startswith(DISABLED_BEFORE) or (key.endswith(DISABLED_AFTER) and key != "_")


class Section:
    """An object at a path. `context` is its place in the vocabulary."""

    def __init__(self, value: Any, path: str, notes: Notes, context: str):
        self.path = path
        self.notes = notes
        self.context = context
        self._value: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        self.plain = False
        """Whether it stands for a single text, which is told at its own path."""
        self._taken: set[str] = set()
        if not isinstance(value, Mapping):
            notes.add(path, "unusable", "wrong_type", expected=KINDS[dict])

    def at(self, *keys: object) -> str:
        path = self.path
        for one in () if self.plain else keys:
            if isinstance(one, int):
                path += f"[{one}]"
            else:
                path += f" {one}" if path.endswith(":") else f".{one}"
        return path

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def enabled(self) -> Iterator[str]:
        """The keys that are not disabled."""
        return (one for one in self._value if not is_disabled(one))

    def tell(self, key: str, fate: Fate, reason: str = "", **values: Any) -> None:
        """Say what became of a key; nothing for one that is not there."""
        if key in self._value:
            self._taken.add(key)
            self.notes.add(self.at(key), fate, reason, **values)

    def take(self, key: str, kind: type[T]) -> T | None:
        """A value of a type, carried unless told otherwise; None where it is not there."""
        if key not in self._value:
            return None
        value: Any = self._value[key]
        self._taken.add(key)
        if isinstance(value, bool) and kind is not bool:
            value = None
        if kind is float and isinstance(value, int):
            value = float(value)
        if kind is int and isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str) and len(value) > LONGEST:
            value = None
        if not isinstance(value, kind):
            self.notes.add(self.at(key), "unusable", "wrong_type", expected=KINDS[kind])
            return None
        self.notes.add(self.at(key), "carried")
        return value

    def text(self, key: str) -> str | None:
        return self.take(key, str) or None

    def number(self, key: str, low: float, high: float) -> float | None:
        """A number within bounds, also one that is written as a text; told where it is not."""
        if isinstance(self._value.get(key), str):
            number = _number(self._value[key].removesuffix("px"))
            self.tell(key, "carried")
        else:
            number = self.take(key, float)
            if number is None:
                return None
        if number is None or not low <= number <= high:
            self.tell(key, "unusable", "out_of_bounds", low=low, high=high)
            return None
        return int(number) if number == int(number) else number

    def whole(self, key: str, low: int, high: int) -> int | None:
        number = self.number(key, low, high)
        return None if number is None else round(number)

    def flag(self, key: str) -> bool:
        return bool(self.take(key, bool))

    def texts(self, key: str) -> Any:
        """A text or a text per language, without HTML; None where there is none."""
        if key not in self._value:
            return None
        self._taken.add(key)
        found, changed = plain_texts(self._value[key])
        if found is None:
            value = self._value[key]
            empty = value in ("", None) or (isinstance(value, Mapping) and not any(value.values()))
            fate: Fate = "carried" if empty else "unusable"
            self.notes.add(
                self.at(key), fate, *(() if empty else ("wrong_type",)), expected=KINDS[str]
            )
        else:
            self.notes.add(self.at(key), *(("changed", "html") if changed else ("carried",)))
        return found

    def color(self, key: str) -> str | None:
        """A colour as `#rrggbb`; told where it is written otherwise."""
        text = self.take(key, str)
        found = color_of(text)
        if text and found is None:
            self.tell(key, "not_carried", "not_a_color")
        return found

    def part(self, key: str, context: str) -> Section | None:
        """An object inside; None where it is not there, or is turned off by `activate`."""
        if self._value.get(key) is None:
            self._taken.add(key)
            return None
        self._taken.add(key)
        part = Section(self._value[key], self.at(key), self.notes, context)
        return part if part.active() else None

    def parts(self, key: str, context: str) -> list[Section]:
        """The objects of a list that are not turned off."""
        values = self.raw(key)
        if values is None:
            return []
        if not isinstance(values, list):
            self.tell(key, "unusable", "wrong_type", expected=KINDS[list])
            return []
        found = [
            Section(one, self.at(key, index), self.notes, context)
            for index, one in enumerate(values)
            if isinstance(one, Mapping)
        ]
        for index, one in enumerate(values):
            if not isinstance(one, Mapping):
                self.notes.add(self.at(key, index), "unusable", "wrong_type", expected=KINDS[dict])
        return [one for one in found if one.active()]

    def raw(self, key: str) -> Any:
        """A value of any type; whoever asks says what became of it."""
        self._taken.add(key)
        return self._value.get(key)

    def value(self, key: str) -> Any:
        """A value as it stands, not taken by that."""
        return self._value.get(key)

    def active(self) -> bool:
        """False where `activate` says no, which is told once for all that is inside."""
        if "activate" not in self._value or self._value["activate"] not in (False, "false"):
            self.tell("activate", "carried")
            return True
        self.disable()
        return False

    def disable(self) -> None:
        """Say that the authors turned the section off."""
        self._taken.update(self._value)
        self.notes.add(self.path, "disabled", "activate_false")

    def leave(self, reason: str, **values: Any) -> None:
        """Say that nothing of the section is carried, for a reason."""
        self._taken.update(self._value)
        self.notes.drop_below(self.path)
        self.notes.add(self.path, "not_carried", reason, **values)

    def close(self) -> None:
        """Tell what nobody took."""
        for key in self._value:
            if key in self._taken:
                continue
            self._taken.add(key)
            if is_disabled(key):
                self.notes.add(self.at(key), "disabled", "disabled_key")
            elif key in NEVER_READ.get(self.context, ()):
                self.notes.add(self.at(key), "never_read", "never_read")
            else:
                default = DEFAULTS.get(self.context, "unknown_key")
                reason = LOST.get(self.context, {}).get(key, default)
                self.notes.add(self.at(key), "not_carried", reason)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
