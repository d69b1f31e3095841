"""A column of the next version from that of the version before and the rows that have changed.

Looks at the values that come and go; no other is decoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from retouche.core.coded.coding import MISSING, Codes
from retouche.core.coded.recoding import Recoding
from retouche.core.coded.texts import Texts
from retouche.core.succession import Succession

if TYPE_CHECKING:
    from retouche.core.coded.columns import Column

FEW = 16
"""So few codes are looked for one by one."""


def renewed(
    column: Column, succession: Succession, texts: Sequence[str], *, missing: Iterable[str]
) -> tuple[Codes, Texts, int] | None:
    """The codes, the values, and how many of these fit; None where nothing has changed.

    `texts` are those of the fresh rows.
    """
    fresh, new = _coded(column, texts, missing=missing)
    if succession.in_place and np.array_equal(fresh, column.codes[succession.fresh_rows]):
        return None
    values, fitting = column.values, column.fitting
    codes = succession.carry(column.codes, fresh)
    gone = _unheld(_held(column.codes[succession.gone_rows]), codes, count=len(values))
    if not new and not len(gone):
        return codes, values, fitting
    places = np.array([column.place(text) for text in new], np.int64)
    ranks = places - np.searchsorted(gone, places) + np.arange(len(new))
    table = np.full(len(values) + len(new) + 1, MISSING, np.int32)
    table[: len(values)] = Recoding(gone, ranks.astype(np.int32)).moved(np.arange(len(values)))
    table[len(values) : -1] = ranks
    fitting -= int(np.searchsorted(gone, fitting))
    fitting += sum(column.fits(text) for text in new)
    return table[codes], values.spliced(gone, places, Texts.of(new)), fitting


def recoding(parent: Column, child: Column, succession: Succession) -> Recoding:
    """How the codes of the next version follow from those of the one before."""
    left = _held(parent.codes[succession.gone_rows])
    gone = [code for code in left if child.code(parent.values[code]) is None]
    come = _held(child.codes[succession.fresh_rows])
    fresh = [code for code in come if parent.code(child.values[code]) is None]
    return Recoding(np.array(gone, np.int32), np.array(fresh, np.int32))


def _coded(
    column: Column, texts: Sequence[str], *, missing: Iterable[str]
) -> tuple[Codes, list[str]]:
    """Codes of texts, and those that are new among the values, in their order.

    These are coded behind all values.
    """
    codes: dict[str, int] = dict.fromkeys(missing, MISSING)
    new: list[str] = []
    for text in dict.fromkeys(texts):
        if text not in codes:
            code = column.code(text)
            if code is None:
                new.append(text)
            else:
                codes[text] = code
    new.sort(key=column.key)
    codes.update((text, len(column.values) + at) for at, text in enumerate(new))
    return np.array([codes[text] for text in texts], np.int32), new


def _held(codes: Codes) -> list[int]:
    """The distinct codes of values, in order."""
    return [code for code in np.unique(codes).tolist() if code != MISSING]


def _unheld(chosen: Sequence[int], codes: Codes, *, count: int) -> Codes:
    """Which of some values no row holds."""
    if len(chosen) <= FEW:
        gone = [code for code in chosen if not np.equal(codes, code).any()]
    else:
        counts = np.bincount(codes + 1, minlength=count + 1)
        gone = [code for code in chosen if not counts[code + 1]]
    return np.array(gone, np.int32)
