"""What a widget descriptor names, with the place where it does: resources, fields, charts.

For descriptors of the right form alone; whether the things exist is for others to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from retouche.core.package import NAMED

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name at a JSON pointer. `of` is the resource of a field, or the charts to choose from.

    A `position` is a resource whose rows are drawn on a map.
    """

    kind: Literal["resource", "position", "field", "chart"]
    name: str
    at: str
    of: Any = ""


def widgets_in(widget: Part) -> Iterator[tuple[str, Part]]:
    """The tabs of a descriptor, or itself, each with its JSON pointer."""
    if "tabs" in widget:
        yield from ((f"/tabs/{index}", tab) for index, tab in enumerate(widget["tabs"]))
    else:
        yield "", widget


def names_in(widget: Part) -> Iterator[Named]:
    """Everything that a descriptor names."""
    for at, one in widgets_in(widget):
        yield from _widget(one, at)


def resources_in(widget: Part) -> list[str]:
    """The resources that a descriptor names, each once, in the order of their names."""
    return sorted({one.name for one in names_in(widget) if one.kind == "resource"})


def pointed(at: str, *parts: object) -> str:
    """A JSON pointer some steps further."""
    steps = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return at + "".join(f"/{step}" for step in steps)


def _widget(widget: Part, at: str) -> Iterator[Named]:
    resource = widget["resource"]
    yield Named(kind="resource", name=resource, at=pointed(at, "resource"))
    for key in ("filters", "sort"):
        for index, one in enumerate(widget.get(key, ())):
            yield from _fields(resource, one, pointed(at, key, index), "field")
    for index, view in enumerate(widget["views"]):
        yield from VIEWS[view["type"]](resource, view, pointed(at, "views", index))


def _table(resource: str, view: Part, at: str) -> Iterator[Named]:
    yield from _listed(resource, view.get("columns", ()), pointed(at, "columns"))


def _cards(resource: str, view: Part, at: str) -> Iterator[Named]:
    charts = view.get("charts", {})
    for size in ("mini", "detail"):
        card, here = view[size], pointed(at, size)
        yield from _template(resource, card["title"], pointed(here, "title"))
        for index, block in enumerate(card.get("blocks", ())):
            yield from _block(resource, block, pointed(here, "blocks", index), charts)
    for name, chart in charts.items():
        yield from _chart(resource, chart, pointed(at, "charts", name))


def _block(resource: str, block: Part, at: str, charts: Part) -> Iterator[Named]:
    yield from _listed(resource, block.get("fields", ()), pointed(at, "fields"))
    yield from _fields(resource, block, at, "field")
    yield from _template(resource, block.get("alt"), pointed(at, "alt"))
    for index, paragraph in enumerate(block.get("paragraphs", ())):
        yield from _template(resource, paragraph, pointed(at, "paragraphs", index))
    if block["type"] == "chart":
        yield Named(
            kind="chart", name=block["chart"], at=pointed(at, "chart"), of=tuple(sorted(charts))
        )
    if block["type"] == "map":
        yield Named(kind="position", name=resource, at=at)
    if block["type"] == "related":
        yield from _related(resource, block, at)


def _related(resource: str, block: Part, at: str) -> Iterator[Named]:
    other = block["resource"]
    yield Named(kind="resource", name=other, at=pointed(at, "resource"))
    for theirs, ours in block["on"].items():
        yield Named(kind="field", name=theirs, at=pointed(at, "on", theirs), of=other)
        yield Named(kind="field", name=ours, at=pointed(at, "on", theirs), of=resource)
    yield from _template(other, block.get("label"), pointed(at, "label"))
    calendar = block.get("calendar", {})
    yield from _fields(other, calendar, pointed(at, "calendar"), *calendar)


def _map(resource: str, view: Part, at: str) -> Iterator[Named]:
    for index, layer in enumerate(view["layers"]):
        yield from _layer(resource, layer, pointed(at, "layers", index))
    places = view.get("places")
    if places:
        here = pointed(at, "places")
        other = places["resource"]
        yield Named(kind="resource", name=other, at=pointed(here, "resource"))
        yield from _fields(other, places, here, "latitude", "longitude")
        label = places["label"]
        if isinstance(label, str) and not NAMED.search(label):
            yield from _fields(other, places, here, "label")
        yield from _template(other, label, pointed(here, "label"))


def _layer(resource: str, layer: Part, at: str) -> Iterator[Named]:
    if "resource" in layer:
        resource = layer["resource"]
        yield Named(kind="resource", name=resource, at=pointed(at, "resource"))
    if layer["type"] != "choropleth":
        yield Named(kind="position", name=resource, at=at)
    yield from _where(resource, layer, at)
    yield from _fields(resource, layer, at, "color_by", "weight")
    yield from _measure(resource, layer, at)
    areas = layer.get("areas")
    if areas:
        here, other = pointed(at, "areas"), areas["resource"]
        yield Named(kind="resource", name=other, at=pointed(here, "resource"))
        yield from _fields(other, areas, here, "key", "group", "title", "population")
        yield from _fields(resource, areas, here, "field")
    popup, here = layer.get("popup", {}), pointed(at, "popup")
    yield from _template(resource, popup.get("title"), pointed(here, "title"))
    yield from _listed(resource, popup.get("fields", ()), pointed(here, "fields"))


def _dataviz(resource: str, view: Part, at: str) -> Iterator[Named]:
    for index, chart in enumerate(view["charts"]):
        yield from _chart(resource, chart, pointed(at, "charts", index))


def _chart(resource: str, chart: Part, at: str) -> Iterator[Named]:
    yield from _where(resource, chart, at)
    yield from _fields(resource, chart, at, "x", "y")
    by = chart.get("by")
    if isinstance(by, str):
        yield from _fields(resource, chart, at, "by")
    else:
        yield from _listed(resource, by or (), pointed(at, "by"))
    yield from _measure(resource, chart, at)
    yield from _template(resource, chart.get("label"), pointed(at, "label"))
    for index, sentence in enumerate(chart.get("sentences", ())):
        yield from _template(resource, sentence, pointed(at, "sentences", index))
    for index, series in enumerate(chart.get("series", ())):
        here = pointed(at, "series", index)
        yield from _fields(resource, series, here, "field")
        yield from _measure(resource, series, here)
    lines, here = chart.get("reference_lines"), pointed(at, "reference_lines")
    if lines:
        yield from _where(resource, lines, here)
        yield from _fields(resource, lines, here, "value")
        yield from _template(resource, lines.get("label"), pointed(here, "label"))


def _where(resource: str, part: Part, at: str) -> Iterator[Named]:
    for name in part.get("where", {}):
        yield Named(kind="field", name=name, at=pointed(at, "where", name), of=resource)


def _measure(resource: str, part: Part, at: str) -> Iterator[Named]:
    yield from _fields(resource, part.get("measure", {}), pointed(at, "measure"), "field")


def _fields(resource: str, part: Part, at: str, *keys: str) -> Iterator[Named]:
    """The fields that some properties of an object name."""
    for key in keys:
        if key in part:
            yield Named(kind="field", name=part[key], at=pointed(at, key), of=resource)


def _listed(resource: str, entries: Iterable[Any], at: str) -> Iterator[Named]:
    """The fields of a list of names, or of objects with a `field`."""
    for index, one in enumerate(entries):
        if isinstance(one, str):
            yield Named(kind="field", name=one, at=pointed(at, index), of=resource)
        else:
            yield from _fields(resource, one, pointed(at, index), "field")


def _template(resource: str, template: Any, at: str) -> Iterator[Named]:
    texts = template.values() if isinstance(template, Mapping) else (template or "",)
    for text in texts:
        for name in NAMED.findall(text):
            yield Named(kind="field", name=name, at=at, of=resource)


VIEWS = {"table": _table, "cards": _cards, "map": _map, "dataviz": _dataviz}
