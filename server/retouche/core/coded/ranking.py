"""The order in which the distinct texts of a column stand: by the type of its field, then as text.

Works on bytes; only what no bulk reader reads, and ties that floats cannot break, become objects.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from retouche.core.coded import coding
from retouche.core.coded.coding import Places
from retouche.core.coded.folding import folded
from retouche.core.coded.lexing import Reading
from retouche.core.coded.texts import ERRORS, Texts
from retouche.core.coded.typed import Read, Typing
from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags


def ranking(texts: Cells, typing: Typing) -> tuple[Places, int]:
    """The permutation that sorts distinct texts, and how many of them fit the type."""
    if typing.read is None:
        return _text_order(texts), len(texts)
    reading = read_all(texts, typing.read, typing)
    fits = ~np.isnan(reading.orders)
    chosen = np.flatnonzero(fits)
    chosen = chosen[np.argsort(reading.orders[chosen])]
    _break_ties(chosen, reading, texts, typing.read)
    if len(chosen) == len(texts):
        return chosen, len(chosen)
    others = np.flatnonzero(~fits)
    return np.concatenate([chosen, others[_text_order(texts.at(others))]]), len(chosen)


def read_all(texts: Cells, read: Read, typing: Typing) -> Reading:
    """What all texts are worth by a type that reads one so."""
    if typing.lexing is not None:
        reading = typing.lexing(texts)
        orders, exact = reading.orders, reading.exact
        rest = np.flatnonzero(~reading.known)
    else:
        orders, exact = np.full(len(texts), np.nan), np.zeros(len(texts), np.bool_)
        rest = np.arange(len(texts))
    for at in rest.tolist():
        order = read(_decoded(texts, at))
        orders[at] = np.nan if order is None else float(order)
    return Reading(orders, np.ones(len(texts), np.bool_), exact)


def _break_ties(chosen: Places, reading: Reading, texts: Cells, read: Read) -> None:
    """Put texts whose orders are the same float in order: by their exact worth, then as texts."""
    orders = reading.orders[chosen]
    same = np.zeros(len(chosen), np.bool_)
    np.equal(orders[1:], orders[:-1], out=same[1:])
    tied, runs = _runs(same)
    if not len(tied):
        return
    chosen[tied] = _sorted_in_runs(chosen[tied], runs, texts)
    for run in np.unique(runs[~reading.exact[chosen[tied]]]).tolist():
        low, high = np.searchsorted(runs, (run, run + 1))
        members = chosen[tied[low:high]].tolist()
        worth = {at: _sortable(read, _decoded(texts, at)) for at in members}
        chosen[tied[low:high]] = sorted(members, key=worth.__getitem__)


def _sortable(read: Read, text: str) -> tuple[Any, str]:
    return read(text), text


def _text_order(texts: Cells) -> Places:
    """The permutation that sorts by what a reader sees, then exactly."""
    keys = folded(Texts.of_spans(texts.view, texts.begins, texts.stops))
    found, same = coding.ranked(keys.heap, keys.starts, keys.stops)
    tied, runs = _runs(same)
    if len(tied):
        found[tied] = _sorted_in_runs(found[tied], runs, texts)
    return found


def _runs(same: Flags) -> tuple[Places, Places]:
    """The places that equal a neighbour, and for each the number of its run, in order."""
    tied = same.copy()
    tied[:-1] |= same[1:]
    places = np.flatnonzero(tied)
    return places, np.cumsum(~same[places], dtype=np.int64)


def _sorted_in_runs(members: Places, runs: Places, texts: Cells) -> Places:
    """Members of runs, each run sorted by its texts."""
    some = texts.at(members)
    by_text = coding.order(some.view, some.begins, some.stops)
    return members[by_text[np.argsort(runs[by_text], kind="stable")]]


def _decoded(texts: Cells, at: int) -> str:
    return texts.content(at).decode("utf-8", ERRORS)
