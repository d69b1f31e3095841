"""Folding of text: what case, accents, ligatures and typographic apostrophes do not tell apart.

Shared by the order of text and by search. It never touches what is served or written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import numpy as np

from retouche.core.coded.texts import ERRORS, Texts

ASCII = bytes(range(128))
FEW = 64
"""So few signs are replaced one after the other."""
_MARKS = re.compile("[\u0300-\u036f]+")
_LETTERS = (
    *(("œ", "oe"), ("Œ", "OE"), ("æ", "ae"), ("Æ", "AE")),
    *(("\u2019", "'"), ("\u2018", "'"), ("\u02bc", "'")),
)


def fold(text: str) -> str:
    """The text without what search and order ignore."""
    return text.lower() if text.isascii() else _fold(text)


def folded(texts: Texts) -> Texts:
    """`fold` of texts without a NUL, which are not decoded."""
    return _changed(texts, _fold)


def casefolded(texts: Texts) -> Texts:
    """`str.casefold` of texts without a NUL, which are not decoded."""
    return _changed(texts, str.casefold)


def _changed(texts: Texts, change: Callable[[str], str]) -> Texts:
    """Texts in lower case, with the other signs changed each by itself."""
    data = texts.joined.tobytes()
    if not data.isascii():
        signs = set(data.translate(None, ASCII).decode("utf-8", ERRORS))
        changes = {sign: new for sign in signs if (new := change(sign)) != sign}
        if len(changes) <= FEW and changes.keys().isdisjoint("".join(changes.values())):
            for sign, new in changes.items():
                data = data.replace(sign.encode("utf-8", ERRORS), new.encode())
        else:
            table = str.maketrans(changes)
            data = data.decode("utf-8", ERRORS).translate(table).encode("utf-8", ERRORS)
    return Texts.split(np.frombuffer(data.lower(), np.uint8))


def _plain(text: str) -> str:
    """Decompose, and drop the marks and forms of the Latin script."""
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    for letter, replacement in _LETTERS:
        text = text.replace(letter, replacement)
    return text


def _fold(text: str) -> str:
    text = _plain(text)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in text if not unicodedata.combining(letter))
