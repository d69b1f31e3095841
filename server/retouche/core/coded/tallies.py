"""How many of some rows hold each of a few values: a bit per row and value, counted by words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.coding import MISSING, Codes
from retouche.core.coded.haystack import Mask

MOST = 32
"""Values up to which the bits take no more memory than the codes."""
AT_ONCE = 1 << 15
"""Words of rows counted together, which stay in the processor's cache."""
WORD = 64


class Tally:
    """For each value, and last for none, the rows that hold it."""

    __slots__ = ("_bits",)

    def __init__(self, codes: Codes, *, values: int) -> None:
        kinds = [*range(values), MISSING]
        self._bits = np.stack([_packed(np.equal(codes, code)) for code in kinds])

    @property
    def size(self) -> int:
        return self._bits.nbytes

    def counts(self, mask: Mask) -> NDArray[np.intp]:
        """How many rows of a mask hold each value, and last how many hold none."""
        rows = _packed(mask)
        counts = np.zeros(len(self._bits), np.intp)
        for low in range(0, len(rows), AT_ONCE):
            part = slice(low, low + AT_ONCE)
            held = np.bitwise_count(self._bits[:, part] & rows[part])
            counts += held.sum(axis=1, dtype=np.intp)
        return counts


def _packed(mask: Mask) -> NDArray[Any]:
    """A mask as words of bits, with zeros behind."""
    found = np.zeros(-(-len(mask) // WORD) * (WORD // 8), np.uint8)
    packed = np.packbits(mask)
    found[: len(packed)] = packed
    return found.view(np.uint64)
