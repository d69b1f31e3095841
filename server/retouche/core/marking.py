"""Where two texts differ: the parts that changed, and characters that look like others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from retouche.core.neutral import alike

MOST_PIECES = 600
"""Pieces in which two texts are compared: characters, or words of longer texts."""
SHORT = 40
"""Characters up to which a text is compared by characters: of a sentence, words are read."""
TOLD = 6
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text, and whether the other text has not got it there."""

    text: str
    changed: bool


def marked(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both texts in parts that together are the whole; all of it changed where it is too long."""
    one, other = _pieces(old, new)
    if len(one) + len(other) > MOST_PIECES:
        return _from_ends(old, new)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    before: list[Part] = []
    after: list[Part] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        changed = tag != "equal"
        if a < b:
            before.append(Part("".join(one[a:b]), changed))
        if c < d:
            after.append(Part("".join(other[c:d]), changed))
    return tuple(before), tuple(after)


def _pieces(old: str, new: str) -> tuple[list[str], list[str]]:
    if max(len(old), len(new)) <= SHORT:
        return list(old), list(new)
    return _WORDS.findall(old), _WORDS.findall(new)


def _from_ends(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """What is between what both begin and end with."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    rest = most - start
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)

    def parts(text: str) -> tuple[Part, ...]:
        last = len(text) - end
        cut = ((text[:start], False), (text[start:last], True), (text[last:], False))
        return tuple(Part(one, changed) for one, changed in cut if one)

    return parts(old), parts(new)


def look_alikes(old: str, new: str) -> list[str]:
    """The names of characters that are new and are easily taken for others; empty when none is.

    Those by which two texts differ that look the same, and letters of another script amid Latin
    ones, as they stand in forged names.
    """
    told = [one for one in _distinct(new) if one not in old]
    if not alike(old, new):
        told = [one for one in told if _is_foreign(one, new)]
    elif not told:
        told = [one for one in _distinct(old) if one not in new]
    return [f"U+{ord(one):04X} {unicodedata.name(one, '').lower()}".strip() for one in told[:TOLD]]


def _distinct(text: str) -> Iterator[str]:
    return iter(dict.fromkeys(text))


def _is_foreign(character: str, text: str) -> bool:
    """Whether it is a letter of a script with look-alikes, in a word that has Latin ones."""
    name = unicodedata.name(character, "")
    if not character.isalpha() or not name.startswith(
        ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
    ):
        return False
    return any(
        character in word and any(unicodedata.name(one, "").startswith("LATIN") for one in word)
        for word in re.findall(r"\w+", text)
    )
