"""Rows taken as another standard has them: each column from fields, texts, terms or hours.

What a dataset declares under `mappings` becomes one function from row to row. A column that finds
nothing is missing: nothing is made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from retouche.core.errors import BadDataset, NotFound
from retouche.core.hours import weekly
from retouche.core.operations import Cell, Cells
from retouche.core.package import Package
from retouche.core.patterns import group_count, groups
from retouche.core.schema import in_language

Maker: TypeAlias = Callable[[Cells], Cell]
"""Gives a cell of the standard for a row of the resource."""
SOURCES = ("field", "text", "terms", "hours")
GROUP = re.compile(r"\{([0-9]{1,2})\}")


@dataclass(frozen=True, kw_only=True)
class RowMapping:
    """A declared mapping. `columns` are those of the standard, in its order."""

    name: str
    resource: str
    columns: Mapping[str, Maker]
    titles: Any = field(default=None)

    def title(self, locale: str) -> str:
        return in_language(self.titles, locale, self.name)

    def row(self, row: Cells) -> dict[str, Cell]:
        """The row of the standard that a row of the resource is; None where a cell is missing."""
        return {name: make(row) or None for name, make in self.columns.items()}


def mappings_of(package: Package) -> Mapping[str, RowMapping]:
    """The mappings that a dataset declares, by name. Raises `BadDataset` for what is wrong."""
    declared = package.extension.get("mappings") or {}
    return {name: _mapping(name, one, package) for name, one in declared.items()}


def titles_of(package: Package, resource: str) -> Mapping[str, Any]:
    """What the mappings of a resource are called, by name: a text, or one per language. What else
    is said of them is not looked at."""
    declared = package.extension.get("mappings")
    return {
        name: one.get("title") or name
        for name, one in (declared.items() if isinstance(declared, Mapping) else ())
        if isinstance(one, Mapping) and one.get("resource") == resource
    }


def mapping_of(package: Package, name: str) -> RowMapping:
    """One of them. Raises `NotFound`, and `BadDataset`."""
    declared = package.extension.get("mappings") or {}
    if name not in declared:
        raise NotFound("unknown_mapping", mapping=name[:80], known=sorted(declared))
    return _mapping(name, declared[name], package)


def _mapping(name: str, declared: Mapping[str, Any], package: Package) -> RowMapping:
    resource = package.resources.get(declared["resource"])
    if resource is None:
        at = {"mapping": name, "resource": declared["resource"]}
        raise BadDataset("mapping_resource", known=sorted(package.resources), **at)
    known = {one.name for one in resource.schema.fields if not one.personal}
    columns = {}
    for column, source in declared["columns"].items():
        for one in _fields(source):
            if one not in known:
                at = {"mapping": name, "column": column, "resource": resource.name}
                raise BadDataset("mapping_field", field=one, **at)
        try:
            columns[column] = _maker(source)
        except _BadPattern as error:
            raise BadDataset(
                "mapping_pattern", mapping=name, column=column, pattern=error.args[0]
            ) from None
        except ValueError:
            raise BadDataset("mapping_source", mapping=name, column=column) from None
    return RowMapping(
        name=name, resource=resource.name, columns=columns, titles=declared.get("title")
    )


def _fields(source: Mapping[str, Any]) -> Iterator[str]:
    if "field" in source:
        yield source["field"]
    yield from (one["field"] for one in source.get("terms", ()) if "field" in one)
    yield from source.get("hours", {}).values()


def _maker(source: Mapping[str, Any]) -> Maker:
    """What makes a column. Raises ValueError where it has no source, or several."""
    given = [one for one in SOURCES if one in source]
    if len(given) != 1:
        raise ValueError
    taken = _taken(source, given[0])
    forms = [_form(one) for one in source.get("patterns", ())]
    otherwise = source.get("otherwise")

    def make(row: Cells) -> Cell:
        found = taken(row)
        if found is not None:
            found = found.strip()
        if found and forms:
            found = next((text for form in forms if (text := form(found)) is not None), None)
        return found or otherwise

    return make


def _taken(source: Mapping[str, Any], kind: str) -> Maker:
    value = source[kind]
    if kind == "field":
        return lambda row: row.get(value)
    if kind == "text":
        return lambda row: str(value)
    if kind == "terms":
        return _terms(value, source.get("separator"))
    return lambda row: weekly({day: row.get(name) for day, name in value.items()})


def _terms(terms: Sequence[Mapping[str, Any]], separator: str | None) -> Maker:
    """The texts of the terms that hold: the first alone, or each once with a separator."""

    def make(row: Cells) -> Cell:
        held = dict.fromkeys(one["text"] for one in terms if _holds(one, row))
        if not held:
            return None
        return next(iter(held)) if separator is None else separator.join(held)

    return make


def _holds(term: Mapping[str, Any], row: Cells) -> bool:
    """A term without a field holds for every row; without values, wherever the field has one."""
    if "field" not in term:
        return True
    cell = row.get(term["field"])
    return cell in term["in"] if "in" in term else cell is not None


class _BadPattern(Exception):
    """A pattern, or its text, that cannot be used."""


def _form(declared: Mapping[str, str]) -> Callable[[str], str | None]:
    """What makes a text of what a pattern finds: `{1}` is its first group, `{0}` all it found."""
    pattern, text = declared["pattern"], declared.get("text")
    try:
        count = group_count(pattern)
    except ValueError:
        raise _BadPattern(pattern) from None
    template = text if text is not None else ("{1}" if count else "{0}")
    if any(int(one) > count for one in GROUP.findall(template)):
        raise _BadPattern(pattern)

    def form(value: str) -> str | None:
        found = groups(pattern, value)
        if found is None:
            return None
        return GROUP.sub(lambda one: found[int(one[1])], template)

    return form
