"""Texts of a column that are surely right: by shape, by length, or listed.

See `plain.py`, which has the other types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.typed import FALSE_VALUES, TRUE_VALUES
from retouche.core.coded.words import WORD
from retouche.core.judging.judge import Reader
from retouche.core.judging.shapes import fits, shapes_of
from retouche.core.spans import ONES, Cells
from retouche.core.tokenizer import Flags

Right: TypeAlias = Callable[[Cells], Flags]
"""Which cells are surely right, of those that are not missing."""
MOST_LISTED = 64
LONGEST_COUNTED = 256
"""Characters of longer texts are counted by the judge, where it matters how many they are."""


def text_test(reader: Reader, *, encoding: str) -> Right | None:
    """A test for texts that must have a shape, a length, both or neither."""
    if not reader.rules <= {"minLength", "maxLength", "pattern"}:
        return None
    shaped = "pattern" in reader.rules
    shapes = shapes_of(reader.field.constraints["pattern"]) if shaped else ()
    if shaped and not shapes:
        return None
    bounded = _lengths(reader, encoding=encoding) if reader.rules - {"pattern"} else None
    if bounded is None:
        return lambda cells: fits(cells, shapes) if shaped else np.ones(len(cells), np.bool_)
    lengths = bounded
    return lambda cells: lengths(cells) & fits(cells, shapes) if shaped else lengths(cells)


def _lengths(reader: Reader, *, encoding: str) -> Right:
    rules, constraints = reader.rules, reader.field.constraints
    low = constraints["minLength"] if "minLength" in rules else 0
    high = constraints["maxLength"] if "maxLength" in rules else np.iinfo(np.int64).max
    most_bytes = 4 if encoding == "utf-8" else 1

    def test(cells: Cells) -> Flags:
        octets = cells.lengths
        found: Flags = (octets <= high) & (octets >= low * most_bytes)
        if most_bytes > 1 and not found.all():
            open_ = (octets >= low) & (octets <= LONGEST_COUNTED) & (cells.begins >= WORD)
            places = np.flatnonzero(open_ & ~found)
            count = _characters(cells.at(places))
            found[places] = (count >= low) & (count <= high)
        if cells.awkward is not None:
            found &= ~cells.awkward
        return found

    return test


def _characters(cells: Cells) -> NDArray[np.int64]:
    """How many characters each cell has in UTF-8."""
    counts = cells.lengths
    for back in range(0, int(counts.max(initial=0)), WORD):
        words = cells.tails(back=back)
        following = (words >> np.uint64(7)) & ~(words >> np.uint64(6)) & ONES
        counts = counts - np.bitwise_count(following)
    return counts


def _candidates(reader: Reader) -> Iterable[str]:
    """Texts that a column with a short list of values is likely to hold."""
    descriptor = reader.field.descriptor
    if "enum" in reader.rules:
        return [str(one) for one in reader.field.constraints["enum"]]
    true, false = descriptor.get("trueValues"), descriptor.get("falseValues")
    return [
        *(TRUE_VALUES if true is None else true),
        *(FALSE_VALUES if false is None else false),
    ]


def listed_test(reader: Reader, *, encoding: str) -> Right | None:
    """A test for some texts, of which the judge is asked once."""
    texts = [one for one in dict.fromkeys(_candidates(reader)) if one and not reader(one)[1]]
    known = [one.encode(encoding) for one in texts if one == _readable(one, encoding)]
    if len(known) > MOST_LISTED:
        return None
    short = [int.from_bytes(one.rjust(WORD, b"\0"), "little") for one in known if len(one) <= WORD]
    long = [one for one in known if len(one) > WORD]

    def test(cells: Cells) -> Flags:
        found = np.zeros(len(cells), np.bool_)
        words = cells.tails()
        for one in short:
            found |= words == np.uint64(one)
        found &= (cells.lengths <= WORD) & (cells.stops >= WORD)
        if cells.awkward is not None:
            found &= ~cells.awkward
        for text in long:
            found |= cells.equal(text)
        return found

    return test


def _readable(text: str, encoding: str) -> str:
    """What is left of a text in a file of an encoding that lacks some characters."""
    return text.encode(encoding, "ignore").decode(encoding)
