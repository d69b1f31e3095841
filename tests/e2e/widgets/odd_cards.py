"""A dataset whose cells mean harm, or are missing, with a widget that has every block."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.conftest import serving

IMAGE = "<img src=x onerror=alert(1)>"
ROWS = f"""id,name,site,hours,picture,said,score
a,{IMAGE},javascript:alert(1),Mo-Fr <b>midi</b>,javascript:alert(3),\
{{{{constructor.constructor('alert(1)')()}}}},<svg/onload=alert(4)>
b,Désert,https://example.org/a?b=c,"Mo-Fr 09:00-12:00; PH off",https://example.org/a.png,\
un mot,12
"c/d,x",,,,,,
"""
VISITS = "id,odd,place\n1,a,<script>alert(2)</script>\n2,b,Ici\n"
BLOCKS: list[dict[str, Any]] = [
    {"type": "text", "paragraphs": ["Site : {name}."]},
    {"type": "fields", "fields": [{"field": "said", "icon": "mail"}, "score"]},
    {"type": "tags", "fields": ["said"]},
    {"type": "links", "fields": [{"field": "site", "label": "Son site"}]},
    {"type": "hours", "fields": ["hours"]},
    {"type": "image", "field": "picture", "alt": "Image de {name}"},
    {"type": "chart", "chart": "score"},
]
RELATED = {"type": "related", "title": "Visites", "resource": "visits", "on": {"odd": "id"}}
SCORE = {
    "type": "big_values",
    "title": "{{7*7}}",
    "series": [{"field": "score", "unit": "<i>pts</i>"}],
}
WIDGET = {
    "title": "Odd",
    "resource": "odd",
    "contribute": True,
    "views": [
        {
            "type": "cards",
            "per_row": 4,
            "mini": {"title": "{name}", "blocks": BLOCKS},
            "detail": {"title": "{name}", "blocks": [*BLOCKS, {**RELATED, "label": "{place}"}]},
            "charts": {"score": SCORE},
        }
    ],
}


def _resource(name: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ","},
        "schema": {"fields": fields, "primaryKey": "id"},
        "retouche": {"editable": True},
    }


def _write(folder: Path) -> Path:
    shapes = {"site": "link", "hours": "hours", "picture": "image"}
    odd = [
        {"name": name, "type": "string"}
        | ({"retouche": {"display": {"as": shapes[name]}}} if name in shapes else {})
        for name in ROWS.split("\n", 1)[0].split(",")
    ]
    visits = [{"name": name, "type": "string"} for name in ("id", "odd", "place")]
    package = {
        "name": "odd",
        "title": "Odd",
        "resources": [_resource("odd", odd), _resource("visits", visits)],
    }
    (folder / "widgets").mkdir(parents=True)
    (folder / "odd.csv").write_text(ROWS, encoding="utf-8")
    (folder / "visits.csv").write_text(VISITS, encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (folder / "widgets" / "odd.json").write_text(json.dumps(WIDGET), encoding="utf-8")
    return folder


@contextmanager
def serve_odd_cards(folder: Path) -> Iterator[str]:
    """Serve the dataset; gives the server's address."""
    with serving(folder / "home", _write(folder / "package")) as served:
        yield served.url
