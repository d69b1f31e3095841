"""A widget that cannot be shown is told by its file, the place in it, and what would be right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retouche.core.dialect import Dialect
from retouche.core.errors import BadDataset
from retouche.core.messages import problem
from retouche.core.package import Package
from retouche.services.packaging import package
from retouche.services.widget_checks import check_outlines, check_views
from tests.datasets import write_desks
from tests.services.test_packaging import LIST

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
PATH = "widgets/desks.json"
AREA = {
    "type": "Feature",
    "properties": {"code": "84", "nom": "Vaucluse"},
    "geometry": {"type": "Polygon", "coordinates": [[[5, 44], [6, 44], [6, 45], [5, 44]]]},
}


def areas(*features: Any, **others: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **others}).encode()


def widget(*views: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"resource": "desks", "views": list(views) or [{"type": "table"}], **others}


def cards(*blocks: dict[str, Any], title: Any = "{name}", **others: Any) -> dict[str, Any]:
    detail = {"title": title, "blocks": list(blocks)}
    return {"type": "cards", "mini": {"title": "{name}"}, "detail": detail, **others}


def layer(kind: str = "points", **others: Any) -> dict[str, Any]:
    return {"type": "map", "layers": [{"name": "one", "type": kind, **others}]}


def charts(**chart: Any) -> dict[str, Any]:
    return {"type": "dataviz", "charts": [chart]}


def check(folder: Path, descriptor: Any, **files: bytes) -> None:
    write_desks(folder)
    files = {PATH: json.dumps(descriptor).encode(), **files}

    def read(path: str) -> bytes:
        return files[path] if path in files else (folder / path).read_bytes()

    check_views(Package.read(read), files, read)


def refusal(folder: Path, descriptor: Any, **files: bytes) -> BadDataset:
    with pytest.raises(BadDataset) as caught:
        check(folder, descriptor, **files)
    return caught.value


def test_the_widgets_of_our_datasets_are_sound() -> None:
    for folder in DATASETS.iterdir():
        views = [
            str(one.relative_to(folder))
            for part in ("widgets", "outlines")
            for one in (folder / part).glob("*")
        ]
        assert views

        def read(path: str, folder: Path = folder) -> bytes:
            return (folder / path).read_bytes()

        check_views(Package.read(read), views, read)


@pytest.mark.parametrize("text", [LIST, "id;nom\n1;a\n2;b\n3;c\n", "nom;v\na;x\na;x\nb;y\n"])
def test_the_widgets_of_a_new_package_are_sound(text: str) -> None:
    made = package(text.encode("cp1252"), Dialect(delimiter=";", encoding="cp1252"), stem="list")

    def read(path: str) -> bytes:
        return made.files[path]

    check_views(Package.read(read), made.files, read)


def test_everything_that_a_descriptor_may_say_is_taken(tmp_path: Path) -> None:
    every = {
        "table": {"type": "table", "columns": ["id", {"field": "name", "width": 200}], "frozen": 1},
        "cards": cards(
            {"type": "address", "fields": ["city_code"], "side": "left"},
            {"type": "links", "fields": [{"field": "phone", "icon": "phone"}]},
            {"type": "text", "paragraphs": [{"fr": "{name}", "en": "{name}"}]},
            {"type": "image", "field": "note", "alt": "{name}", "height": 100},
            {"type": "map", "zoom": 13, "marker": {"color": "#4a4a4a", "size": 45}},
            {
                "type": "related",
                "resource": "cities",
                "on": {"code": "city_code"},
                "label": "{name}",
            },
            {"type": "chart", "chart": "agents"},
            charts={"agents": {"type": "big_values", "series": [{"field": "agents"}]}},
        ),
        "map": {
            **layer(color_by="agents", where={"agents": ["2"]}, popup={"fields": ["phone"]}),
            "center": [5.4, 43.9],
            "zoom": 9,
            "basemap": {"style": "https://tiles.example/style.json", "load": "on_request"},
            "outlines": {"path": "outlines/areas.geojson", "key": "code", "title": "nom"},
            "places": {
                "resource": "desks",
                "label": "name",
                "latitude": "latitude",
                "longitude": "longitude",
            },
            "radius": [5, 20.5],
        },
        "dataviz": {
            "type": "dataviz",
            "charts": [
                {"type": "bars", "by": ["agents", "city_code"], "stacked": True},
                {"type": "lines", "x": "opened", "y": "agents"},
                {"type": "timeline", "x": "opened", "label": "{name}", "limit": 5},
                {"type": "treemap", "by": "agents", "measure": {"operation": "count"}},
                {"type": "donut", "series": [{"measure": {"operation": "sum", "field": "agents"}}]},
            ],
        },
    }
    filters = [{"field": "opened", "mode": "dates"}, {"field": "agents", "mode": "range"}]
    credits = [{"text": "Us", "url": "https://us.example", "image": "https://us.example/a.png"}]
    whole = widget(*every.values(), filters=filters, credits=credits, locales=["fr"])
    check(tmp_path, whole, **{"outlines/areas.geojson": areas(AREA)})
    check(tmp_path, {"tabs": [whole]}, **{"outlines/areas.geojson": areas(AREA)})


FAULTS: list[tuple[Any, str, str]] = [
    ([], "widget_wrong_type", "/"),
    ({}, "widget_missing_property", "/"),
    ({"tabs": []}, "widget_bad_size", "/tabs"),
    (widget(colour="x"), "widget_unknown_property", "/"),
    (widget({"type": "chart"}), "widget_bad_choice", "/views/0/type"),
    (widget({"type": "table", "page_size": 0}), "widget_bad_size", "/views/0/page_size"),
    (widget({"type": "table", "columns": [3]}), "widget_wrong_type", "/views/0/columns/0"),
    (widget({"type": "table", "colums": []}), "widget_unknown_property", "/views/0"),
    ({"tabs": [widget({"type": "map"})]}, "widget_missing_property", "/tabs/0/views/0"),
    (widget(layer(color="red")), "widget_bad_form", "/views/0/layers/0/color"),
    (
        widget({**layer(), "basemap": {"style": "http://x.example/"}}),
        "widget_bad_form",
        "/views/0/basemap/style",
    ),
    (
        # It becomes a part of a policy, and none of its other parts.
        widget({**layer(), "basemap": {"style": "https://x.example;sandbox"}}),
        "widget_bad_form",
        "/views/0/basemap/style",
    ),
    (
        widget({**layer(), "outlines": {"path": "../secret.geojson", "key": "a"}}),
        "widget_bad_form",
        "/views/0/outlines/path",
    ),
    (
        widget(credits=[{"text": "x", "url": "javascript:alert(1)"}]),
        "widget_bad_form",
        "/credits/0/url",
    ),
    (
        widget(filters=[{"field": "id", "mode": "all"}]),
        "widget_bad_choice",
        "/filters/0/mode",
    ),
    (widget(cards({"type": "table"})), "widget_bad_choice", "/views/0/detail/blocks/0/type"),
    (widget(name="others"), "widget_bad_name", ""),
    ({**widget(), "resource": "desk"}, "widget_unknown_resource", "/resource"),
    (widget(filters=[{"field": "nom"}]), "widget_unknown_field", "/filters/0/field"),
    (widget(sort=[{"field": "nom"}]), "widget_unknown_field", "/sort/0/field"),
    (
        widget({"type": "table", "columns": ["id", {"field": "nom"}]}),
        "widget_unknown_field",
        "/views/0/columns/1/field",
    ),
    (widget(cards(title={"en": "{nom}"})), "widget_unknown_field", "/views/0/detail/title"),
    (
        widget(cards({"type": "fields", "fields": ["nom"]})),
        "widget_unknown_field",
        "/views/0/detail/blocks/0/fields/0",
    ),
    (
        widget(cards({"type": "chart", "chart": "a"})),
        "widget_unknown_chart",
        "/views/0/detail/blocks/0/chart",
    ),
    (
        widget(cards({"type": "related", "resource": "cities", "on": {"id": "id"}})),
        "widget_unknown_field",
        "/views/0/detail/blocks/0/on/id",
    ),
    (
        widget(cards(charts={"a": {"type": "donut", "by": "agents"}})),
        "widget_chart_of_card",
        "/views/0/charts/a",
    ),
    (widget(charts(type="bars")), "widget_chart_of_rows", "/views/0/charts/0"),
    (
        widget(charts(type="bars", by="agents", measure={"operation": "sum"})),
        "widget_measure",
        "/views/0/charts/0/measure",
    ),
    (
        widget(charts(type="bars", by=["agents", "nom"])),
        "widget_unknown_field",
        "/views/0/charts/0/by/1",
    ),
    (widget(layer(resource="cities")), "widget_no_position", "/views/0/layers/0"),
    (
        widget(layer("choropleth", areas={"resource": "c", "key": "a", "field": "id"},
                     measure={"operation": "count"})),
        "widget_unknown_resource",
        "/views/0/layers/0/areas/resource",
    ),
    ({"tabs": [widget(name="a"), widget(name="a")]}, "widget_twice", "/tabs/1/name"),
    (
        widget({**layer(), "outlines": {"path": "outlines/no.geojson", "key": "code"}}),
        "outlines_missing",
        "/views/0/outlines",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("descriptor", "reason", "at"), FAULTS)
def test_a_fault_is_told_with_its_file_and_place(
    tmp_path: Path, descriptor: Any, reason: str, at: str
) -> None:
    error = refusal(tmp_path, descriptor)
    assert (error.reason, error.values.get("at", "")) == (reason, at)
    for locale in ("fr", "en"):
        sentence = problem(error, locale)[1]
        assert PATH in sentence
        assert at in sentence
        assert "…" not in sentence


def test_a_fault_says_what_would_be_right(tmp_path: Path) -> None:
    error = refusal(tmp_path, widget(filters=[{"field": "agent"}]))
    assert "Was “agents” meant?" in problem(error, "en")[1]
    error = refusal(tmp_path, widget({"type": "table", "colums": ["id"]}))
    assert "« columns »" in problem(error, "fr")[1].replace("\u00a0", " ")
    error = refusal(tmp_path, widget({"type": "tabel"}))
    assert "table, cards, map, dataviz" in problem(error, "en")[1]


def test_no_widget_shows_a_personal_field(tmp_path: Path) -> None:
    folder = write_desks(tmp_path)
    descriptor = json.loads((folder / "datapackage.json").read_text())
    descriptor["resources"][0]["schema"]["fields"][3]["retouche"] = {"personal": True}
    error = refusal(
        tmp_path,
        widget({"type": "table", "columns": ["id", "phone"]}),
        **{"datapackage.json": json.dumps(descriptor).encode()},
    )
    assert error.reason == "widget_personal_field"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "file_not_json"),
        (b"[]", "outlines_not_geojson"),
        (areas(), "outlines_not_geojson"),
        (json.dumps(AREA).encode(), "outlines_not_geojson"),
        (areas({**AREA, "geometry": None}), "outlines_not_geojson"),
        (areas(AREA, {**AREA, "geometry": {"type": "Point", "coordinates": [1, 2]}}),
         "outlines_not_geojson"),
        (areas(AREA, note="x" * 5_000_000), "outlines_too_large"),
    ],
)  # fmt: skip
def test_outlines_that_cannot_be_drawn_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BadDataset) as caught:
        check_outlines("outlines/areas.geojson", data)
    assert caught.value.reason == reason
    assert "outlines/areas.geojson" in problem(caught.value, "fr")[1]


def test_outlines_have_the_properties_that_a_widget_names(tmp_path: Path) -> None:
    outlines = {"path": "outlines/areas.geojson", "key": "insee"}
    error = refusal(
        tmp_path,
        widget({**layer(), "outlines": outlines}),
        **{"outlines/areas.geojson": areas(AREA)},
    )
    assert error.reason == "outlines_property"
    assert "code, nom" in problem(error, "en")[1]
