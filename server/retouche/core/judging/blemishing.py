"""Where, in the bytes of a file, characters may stand that `lexical.blemishes` tells of.

A coarse sieve over many bytes at once: it misses none, and `lexical` decides on what it finds.
"""

from __future__ import annotations

import numpy as np

from retouche.core.tokenizer import Flags, Octets, Offsets

LAST_PRINTABLE = 0x7E
# No file has a zero byte; between texts that are kept together it stands as a divider.
CONTROLS = [one for one in range(1, 0x20) if one not in (9, 10, 13)]
# Greek to Armenian whole, and what may begin one of the single characters below.
SUSPECT_UTF8 = [*CONTROLS, 0x7F, 0xC2, *range(0xCD, 0xD7), 0xD8, 0xE1, 0xE2, 0xEF]
# Controls of eight bits, and the soft hyphen of all single-byte encodings that we read.
SUSPECT_SINGLE = [*CONTROLS, *range(0x7F, 0xA0), 0xAD]
LATIN_ADDITIONS = (0xB8, 0xBB)  # after 0xE1: U+1E00 to U+1EFF, Vietnamese among them
LAST_CONTROL = 0x9F  # after 0xC2: U+0080 to U+009F
HIDDEN = {
    0x80: [*range(0x8B, 0x90), *range(0xA8, 0xAF)],  # U+200B to U+200F, U+2028 to U+202E
    0x81: [*range(0xA0, 0xAA)],  # U+2060 to U+2069
}


def _table(octets: list[int]) -> Flags:
    table = np.zeros(256, np.bool_)
    table[octets] = True
    return table


UTF8, SINGLE = _table(SUSPECT_UTF8), _table(SUSPECT_SINGLE)
AFTER_E280, AFTER_E281 = _table(HIDDEN[0x80]), _table(HIDDEN[0x81])


def suspects(view: Octets, low: int, high: int, *, utf8: bool) -> Offsets:
    """Offsets between `low` and `high` where a blemish may begin, in order."""
    block = view[low:high]
    found = np.flatnonzero((block < 0x20) | (block > LAST_PRINTABLE))
    found = found[(UTF8 if utf8 else SINGLE)[block[found]]]
    if utf8 and len(found):
        found = found[_blemishing(block, found)]
    return found + low


def _blemishing(block: Octets, found: Offsets) -> Flags:
    """Which of the suspect bytes begin a character that is one, by the bytes that follow."""
    last = len(block) - 1
    first = block[found]
    second = block[np.minimum(found + 1, last)]
    third = block[np.minimum(found + 2, last)]
    clear = (first == 0xC2) & (second > LAST_CONTROL) & (second != 0xAD)
    clear |= (first == 0xD8) & (second != 0x9C)
    clear |= (first == 0xE1) & (second >= LATIN_ADDITIONS[0]) & (second <= LATIN_ADDITIONS[1])
    hidden = (second == 0x80) & AFTER_E280[third]
    hidden |= (second == 0x81) & AFTER_E281[third]
    clear |= (first == 0xE2) & ~hidden
    clear |= (first == 0xEF) & ((second != 0xBB) | (third != 0xBF))
    result: Flags = ~clear
    return result
