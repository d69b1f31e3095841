"""Colours of a configuration: written in several ways, or given to the values of a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def color_of(value: Any) -> str | None:
    """A colour as `#rrggbb`, of `#rgb`, `#rrggbb` or `#rrggbbaa`."""
    text = value.strip() if isinstance(value, str) else ""
    digits = text.removeprefix("#")
    if not text.startswith("#") or any(one not in "0123456789abcdefABCDEF" for one in digits):
        return None
    if len(digits) == 3:
        digits = "".join(2 * one for one in digits)
    return f"#{digits[:6]}" if len(digits) in (6, 8) else None


def colors_of(expression: Any) -> tuple[str, dict[str, str], str | None] | None:
    """Column, colours of its values and the colour of all others in a MapLibre `match`."""
    if not isinstance(expression, list) or len(expression) < 4 or expression[0] != "match":
        return None
    column = _got(expression[1])
    if column is None:
        return None
    pairs, rest = expression[2:], None
    if len(pairs) % 2:
        rest, pairs = color_of(pairs[-1]), pairs[:-1]
    colors: dict[str, str] = {}
    for values, color in zip(pairs[::2], pairs[1::2], strict=True):
        found = color_of(color)
        for value in values if isinstance(values, list) else [values]:
            if found is not None and isinstance(value, str | int | float):
                colors[str(value)] = found
    return (column, colors, rest) if colors else None


def _got(expression: Any) -> str | None:
    """The column of `["get", column]`, which may be turned into a text."""
    while isinstance(expression, Sequence) and not isinstance(expression, str):
        if len(expression) == 2 and expression[0] == "get" and isinstance(expression[1], str):
            return expression[1]
        if len(expression) != 2 or expression[0] != "to-string":
            return None
        expression = expression[1]
    return None
