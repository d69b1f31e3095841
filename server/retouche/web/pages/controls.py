"""Which control edits a cell. A control is used only where it gives an untouched cell back whole.

Browsers empty a number or date control that holds something else, and strip line ends from
one-line controls; a cell that would suffer gets a plain text control instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from retouche.core.operations import Cell
from retouche.core.schema import Field, Schema
from retouche.web.language import locale
from retouche.web.pages.fields import weekday
from retouche.web.pages.values import FALSE, TRUE, kind_of
from retouche.web.translations import gettext as _

LONG = 80
MOST_OPTIONS = 200
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """An HTML control: an input of a type, a select with options or a textarea."""

    kind: str = "input"
    type: str = "text"
    inputmode: str | None = None
    options: Options = ()
    hint: str = ""


def control(field: Field, cell: Cell, suggestions: Options = ()) -> Control:
    """The control for a field whose cell now holds `cell`; `suggestions` are known good values."""
    value = cell or ""
    options = _options(field, cell)
    if options:
        return Control(kind="select", options=_with_present(options, value))
    if suggestions:
        return Control(type="text", options=suggestions)
    if "\n" in value or "\r" in value or len(value) > LONG or kind_of(field) == "long_text":
        return Control(kind="textarea")
    chosen = _typed(field)
    return chosen if _survives(value, chosen.type) else replace(chosen, type="text")


def _options(field: Field, cell: Cell) -> Options:
    """The closed list of values a field may have, if it has one of a usable length."""
    allowed: Sequence[object] | None = field.constraints.get("enum")
    if field.type == "boolean":
        true = (field.descriptor.get("trueValues") or TRUE)[0]
        false = (field.descriptor.get("falseValues") or FALSE)[0]
        return ((str(true), _("Yes")), (str(false), _("No")))
    if not isinstance(allowed, list) or len(allowed) > MOST_OPTIONS:
        return ()
    values = [str(one) for one in allowed if not isinstance(one, bool)]
    if field.steps is not None and cell is not None and cell in field.steps:
        values = [one for one in values if one == cell or one in field.steps[cell]]
    return tuple((one, field.value_label(one, locale())) for one in values)


def _with_present(options: Options, value: str) -> Options:
    if not value or any(value == known for known, _label in options):
        return options
    return ((value, _("%(value)s (not in the list)") % {"value": value}), *options)


def _typed(field: Field) -> Control:
    kind = kind_of(field)
    form = field.descriptor.get("format") or "default"
    if weekday(field):
        form = _("Such as 09:00 - 12:00 / 13:30 - 17:00; leave empty when closed.")
        return Control(hint="" if field.help(locale()) else form)
    if field.type == "integer":
        return Control(inputmode="numeric")
    if field.type == "number":
        mark = field.decimal_mark
        hint = _("Write decimals after “%(mark)s”.") % {"mark": mark}
        return Control(inputmode="decimal", hint=hint)
    if field.type == "year":
        return Control(inputmode="numeric", hint=_("Four digits."))
    if field.type == "date" and form == "default":
        return Control(type="date")
    if field.type == "date":
        return Control(hint=_("Format: %(format)s") % {"format": form})
    types = {"mail": "email", "phone": "tel", "link": "url"}
    return Control(type=types.get(kind, "text"))


def _survives(value: str, kind: str) -> bool:
    if kind == "date" and value:
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    if kind in ("email", "url"):
        return value == value.strip() and value.isascii()
    return True


def locked_because(field: Field, schema: Schema, header: Sequence[str], *, new: bool) -> str:
    """Why a field cannot be edited, in words; empty when it can."""
    if field.name not in schema.by_name:
        return _("The schema does not describe this column.")
    if field.extension.get("derived"):
        return _("Computed from other data; it follows by itself.")
    if field.name not in header:
        return _("The file has no such column.")
    if field.extension.get("locked"):
        return _("Locked by the publisher of the data.")
    if field.name in schema.primary_key and not new:
        return _("Names the row, so it stays as it is.")
    return ""


def bounds(field: Field) -> str:
    """The range a value must lie in, in words; empty when there is none."""
    low, high = field.constraints.get("minimum"), field.constraints.get("maximum")
    if low is not None and high is not None:
        return _("From %(low)s to %(high)s.") % {"low": low, "high": high}
    if low is not None:
        return _("At least %(low)s.") % {"low": low}
    if high is not None:
        return _("At most %(high)s.") % {"high": high}
    return ""


def normal(text: str) -> str:
    """Text as a form sends it (CR LF) made what people type: line ends are LF."""
    return re.sub(r"\r\n?", "\n", text)
