"""How a cell is shown: what its field's display hint, type or plain look says it is.

What cannot be read as what it should be is shown as it stands: a page never hides a wrong cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from retouche.core.operations import Cell
from retouche.core.schema import Field, in_language
from retouche.web.language import locale
from retouche.web.pages.presentation import day, moment, number
from retouche.web.translations import gettext as _

MAIL = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:]+")
PHONE = re.compile(r"\+?[0-9][0-9 .()-]{5,24}")
WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
COORDINATES = frozenset({"latitude", "longitude", "lat", "lon", "lng", "xlong", "ylat"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cell ready for the page: `kind` chooses the markup, `text` is what is read."""

    kind: str
    text: str
    href: str | None = None
    unit: str = ""
    color: str | None = None
    datetime: str | None = None


NOTHING = Shown(kind="none", text="")


def show(field: Field, cell: Cell) -> Shown:
    """A cell as its field says it is to be shown."""
    if cell is None or cell == "":
        return NOTHING
    kind = kind_of(field)
    entry = field.display.get("values", {}).get(cell)
    if entry is not None or kind == "tag":
        color = entry.get("color") if entry else None
        return Shown(kind="tag", text=field.value_label(cell, locale()), color=color)
    shown = None
    if kind in ("number", "percent"):
        shown = _number(field, cell, kind)
    elif kind == "boolean":
        shown = _boolean(field, cell)
    elif kind == "date":
        shown = _date(cell)
    elif kind in ("mail", "phone", "link", "image"):
        shown = _contact(kind, cell)
    elif kind == "long_text":
        shown = Shown(kind="long_text", text=cell)
    return shown or Shown(kind="text", text=cell)


def kind_of(field: Field) -> str:
    """The declared display hint, else what type, format and name of the field suggest."""
    hint = field.display.get("as")
    if hint:
        return str(hint)
    name, form = field.name.lower(), field.descriptor.get("format")
    if field.type in ("number", "integer"):
        return "text" if name in COORDINATES else "number"
    if field.type in ("date", "datetime"):
        return "date"
    if field.type == "boolean":
        return "boolean"
    if form == "email" or "mail" in name:
        return "mail"
    if form == "uri" or name in ("url", "site", "website", "site_web", "lien"):
        return "link"
    if name.startswith(("tel", "phone")) or name.endswith(("telephone", "phone")):
        return "phone"
    return "text"


def numeric(field: Field) -> bool:
    """Whether the column reads best aligned on its digits."""
    return kind_of(field) in ("number", "percent")


def decimal(field: Field, cell: str) -> Decimal | None:
    """The number a cell means under its field's own separators, None when it means none."""
    text = cell.strip().replace(str(field.descriptor.get("groupChar") or "\0"), "")
    text = text.replace(field.decimal_mark, ".")
    try:
        return Decimal(text) if PLAIN_NUMBER.fullmatch(text) else None
    except InvalidOperation:
        return None


def truth(field: Field, cell: str) -> bool | None:
    if cell in (field.descriptor.get("trueValues") or TRUE):
        return True
    return False if cell in (field.descriptor.get("falseValues") or FALSE) else None


def _number(field: Field, cell: str, kind: str) -> Shown | None:
    value = decimal(field, cell)
    if value is None:
        return None
    unit = in_language(field.display.get("unit"), locale())
    if kind == "percent":
        unit = unit or "%"
    return Shown(kind="number", text=number(value, field.display.get("digits")), unit=unit)


def _boolean(field: Field, cell: str) -> Shown | None:
    value = truth(field, cell)
    return None if value is None else Shown(kind="text", text=_("Yes") if value else _("No"))


def _date(cell: str) -> Shown | None:
    try:
        if len(cell) == 10:
            return Shown(kind="date", text=day(date.fromisoformat(cell)), datetime=cell)
        value = datetime.fromisoformat(cell)
    except ValueError:
        return None
    text = moment(value) if value.tzinfo else cell
    return Shown(kind="date", text=text, datetime=cell)


def _contact(kind: str, cell: str) -> Shown | None:
    if kind == "mail" and MAIL.fullmatch(cell):
        return Shown(kind="link", text=cell, href=f"mailto:{cell}")
    if kind == "phone" and PHONE.fullmatch(cell):
        return Shown(kind="link", text=cell, href="tel:" + re.sub(r"[^0-9+]", "", cell))
    if kind in ("link", "image") and WEB.fullmatch(cell):
        return Shown(kind="link", text=cell, href=cell)
    return None
