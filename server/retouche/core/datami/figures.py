"""Charts of Datami: those inside a card (`minivizs`) and those of all rows (`charts`)."""

from __future__ import annotations

from typing import Any

from retouche.core.datami.colors import color_of
from retouche.core.datami.columns import Columns
from retouche.core.datami.markup import template
from retouche.core.datami.section import Section

TYPES: dict[str, dict[str, Any]] = {
    "big-values": {"type": "big_values"},
    "text-templated": {"type": "text"},
    "simple-donut": {"type": "donut"},
    "barchart-horizontal": {"type": "bars", "orientation": "horizontal"},
    "barchart-vertical": {"type": "bars", "orientation": "vertical"},
}
RAW = {
    "bar": "bars", "column": "bars", "donut": "donut", "pie": "donut", "treemap": "treemap",
    "line": "lines", "area": "lines",
}  # fmt: skip
"""Types of the charting library, and ours."""
HIGH = ("donut", "bars", "lines", "treemap")


def miniviz(one: Section, columns: Columns) -> dict[str, Any] | None:
    """A chart of the cells of one row; None where it cannot be made, which is told."""
    kind = one.text("viztype")
    if kind not in TYPES:
        one.leave("unknown_chart", kind=kind or "")
        return None
    chart = dict(TYPES[kind])
    _framed(one, chart)
    if chart["type"] == "text":
        sentences = _sentences(one, columns)
        if not sentences:
            one.leave("no_series")
            return None
        return {**chart, "sentences": sentences}
    _drawn(one, chart)
    series = [found for part in one.parts("serieFromFields", "series")
              if (found := _series(part, columns, chart)) is not None]  # fmt: skip
    if not series:
        one.leave("no_series")
        return None
    unit = chart.pop("unit", None) if chart["type"] == "big_values" else None
    if unit is not None:
        series = [{"unit": unit, **found} for found in series]
    return {**chart, "series": series}


def _framed(one: Section, chart: dict[str, Any]) -> None:
    title, width = one.texts("title"), one.whole("cols", 1, 12)
    if title is not None:
        chart["title"] = title
    if width is not None:
        chart["width"] = width


def _drawn(one: Section, chart: dict[str, Any]) -> None:
    """Height, name, unit, colour, legend and total, where the chart has a place for them."""
    kind = chart["type"]
    height = one.whole("chartHeight", 40, 4000)
    if height is not None and kind in HIGH:
        chart["height"] = height
    name, unit, color = one.texts("serieName"), one.texts("serieUnit"), one.color("serieColor")
    if name is not None:
        if kind == "bars":
            chart["name"] = name
        else:
            one.tell("serieName", "not_carried", "no_place_in_chart")
    if unit is not None:
        chart["unit"] = unit
    if color is not None:
        if kind == "bars":
            chart["color"] = color
        else:
            one.tell("serieColor", "not_carried", "no_place_in_chart")
    if "noLegend" in one:
        legend = not one.flag("noLegend")
        if kind in HIGH:
            chart["legend"] = legend
    if one.flag("showTotal"):
        if kind == "donut":
            chart["total"] = True
        else:
            one.tell("showTotal", "not_carried", "no_place_in_chart")
    if "distributed" in one:
        one.tell("distributed", "changed", "colors_of_series")


def _series(part: Section, columns: Columns, chart: dict[str, Any]) -> dict[str, Any] | None:
    column = columns.named(part, "field")
    found: dict[str, Any] = {"field": column}
    title, unit = part.texts("title"), part.texts("unit")
    custom = part.raw("customLabel")
    if "customLabel" in part:
        words = [str(one) for one in (custom if isinstance(custom, list) else [custom]) if one]
        title = " ".join(words) or title
        part.tell("customLabel", "carried")
    if part.flag("noTitle"):
        part.tell("noTitle", "changed", "always_labelled")
    if title is not None:
        found["label"] = title
    if unit is not None:
        found["unit"] = unit
    own, background = part.color("serieColor"), part.color("bgColor")
    if own or background:
        found["color"] = own or background
    part.close()
    return found if column is not None else None


def _sentences(one: Section, columns: Columns) -> list[Any]:
    one.parts("serieFromFields", "series")
    found = []
    for part in one.parts("templates", "paragraph"):
        made, unknown = template(part.texts("text"), columns.has)
        if unknown:
            part.tell("text", "not_carried", "no_such_column", column=unknown[0])
        elif made is not None:
            found.append(made)
        part.close()
    return found


def dataviz_chart(one: Section, columns: Columns) -> dict[str, Any] | None:
    """A chart of all rows; None where it cannot be made, which is told."""
    if one.flag("hide"):
        one.leave("hidden_chart")
        return None
    options = one.part("chartOptions", "chart_options")
    chart: dict[str, Any] | None = _raw(options) if options is not None else {"type": "bars"}
    if chart is None:
        one.leave("unknown_chart", kind="")
        return None
    _framed(one, chart)
    by = [columns.named(one, key) for key in ("aggregatebyfield", "categoriesbyfield")]
    groups = [name for name in dict.fromkeys(by) if name is not None]
    operation = one.text("aggregationtype") or "countitems"
    if operation != "countitems":
        one.tell("aggregationtype", "changed", "counted", operation=operation)
    if not groups:
        one.leave("no_series")
        return None
    if chart["type"] in ("donut", "treemap"):
        if len(groups) > 1:
            one.tell("categoriesbyfield", "not_carried", "no_place_in_chart")
        chart["by"] = groups[0]
    else:
        chart["by"] = groups if len(groups) > 1 else groups[0]
    chart["measure"] = {"operation": "count"}
    one.close()
    return chart


def _raw(options: Section) -> dict[str, Any] | None:
    """What of the charting library's own options is the same here; the rest is told."""
    inner = options.part("chart", "raw_chart")
    kind = (inner.text("type") if inner is not None else None) or "bar"
    if kind not in RAW:
        options.leave("unknown_chart", kind=kind)
        return None
    chart: dict[str, Any] = {"type": RAW[kind]}
    if inner is not None:
        if inner.flag("stacked") and chart["type"] == "bars":
            chart["stacked"] = True
        height = inner.whole("height", 40, 4000)
        if height is not None:
            chart["height"] = height
        inner.close()
    height = options.whole("height", 40, 4000)
    if height is not None:
        chart["height"] = height
    if options.flag("stacked") and chart["type"] == "bars":
        chart["stacked"] = True
    _colors(options, chart)
    legend = options.part("legend", "raw_legend")
    if legend is not None:
        chart["legend"] = legend.take("show", bool) is not False
        legend.close()
    plot = options.part("plotOptions", "raw_plot")
    if plot is not None:
        bar = plot.part("bar", "raw_bar")
        if bar is not None:
            if "horizontal" in bar and chart["type"] == "bars":
                chart["orientation"] = "horizontal" if bar.flag("horizontal") else "vertical"
            bar.close()
        plot.close()
    options.close()
    return chart


def _colors(options: Section, chart: dict[str, Any]) -> None:
    listed = options.raw("colors")
    found = (
        [color for one in listed if (color := color_of(one))] if isinstance(listed, list) else []
    )
    if "colors" in options:
        kept = bool(found) and chart["type"] in ("bars", "lines")
        options.tell(
            "colors", *(("changed", "first_color") if kept else ("not_carried", "own_looks"))
        )
        if kept:
            chart["color"] = found[0]
