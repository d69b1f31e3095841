"""What a reader asks of the rows of a resource, read from the parameters of a URL.

Filters are those of data.gouv.fr's tabular API. Everything is checked here, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, NoReturn
from urllib.parse import urlencode

from retouche.core.coded.typed import NUMBER, typing_of
from retouche.core.errors import Malformed, UnknownField, UnknownOperator
from retouche.core.reading.places import Box, Point
from retouche.core.reading.search import words_of
from retouche.core.schema import Field

COMPARISONS = ("less", "greater", "strictly_less", "strictly_greater")
LISTS = ("in", "notin")
PRESENCE = ("isnull", "isnotnull")
OPERATORS = (
    *("exact", "differs", "contains", "notcontains"),
    *LISTS,
    *COMPARISONS,
    *PRESENCE,
)
SORT = "sort"
DIRECTIONS = ("asc", "desc")
PARAMETERS = ("q", "near", "radius", "bbox", "columns", "page", "page_size")

PAGE_SIZE = 20
MAX_PAGE_SIZE = 1_000
# One request must not cost more than a few hundred passes over a column.
MAX_FILTERS = 50
MAX_WORDS = 20

WHOLE = re.compile(r"[0-9]{1,15}")
LIST_ITEM = re.compile(r'(?:"((?:[^"]|"")*)"|([^",][^,]*|))(,|\Z)')


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on the cells of a field; `in` and `notin` have any number of values."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sort:
    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which rows, in which order, which columns and which page of them."""

    filters: tuple[Filter, ...] = ()
    sorts: tuple[Sort, ...] = ()
    words: tuple[str, ...] = ()
    near: Point | None = None
    radius: float | None = None
    bbox: Box | None = None
    columns: tuple[str, ...] | None = None
    page: int = 1
    page_size: int = PAGE_SIZE

    @classmethod
    def parse(
        cls,
        args: Iterable[tuple[str, str]],
        fields: Iterable[Field],
        *,
        ignored: Collection[str] = (),
    ) -> Query:
        """Read the parameters of a request; `ignored` are those that mean something elsewhere.

        Raises `UnknownField`, `UnknownOperator` and `Malformed`, each with the parameter's name
        as its pointer.
        """
        known = {field.name: field for field in fields}
        filters: list[Filter] = []
        sorts: list[Sort] = []
        single: dict[str, str] = {}
        for name, value in args:
            if name in ignored:
                continue
            if name in PARAMETERS:
                if name in single:
                    raise Malformed("repeated_parameter", pointer=name, parameter=name)
                single[name] = value
                continue
            field, operator = _split(name, known)
            if operator == SORT:
                sorts.append(_sort(name, value, field))
            else:
                filters.append(_filter(name, value, field, operator=operator))
        if len(filters) + len(sorts) > MAX_FILTERS:
            raise Malformed("too_many_filters", limit=MAX_FILTERS)
        return cls(filters=tuple(filters), sorts=tuple(sorts), **_settings(single, known))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size

    def canonical(self) -> str:
        """The same text for the same answer, whatever the order of the parameters."""
        pairs = [("page", str(self.page)), ("page_size", str(self.page_size))]
        if self.columns is not None:
            pairs.extend(("columns", one) for one in self.columns)
        return self.selection() + "&" + _encoded(pairs)

    def selection(self) -> str:
        """The same text for the same rows in the same order, whichever page is shown."""
        pairs = sorted(
            (f"{one.field}__{one.operator}", _listed(one.values)) for one in set(self.filters)
        )
        pairs.extend((f"{one.field}__{SORT}", DIRECTIONS[one.descending]) for one in self.sorts)
        pairs.extend(("word", word) for word in self.words)
        if self.near is not None:
            pairs.append(("near", f"{self.near.latitude!r},{self.near.longitude!r}"))
        if self.radius is not None:
            pairs.append(("radius", repr(self.radius)))
        if self.bbox is not None:
            box = self.bbox
            pairs.append(("bbox", f"{box.west!r},{box.south!r},{box.east!r},{box.north!r}"))
        return _encoded(pairs)


def _split(name: str, known: Mapping[str, Field]) -> tuple[Field, str]:
    """A field and an operator; the field's own name may hold `__`."""
    field, separator, operator = name.rpartition("__")
    is_operator = bool(separator) and (operator in OPERATORS or operator == SORT)
    if is_operator and field in known:
        return known[field], operator
    if name in known or field in known:
        raise UnknownOperator(
            pointer=name,
            field=field if field in known else name,
            operator=operator if field in known else "",
            known=(*OPERATORS, SORT),
        )
    if not separator:
        raise UnknownField("unknown_parameter", pointer=name, parameter=name)
    raise UnknownField(pointer=name, field=field)


def _sort(name: str, value: str, field: Field) -> Sort:
    if value not in DIRECTIONS:
        _refuse("bad_sort", name, value, expected="asc, desc")
    return Sort(field.name, value == "desc")


def _filter(name: str, value: str, field: Field, *, operator: str) -> Filter:
    if operator in PRESENCE:
        return Filter(field.name, operator)
    if operator in LISTS:
        return Filter(field.name, operator, tuple(dict.fromkeys(_items(name, value))))
    if operator in COMPARISONS:
        typing = typing_of(field)
        if not typing.accepts(value):
            _refuse("bad_filter_value", name, value, expected=typing.expected, field=field.name)
    return Filter(field.name, operator, (value,))


def _settings(single: Mapping[str, str], known: Mapping[str, Field]) -> dict[str, Any]:
    """Everything that is given once, read."""
    settings: dict[str, Any] = {}
    if "q" in single:
        settings["words"] = words = words_of(single["q"])
        if len(words) > MAX_WORDS:
            raise Malformed("too_many_words", pointer="q", limit=MAX_WORDS)
    if "near" in single:
        settings["near"] = _point(single["near"])
    if "radius" in single:
        settings["radius"] = _radius(single["radius"], near="near" in single)
    if "bbox" in single:
        settings["bbox"] = _box(single["bbox"])
    if "columns" in single:
        settings["columns"] = _columns(single["columns"], known)
    if "page" in single:
        settings["page"] = _whole("page", single["page"], reason="bad_page")
    if "page_size" in single:
        settings["page_size"] = _whole(
            "page_size", single["page_size"], reason="bad_page_size", maximum=MAX_PAGE_SIZE
        )
    return settings


def _whole(name: str, value: str, *, reason: str, maximum: int | None = None) -> int:
    number = int(value) if WHOLE.fullmatch(value) else 0
    if number < 1 or (maximum is not None and number > maximum):
        _refuse(reason, name, value, expected=f"1–{maximum}" if maximum else "1, 2, 3 …")
    return number


def _point(value: str) -> Point:
    numbers = _numbers(value)
    if len(numbers) != 2 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        _refuse("bad_near", "near", value, expected="latitude,longitude")
    return Point(latitude=numbers[0], longitude=numbers[1])


def _radius(value: str, *, near: bool) -> float:
    numbers = _numbers(value)
    if not near:
        raise Malformed("radius_without_near", pointer="radius", parameter="radius")
    if len(numbers) != 1 or numbers[0] <= 0:
        _refuse("bad_radius", "radius", value, expected="metres")
    return numbers[0]


def _box(value: str) -> Box:
    numbers = _numbers(value)
    if (
        len(numbers) != 4
        or any(abs(longitude) > 180 for longitude in numbers[::2])
        or not -90 <= numbers[1] <= numbers[3] <= 90
    ):
        _refuse("bad_bbox", "bbox", value, expected="west,south,east,north")
    west, south, east, north = numbers
    return Box(west=west, south=south, east=east, north=north)


def _columns(value: str, known: Mapping[str, Field]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(_items("columns", value)))
    for name in names:
        if name not in known:
            raise UnknownField(pointer="columns", field=name)
    return names


def _numbers(value: str) -> list[float]:
    """Plain finite numbers between commas; none where one is something else."""
    parts = [part.strip() for part in value.split(",")]
    if not all(NUMBER.fullmatch(part) for part in parts):
        return []
    numbers = [float(part) for part in parts]
    return numbers if all(map(isfinite, numbers)) else []


def _items(name: str, value: str) -> list[str]:
    """The values of a list; one that holds a comma stands in double quotes, as in CSV."""
    items: list[str] = []
    at, more = 0, True
    while more:
        found = LIST_ITEM.match(value, at)
        if found is None:
            _refuse("bad_filter_value", name, value, expected='a,b,"c,d"')
        quoted, plain, comma = found.groups()
        items.append(plain if quoted is None else quoted.replace('""', '"'))
        at, more = found.end(), comma == ","
    return items


def _listed(values: tuple[str, ...]) -> str:
    """The inverse of `_items`, for a set of values."""
    return ",".join('"' + one.replace('"', '""') + '"' for one in sorted(values))


def _encoded(pairs: Iterable[tuple[str, str]]) -> str:
    return urlencode(list(pairs), errors="surrogatepass")


def _refuse(reason: str, parameter: str, value: str, *, expected: str, **more: str) -> NoReturn:
    raise Malformed(
        reason,
        pointer=parameter,
        parameter=parameter,
        value=value[:200],
        expected=expected,
        **more,
    )
