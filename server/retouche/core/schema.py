"""Table Schemas, read once into values: fields, keys, missing values, and our additions.

Only reads what a descriptor says. What a cell is worth is `judge.py`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from retouche.core.errors import BadDataset
from retouche.core.operations import Cell, Cells, Key
from retouche.core.options import check_constraints, check_options

Texts = Mapping[str, str]

TYPES = frozenset(
    {
        *("string", "number", "integer", "boolean", "any", "list", "array", "object"),
        *("date", "datetime", "time", "year", "yearmonth", "duration", "geopoint", "geojson"),
    }
)


def in_language(value: Texts | str | None, locale: str, default: str = "") -> str:
    """Choose a text: the locale asked for, else French, English, whatever there is."""
    if value is None:
        return default
    if isinstance(value, str):
        return value
    for candidate in (locale, "fr", "en"):
        if value.get(candidate):
            return value[candidate]
    return next(iter(value.values()), default)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column. `descriptor` is the field as the schema writes it, for frictionless."""

    name: str
    type: str = "string"
    title: str | None = None
    description: str | None = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    descriptor: Mapping[str, Any] = field(default_factory=dict)
    extension: Mapping[str, Any] = field(default_factory=dict)

    def label(self, locale: str) -> str:
        """What a reader calls the column."""
        return in_language(self.extension.get("label"), locale) or self.title or self.name

    def help(self, locale: str) -> str:
        return in_language(self.extension.get("help"), locale) or self.description or ""

    @property
    def required(self) -> bool:
        return bool(self.constraints.get("required"))

    @property
    def editable(self) -> bool:
        """False for locked, derived and personal columns: no proposal may change them."""
        return not any(self.extension.get(flag) for flag in ("locked", "derived", "personal"))

    @property
    def indicator(self) -> str | None:
        """The indicator that computes the column; what the file may hold of it does not count."""
        derived = self.extension.get("derived")
        name = derived.get("indicator") if isinstance(derived, Mapping) else None
        return name if isinstance(name, str) else None

    @property
    def personal(self) -> bool:
        """Never exported, never indexed, never shown."""
        return bool(self.extension.get("personal"))

    @property
    def decimal_mark(self) -> str:
        """What stands before the decimals of its numbers."""
        return str(self.descriptor.get("decimalChar") or ".")

    @property
    def display(self) -> Mapping[str, Any]:
        display = self.extension.get("display")
        return display if isinstance(display, Mapping) else {}

    @property
    def steps(self) -> Mapping[str, list[str]] | None:
        """For each value, the values that one proposal may turn it into."""
        steps = self.extension.get("steps")
        return steps if isinstance(steps, Mapping) else None

    def value_label(self, value: str, locale: str) -> str:
        entry = self.display.get("values", {}).get(value)
        return in_language(entry.get("label"), locale, value) if entry else value


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """`fields` must exist as `reference_fields` of `resource` ("" is the resource itself)."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Schema:
    """A Table Schema. `descriptor` is the whole of it, as committed."""

    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    missing_values: tuple[str, ...] = ("",)
    custom_checks: tuple[Mapping[str, Any], ...] = ()
    descriptor: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {one.name: one for one in self.fields}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields)

    @cached_property
    def _missing(self) -> frozenset[str]:
        return frozenset(self.missing_values)

    @cached_property
    def missing_text(self) -> str:
        """What is written for a missing value: nothing where the schema allows it."""
        if "" in self._missing or not self.missing_values:
            return ""
        return self.missing_values[0]

    def to_cell(self, text: str) -> Cell:
        return None if text in self._missing else text

    def to_text(self, cell: Cell) -> str:
        return self.missing_text if cell is None else cell

    def key_of(self, row: Cells) -> Key | None:
        """The row key, None when a part of it is missing or there is no primary key."""
        parts = tuple(row.get(name) for name in self.primary_key)
        if not parts or any(part is None for part in parts):
            return None
        return tuple(part for part in parts if part is not None)

    def key_after(self, key: Key, new: Cells) -> Key | None:
        """The key of a row once it has the new cells, None when a part of it is then missing."""
        return self.key_of({**dict(zip(self.primary_key, key, strict=True)), **new})

    @classmethod
    def from_descriptor(cls, descriptor: Any) -> Schema:
        """Read a Table Schema v1 or v2. Raises `BadDataset` that says what is wrong."""
        if not isinstance(descriptor, Mapping):
            raise BadDataset("schema_not_object")
        fields = tuple(_fields(descriptor.get("fields")))
        names = [one.name for one in fields]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise BadDataset("schema_duplicate_field", field=twice)
        primary_key = _names(descriptor.get("primaryKey"))
        missing = next((name for name in primary_key if name not in names), None)
        if missing is not None:
            raise BadDataset("schema_key_unknown_field", field=missing)
        checks = descriptor.get("custom_checks")
        checks = [] if checks is None else checks
        if not isinstance(checks, list) or not all(isinstance(one, Mapping) for one in checks):
            raise BadDataset("schema_bad_checks")
        return cls(
            fields=fields,
            primary_key=primary_key,
            foreign_keys=tuple(_foreign_keys(descriptor.get("foreignKeys"), names)),
            missing_values=tuple(_missing_values(descriptor.get("missingValues"))),
            custom_checks=tuple(checks),
            descriptor=descriptor,
        )


def _fields(value: Any) -> Iterable[Field]:
    if not isinstance(value, list) or not value:
        raise BadDataset("schema_no_fields")
    for one in value:
        if not isinstance(one, Mapping) or not isinstance(one.get("name"), str) or not one["name"]:
            raise BadDataset("schema_bad_field", field=str(one)[:80])
        yield _field(one)


def _field(descriptor: Mapping[str, Any]) -> Field:
    name, kind = descriptor["name"], descriptor.get("type", "string")
    if not isinstance(kind, str) or kind not in TYPES:
        raise BadDataset("schema_unknown_type", field=name, type=str(kind)[:80])
    constraints, extension = descriptor.get("constraints"), descriptor.get("retouche")
    constraints = {} if constraints is None else constraints
    extension = {} if extension is None else extension
    if not isinstance(constraints, Mapping) or not isinstance(extension, Mapping):
        raise BadDataset("schema_bad_field", field=name)
    check_options(descriptor, field=name)
    check_constraints(constraints, field=name)
    return Field(
        name=name,
        type=kind,
        title=_text(descriptor.get("title")),
        description=_text(descriptor.get("description")),
        constraints=constraints,
        descriptor=descriptor,
        extension=extension,
    )


def _foreign_keys(value: Any, names: list[str]) -> Iterable[ForeignKey]:
    if value is not None and not isinstance(value, list):
        raise BadDataset("schema_bad_foreign_key")
    for one in value or ():
        reference = one.get("reference") if isinstance(one, Mapping) else None
        if not isinstance(reference, Mapping):
            raise BadDataset("schema_bad_foreign_key")
        fields, others = _names(one.get("fields")), _names(reference.get("fields"))
        resource = reference.get("resource")
        if resource is not None and not isinstance(resource, str):
            raise BadDataset("schema_bad_foreign_key")
        if not fields or len(fields) != len(others) or any(name not in names for name in fields):
            raise BadDataset("schema_bad_foreign_key")
        yield ForeignKey(
            fields=fields,
            resource=resource or "",
            reference_fields=others,
        )


def _missing_values(value: Any) -> Iterable[str]:
    if value is not None and not isinstance(value, list):
        raise BadDataset("schema_bad_missing_values")
    for one in [""] if value is None else value:
        if isinstance(one, Mapping):  # Table Schema v2 allows {"value", "label"}
            one = one.get("value")
        if not isinstance(one, str):
            raise BadDataset("schema_bad_missing_values")
        yield one


def _names(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise BadDataset("schema_bad_key")
    return tuple(values)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
