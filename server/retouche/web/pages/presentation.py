"""Numbers, shares and dates as a reader of the page's language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from retouche.web.language import locale
from retouche.web.translations import gettext as _

MOMENTS = {"fr": "d MMMM y 'à' HH:mm", "en": "d MMMM y 'at' HH:mm"}


def number(value: int | Decimal, digits: int | None = None) -> str:
    """A number with the digits it has, or rounded to so many."""
    if digits is None:
        return format_decimal(value, locale=locale(), decimal_quantization=False)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=locale())


def share(value: float) -> str:
    """A share of one as a percentage; what is not whole never reads as 100 %, nor as 0 %."""
    percent = value * 100
    if 0 < percent < 1 or 99 < percent < 100:
        percent = min(max(percent, 0.1), 99.9)
        text = format_decimal(percent, format="0.0", locale=locale())
    else:
        text = format_decimal(percent, format="0", locale=locale())
    return text + ("\u202f%" if locale() == "fr" else "%")


def quality(found: float | None) -> tuple[str, str]:
    """How good a dataset is, in two words: what is told, and how much there is of it."""
    return _("quality"), _("unknown") if found is None else share(found)


def day(value: date) -> str:
    return format_date(value, format="d MMMM y", locale=locale())


def month(value: str) -> str:
    """A month given as `2026-11`."""
    return format_date(date.fromisoformat(f"{value}-01"), format="MMMM y", locale=locale())


def moment(value: datetime) -> str:
    """A point in time, in UTC and saying so: the server does not know where its reader is."""
    text = format_datetime(value.astimezone(UTC), MOMENTS[locale()], tzinfo=UTC, locale=locale())
    return f"{text} UTC"
