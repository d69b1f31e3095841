"""Says in one or two sentences where a fault is, what is wrong and what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from retouche.core.errors import NotFound, RetoucheError
from retouche.core.messages.checks import RELATIONS
from retouche.core.messages.faults import FAULTS
from retouche.core.messages.problems import REASONS, TITLES
from retouche.core.messages.wording import NO_BREAK, fill, language, listed, short
from retouche.core.package import Package, Resource
from retouche.core.report import CellError
from retouche.core.schema import Field, in_language

SAMPLE = datetime(2024, 3, 31, 14, 30, tzinfo=UTC)
STANDARD = {
    "date": "2024-03-31",
    "datetime": "2024-03-31T14:30:00Z",
    "time": "14:30:00",
    "object": '{"a": 1}',
}
GEOPOINTS = {"array": "[6.08, 44.56]", "object": '{"lon": 6.08, "lat": 44.56}'}
KINDS: dict[str, dict[str, str]] = {
    "number": {"en": "a number", "fr": "un nombre"},
    "integer": {"en": "a whole number", "fr": "un nombre entier"},
    "boolean": {"en": "yes or no as the file writes them", "fr": "oui ou non, comme le fichier"},
    "date": {"en": "a date such as 2024-03-31", "fr": "une date comme 2024-03-31"},
    "datetime": {
        "en": "a date and time such as 2024-03-31T09:30:00",
        "fr": "une date et une heure comme 2024-03-31T09:30:00",
    },
    "time": {"en": "a time such as 09:30:00", "fr": "une heure comme 09:30:00"},
    "year": {"en": "a year such as 2024", "fr": "une année comme 2024"},
    "yearmonth": {"en": "a month such as 2024-03", "fr": "un mois comme 2024-03"},
    "duration": {"en": "a duration such as P1D", "fr": "une durée comme P1D"},
}
"""What a filter on a typed column compares with, in words."""
UNITS = {
    "characters": {"en": "characters", "fr": "caractères"},
    "items": {"en": "items", "fr": "éléments"},
}
QUOTES = {"en": "“{}”", "fr": f"«{NO_BREAK}{{}}{NO_BREAK}»"}
HIDDEN = {"en": "this value", "fr": "cette valeur"}
SEPARATOR = {"en": ": ", "fr": f"{NO_BREAK}: "}
ROW = {"en": "Row {}", "fr": "Ligne {}"}
NEW_ROW = {"en": "New row", "fr": "Nouvelle ligne"}
NUMBERED_ROW = {"en": "Row number {}", "fr": f"Ligne n°{NO_BREAK}{{}}"}
LINE = {"en": "Line {} of the file", "fr": "Ligne {} du fichier"}
COLUMN = {"en": "column {}", "fr": "colonne {}"}


def problem(error: RetoucheError, locale: str) -> tuple[str, str]:
    """The title of a refusal, fixed per code, and its detail in this case."""
    title = fill(TITLES.get(error.code, TITLES["error"]), locale, {})
    status = f"{error.reason}:{error.values.get('status')}"
    texts = REASONS.get(status, REASONS.get(error.reason))
    if texts is None:
        return title, title
    values = dict(error.values)
    expected = values.get("expected")
    if isinstance(expected, str) and expected in KINDS:
        values["expected"] = KINDS[expected][language(locale)]
    return title, fill(texts, locale, values)


def describe(error: CellError, locale: str, *, package: Package) -> str:
    """A fault in plain words, naming the row by its label and key and the column by its title."""
    chosen = language(locale)
    try:
        resource = package.resource(error.resource)
    except NotFound:
        resource = None
    field = resource.schema.by_name.get(error.field or "") if resource is not None else None
    place = _place(error, field, chosen)
    sentence = _sentence(error, resource, field, package=package, locale=chosen)
    if error.values.get("already"):
        sentence += " " + fill(FAULTS["already"], chosen, {})
    return f"{place}{SEPARATOR[chosen]}{sentence}" if place else sentence


def _place(error: CellError, field: Field | None, locale: str) -> str:
    parts = []
    key = ", ".join(error.row_key or ())
    label = error.values.get("label")
    if key or label:
        name = quoted(label or key, locale)
        parts.append(
            ROW[locale].format(f"{name} ({short(key)})" if key and label != key and label else name)
        )
    elif error.row_number is not None:
        parts.append(NUMBERED_ROW[locale].format(error.row_number))
    elif error.line is not None:
        parts.append(LINE[locale].format(error.line))
    elif error.operation is not None and error.code not in WHOLE:
        parts.append(NEW_ROW[locale])
    if error.field:
        title = field.label(locale) if field is not None else error.field
        parts.append(COLUMN[locale].format(quoted(title, locale)))
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


WHOLE = frozenset({"column-total"})


def _sentence(
    error: CellError,
    resource: Resource | None,
    field: Field | None,
    *,
    package: Package,
    locale: str,
) -> str:
    values = _values(error, resource, field, package=package, locale=locale)
    own = error.values.get("message")
    if own:
        text = in_language(own, locale)
        known = {**error.values, **values, "value": error.value or ""}
        return re.sub(r"\{(\w+)\}", lambda found: _own(found, known), text)
    key = f"{error.code}:{_detail(error)}"
    sentence = fill(FAULTS.get(key) or FAULTS.get(error.code) or FAULTS["fault"], locale, values)
    return sentence[:1].upper() + sentence[1:]


def _own(found: re.Match[str], values: Mapping[str, Any]) -> str:
    """A value in a publisher's own message; braces that name nothing stay."""
    return short(values[found[1]]) if found[1] in values else found[0]


def _detail(error: CellError) -> str:
    if error.code == "type-error":
        kind, form = str(error.values.get("type")), str(error.values.get("format"))
        return form if kind == "string" and f"type-error:{form}" in FAULTS else kind
    if error.code == "foreign-key":
        return "orphan" if "orphans" in error.values else ""
    if error.code == "step-error":
        if error.values.get("old") is None:
            return "first"
        return "last" if error.value is None else ""
    return str(error.values.get("reason") or error.rule)


def _values(
    error: CellError,
    resource: Resource | None,
    field: Field | None,
    *,
    package: Package,
    locale: str,
) -> dict[str, Any]:
    """All that a sentence may show."""
    hidden = error.value is None or (field is not None and field.personal)
    values: dict[str, Any] = {
        **error.values,
        "rule": error.rule,
        "field": error.field,
        "it": HIDDEN[locale] if hidden else quoted(error.value, locale),
        **_titles(error, resource, locale),
    }
    if values.get("orphans") == 1:
        del values["orphans"]
    if "op" in values:
        values["relation"] = RELATIONS[values["op"]][locale]
    if field is not None:
        values.update(_of_field(error, field, locale))
    target = package.resources.get(str(values.get("reference")))
    if "reference" in values:
        values["target"] = values["reference"] if target is None else target.title(locale)
    if target is not None:
        columns = values.get("reference_columns", ())
        values["target_columns"] = _columns(columns, target, locale)
    return values


def _titles(error: CellError, resource: Resource | None, locale: str) -> dict[str, Any]:
    if resource is None:
        return {}
    columns: Sequence[str] = error.values.get("columns") or ()
    return {
        "table": resource.title(locale),
        "columns": _columns(columns, resource, locale),
        "others": _columns([one for one in columns if one != error.field], resource, locale),
    }


def _columns(names: Sequence[str], resource: Resource, locale: str) -> str:
    fields = resource.schema.by_name
    titles = [fields[name].label(locale) if name in fields else name for name in names]
    return listed([quoted(one, locale) for one in titles], locale) if titles else ""


def _of_field(error: CellError, field: Field, locale: str) -> dict[str, Any]:
    """What the column's own description adds: how a right value looks."""
    descriptor = field.descriptor
    form = str(descriptor.get("format") or "default")
    decimal = descriptor.get("decimalChar") or "."
    values: dict[str, Any] = {
        "decimal": decimal,
        "delimiter": descriptor.get("delimiter") or ",",
        "items": descriptor.get("itemType"),
        "true": _choice(descriptor.get("trueValues") or ["true", "1"]),
        "false": _choice(descriptor.get("falseValues") or ["false", "0"]),
        "sample": f"12{decimal}5" if field.type == "number" else _sample(field.type, form),
        "pattern": field.constraints.get("pattern"),
    }
    example = descriptor.get("example")
    if isinstance(example, str | int | float) and not isinstance(example, bool):
        values["example"] = quoted(example, locale)
        del values["pattern"]
    items = field.type in ("list", "array", "object")
    values["unit"] = UNITS["items" if items else "characters"][locale]
    if "length" not in error.values:
        values["length"] = None if items or error.value is None else len(error.value)
    if error.rule == "enum":
        choices = field.constraints.get("enum") or ()
        values["choices"] = listed([_named(field, one, locale) for one in choices], locale)
    if error.rule == "steps":
        choices = error.values.get("allowed") or ()
        values["choices"] = listed([_named(field, one, locale) for one in choices], locale)
        values["old"] = field.value_label(str(error.values.get("old")), locale)
        values["new"] = field.value_label(str(error.value), locale)
    return values


def _sample(kind: str, form: str) -> str:
    """A right value of a type in the form that the field asks for."""
    if kind == "geopoint":
        return GEOPOINTS.get(form, "6.08,44.56")
    if kind in ("date", "datetime", "time") and "%" in form:
        try:
            return SAMPLE.strftime(form)
        except ValueError:
            return form
    return STANDARD.get(kind, "")


def _named(field: Field, value: Any, locale: str) -> str:
    """An allowed value, with what it means where the schema says so."""
    label = field.value_label(str(value), locale)
    shown = quoted(value, locale)
    return shown if label == str(value) else f"{shown} ({label})"


def _choice(values: Any) -> str:
    return listed([str(one) for one in values][:2], "en") if isinstance(values, list) else ""


def quoted(value: Any, locale: str) -> str:
    """A value between the quotation marks of a language, shortened."""
    return QUOTES[locale].format(short(value))
