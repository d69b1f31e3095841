"""What a widget needs to know of the resources it shows: small enough to be sent to every reader.

Addresses are for whoever serves it to add.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import Any

from retouche.core.package import Package, Resource
from retouche.core.schema import Field
from retouche.core.widget_names import pointed, resources_in
from retouche.services.widget_checks import outlines_in

FIELD = frozenset(
    [
        *("name", "type", "format", "title", "description", "example", "constraints"),
        *("missingValues", "retouche", "decimalChar", "groupChar", "bareNumber"),
        *("trueValues", "falseValues", "itemType", "delimiter", "categories", "categoriesOrdered"),
    ]
)
"""What a widget uses of a field's description."""


def resources_of(package: Package, widget: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What a widget is told of the resources that it names, and that their foreign keys point at.

    By name. Of the latter, only the fields by which a row is found and known.
    """
    named = resources_in(widget)
    found = {name: described(package.resource(name)) for name in named}
    pointed_at: defaultdict[str, set[str]] = defaultdict(set)
    for name in named:
        for key in package.resource(name).schema.foreign_keys:
            if key.resource and key.resource not in found:
                pointed_at[key.resource].update(key.reference_fields)
    for name, fields in pointed_at.items():
        other = package.resource(name)
        known = {*fields, *other.schema.primary_key, *other.label_fields, *(other.geo or ())}
        found[name] = described(other, only=known)
    return {name: found[name] for name in sorted(found)}


def described(resource: Resource, *, only: Container[str] | None = None) -> dict[str, Any]:
    """A resource as a widget is told of it, without its personal fields."""
    fields = resource.schema.by_name
    public = resource.geo and not any(fields[name].personal for name in resource.geo)
    return {
        "title": resource.extension.get("title") or resource.title("fr"),
        "schema": lean_schema(resource, only=only),
        "editable": resource.editable,
        "label": resource.extension.get("label"),
        "geo": resource.geo if public else None,
    }


def lean_schema(resource: Resource, *, only: Container[str] | None = None) -> dict[str, Any]:
    """The parts of a table schema that a widget uses, of some fields and without personal ones."""
    schema = resource.schema
    shown = {
        one.name for one in schema.fields if not one.personal and (only is None or one.name in only)
    }
    hidden = set(schema.names) - shown
    keys = [
        {
            "fields": list(one.fields),
            "reference": {"resource": one.resource, "fields": list(one.reference_fields)},
        }
        for one in schema.foreign_keys
        if hidden.isdisjoint(one.fields)
    ]
    checks = [one for one in schema.custom_checks if hidden.isdisjoint(_texts(one.get("params")))]
    return {
        "fields": [_lean_field(one) for one in schema.fields if one.name in shown],
        "primaryKey": list(schema.primary_key),
        "missingValues": list(schema.missing_values),
        **({"foreignKeys": keys} if keys else {}),
        **({"custom_checks": checks} if checks else {}),
    }


def with_outlines(widget: Mapping[str, Any], address: str) -> dict[str, Any]:
    """The descriptor with the `url` of each file of outlines: `address` with its name for {}."""
    known = {
        at: {**one, "url": address.replace("{}", one["path"].rpartition("/")[2])}
        for at, one in outlines_in(widget)
    }
    return _replaced(widget, "", known) if known else dict(widget)


def _replaced(value: Any, at: str, known: Mapping[str, Any]) -> Any:
    """A copy with what stands at some JSON pointers replaced."""
    if at in known:
        return known[at]
    if isinstance(value, Mapping):
        return {key: _replaced(one, pointed(at, key), known) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, pointed(at, index), known) for index, one in enumerate(value)]
    return value


def _lean_field(field: Field) -> dict[str, Any]:
    """Title and description stand in for a label and a help text, and are not said twice."""
    lean = {key: value for key, value in field.descriptor.items() if key in FIELD}
    for ours, theirs in (("label", "title"), ("help", "description")):
        if field.extension.get(ours):
            lean.pop(theirs, None)
    return lean


def _texts(value: Any) -> Iterable[str]:
    """Every text in a value, at any depth."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []
