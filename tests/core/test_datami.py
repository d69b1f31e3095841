"""Every key of Datami's vocabulary is made into something or told, whatever the page holds."""

from __future__ import annotations

import copy
import html
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.datami.importing import Imported, import_page
from retouche.core.datami.page import tags_in
from retouche.core.errors import NotFound
from retouche.core.messages.datami import NOTES, note_sentence
from retouche.core.package import Package
from retouche.services.following.tips import check_usable
from retouche.services.packaging import slug
from retouche.services.widget_checks import check_views, is_outlines, is_widget
from tests import datami

ROWS = (
    b"code;nom;tags;score;oui;lat;lon;zone;longue;etapes;photo;site;mel;part;lieu\n"
    b"a;Un;x|y;1;O;48.1;2.1;01;mot;s1;https://i.example/1.png;https://e.example;a@e.example;1;p\n"
    b"b;Deux;x;2;N;48.2;2.2;02;mot;s2;https://i.example/2.png;https://e.example;b@e.example;2;q\n"
)
PLACES = b"id,libelle\np,Pre\nq,Quai\n"
AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": code, "nom": f"Zone {code}"},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        }
        for code in ("01", "02")
    ],
}
DEVELOPED = {"filelocal": "x.json", "localdev": True}


def everything() -> dict[str, Any]:
    """Attributes of a tag with each key of the vocabulary of CSV files."""
    return {
        "title": "Tout",
        "gitfile": "https://git.example/tout.csv",
        "gitfilelocal": "./tout.csv",
        "localdev": "true",
        "usertoken": "s3cret",
        "locale": "en",
        "onlypreview": "true",
        "trackalloutlinks": "true",
        "debug": "true",
        "theme": "dark",
        "creditslogos": [
            {"imageUrl": "https://l.example/l.png", "imageUrlLocal": "l.png", "imageHeight": "9px",
             "url": "https://l.example/", "localdev": False, "hide": False},
        ],
        "options": _options(),
    }  # fmt: skip


def _options() -> dict[str, Any]:
    return {
        "separator": ";", "quoteChar": '"', "tagseparator": "|", "lockcolumns": True,
        "height": "9px", "cardsdetail": True, "pagination_": {"itemsPerPage": 1},
        "defaultDepth": "all", "allowKeyEdit": True, "COMMENTED_mapview": {},
        "wikisettings": {"category": "c", "fields": ["f"], "tagfields": ["t"]},
        "schema": {
            "filelocal": "x", "localdev": False,
            "fields": [
                {"name": "code", "type": "string", "title": "Code", "description": "Aide",
                 "format": "uri", "constraints": {"enum": ["a", "b"], "required": True}},
                {"name": "score", "type": "integer"},
                {"name": "oui", "type": "boolean"},
            ],
            "primaryKey": "code",
        },
        "fields-custom-properties": {
            **DEVELOPED,
            "validation": [{}],
            "consolidation": [{"api_name": "a", "activate": True, "api": "https://a.example/{{x}}",
                               "source_fields": [{"name": "nom"}],
                               "results_fields": [{"resp_field": "a.b", "map_to_field": "nom"}]}],
            "fields": [
                {"name": "code", "title": "Le code", "description": "Son aide", "locked": True,
                 "primaryKey": True, "sticky": True, "maxLength": 20, "bgColor": "#123456",
                 "allowNew": False},
                {"name": "tags", "subtype": "tags", "tagSeparator": "|", "definitions": [
                    {"value": "x", "label": "Iks", "description": "d", "bgColor": "#abc"}]},
                {"name": "score", "unit": "km", "round": {"digits": 2},
                 "transform": {"multiplyBy": 100}},
                {"name": "oui", "booleanOptions": {"true": {"label": "Oui", "value": "O"},
                                                   "false": {"label": "Non", "value": "N"}}},
                {"name": "longue", "subtype": "longtext", "hide": True, "longtextOptions": {
                    "breakSeparator": "|", "bulletSeparator": "-", "canCollapse": True,
                    "isOpen": True}},
                {"name": "etapes", "subtype": "timelinetext", "stepOptions": {
                    "stepSeparator": "|", "stepTitleSeparator": ":", "stepStart": "s",
                    "stepEnd": "e"}},
                {"name": "photo", "subtype": "image"}, {"name": "site", "subtype": "link"},
                {"name": "mel", "subtype": "email"}, {"name": "zone", "subtype": "tag"},
                {"name": "part", "subtype": "percent"}, {"name": "lat", "subtype": "geopoint"},
                {"name": "lieu", "foreignKey": {
                    "activate": True, "ressource": "https://git.example/places.csv",
                    "ressourceOptions": {"separator": ","}, "fields": "id",
                    "returnFields": ["libelle"]}},
            ],
        },
        "customfilters": {"activate": True, "filterfields": [
            "nom", {"name": "zone", "filtering": "OR"}, {"name": "oui", "filtering": "RADIO"},
            {"name": "tags", "filtering": "AND"}]},
        "customsorting": {"activate": True, "sortfields": [
            "nom", {"name": "score", "ascending": False, "random": True}]},
        "pagination": {"itemsPerPage": 10, "itemsPerPageTable": 20, "itemsPerPageCards": 6,
                       "itemsPerRow": 2},
        "cardsview": {"activate": True, "default": True},
        "datavizview": {"activate": True, "default": False, "file": "https://git.example/v.json",
                        "charts": [{
            "title": {"fr": "Par zone"}, "cols": 6, "hide": False, "unit": {"fr": "u"},
            "aggregatebyfield": "zone", "categoriesbyfield": "oui",
            "aggregationtype": "countitems", "chartOptions": {
                "chart": {"type": "bar", "height": 300, "stacked": True, "toolbar": {}},
                "height": 300, "stacked": True, "colors": ["#ff0000"], "legend": {"show": False},
                "plotOptions": {"bar": {"horizontal": True, "columnWidth": "5"}}, "dataLabels": {}},
        }]},
        "mapview": {"activate": True, "default": False, "maps": [
            {"title": {"fr": "Carte"}, "cols": 12, "height": 500, "mapOptions": _map()}]},
        "cardssettings": _cards(),
    }  # fmt: skip


def _cards() -> dict[str, Any]:
    shown = {"position": "infos", "right": True, "block_title": {"fr": "Bloc"},
             "titleIcon": "phone-outline", "prefix": {"fr": "Avant :"}, "prefixIcon": "star",
             "suffix": {"fr": "après"}, "hide_on_mini_map": True, "note": "rien"}  # fmt: skip
    places = {
        "nom": "title", "zone": "subtitle", "longue": "adress", "photo": "image", "part": "logo",
        "code": "resume", "lat": "infos", "lon": "description", "etapes": "timeline",
        "site": "links_top", "mel": "links_middle", "lieu": "links", "tags": "tags_top",
        "score": "tags_middle", "oui": "tags",
    }  # fmt: skip
    chart = {
        "activate": True, "viztype": "barchart-vertical", "title": {"fr": "Graphe"},
        "titleCustomClass": "c", "position": "left", "showOnMiniCard": True, "cols": 6,
        "chartHeight": "200px", "serieName": "Série", "serieUnit": "u", "serieColor": "#00ff00",
        "distributed": True, "noLegend": True, "offsetDatalabelsX": 3, "showTotal": True,
        "serieFromFields": [{"field": "score", "title": {"fr": "Score"}, "noTitle": True,
                             "unit": {"fr": "km"}, "bgColor": "#0000ff", "serieColor": "#00ffff",
                             "customLabel": ["Le", "score"]}],
        "templates": [{"text": {"fr": "x"}, "customClass": "c"}],
    }  # fmt: skip
    return {
        "mini": {"nom": {"position": "title"}},
        "detail": {**{name: {"position": one} for name, one in places.items()}, "lat": shown},
        "templates": {"longue": {"use_on_mini": True, "use_on_detail": True,
                                 "ignore_definitions": True, "paragraphs": [
            {"text": {"fr": "<i>{{ nom }}</i>", "en": "{{nom}}"}, "customClass": "c"}]}},
        "minimap": {"activate": True, "position": "map_middle", "right_side": True, "mapOptions": {
            "height": 200, "zoom_item": 12, "minZoom": 1, "maxZoom": 18, "mapStyle": "x",
            "item_geo_fields": {"latitude": "lat", "longitude": "lon"}, "marker_icon": "pin",
            "marker_height": 20, "marker_width": 20, "marker_color": "#111111"}},
        "minivizs": [
            chart, {**chart, "viztype": "simple-donut"}, {**chart, "viztype": "big-values"},
            {"viztype": "text-templated", "cols": 3, "templates": [{"text": {"fr": "{{ nom }}"}}]},
            {"viztype": "radar"},
        ],
    }  # fmt: skip


def _map() -> dict[str, Any]:
    popup = {
        "action": {"fr": "Cliquez"},
        "fields_settings": {
            "nom": {
                "position": "main_title",
                "prefix": {"fr": "p"},
                "suffix": {"fr": "s"},
                "class": "c",
            },
            "zone": {"position": "title"},
            "code": {"position": "title_post"},
            "score": {"position": "value"},
            "tags": {"position": "info", "prefix": {"fr": "Tags"}},
        },
    }
    common = {
        "is_activated": True, "source_id": "s", "is_default_visible": True, "is_clickable": True,
        "direct_to_detail": True, "add_zoom_on_click": True, "has_popup": True,
        "popup_config": popup, "is_live_data": True, "refresh_delay": 1, "is_hoverable": True,
        "hover_infos": {},
    }  # fmt: skip
    steps = {f"circle_{what}_{step}": "#111111" if what == "color" else 10
             for what in ("color", "radius") for step in (100, 250, 500, 750)}  # fmt: skip
    stroke = {"circle_stroke_color": "#222222", "circle_stroke_width": 1}
    return {
        "center": [2.0, 48.0], "zoom": 5, "minZoom": 1, "maxZoom": 18, "height": 600,
        "mapStyle": "https://tiles.example/style.json", "marker_icon": "i", "marker_height": 1,
        "marker_width": 1, "marker_color": "#333333", "url": "u", "attribution": "a",
        "subdomains": "abc", "useMarkerCluster": True, "pinIcon": "p", "item_marker": "m",
        "item_geo_fields": {"latitude": "lat", "longitude": "lon"},
        "layers_visibility": {"is_activated": True, "is_drawer_open": True,
                              "switches_type": "radio", "layers_switches": [
            {"label": "Points", "layers": ["pts", "nowhere"], "default_visible": False}]},
        "map_layers": {
            "all_points_layer": {
                **common, **stroke, "layer_id": "pts", "circle_opacity": 1, "radius_min": 1,
                "radius_max": 2, "min_zoom": 1, "max_zoom": 2, "circle_color_activated": "#444444",
                "circle_color": ["match", ["get", "zone"], "01", "#555555", "#666666"]},
            "heatmap_layer": {**common, "layer_id": "heat", "prop_weight": "score", "max_zoom": 9,
                              "radius_min": 1, "radius_max": 2},
            "cluster_circles_layer": {**common, **steps, "layer_id": "cl", "circle_radius": 3,
                                      "circle_color": "#777777", **stroke},
            "cluster_count_layer": {**common, "layer_id": "ct", "text_color": "#000000",
                                    "text_size": 12},
            "cluster_unclustered_layer": {**common, "layer_id": "un", **stroke,
                                          "circle_color": "#888888"},
            "choropleth_layer": {"is_activated": True, "is_drawer_open": True, "sources": [{
                "source_url": "https://git.example/zones.geojson", "source_id": "z",
                "layer_id": "zl", "sub_layers": [], "min_zoom": 1, "max_zoom": 9,
                "fill_color": ["step"], "fill_opacity": 1, "fill_outline_color": "#999999",
                "need_aggregation": True, "polygon_prop_id": "code",
                "join_polygon_id_to_field": "zone", "agregated_data_field": "score",
                "joined_props": [{"field": "score", "aggregation_type": "sum"}],
                "legend": {"title": {"fr": "Score"}, "scales": [
                    {"color": "#eeeeee", "value": 0}, {"color": "#aaaaaa", "value": 5}]},
                "popup_config": popup, "update_src_from_previous_source": True,
                "update_src_options": {}}]},
        },
    }  # fmt: skip


FILES: dict[str, bytes] = {
    "tout.csv": ROWS,
    "places.csv": PLACES,
    "zones.geojson": json.dumps(AREAS).encode(),
    "v.json": b'{"charts": [{"title": "Plus", "aggregatebyfield": "zone"}]}',
}


def find(reference: str) -> bytes | None:
    return FILES.get(reference.rpartition("/")[2])


def imported(
    attributes: dict[str, Any], tag: str = "datami-file", files: Callable[[str], Any] = find
) -> Imported:
    return import_page(datami.html_page(tag, **attributes), files, name="page", slug=slug)


def checked(found: Imported) -> Package:
    """The package, as the server would read it."""

    def read(path: str) -> bytes:
        if path not in found.files:
            raise NotFound("unknown_file", path=path, revision="")
        return found.files[path]

    package = Package.read(read)
    check_usable(package)
    check_views(package, [one for one in found.files if is_widget(one) or is_outlines(one)], read)
    return package


def leaves(value: Any, path: str) -> Iterator[str]:
    """The paths of all that is no object or list of a configuration."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{path}.{key}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from leaves(one, f"{path}[{index}]")
    else:
        yield path


FATES = [
    ("localdev", "not_carried"), ("gitfile", "carried"), ("usertoken", "not_carried"),
    ("locale", "carried"), ("onlypreview", "carried"), ("trackalloutlinks", "not_carried"),
    ("debug", "not_carried"), ("theme", "never_read"), ("creditslogos[0].url", "carried"),
    ("creditslogos[0].imageUrl", "not_carried"), ("creditslogos[0].hide", "carried"),
    ("options.separator", "carried"), ("options.quoteChar", "carried"),
    ("options.tagseparator", "carried"), ("options.lockcolumns", "carried"),
    ("options.height", "never_read"), ("options.cardsdetail", "never_read"),
    ("options.pagination_", "disabled"), ("options.COMMENTED_mapview", "disabled"),
    ("options.defaultDepth", "not_carried"), ("options.wikisettings", "not_carried"),
    ("options.schema.fields[0].type", "carried"), ("options.schema.fields[0].format", "never_read"),
    ("options.schema.fields[0].constraints.enum", "carried"),
    ("options.schema.primaryKey", "carried"),
    ("options.fields-custom-properties.validation", "never_read"),
    ("options.fields-custom-properties.consolidation", "not_carried"),
    ("options.fields-custom-properties.fields[0].sticky", "never_read"),
    ("options.fields-custom-properties.fields[0].maxLength", "not_carried"),
    ("options.fields-custom-properties.fields[0].locked", "carried"),
    ("options.fields-custom-properties.fields[1].tagSeparator", "carried"),
    ("options.fields-custom-properties.fields[1].definitions[0].description", "not_carried"),
    ("options.fields-custom-properties.fields[2].round.digits", "carried"),
    ("options.fields-custom-properties.fields[2].transform", "not_carried"),
    ("options.fields-custom-properties.fields[3].booleanOptions.true.label", "carried"),
    ("options.fields-custom-properties.fields[4].hide", "changed"),
    ("options.fields-custom-properties.fields[4].longtextOptions", "not_carried"),
    ("options.fields-custom-properties.fields[5].stepOptions", "not_carried"),
    ("options.fields-custom-properties.fields[11].subtype", "not_carried"),
    ("options.fields-custom-properties.fields[12].foreignKey.ressource", "carried"),
    ("options.fields-custom-properties.fields[12].foreignKey.returnFields", "not_carried"),
    ("options.customfilters.filterfields[1].filtering", "carried"),
    ("options.customfilters.filterfields[3].filtering", "changed"),
    ("options.customsorting.sortfields[1].random", "never_read"),
    ("options.pagination.itemsPerRow", "carried"),
    ("options.datavizview.charts[0].unit", "never_read"),
    ("options.datavizview.charts[0].chartOptions.dataLabels", "not_carried"),
    ("options.datavizview.charts[0].chartOptions.colors", "changed"),
    ("options.mapview.maps[0].title", "never_read"),
    ("options.mapview.maps[0].mapOptions.url", "never_read"),
    ("options.mapview.maps[0].mapOptions.mapStyle", "changed"),
    ("options.cardssettings.detail.lat.note", "never_read"),
    ("options.cardssettings.detail.lat.suffix", "not_carried"),
    ("options.cardssettings.minivizs[0].position", "never_read"),
    ("options.cardssettings.minivizs[0].offsetDatalabelsX", "not_carried"),
    ("options.cardssettings.minivizs[4]", "not_carried"),
]  # fmt: skip


@pytest.fixture(scope="module")
def whole() -> Imported:
    return imported(everything())


@pytest.mark.parametrize(("key", "fate"), FATES)
def test_what_becomes_of_a_key(whole: Imported, key: str, fate: str) -> None:
    fates = {one.path: one.fate for one in whole.report}
    assert fates[f"datami-file#1.{key}"] == fate


def test_no_key_is_passed_over_in_silence(whole: Imported) -> None:
    told = {one.path for one in whole.report}
    for leaf in leaves(everything(), "datami-file#1"):
        above = [leaf[:at] for at in range(len(leaf)) if leaf[at] in ".["]
        assert leaf in told or told.intersection(above), leaf


def test_what_is_told_has_a_sentence_in_both_languages_and_no_secret(whole: Imported) -> None:
    for note in whole.report:
        for language in ("fr", "en"):
            sentence = note_sentence(note, language)
            assert "s3cret" not in sentence
            assert bool(sentence) == bool(note.reason)
    assert {"fr", "en"} == set.intersection(*(set(one) for one in NOTES.values()))


def test_the_package_is_what_the_configuration_says(whole: Imported) -> None:
    package = checked(whole)
    assert whole.usable
    assert list(package.resources) == ["tout", "places", "zones"]
    table = package.resource("tout")
    assert table.dialect.delimiter == ";"
    assert table.geo == ("lat", "lon")
    assert table.schema.primary_key == ("code",)
    fields = table.schema.by_name
    assert fields["code"].label("fr") == "Le code"
    assert fields["code"].extension["locked"] is True
    assert fields["code"].constraints["enum"] == ["a", "b"]
    assert fields["tags"].descriptor["delimiter"] == "|"
    assert fields["tags"].display["values"] == {"x": {"label": "Iks", "color": "#aabbcc"}}
    assert fields["score"].display == {"unit": "km", "digits": 2}
    assert fields["oui"].descriptor["trueValues"] == ["O"]
    assert fields["oui"].value_label("N", "fr") == "Non"
    shown = ("longue", "photo", "site", "mel", "part")
    assert [fields[one].display.get("as") for one in shown] == [
        "long_text", "image", "link", "mail", "percent",
    ]  # fmt: skip
    assert table.schema.foreign_keys[0].resource == "places"
    widget = json.loads(whole.files["widgets/tout.json"])
    assert widget["contribute"] is False
    assert widget["locales"] == ["en", "fr"]
    assert widget["credits"] == [{"text": "l.example", "url": "https://l.example/"}]
    assert [one["type"] for one in widget["views"]] == ["cards", "map", "table", "dataviz"]
    assert widget["filters"][1:3] == [
        {"field": "zone", "mode": "any"}, {"field": "oui", "mode": "one"},
    ]  # fmt: skip
    assert widget["sort"] == [{"field": "nom"}, {"field": "score", "descending": True}]
    cards, maps, plain, dataviz = widget["views"]
    assert "longue" not in plain["columns"]
    assert (plain["page_size"], cards["page_size"], cards["per_row"]) == (20, 6, 2)
    assert cards["detail"]["title"] == "{nom}"
    sentences = [one for one in cards["detail"]["blocks"] if one["type"] == "text"]
    assert sentences[1]["paragraphs"] == [{"fr": "{nom}", "en": "{nom}"}]
    assert [one["type"] for one in cards["charts"].values()] == [
        "bars", "donut", "big_values", "text",
    ]  # fmt: skip
    layers = {one["type"]: one for one in maps["layers"]}
    assert list(layers) == ["points", "heat", "clusters", "choropleth"]
    assert layers["points"] | {"popup": {}} == {
        "name": "points", "type": "points", "visible": False, "title": "Points",
        "color_by": "zone", "open": "detail", "popup": {},
    }  # fmt: skip
    assert layers["choropleth"]["measure"] == {"operation": "sum", "field": "score"}
    assert layers["choropleth"]["steps"] == [5.0]
    assert maps["outlines"] == {"path": "outlines/zones.geojson", "key": "code", "title": "nom"}
    assert maps["basemap"]["load"] == "on_request"
    assert dataviz["charts"][0] == {
        "type": "bars", "stacked": True, "height": 300, "color": "#ff0000", "legend": False,
        "orientation": "horizontal", "title": {"fr": "Par zone"}, "width": 6,
        "by": ["zone", "oui"], "measure": {"operation": "count"},
    }  # fmt: skip


def test_files_are_copied_byte_for_byte(whole: Imported) -> None:
    assert whole.files["tout.csv"] == ROWS
    assert whole.files["outlines/zones.geojson"] == FILES["zones.geojson"]


def test_without_its_files_a_page_still_becomes_descriptors() -> None:
    found = imported(everything(), files=lambda _: None)
    package = checked(found)
    assert not found.usable
    assert found.lacking == {"tout.csv": "https://git.example/tout.csv"}
    assert "https://git.example/zones.geojson" in found.notes.missing
    names = package.resource("tout").schema.names
    assert names[:3] == ("code", "score", "oui")
    assert set(names) >= {"nom", "tags", "lat", "lon", "zone"}


def test_types_rules_and_links_that_the_cells_do_not_bear_out_are_told() -> None:
    attributes = everything()
    options = attributes["options"]
    options["schema"]["fields"][1:2] = [
        {"name": "nom", "type": "number", "constraints": {"enum": ["Un"]}},
        {"name": "absente", "type": "string"},
    ]
    custom = options["fields-custom-properties"]["fields"]
    custom[-1]["foreignKey"]["fields"] = "libelle"
    found = imported(attributes)
    fates = {one.path.removeprefix("datami-file#1.options."): one for one in found.report}
    assert fates["schema.fields[1].type"].reason == "cells_of_other_type"
    assert fates["schema.fields[1].constraints.enum"].values["values"] == ["Deux"]
    assert fates["schema.fields[2]"].reason == "no_such_column"
    link = fates["fields-custom-properties.fields[12].foreignKey"]
    assert (link.fate, link.reason) == ("not_carried", "cells_outside")
    assert not checked(found).resource("tout").schema.foreign_keys


def test_several_files_are_tabs_and_the_default_comes_first() -> None:
    files = [
        {"title": "Un", "gitfile": "tout.csv", "options": {"separator": ";"}},
        {"title": "Lieux", "gitfile": "places.csv", "default-tab": True},
        {"title": "Off", "gitfile": "places.csv", "activate": False},
        {"title": "Wiki", "wikilist": "https://w.example/c", "wikipages": []},
        {"title": "Texte", "gitfile": "README.md"},
    ]
    found = imported(
        {"title": "Deux", "gitfiles": files, "options": {"hidetitle": True}}, "datami-multi-files"
    )
    checked(found)
    (name,) = found.widgets
    widget = json.loads(found.files[f"widgets/{name}.json"])
    assert [one["title"] for one in widget["tabs"]] == ["Lieux", "Un"]
    assert "title" not in widget
    reasons = {one.path: one.reason for one in found.report}
    assert reasons["datami-multi-files#1.gitfiles[2]"] == "activate_false"
    assert reasons["datami-multi-files#1.gitfiles[3]"] == "wiki"
    assert reasons["datami-multi-files#1.gitfiles[4]"] == "not_csv"


def test_a_file_that_a_page_names_in_several_ways_is_one_table() -> None:
    ways = ["tout.csv", "https://git.example/o/p/-/raw/main/tout.csv",
            "https://git.example/o/p/-/blob/main/tout.csv"]  # fmt: skip
    tags = "".join(f'<datami-file title="{at}" gitfile="{one}"></datami-file>'
                   for at, one in enumerate(ways))  # fmt: skip
    files = {one: datami.table() for one in ways}
    found = import_page(tags, files.get, name="page", slug=slug)
    checked(found)
    assert found.resources == ("tout",)
    assert len(found.widgets) == 3
    other = import_page(tags, {**files, ways[2]: b"id,a\n1,b\n"}.get, name="page", slug=slug)
    assert other.resources == ("tout", "tout-2")


def test_pages_of_a_wiki_are_told_and_nothing_is_written() -> None:
    found = imported({"wikilist": "https://w.example/c"}, "datami-explowiki")
    assert not found.files
    assert not found.usable
    assert found.report[0].reason == "wiki"


def test_json_that_is_none_is_told_with_its_line() -> None:
    page = '<p>\n\n<datami-file gitfile="tout.csv"\n options="{&quot;a&quot;: ">\n</datami-file>'
    found = import_page(page, find, name="page", slug=slug)
    (note,) = [one for one in found.report if one.fate == "unusable"]
    assert note.path == "datami-file#1.options"
    assert "line 3" in note_sentence(note, "en")
    assert found.widgets == ("page",)


def test_tags_in_scripts_and_comments_are_no_tags() -> None:
    page = (
        "<script>'<datami-file a=1>'</script><!-- <datami-file a=2> --><DATAMI-FILE Title='x' "
        "onlypreview title=y><b"
    )
    (tag,) = tags_in(page)
    assert tag.attributes == {"title": "x", "onlypreview": "true"}


HOSTILE = [
    "[" * 10_000,
    '{"a":' * 2_000,
    json.dumps({"schema": {"fields": [{"name": "x" * 10_000}]}}),
    json.dumps({"cardsview": {"activate": True}, "cardssettings": {
        "mini": {"nom": {"position": "title", "prefix": "<script>alert(1)</script>{a}{{ b }}"}},
        "templates": {"nom": {"use_on_mini": True, "paragraphs": [
            {"text": {"fr": "<img src=x onerror=alert(1)>{{ nom }}{{constructor}}{"}}]}}}}),
    '{"schema": {"file": "../../../../etc/passwd"}}',
    '{"schema": {"file": "file:///etc/passwd"}, "x\\ud800": "\\ud800"}',
    '{"pagination": {"itemsPerRow": 1e400, "itemsPerPage": NaN}}',
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_options_are_told_and_harm_nothing(text: str) -> None:
    page = f'<datami-file gitfile="tout.csv" options="{html.escape(text)}"></datami-file>'
    found = import_page(page, find, name="page", slug=slug)
    checked(found)
    assert b"<script" not in b"".join(found.files.values())
    assert b"onerror" not in b"".join(found.files.values())
    assert any(one.fate != "carried" for one in found.report)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5_000) | st.floats(allow_nan=False)
    | st.sampled_from(["", "nom", "score", "title", "#abc", "{{ nom }}", "<b>x</b>", "http://["])
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["fr", "name", "field", "activate", "nom", "_"]), inner,
                      max_size=3),
    max_leaves=5,
)  # fmt: skip


def places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """All places of a configuration where something else may stand."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in list(pairs):
        found.append((value, key))
        if isinstance(one, dict | list):
            places(one, found)
    return found


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_stands_anywhere_the_package_can_be_used(data: st.DataObject) -> None:
    options = copy.deepcopy(_options())
    for _ in range(data.draw(st.integers(1, 4))):
        owner, key = data.draw(st.sampled_from(places(options, [])))
        owner[key] = data.draw(JSON)
    found = imported({"gitfile": "tout.csv", "options": options})
    checked(found)
    assert found.report
