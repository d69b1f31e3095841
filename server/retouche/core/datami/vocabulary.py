"""Datami's configuration vocabulary: what its code never reads, and what we do not carry, with why.

The rest of the vocabulary is read where it is made into something. Contexts are places of the
configuration; reasons are keys of the messages.
"""

from __future__ import annotations

from collections.abc import Mapping

SECRET = "secret"
TRACKING = "no_tracking"
DEVELOPMENT = "development"
LOOKS = "own_looks"
ICONS = "own_icons"
FIXED_MAP = "own_map"

NEVER_READ: Mapping[str, frozenset[str]] = {
    "tag": frozenset({"theme"}),
    "options": frozenset({"height", "cardsdetail"}),
    "wikisettings": frozenset({"tagfields"}),
    "schema_field": frozenset({"format"}),
    "custom": frozenset({"validation"}),
    "custom_field": frozenset({"sticky"}),
    "sort_field": frozenset({"random"}),
    "card_field": frozenset({"note"}),
    "miniviz": frozenset({"position"}),
    "chart": frozenset({"unit"}),
    "map": frozenset({"title", "height"}),
    "map_options": frozenset(
        {
            "url", "attribution", "subdomains", "item_marker", "item_marker_icon",
            "item_marker_color", "item_marker_height", "item_marker_width", "pinIcon",
            "pinIconColor", "pinIconSize", "useMarkerCluster",
        }
    ),
    "layer": frozenset({"is_live_data", "refresh_delay", "is_hoverable", "hover_infos"}),
    "area_source": frozenset({"update_src_from_previous_source", "update_src_options"}),
}  # fmt: skip

LOST: Mapping[str, Mapping[str, str]] = {
    "tag": {
        "usertoken": SECRET,
        "trackalloutlinks": TRACKING,
        "debug": DEVELOPMENT,
        "localdev": DEVELOPMENT,
        "gitfilelocal": DEVELOPMENT,
    },
    "tab": {
        "usertoken": SECRET,
        "localdev": DEVELOPMENT,
        "gitfilelocal": DEVELOPMENT,
        "wikilist": "wiki",
        "wikipages": "wiki",
        "debug": DEVELOPMENT,
        "trackalloutlinks": TRACKING,
    },
    "tabs_options": {"display": LOOKS},
    "options": {
        "defaultDepth": "not_csv",
        "allowKeyEdit": "not_csv",
        "wikisettings": "wiki",
    },
    "wikisettings": dict.fromkeys(("category", "fields"), "wiki"),
    "credit": {
        "imageUrlLocal": DEVELOPMENT,
        "localdev": DEVELOPMENT,
        "imageUrl": "logo",
        "imageHeight": "logo",
    },
    "file": dict.fromkeys(("filelocal", "localdev"), DEVELOPMENT),
    "schema": dict.fromkeys(("filelocal", "localdev"), DEVELOPMENT),
    "custom": dict.fromkeys(("filelocal", "localdev"), DEVELOPMENT),
    "custom_field": {
        "maxLength": "shortened_texts",
        "bgColor": "color_of_values",
        "transform": "no_arithmetic",
        "longtextOptions": LOOKS,
        "stepOptions": LOOKS,
    },
    "definition": {"description": "no_help_of_values"},
    "foreign_key": {"returnFields": "returned_fields"},
    "card_field": {"suffix": "no_suffix", "hide_on_mini_map": LOOKS, "prefixIcon": ICONS},
    "template": {"ignore_definitions": "labels_of_values"},
    "paragraph": {"customClass": LOOKS},
    "minimap_options": {
        "minZoom": FIXED_MAP,
        "maxZoom": FIXED_MAP,
        "mapStyle": "third_party_map",
        "marker_icon": ICONS,
        "marker_width": ICONS,
    },
    "miniviz": {"titleCustomClass": LOOKS, "offsetDatalabelsX": LOOKS, "distributed": LOOKS},
    "map_options": {
        "minZoom": FIXED_MAP,
        "maxZoom": FIXED_MAP,
        "marker_icon": ICONS,
        "marker_height": ICONS,
        "marker_width": ICONS,
        "marker_color": ICONS,
    },
    "layers_visibility": {"is_drawer_open": LOOKS},
    "layer": {
        "source_id": FIXED_MAP,
        "layer_id": FIXED_MAP,
        "is_clickable": "always_clickable",
        "add_zoom_on_click": FIXED_MAP,
        "circle_color_activated": LOOKS,
        "circle_stroke_color": LOOKS,
        "circle_stroke_width": LOOKS,
        "circle_opacity": LOOKS,
        "circle_radius": LOOKS,
        "radius_min": LOOKS,
        "radius_max": LOOKS,
        "min_zoom": FIXED_MAP,
        "max_zoom": FIXED_MAP,
        "text_color": LOOKS,
        "text_size": LOOKS,
        "is_drawer_open": LOOKS,
        **{
            f"circle_{what}_{step}": LOOKS
            for what in ("color", "radius")
            for step in (100, 250, 500, 750)
        },
    },
    "area_source": {
        "source_id": FIXED_MAP,
        "sub_layers": FIXED_MAP,
        "min_zoom": FIXED_MAP,
        "max_zoom": FIXED_MAP,
        "fill_opacity": LOOKS,
        "fill_outline_color": LOOKS,
        "fill_color": "colors_of_legend",
        "need_aggregation": "always_aggregated",
    },
    "popup_field": {"suffix": "no_suffix", "class": LOOKS},
}
"""Keys that Datami reads and we do not carry."""

DEFAULTS: Mapping[str, str] = dict.fromkeys(
    ("chart_options", "raw_chart", "raw_legend", "raw_plot", "raw_bar"), "raw_options"
)
"""Contexts in which any key may stand, with what is told of those we do not know."""
