"""Datami's schema and custom properties of columns, as one Table Schema with our additions.

A type, rule or list of values that the file's own cells do not obey is left out and told: what is
imported must not begin with faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from retouche.core.datami.columns import Columns
from retouche.core.datami.section import Section
from retouche.core.datami.values import read_booleans, read_definition
from retouche.core.guessing.inference import Inferred

TYPES = {"string": "string", "text": "string", "number": "number", "integer": "integer",
         "boolean": "boolean"}  # fmt: skip
SUBTYPES = {
    "longtext": "long_text",
    "timelinetext": "long_text",
    "image": "image",
    "link": "link",
    "email": "mail",
    "tag": "tag",
    "tags": "tag",
    "percent": "percent",
}
SEPARATOR = "|"
"""What Datami takes to stand between tags where nobody says."""


@dataclass(kw_only=True)
class Described:
    """What the configuration says of the columns of one file."""

    fields: dict[str, Section] = field(default_factory=dict)
    custom: dict[str, Section] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    tag_separator: str | None = None
    cells: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The distinct texts of each column, without empty ones, where the file is at hand."""
    inferred: Inferred | None = None
    foreign: dict[str, Section] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)


def read_schema(schema: Section, described: Described, columns: Columns) -> None:
    """Take the fields and the key of a Table Schema as Datami has it."""
    _by_name(schema, "schema_field", described.fields, columns)
    if isinstance(schema.raw("primaryKey"), str):
        name = columns.named(schema, "primaryKey")
        described.key = [name] if name else []
    elif "primaryKey" in schema:
        described.key = columns.listed(schema, "primaryKey")
    schema.close()


def read_custom(custom: Section, described: Described, columns: Columns) -> None:
    """Take the fields of the custom properties; consolidation is told field by field."""
    _by_name(custom, "custom_field", described.custom, columns)
    for name, one in described.custom.items():
        if one.flag("hide"):
            described.hidden.add(name)
            one.tell("hide", "changed", "hidden")
    if custom.raw("consolidation"):
        custom.tell("consolidation", "not_carried", "consolidation")
    custom.close()


def _by_name(section: Section, context: str, into: dict[str, Section], columns: Columns) -> None:
    for one in section.parts("fields", context):
        name = one.text("name")
        if name is None:
            one.leave("nameless")
        elif not columns.has(name):
            one.leave("no_such_column", column=name)
        elif name in into:
            one.leave("said_twice", column=name)
        else:
            into[name] = one


def table_schema(name: str, described: Described, columns: Columns) -> dict[str, Any]:
    """The Table Schema of all columns, in their order."""
    guessed: dict[str, Mapping[str, Any]] = {}
    if described.inferred is not None:
        guessed = {one["name"]: one for one in described.inferred.schema["fields"]}
    fields = [_field(one, guessed.get(one), described, columns) for one in columns.names]
    key = _key(described)
    for one in fields:
        if one["name"] in key:
            one.setdefault("constraints", {})["required"] = True
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": name,
        "fields": fields,
        "missingValues": [""],
        **({"primaryKey": key} if key else {}),
    }


def _key(described: Described) -> list[str]:
    """The key that was declared, or the one that the cells show to tell rows apart."""
    guessed = list(described.inferred.key) if described.inferred else []
    declared = described.key or [
        name for name, one in described.custom.items() if one.flag("primaryKey")
    ]
    return guessed if described.inferred and guessed != declared else declared


def _field(
    name: str, guessed: Mapping[str, Any] | None, described: Described, columns: Columns
) -> dict[str, Any]:
    schema, custom = described.fields.get(name), described.custom.get(name)
    cells = described.cells.get(name)
    made: dict[str, Any] = {"name": name, "type": "string"}
    made |= _typed(schema, guessed)
    extension: dict[str, Any] = {}
    display: dict[str, Any] = dict(((guessed or {}).get("retouche") or {}).get("display") or {})
    values: dict[str, Any] = {}
    for section in (schema, custom):
        if section is not None:
            _said(section, extension, made)
    if custom is not None:
        _custom(custom, made, extension, display, values, described)
    if schema is not None:
        _constraints(schema, custom, made, cells)
    for value, color in columns.colors.get(name, {}).items():
        values.setdefault(value, {}).setdefault("color", color)
    if values:
        display["values"] = values
        display.setdefault("as", "tag")
    if made["type"] != "string" and display.get("as") in ("mail", "link", "long_text", "image"):
        del display["as"]
    if display:
        extension["display"] = display
    if extension:
        made["retouche"] = extension
    for section in (schema, custom):
        if section is not None:
            section.close()
    return made


def _typed(schema: Section | None, guessed: Mapping[str, Any] | None) -> dict[str, Any]:
    """The type that was declared, where the cells obey it; else the one that they show."""
    own = {key: value for key, value in (guessed or {}).items() if key not in ("name", "retouche")}
    own.pop("title", None)
    if schema is None:
        return own
    declared = schema.text("type") or "string"
    known = TYPES.get(declared)
    if known is None:
        schema.tell("type", "unusable", "unknown_type", type=declared)
        return own
    if guessed is None:
        return {"type": known}
    shown = own.get("type", "string")
    if known == "string":
        return {
            "type": "string",
            **{k: own[k] for k in ("format",) if shown == "string" and k in own},
        }
    if known == shown or (known == "number" and shown == "integer"):
        return {**own, "type": known}
    schema.tell("type", "changed", "cells_of_other_type", declared=known, type=shown)
    return own


def _said(section: Section, extension: dict[str, Any], made: dict[str, Any]) -> None:
    title, help = section.texts("title"), section.texts("description")
    if title is not None:
        extension["label"] = title
        made["title"] = title if isinstance(title, str) else next(iter(title.values()))
    if help is not None:
        extension["help"] = help


def _constraints(
    schema: Section, custom: Section | None, made: dict[str, Any], cells: frozenset[str] | None
) -> None:
    rules = schema.part("constraints", "constraints")
    if rules is None:
        return
    listed = rules.raw("enum")
    if "enum" in rules:
        values = [str(one) for one in listed] if isinstance(listed, list) else []
        strange = sorted((cells or frozenset()) - set(values))
        if not values or len(set(values)) < len(values):
            rules.tell("enum", "unusable", "wrong_type", expected="list")
        elif custom is not None and custom.flag("allowNew"):
            rules.tell("enum", "not_carried", "new_values_allowed")
        elif "delimiter" in made:
            rules.tell("enum", "not_carried", "several_values")
        elif strange:
            rules.tell("enum", "not_carried", "cells_outside", values=strange[:5])
        elif made["type"] != "string":
            rules.tell("enum", "not_carried", "enum_of_type", type=made["type"])
        else:
            rules.tell("enum", "carried")
            made.setdefault("constraints", {})["enum"] = values
    rules.close()


def _custom(
    custom: Section,
    made: dict[str, Any],
    extension: dict[str, Any],
    display: dict[str, Any],
    values: dict[str, Any],
    described: Described,
) -> None:
    name = made["name"]
    _subtype(custom, made, display, described)
    if custom.flag("locked"):
        extension["locked"] = True
    custom.flag("primaryKey")
    custom.flag("allowNew")
    unit = custom.texts("unit")
    if unit is not None:
        display["unit"] = unit
    rounded = custom.part("round", "round")
    if rounded is not None:
        digits = rounded.whole("digits", 0, 10)
        if digits is not None:
            display["digits"] = digits
        rounded.close()
    for one in custom.parts("definitions", "definition"):
        read_definition(one, values)
    options = custom.part("booleanOptions", "boolean_options")
    if options is not None:
        read_booleans(options, made, values, described.cells.get(name))
    foreign = custom.part("foreignKey", "foreign_key")
    if foreign is not None:
        described.foreign[name] = foreign


def _subtype(
    custom: Section, made: dict[str, Any], display: dict[str, Any], described: Described
) -> None:
    subtype = custom.text("subtype")
    separator = custom.text("tagSeparator")
    if subtype == "geopoint":
        custom.tell("subtype", "not_carried", "geopoint")
    elif subtype == "timelinetext":
        custom.tell("subtype", "changed", "timeline_as_text")
    elif subtype is not None and subtype not in SUBTYPES:
        custom.tell("subtype", "not_carried", "unknown_subtype", subtype=subtype)
    if subtype in SUBTYPES:
        display["as"] = SUBTYPES[subtype]
    if subtype == "tags" and made["type"] == "string":
        made["delimiter"] = separator or described.tag_separator or SEPARATOR
