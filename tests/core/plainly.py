"""Columns as plain Python makes them, one string after the other: what the fast ones must equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from retouche.core.coded.columns import MISSING, Column
from retouche.core.coded.folding import fold
from retouche.core.coded.texts import Texts
from retouche.core.coded.typed import typing_of
from retouche.core.schema import Field
from retouche.core.spans import Cells


def field_of(kind: str = "string", **options: Any) -> Field:
    return Field(name="f", type=kind, descriptor={"name": "f", "type": kind, **options})


def column_of(field: Field, texts: Sequence[str], *, missing: Sequence[str] = ("", "NA")) -> Column:
    """A column whose cells are these texts."""
    found = Texts.of(texts)
    return Column.read(field, Cells(found.heap, found.starts, found.stops), missing=missing)


def coded(
    field: Field, texts: Sequence[str], missing: Sequence[str]
) -> tuple[list[str], list[int], int]:
    """The values, the codes, and how many values fit the type."""
    read = typing_of(field).read
    distinct = set(texts) - set(missing)
    if read is None:
        fitting, others = sorted(distinct, key=_text_key), []
    else:
        worth = {text: read(text) for text in distinct}
        fitting = sorted(
            (text for text in distinct if worth[text] is not None),
            key=lambda text: (worth[text], text),
        )
        others = sorted((text for text in distinct if worth[text] is None), key=_text_key)
    values = fitting + others
    codes = {text: code for code, text in enumerate(values)}
    return values, [codes.get(text, MISSING) for text in texts], len(fitting)


def content(column: Column) -> tuple[list[str], list[int], int]:
    return list(column.values), column.codes.tolist(), column.fitting


def _text_key(text: str) -> str:
    return fold(text) + "\0" + text
