"""The oracle of law 3: frictionless itself, run on whole tables held in memory."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import frictionless
from frictionless.resources import TableResource

from retouche.core.judging.judge import TYPES
from retouche.core.package import Resource
from retouche.core.schema import Schema

MANY = 10**9
V2 = "https://datapackage.org/profiles/2.0/"


@dataclass(frozen=True, slots=True)
class Seen:
    """One error that frictionless reports; `row` counts data rows from 0, blank lines apart."""

    resource: str
    code: str
    rule: str
    field: str | None
    row: int


def full(tables: Mapping[str, tuple[Resource, bytes]]) -> list[Seen]:
    """Validate all tables together, with encoding, dialect and schema pinned."""
    resources = [_resource(resource, data) for resource, data in tables.values()]
    package = frictionless.Package(resources=resources, schema_profile=f"{V2}datapackage.json")
    report = package.validate(limit_errors=MANY)
    assert not report.errors, report.errors
    found: list[Seen] = []
    for task in report.tasks:
        places = dict(_places(*tables[task.name]))
        for error in task.errors:
            found.extend(_seen(tables[task.name][0], error, places))
    return found


def _seen(resource: Resource, error: Any, places: Mapping[int, int]) -> Iterator[Seen]:
    if "#header" in error.tags:
        return
    row_number = error.row_number  # any other error without one is about the set-up
    if row_number not in places:
        return  # a blank line
    field = getattr(error, "field_name", None) or None
    rule = error.type
    if error.type == "type-error":
        rule = "type"
    elif error.type == "constraint-error":
        named = re.search('constraint "([A-Za-z]+)" is', error.note)
        assert named
        rule = named[1]
    elif error.type == "unique-error":
        rule = "unique"
    elif error.type == "primary-key":
        rule = "unique" if "the same as" in error.note else "required"
        field = resource.schema.primary_key[0]
    elif error.type == "foreign-key":
        field = error.field_names[0]
    yield Seen(resource.name, error.type, rule, field, places[row_number])


def _places(resource: Resource, data: bytes) -> Iterator[tuple[int, int]]:
    """Frictionless' row number of each data row that is no blank line."""
    dialect = resource.dialect
    text = io.StringIO(data.decode(dialect.encoding).removeprefix("\ufeff"), newline="")
    options: dict[str, Any] = {"delimiter": dialect.delimiter}
    options |= {"quotechar": dialect.quote} if dialect.quote else {"quoting": csv.QUOTE_NONE}
    place = -1
    for number, row in enumerate(csv.reader(text, **options), 1):
        if row and number > 1:
            place += 1
            yield number, place


def _resource(resource: Resource, data: bytes) -> Any:
    dialect = resource.dialect
    # Unless told, frictionless takes the line of usual width for the header.
    header = {"header": True, "headerRows": [1]}
    control = {
        "delimiter": dialect.delimiter,
        "quoteChar": dialect.quote or "",
        "lineTerminator": "\r\n",
        "skipInitialSpace": False,
    }
    return TableResource(
        name=resource.name,
        data=data,
        format="csv",
        schema_profile=f"{V2}dataresource.json",
        encoding=dialect.encoding,
        dialect=frictionless.Dialect.from_descriptor({**header, "csv": control}),
        schema=frictionless.Schema.from_descriptor(_schema(resource.schema)),
    )


def _schema(schema: Schema) -> dict[str, Any]:
    """The descriptor as published, but for texts, and with columns matched by their names."""
    fields = []
    for field in schema.fields:
        one = {
            name: value
            for name, value in field.descriptor.items()
            if name not in ("title", "description", "example", "retouche", "rdfType")
        }
        known = {*TYPES[field.type].supported_constraints, "unique"}
        one["constraints"] = {
            name: rule for name, rule in field.constraints.items() if name in known
        }
        fields.append({**one, "name": field.name, "type": field.type})
    return {
        "$schema": f"{V2}tableschema.json",
        "fields": fields,
        "fieldsMatch": "equal",
        "missingValues": list(schema.missing_values),
        "primaryKey": list(schema.primary_key),
        "foreignKeys": [
            {
                "fields": list(key.fields),
                "reference": {
                    "resource": key.resource,
                    "fields": list(key.reference_fields),
                },
            }
            for key in schema.foreign_keys
        ],
    }
