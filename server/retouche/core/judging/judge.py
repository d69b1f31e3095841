"""The judge of cells: frictionless' own cell readers, kept per schema.

The only importer of frictionless. It sees field types and constraints built in memory and
nothing else: no path, URL, check, step or pipeline of a descriptor ever reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from frictionless import fields

from retouche.core import patterns
from retouche.core.errors import BadDataset
from retouche.core.judging import lexical
from retouche.core.judging.faults import Fault, Level
from retouche.core.judging.rowjudge import RowJudge
from retouche.core.memo import Memo
from retouche.core.operations import Cell
from retouche.core.schema import Field, Schema

TYPES = {
    "any": fields.AnyField,
    "array": fields.ArrayField,
    "boolean": fields.BooleanField,
    "date": fields.DateField,
    "datetime": fields.DatetimeField,
    "duration": fields.DurationField,
    "geojson": fields.GeojsonField,
    "geopoint": fields.GeopointField,
    "integer": fields.IntegerField,
    "list": fields.ListField,
    "number": fields.NumberField,
    "object": fields.ObjectField,
    "string": fields.StringField,
    "time": fields.TimeField,
    "year": fields.YearField,
    "yearmonth": fields.YearmonthField,
}
OPTIONS: Mapping[str, str] = {
    "format": "format",
    "bareNumber": "bare_number",
    "floatNumber": "float_number",
    "decimalChar": "decimal_char",
    "groupChar": "group_char",
    "trueValues": "true_values",
    "falseValues": "false_values",
    "delimiter": "delimiter",
    "itemType": "item_type",
    "arrayItem": "array_item",
}
# Frictionless reads `wkt` only with a parser of its own, which is not part of Retouche.
FORMATS = {
    "string": {"default", "email", "uri", "binary", "uuid"},
    "geojson": {"default", "topojson"},
    "geopoint": {"default", "array", "object"},
}
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
NO_FAULTS: tuple[Fault, ...] = ()
BLEMISHES: Mapping[str, Level] = {
    "forbidden-character": "error",
    "invisible-character": "warning",
    "mixed-script": "warning",
}


class Reader:
    """Says what one cell is worth and what is wrong with it; the same answer for the same text.

    `rules` are the constraints that values must keep, `bounds` those that are values themselves.
    Where it `accepts_all`, what is not missing is right, but for characters that no cell may hold.
    """

    def __init__(self, field: Field, *, missing_values: Sequence[str]) -> None:
        self.field = field
        self.ignored: tuple[str, ...] = ()
        self.missing = frozenset(_missing_values(field, missing_values))
        cell = self._frictionless(field)
        self.bounds: Mapping[str, Any] = self._check_constraints(cell)
        pattern = cell.constraints.pop("pattern", None)
        self._matches = patterns.matcher(pattern, field=field.name) if pattern else None
        self._read: Callable[[str | None], Any] = cell.create_cell_reader()
        self._form = lexical.form(field.type, field.descriptor)
        self._constraints = field.constraints
        self._bidi = bool(field.extension.get("bidi"))
        self.format: str = cell.format
        self.rules = frozenset(cell.constraints) - {"required", "unique"}
        if self._matches is not None:
            self.rules |= {"pattern"}
        # Most columns of most files are so.
        self.accepts_all = not self.rules and (
            field.type == "any" or (field.type == "string" and cell.format == "default")
        )

    @property
    def text_is_value(self) -> bool:
        """Whether two valid cells are equal exactly when their texts are."""
        return self.field.type in ("string", "any")

    def __call__(self, text: Cell) -> tuple[Any, tuple[Fault, ...]]:
        """The value of a cell (None when missing or not of the type) and its faults."""
        if text is None or text in self.missing:
            return self._judged(None, text)
        found = NO_FAULTS
        if not (text.isascii() and text.isprintable()):
            found = self._blemished(text)
            if any(fault.level == "error" for fault in found):
                return None, found
        if self.accepts_all:
            return text, found
        form = self._form(text)
        if form is None:
            return None, (*found, self._type_error(text))
        value, faults = self._judged(form, text)
        return value, (*found, *faults) if found else faults

    def _blemished(self, text: str) -> tuple[Fault, ...]:
        return tuple(
            self._fault(code, code, text, level=BLEMISHES[code], thing=thing)
            for code, thing in lexical.blemishes(text, bidi=self._bidi)
        )

    def _judged(self, form: Cell, text: Cell) -> tuple[Any, tuple[Fault, ...]]:
        try:
            value, notes = self._read(form)
        except Exception:
            # Dates with and without a time zone, say, cannot be compared with a bound.
            return None, (self._type_error(text),)
        if not notes and (self._matches is None or value is None or text is None):
            return value, NO_FAULTS
        rules = [rule for rule in notes or () if rule != "type"]
        mistyped = bool(notes) and "type" in notes
        if self._matches and value is not None and text is not None and not self._matches(text):
            rules.append("pattern")
        if not rules and not mistyped:
            return value, NO_FAULTS
        first = (self._type_error(text),) if mistyped else NO_FAULTS
        return value, (*first, *(self._constraint_error(rule, text) for rule in rules))

    def _type_error(self, text: Cell) -> Fault:
        form = self.field.descriptor.get("format") or "default"
        return self._fault("type-error", "type", text, type=self.field.type, format=form)

    def _constraint_error(self, rule: str, text: Cell) -> Fault:
        return self._fault("constraint-error", rule, text, constraint=self._constraints.get(rule))

    def _fault(
        self, code: str, rule: str, text: Cell, *, level: Level = "error", **values: Any
    ) -> Fault:
        name = self.field.name
        return Fault(
            code=code,
            rule=rule,
            field=name,
            value=text,
            columns=(name,),
            values=values,
            level=level,
        )

    def _frictionless(self, field: Field) -> Any:
        """The field as frictionless knows it; what its type does not know is left out."""
        kind = TYPES[field.type]
        options: dict[str, Any] = {"missing_values": sorted(self.missing)}
        for name, attribute in OPTIONS.items():
            value = field.descriptor.get(name)
            if value is None or not hasattr(kind, attribute):
                continue
            options[attribute] = str(value).removeprefix("fmt:") if name == "format" else value
        if options.get("format", "default") not in FORMATS.get(
            field.type, {options.get("format", "default")}
        ):
            self.ignored += ("format",)
            del options["format"]
        constraints = {name: rule for name, rule in field.constraints.items() if rule is not None}
        known = {*kind.supported_constraints, "unique"}
        self.ignored += tuple(name for name in constraints if name not in known)
        options["constraints"] = {name: constraints[name] for name in constraints if name in known}
        return kind(name=field.name, **options)

    def _check_constraints(self, cell: Any) -> Mapping[str, Any]:
        """Refuse constraints that cannot be applied; the bounds as values of the field's type."""
        bounds: dict[str, Any] = {}
        try:
            value = cell.create_value_reader()
        except Exception:
            raise BadDataset("field_option", field=self.field.name, option="itemType") from None
        for name in BOUNDS:
            rule = cell.constraints.get(name)
            if rule is None:
                continue
            try:
                bounds[name] = value(rule)
            except Exception:
                bounds[name] = None
            if bounds[name] is None:
                raise BadDataset("bad_constraint", field=self.field.name, constraint=name)
        item = getattr(cell, "array_item", None)
        while item is not None:
            constraints = item.get("constraints", {}) if isinstance(item, Mapping) else None
            # Frictionless would match a pattern itself, in unbounded time.
            if not isinstance(constraints, Mapping) or "pattern" in constraints:
                raise BadDataset("field_option", field=self.field.name, option="arrayItem")
            item = item.get("arrayItem")
        try:
            cell.create_cell_reader()
        except Exception:
            option = "constraints" if getattr(cell, "array_item", None) is None else "arrayItem"
            raise BadDataset("field_option", field=self.field.name, option=option) from None
        return bounds


def _missing_values(field: Field, default: Sequence[str]) -> Sequence[str]:
    """A field's own missing values go before the schema's, as in Table Schema v2."""
    own = field.descriptor.get("missingValues")
    if not isinstance(own, list):
        return default
    values = [one.get("value") if isinstance(one, Mapping) else one for one in own]
    if not all(isinstance(one, str) for one in values):
        raise BadDataset("field_option", field=field.name, option="missingValues")
    return [str(one) for one in values]


class Judge:
    """The readers of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._rows: dict[tuple[str, ...], RowJudge] = {}
        self._readers = {
            field.name: Reader(field, missing_values=schema.missing_values)
            for field in schema.fields
        }

    def reader(self, name: str) -> Reader:
        """The reader of a column; one that the schema does not know may hold anything."""
        found = self._readers.get(name)
        # The schema's missing values are not those of such a column, says frictionless.
        return found or Reader(Field(name=name, type="any"), missing_values=("",))

    def rows(self, header: Sequence[str]) -> RowJudge:
        """The judge of the rows of a file with this header."""
        names = tuple(header)
        found = self._rows.get(names)
        if found is None:
            readers = tuple(self.reader(name) for name in names)
            found = self._rows[names] = RowJudge(names, readers)
        return found

    @property
    def ignored(self) -> Mapping[str, tuple[str, ...]]:
        """Per field, the rules that frictionless does not know for its type."""
        return {name: one.ignored for name, one in self._readers.items() if one.ignored}


_judges: Memo[Schema, Judge] = Memo(Judge)


def judge(schema: Schema) -> Judge:
    """The judge of a schema, made once. Raises `BadDataset` for rules that cannot be applied."""
    return _judges(schema)
