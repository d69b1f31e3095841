"""The sieve for characters misses none that `lexical` tells of, in any encoding."""

from __future__ import annotations

import numpy as np
import pytest

from retouche.core.dialect import ENCODINGS
from retouche.core.judging.blemishing import suspects
from retouche.core.judging.lexical import BIDI, FORBIDDEN, INVISIBLE, LOOKALIKE

# A zero byte is in no file, and UTF-8 has no surrogates.
EVERY = [chr(point) for point in range(1, 0x110000) if not 0xD800 <= point <= 0xDFFF]


@pytest.mark.parametrize("encoding", sorted(set(ENCODINGS.values())))
def test_no_blemished_character_is_missed(encoding: str) -> None:
    known = [one for one in EVERY if one.encode(encoding, "ignore")]
    contents = [one.encode(encoding) for one in known]
    # A letter after each, so that none is taken for the one before it.
    view = np.frombuffer(b"".join(one + b"a" for one in contents), np.uint8)
    offsets = np.cumsum([0, *(len(one) + 1 for one in contents[:-1])])
    found = suspects(view, 0, len(view), utf8=encoding == "utf-8")
    told = set(np.searchsorted(offsets, found, side="right").tolist())
    text = "a".join(known)
    for pattern in (FORBIDDEN, BIDI, INVISIBLE, LOOKALIKE):
        missed = {at.start() // 2 + 1 for at in pattern.finditer(text)} - told
        assert not [known[one - 1] for one in missed]


def test_ordinary_text_is_not_suspected() -> None:
    text = "L’été à Œuvres-sur-Mer : 12 € « là »\t25 µg\r\n".encode()
    assert not len(suspects(np.frombuffer(text, np.uint8), 0, len(text), utf8=True))
