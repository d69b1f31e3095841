"""Cells read as numbers, where nothing of them is lost by it."""

from __future__ import annotations

import re
from collections.abc import Callable

from retouche.core.schema import Field

DIGITS = 15
"""What a double keeps of any decimal number (IEEE 754), and what spreadsheets show."""
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def plain_form(field: Field, text: str) -> str | None:
    """The number of a cell as programs write it, by the field's own signs; None when unsure."""
    decimal = field.decimal_mark
    group = str(field.descriptor.get("groupChar") or "")
    plain = text.replace(group, "") if group else text
    if decimal != ".":
        if "." in plain:
            return None
        plain = plain.replace(decimal, ".")
    return plain if NUMBER.fullmatch(plain) else None


def number_reader(field: Field) -> Callable[[str], float | None]:
    """Reads a cell as the number that shows what the file holds, if it is one."""
    if field.type not in ("number", "integer"):
        return lambda _: None

    def number_of(text: str) -> float | None:
        plain = plain_form(field, text)
        if plain is None or sum(map(str.isdigit, plain)) > DIGITS:
            return None
        number = float(plain)
        return number if number or not plain.startswith("-") else None

    return number_of
