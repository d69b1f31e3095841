"""Datami's maps as views of ours: points, clusters, heat, areas, what a click shows, a switch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from retouche.core.datami.areas import Areas
from retouche.core.datami.cards import geo_fields
from retouche.core.datami.choropleths import measure_of, read_legend
from retouche.core.datami.colors import colors_of
from retouche.core.datami.columns import Columns
from retouche.core.datami.section import Section

FindAreas = Callable[[str, str, str], Areas | None]
"""Gives areas by the address of their file, the property that names each, and who asks."""
CLUSTERS = ("cluster_circles_layer", "cluster_count_layer", "cluster_unclustered_layer")
LAYERS = ("all_points_layer", "heatmap_layer", *CLUSTERS, "choropleth_layer")
STYLE_END = ".json"
TITLES = {
    "points": {"fr": "Points", "en": "Points"},
    "clusters": {"fr": "Points groupés", "en": "Grouped points"},
    "heat": {"fr": "Densité", "en": "Density"},
}
"""Of layers that a switch shows and that its authors did not name."""


class Map:
    """One view, put together part by part."""

    def __init__(self, columns: Columns, find_areas: FindAreas):
        self.columns = columns
        self.geo: tuple[str, str] | None = None
        self._find = find_areas
        self._names: dict[str, str] = {}
        """Our names of layers by theirs."""

    def view(self, options: Section) -> dict[str, Any]:
        view: dict[str, Any] = {"type": "map"}
        center = options.raw("center")
        if _is_position(center):
            view["center"] = center
            options.tell("center", "carried")
        else:
            options.tell("center", "unusable", "out_of_bounds", low=-180, high=180)
        for key, low, high in (("zoom", 0, 22), ("height", 40, 4000)):
            number = options.whole(key, low, high)
            if number is not None:
                view[key] = number
        self._base(options, view)
        self.geo = geo_fields(options, self.columns)
        layers = options.part("map_layers", "map_layers")
        if layers is not None:
            view["layers"] = self._layers(layers, view)
            layers.close()
        if not view.get("layers"):
            view["layers"] = [{"name": "points", "type": "points", "open": "detail"}]
        self._switch(options, view)
        options.close()
        return view

    def _base(self, options: Section, view: dict[str, Any]) -> None:
        """A style of another server is asked for only when a reader wants it."""
        style = options.text("mapStyle")
        if style is None:
            return
        if style.startswith("https://") and style.partition("?")[0].endswith(STYLE_END):
            view["basemap"] = {"style": style, "load": "on_request"}
            options.tell("mapStyle", "changed", "map_on_request")
        else:
            options.tell("mapStyle", "not_carried", "third_party_map")

    def _layers(self, layers: Section, view: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for key in layers.enabled():
            if key not in LAYERS:
                continue
            part = layers.part(key, "layer")
            if part is None:
                continue
            if part.raw("is_activated") is False:
                part.disable()
                continue
            part.tell("is_activated", "carried")
            if key == "choropleth_layer":
                found += self._choropleths(part, view)
            elif key in CLUSTERS:
                self._cluster(part, key, found)
            else:
                found.append(self._points(part, "points" if key == LAYERS[0] else "heat"))
            part.close()
        return found

    def _points(self, part: Section, kind: str) -> dict[str, Any]:
        layer: dict[str, Any] = {"name": kind, "type": kind}
        self._common(part, layer)
        if kind == "heat":
            weight = self.columns.named(part, "prop_weight")
            if weight is not None:
                layer["weight"] = weight
            for key in ("has_popup", "popup_config"):
                part.tell(key, "not_carried", "no_place_in_layer")
            return layer
        self._colored(part, layer)
        self._clicked(part, layer)
        return layer

    def _cluster(self, part: Section, key: str, found: list[dict[str, Any]]) -> None:
        """Three layers of theirs are one of ours."""
        layer = next((one for one in found if one["type"] == "clusters"), None)
        if layer is None:
            layer = {"name": "clusters", "type": "clusters"}
            found.append(layer)
        self._common(part, layer)
        if key == CLUSTERS[0]:
            color = (
                part.color("circle_color") if isinstance(part.value("circle_color"), str) else None
            )
            if color is not None:
                layer["color"] = color
        self._clicked(part, layer)

    def _common(self, part: Section, layer: dict[str, Any]) -> None:
        name = part.raw("layer_id")
        if isinstance(name, str):
            self._names[name] = layer["name"]
            part.tell("layer_id", "carried")
        if "is_default_visible" in part:
            layer["visible"] = part.flag("is_default_visible")

    def _colored(self, part: Section, layer: dict[str, Any]) -> None:
        value = part.value("circle_color")
        if isinstance(value, list):
            found = colors_of(value)
            if found is None or not self.columns.has(found[0]):
                part.tell("circle_color", "not_carried", "unknown_expression")
                return
            column, colors, _ = found
            layer["color_by"] = column
            self.columns.colors.setdefault(column, {}).update(colors)
            part.tell("circle_color", "changed", "colors_of_values")
        elif "circle_color" in part:
            color = part.color("circle_color")
            if color is not None:
                layer["color"] = color

    def _clicked(self, part: Section, layer: dict[str, Any]) -> None:
        popup = part.part("popup_config", "popup")
        wanted = part.raw("has_popup") is not False
        part.tell("has_popup", "carried")
        if popup is not None:
            made = self._popup(popup)
            popup.close()
            if made and wanted:
                layer["popup"] = made
        if "direct_to_detail" in part or "open" not in layer:
            layer["open"] = "detail" if part.flag("direct_to_detail") or not wanted else "popup"

    def _popup(self, popup: Section) -> dict[str, Any]:
        made: dict[str, Any] = {}
        hint = popup.texts("action")
        if hint is not None:
            made["hint"] = hint
        settings = popup.part("fields_settings", "popup_fields")
        if settings is None:
            return made
        titles: list[str] = []
        fields: list[Any] = []
        for column in settings.enabled():
            one = settings.part(column, "popup_field")
            if one is None:
                continue
            if not self.columns.has(column):
                one.leave("no_such_column", column=column)
                continue
            position, prefix = one.text("position"), one.texts("prefix")
            if position in ("main_title", "title", "title_post"):
                titles.append(f"{{{column}}}")
                if prefix is not None:
                    one.tell("prefix", "not_carried", "no_place_in_popup")
            else:
                fields.append(column if prefix is None else {"field": column, "label": prefix})
            one.close()
        settings.close()
        if titles:
            made["title"] = " ".join(titles)
        if fields:
            made["fields"] = fields
        return made

    def _choropleths(self, part: Section, view: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        visible = part.raw("is_default_visible") is True
        part.tell("is_default_visible", "carried")
        for one in part.parts("sources", "area_source"):
            layer = self._choropleth(one, view, number=len(found) + 1)
            one.close()
            if layer is not None:
                found.append({**layer, "visible": visible and not found})
        return found

    def _choropleth(
        self, one: Section, view: dict[str, Any], *, number: int
    ) -> dict[str, Any] | None:
        url, key = one.text("source_url"), one.text("polygon_prop_id")
        field = self.columns.named(one, "join_polygon_id_to_field")
        if url is None or key is None or field is None:
            one.leave("areas_incomplete")
            return None
        areas = self._find(url, key, one.at("source_url"))
        if areas is None:
            one.leave("areas_not_at_hand", file=url)
            return None
        outlines = f"outlines/{areas.name}.geojson"
        if view.setdefault("outlines", {"path": outlines})["path"] != outlines:
            one.tell("source_url", "changed", "one_outline")
        else:
            view["outlines"]["key"] = areas.key
            if areas.title:
                view["outlines"]["title"] = areas.title
        joined: dict[str, Any] = {"resource": areas.name, "key": areas.key, "field": field}
        if areas.title:
            joined["title"] = areas.title
        layer: dict[str, Any] = {
            "name": f"areas-{number}",
            "type": "choropleth",
            "areas": joined,
            "measure": measure_of(one, self.columns),
        }
        name = one.raw("layer_id")
        if isinstance(name, str):
            self._names[name] = layer["name"]
            one.tell("layer_id", "carried")
        read_legend(one, layer)
        popup = one.part("popup_config", "popup")
        if popup is not None:
            popup.leave("popup_of_areas")
        return layer

    def _switch(self, options: Section, view: dict[str, Any]) -> None:
        part = options.part("layers_visibility", "layers_visibility")
        if part is None:
            return
        if part.raw("is_activated") is False:
            part.disable()
            return
        part.tell("is_activated", "carried")
        view["switch"] = "one" if part.text("switches_type") == "radio" else "any"
        by_name: Mapping[str, dict[str, Any]] = {one["name"]: one for one in view["layers"]}
        for one in part.parts("layers_switches", "layers_switch"):
            label, visible = one.texts("label"), one.raw("default_visible")
            listed = one.raw("layers")
            one.tell("layers", "carried")
            one.tell("default_visible", "carried")
            for name in listed if isinstance(listed, list) else ():
                layer = by_name.get(self._names.get(str(name), ""))
                if layer is None:
                    one.tell("layers", "not_carried", "no_such_layer", layer=str(name)[:80])
                    continue
                if label is not None:
                    layer["title"] = label
                if isinstance(visible, bool):
                    layer["visible"] = visible
            one.close()
        part.close()
        for layer in view["layers"]:
            if layer["type"] in TITLES:
                layer.setdefault("title", TITLES[layer["type"]])


def _is_position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
        and all(-180 <= one <= 180 for one in value)
    )
