"""Keys, unique columns and references of a whole file, from the identities of its columns.

The counterpart of `integrity.py`, which answers the same for a patch: same rules, same faults.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np

from retouche.core.judging.faults import Fault
from retouche.core.judging.filecolumn import UNLIKE, FileColumn, combined, joined
from retouche.core.judging.integrity import dangling, duplicate_fault, key_missing
from retouche.core.judging.judge import judge
from retouche.core.judging.occurrences import Occurrences, Value, hashable
from retouche.core.judging.sifting import groups
from retouche.core.judging.twins import twin_fault
from retouche.core.rows import Rows
from retouche.core.schema import ForeignKey
from retouche.core.tokenizer import Flags, Offsets

Columns: TypeAlias = Sequence[FileColumn]
Found: TypeAlias = Iterator[tuple[Fault, Offsets]]
"""Faults and the rows that have them."""


def duplicates(code: str, names: tuple[str, ...], columns: Columns) -> Found:
    """Rows whose values, taken together, stand in an earlier row already."""
    found, filled = combined([one.identities for one in columns])
    keyed = code == "primary-key"
    if keyed and not filled.all():
        yield key_missing(names), np.flatnonzero(~filled)
    again = _again(found, filled)
    for row in np.flatnonzero(again).tolist():
        yield duplicate_fault(code, names, _texts(columns, row)), np.array([row])
    if keyed:
        yield from _twins(names, columns, np.flatnonzero(filled & ~again))


def _again(found: Offsets, filled: Flags) -> Flags:
    """Which rows have what an earlier one has."""
    again = np.zeros(len(found), np.bool_)
    rows = np.flatnonzero(filled)
    ordered = np.sort(found[rows])
    if (ordered[1:] == ordered[:-1]).any():
        order = np.argsort(found[rows], kind="stable")
        ordered = found[rows[order]]
        again[rows[order[1:][ordered[1:] == ordered[:-1]]]] = True
    return again


def _twins(names: tuple[str, ...], columns: Columns, rows: Offsets) -> Found:
    """Keys that are the same text as an earlier one after normalisation."""
    foreign = np.zeros(len(rows), np.bool_)
    for one in columns:
        if one.reader.text_is_value:
            foreign |= ~one.cells.at(rows).ascii()
    spelt: dict[Value, Value] = {}
    for row in rows[foreign].tolist():
        value = _value(columns, row)
        if all(not isinstance(part, str) or part.isascii() for part in value):
            continue
        normal = tuple(
            unicodedata.normalize("NFC", part) if isinstance(part, str) else part for part in value
        )
        former = spelt.setdefault(normal, value)
        if former != value:
            key, other = tuple(map(str, value)), tuple(map(str, former))
            yield twin_fault(names, key, other=other), np.array([row])


def dangling_references(key: ForeignKey, target: Rows, columns: Columns) -> Found:
    """Rows that refer to nothing in another table."""
    schema = target.resource.schema
    held = Occurrences(target, judge(schema), key.reference_fields, primary_key=schema.primary_key)
    found, filled = combined([one.identities for one in columns])
    rows = np.flatnonzero(filled)
    _, first, codes = np.unique(found[rows], return_index=True, return_inverse=True)
    broken = [
        code
        for code, row in enumerate(rows[first].tolist())
        if held.count(_value(columns, row)) == 0
    ]
    for _, places in groups(codes, broken):
        yield from _dangling(key, target.resource.name, columns, rows[places])


def dangling_within(key: ForeignKey, name: str, columns: Columns, referred: Columns) -> Found:
    """Rows that refer to no row of their own table; `referred` is empty where columns lack."""
    rows = np.flatnonzero(combined([one.identities for one in columns])[1])
    if referred:
        pairs = [joined(one, other) for one, other in zip(columns, referred, strict=True)]
        found, filled = combined([np.concatenate(pair) for pair in pairs])
        own, known = np.split(found, 2)
        alike = np.all([other < UNLIKE for _, other in pairs], axis=0)
        known = known[np.split(filled, 2)[1] & alike]
        rows = rows[~np.isin(own[rows], known)]
    if len(rows):
        yield from _dangling(key, name, columns, rows)


def _dangling(key: ForeignKey, name: str, columns: Columns, rows: Offsets) -> Found:
    for row in rows.tolist():
        yield dangling(key, name, _texts(columns, row)), np.array([row])


def _texts(columns: Columns, row: int) -> list[str]:
    return ["" if one.missing[row] else one.text(row) for one in columns]


def _value(columns: Columns, row: int) -> Value:
    return tuple(
        None if one.missing[row] else hashable(one.reader(one.text(row))[0]) for one in columns
    )
