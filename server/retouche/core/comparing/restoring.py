"""The text that a changed cell of a copy becomes: in the form of its field, not a spreadsheet's.

Changes the form alone, and only where there is one meaning; all else stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Set
from datetime import date, datetime, time, timedelta

from retouche.core.comparing.likeness import (
    Damage,
    dated,
    number,
    plain_number,
    truth,
)
from retouche.core.comparing.upload import Value
from retouche.core.schema import Field

# What our exports for spreadsheets put an apostrophe before.
GUARDED = re.compile("'(?=[=+\\-@\t\r\n\0＝＋－＠])")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DECIMAL = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def restored(value: Value, field: Field, used: Set[str]) -> tuple[str, Damage | None]:
    """The text, and what of its form was undone. `used` are the texts that the column has."""
    if value is None:
        return "", None
    if isinstance(value, str):
        return _text(value, field, used)
    if isinstance(value, bool):
        return _word(value, field, used), "boolean_form"
    if isinstance(value, int | float):
        return _with_sign(plain_number(value), field), "number_form"
    return _moment(value, field), "date_form"


def _text(text: str, field: Field, used: Set[str]) -> tuple[str, Damage | None]:
    if "\r" in text and not any("\r" in one for one in used):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if GUARDED.match(text):
        return text[1:], "apostrophe"
    if text in used:
        return text, None
    plain = text.strip()
    if field.type == "boolean":
        says = truth(plain, field)
        own = {
            *(field.descriptor.get("trueValues") or ("true", "True", "TRUE", "1")),
            *(field.descriptor.get("falseValues") or ("false", "False", "FALSE", "0")),
        }
        if says is not None and plain not in own:
            return _word(says, field, used), "boolean_form"
    if field.type in ("number", "integer"):
        form = _number(plain, field)
        if form is not None and form != plain:
            return form, "number_form"
    if field.type == "date" and not ISO.fullmatch(plain):
        day = dated(plain)
        if day is not None and _moment(day, field) != plain:
            return _moment(day, field), "date_form"
    return text, None


def _number(plain: str, field: Field) -> str | None:
    """A number in the form of its field, where that is the only way to read it."""
    worth = number(plain)
    if worth is None or not DECIMAL.fullmatch(plain):
        return None
    if field.type == "integer":
        return str(int(worth)) if worth == worth.to_integral_value() else None
    sign = field.decimal_mark
    return None if sign in plain else plain.replace(",", ".").replace(".", sign)


def _word(value: bool, field: Field, used: Set[str]) -> str:
    """Yes or no in the field's own words, those that the column uses first."""
    given = field.descriptor.get("trueValues" if value else "falseValues")
    default = ("true", "True", "TRUE", "1") if value else ("false", "False", "FALSE", "0")
    words: tuple[str, ...] = tuple(given or default)
    if field.type != "boolean":
        words = ("VRAI", "TRUE", "vrai", "true") if value else ("FAUX", "FALSE", "faux", "false")
        return next((one for one in words if one in used), "true" if value else "false")
    return next((one for one in words if one in used), words[0])


def _with_sign(text: str, field: Field) -> str:
    sign = field.decimal_mark
    return text.replace(".", sign) if field.type == "number" else text


def _moment(value: datetime | date | time | timedelta, field: Field) -> str:
    form = str(field.descriptor.get("format") or "")
    own = form if "%" in form else ""
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        hours = f"{minutes // 60:02}:{minutes % 60:02}"
        return f"{hours}:{seconds:02}" if seconds or field.type == "time" else hours
    if isinstance(value, time):
        if field.type == "time":
            return value.strftime(own or "%H:%M:%S")
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    if field.type == "datetime":
        moment = datetime.combine(value, time()) if not isinstance(value, datetime) else value
        return moment.strftime(own or "%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if field.type == "date":
        return value.strftime(own or "%Y-%m-%d")
    return value.strftime("%Y-%m-%d")
