"""Check widget descriptors and the outlines they draw on: their form, and all that they name.

Reads through functions it is given; knows no disk and no git.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from retouche.core.errors import BadDataset
from retouche.core.package import SLUG, Package, Read, read_json
from retouche.core.widget_names import Named, names_in, pointed, widgets_in
from retouche.formats.descriptors import check_widget_form

WIDGETS = "widgets"
WIDGET_END = ".json"
OUTLINES = "outlines"
OUTLINES_END = ".geojson"
OUTLINES_NAME = re.compile(r"[a-z0-9_-][a-z0-9_.-]{0,99}")
LARGEST_OUTLINES = 5_000_000
"""Bytes of a file of outlines: a page reads all of it."""
SURFACES = ("Polygon", "MultiPolygon")


def is_widget(path: str) -> bool:
    """Whether a path of the data repository is that of a widget descriptor."""
    return path.startswith(f"{WIDGETS}/") and path.endswith(WIDGET_END)


def is_outlines(path: str) -> bool:
    """Whether a path of the data repository is that of a file of outlines."""
    return path.startswith(f"{OUTLINES}/") and path.endswith(OUTLINES_END)


def name_of(path: str) -> str:
    """The name that a widget goes by."""
    return path.removeprefix(f"{WIDGETS}/").removesuffix(WIDGET_END)


def check_views(package: Package, paths: Iterable[str], read: Read) -> None:
    """Check all widgets and outlines among the files of a dataset. Raises `BadDataset`."""
    listed = sorted(paths)
    properties = {path: check_outlines(path, read(path)) for path in listed if is_outlines(path)}
    for path in listed:
        if is_widget(path):
            check_outlined(read_widget(path, read, package), path, properties)


def read_widget(path: str, read: Read, package: Package) -> dict[str, Any]:
    """A descriptor under the name of its file, with a title and a name for each tab.

    Raises `BadDataset` where it cannot be used with the package.
    """
    widget = read_json(read, path)
    check_widget_form(widget, path=path)
    name = name_of(path)
    if not SLUG.fullmatch(name) or widget.get("name", name) != name:
        raise BadDataset("widget_bad_name", path=path, name=widget.get("name"))
    fault = next(_faults(widget, package), None)
    if fault is not None:
        raise BadDataset(fault.reason, path=path, **fault.values)
    if "tabs" in widget:
        tabs = [
            {"name": f"tab-{number}", "title": f"{number}", **tab}
            for number, tab in enumerate(widget["tabs"], 1)
        ]
        widget = {**widget, "tabs": tabs}
    return {"name": name, "title": name, **widget}


def check_outlines(path: str, data: bytes) -> frozenset[str]:
    """The properties that every area of a file of outlines has. Raises `BadDataset`."""
    name = path.removeprefix(f"{OUTLINES}/").removesuffix(OUTLINES_END)
    if not OUTLINES_NAME.fullmatch(name):
        raise BadDataset("outlines_bad_name", path=path)
    if len(data) > LARGEST_OUTLINES:
        raise BadDataset("outlines_too_large", path=path, size=len(data), limit=LARGEST_OUTLINES)
    collection = read_json(lambda _: data, path)
    kind = collection.get("type") if isinstance(collection, Mapping) else None
    features = collection.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list) or not features:
        raise BadDataset("outlines_not_geojson", path=path)
    return frozenset.intersection(
        *(_area(one, path, pointed("", "features", index)) for index, one in enumerate(features))
    )


def _area(feature: Any, path: str, at: str) -> frozenset[str]:
    part = feature if isinstance(feature, Mapping) else {}
    geometry, properties = part.get("geometry"), part.get("properties")
    surface = isinstance(geometry, Mapping) and geometry.get("type") in SURFACES
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if not (surface and isinstance(coordinates, list) and isinstance(properties, Mapping)):
        raise BadDataset("outlines_not_geojson", path=path, detail=at)
    return frozenset(properties)


def check_outlined(
    widget: Mapping[str, Any], path: str, properties: Mapping[str, frozenset[str]]
) -> None:
    """Check that the outlines of a descriptor's maps are there. Raises `BadDataset`.

    `properties` gives, for each file of outlines, what is known of all its areas.
    """
    for at, outlines in outlines_in(widget):
        file = outlines["path"]
        if file not in properties:
            raise BadDataset("outlines_missing", path=path, at=at, outlines=file)
        for key in ("key", "title"):
            wanted = outlines.get(key)
            if wanted is not None and wanted not in properties[file]:
                raise BadDataset(
                    "outlines_property",
                    path=path,
                    at=pointed(at, key),
                    outlines=file,
                    property=wanted,
                    known=properties[file],
                )


def outlines_in(widget: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The outlines that a descriptor's maps are drawn on, each with its JSON pointer."""
    for at, one in widgets_in(widget):
        for index, view in enumerate(one["views"]):
            if "outlines" in view:
                yield pointed(at, "views", index, "outlines"), view["outlines"]


def _faults(widget: Mapping[str, Any], package: Package) -> Iterator[BadDataset]:
    """What a descriptor of the right form has that the package does not bear out."""
    yield from _twice(widget)
    for one in names_in(widget):
        yield from _unknown(one, package)
    for at, single in widgets_in(widget):
        for index, view in enumerate(single["views"]):
            yield from _charts(view, pointed(at, "views", index))


def _twice(widget: Mapping[str, Any]) -> Iterator[BadDataset]:
    named = [("/tabs", widget.get("tabs", ()))]
    for at, one in widgets_in(widget):
        named.append((pointed(at, "views"), one["views"]))
        for index, view in enumerate(one["views"]):
            named.append((pointed(at, "views", index, "layers"), view.get("layers", ())))
    for at, entries in named:
        seen: set[str] = set()
        for index, entry in enumerate(entries):
            name = entry.get("name")
            if name in seen:
                yield BadDataset("widget_twice", at=pointed(at, index, "name"), name=name)
            seen |= {name} - {None}


def _unknown(one: Named, package: Package) -> Iterator[BadDataset]:
    if one.kind == "chart":
        if one.name not in one.of:
            yield BadDataset("widget_unknown_chart", at=one.at, chart=one.name, known=one.of)
        return
    name = one.of if one.kind == "field" else one.name
    resource = package.resources.get(name)
    if resource is None:
        known = sorted(package.resources)
        yield BadDataset("widget_unknown_resource", at=one.at, resource=name, known=known)
    elif one.kind == "position" and resource.geo is None:
        yield BadDataset("widget_no_position", at=one.at, resource=name)
    elif one.kind == "field":
        field = resource.schema.by_name.get(one.name)
        if field is None:
            names = [each.name for each in resource.schema.fields if not each.personal]
            close = get_close_matches(one.name, names, 1)
            yield BadDataset(
                "widget_unknown_field",
                at=one.at,
                resource=name,
                field=one.name,
                close=close,
                known=() if close else names,
            )
        elif field.personal:
            yield BadDataset("widget_personal_field", at=one.at, resource=name, field=one.name)


def _charts(view: Mapping[str, Any], at: str) -> Iterator[BadDataset]:
    """Charts, and layers of maps, that could not be drawn."""
    charts = view.get("charts", ())
    of_cards = isinstance(charts, Mapping)
    for place, chart in charts.items() if isinstance(charts, Mapping) else enumerate(charts):
        here = pointed(at, "charts", place)
        yield from _measures(chart, here)
        if of_cards and not _reads_cells(chart):
            yield BadDataset("widget_chart_of_card", at=here)
        if not of_cards and not _reads_rows(chart):
            yield BadDataset("widget_chart_of_rows", at=here)
    for index, layer in enumerate(view.get("layers", ())):
        yield from _measures(layer, pointed(at, "layers", index))


def _reads_cells(chart: Mapping[str, Any]) -> bool:
    series = chart.get("series", ())
    return "sentences" in chart or (bool(series) and all("field" in one for one in series))


def _reads_rows(chart: Mapping[str, Any]) -> bool:
    if "sentences" in chart:
        return True
    if "by" in chart or ("x" in chart and ("y" in chart or "label" in chart)):
        return True
    series = chart.get("series", ())
    return bool(series) and all("measure" in one for one in series)


def _measures(part: Mapping[str, Any], at: str) -> Iterator[BadDataset]:
    places = [(at, part)]
    series = enumerate(part.get("series", ()))
    places += [(pointed(at, "series", index), one) for index, one in series]
    for here, one in places:
        measure = one.get("measure", {"operation": "count"})
        if measure["operation"] != "count" and "field" not in measure:
            yield BadDataset(
                "widget_measure", at=pointed(here, "measure"), operation=measure["operation"]
            )
